/** What a body returns, and its hand-written rules: collected while it is elaborated, recorded when a pass asks. */
import type { Node } from "../../runtime/graph";
import { dims, isFloat, type Dim } from "../../runtime/tensor";
import type { Return, Rule, Span } from "../syntax";
import { contradicts, evaluateType } from "./declared-types";
import { formatElement, formatType } from "./describe";
import { problems } from "./diagnostics/catalogue";
import { placeOf, type Elaboration } from "./elaboration";
import { familyKey } from "./families";
import type { Frame } from "./frame";
import { ruleShapeFixes } from "./rule-shape-fixes";
import { Scope } from "./scope";
import { makeTensor, toTensor } from "./tensors";
import { isBlank, unknown, type TensorValue, type Value } from "./value";

export interface CollectedRule {
  readonly statement: Rule;
  /** The input or parameter: `W`, `W[1]`. */
  readonly key: string;
  readonly target: TensorValue;
  /** The frame of the statement: a rule sees the turn it stands in. */
  readonly frame: Frame;
}

interface BodyRecord {
  returned: { readonly value: Value; readonly span: Span } | undefined;
  readonly rules: CollectedRule[];
}

const records = new WeakMap<Scope, BodyRecord>();

function recordOf(frame: Frame): BodyRecord {
  const { body } = frame.scope;
  let record = records.get(body);
  if (record === undefined) {
    record = { returned: undefined, rules: [] };
    records.set(body, record);
  }
  return record;
}

export function returnOf(frame: Frame): BodyRecord["returned"] {
  return recordOf(frame).returned;
}

export function rulesOf(frame: Frame): readonly CollectedRule[] {
  return recordOf(frame).rules;
}

export function collectReturn(e: Elaboration, frame: Frame, statement: Return): void {
  const record = recordOf(frame);
  const declared = frame.result && evaluateType(e, { ...frame, silent: true }, frame.result, "the result");
  const hole = statement.value.kind === "hole";
  const value = e.evaluate(
    { ...frame, annotated: declared, expectedShape: hole ? declared : undefined },
    statement.value,
  );
  if (record.returned !== undefined) {
    e.report(frame, problems.secondReturn(), statement);
    return;
  }
  const tensor =
    value.kind === "number" || value.kind === "list"
      ? toTensor(e, frame, value, statement.value, "float")
      : value;
  record.returned = { value: tensor, span: statement.value };
}

/** Notes a rule; its expression is evaluated after the whole body, since rules see every name in it. */
export function collectRule(e: Elaboration, frame: Frame, statement: Rule): void {
  const { name } = statement.target;
  const binding = frame.scope.lookup(name.name);
  if (binding === undefined) {
    const inputs = [...frame.scope.body.bindings()].filter(
      ({ role }) => role === "input" || role === "parameter",
    );
    e.report(
      frame,
      problems.ruleTarget(name.name, inputs.map((input) => `\`${input.name}\``).join(", ")),
      name,
    );
    return;
  }
  e.facts.refer({
    name: name.name,
    place: placeOf(frame, name),
    definition: { kind: "binding", role: binding.role, place: binding.place, value: binding.value },
  });
  if (binding.role === "hyperparameter" || binding.role === "size") {
    e.report(frame, problems.ruleHyperparameter(name.name), name);
    return;
  }
  const target = ruleTarget(e, frame, statement, binding.value);
  if (target === undefined) return;
  if (target.value.kind !== "tensor" || (binding.role !== "input" && binding.role !== "parameter")) {
    if (!isBlank(target.value) && target.value.kind !== "opaque")
      e.report(frame, problems.ruleTarget(name.name, ""), statement.target);
    return;
  }
  if (!isFloat(target.value.dtype)) {
    e.report(frame, problems.ruleDiscrete(target.key, formatElement(target.value.dtype)), name);
    return;
  }
  const record = recordOf(frame);
  if (
    !target.symbolic &&
    record.rules.some(({ key, statement: other }) => key === target.key && other.mode === statement.mode)
  ) {
    e.report(frame, problems.ruleTwice(`${statement.mode} ${target.key}`), statement.target);
    return;
  }
  record.rules.push({ statement, key: target.key, target: target.value, frame });
}

function ruleTarget(
  e: Elaboration,
  frame: Frame,
  statement: Rule,
  bound: Value,
): { readonly key: string; readonly value: Value; readonly symbolic: boolean } | undefined {
  const { name, indices } = statement.target;
  let value = bound;
  let path = name.name;
  let symbolic = false;
  for (const index of indices) {
    if (value.kind !== "family") {
      if (!isBlank(value)) e.report(frame, problems.familyOrPlain(path), statement.target);
      return undefined;
    }
    const family = value;
    const key = familyKey(e, frame, path, index);
    if (key === undefined) return undefined;
    symbolic ||= key.symbolic;
    const member = family.members.get(key.id);
    if (member === undefined && !family.state.open && !key.symbolic)
      e.report(
        frame,
        problems.familyKey(path, key.text, [...family.members.keys()].join(", ")),
        statement.target,
      );
    value = member?.value ?? unknown;
    path += `[${key.text}]`;
  }
  return { key: path, value, symbolic };
}

/** Records a rule's expression for the cotangent or tangent `moved`; undefined where it is pending or wrong (reported). */
export function closureOf(e: Elaboration, body: Frame, rule: CollectedRule, moved: Node): Node | undefined {
  const argument = makeTensor(rule.frame, dims(moved.shape), moved.dtype, moved, []);
  const machine = body.machine ?? rule.frame.machine;
  const result = evaluateRule(e, { ...rule.frame, machine }, rule, argument);
  return result?.node;
}

/** The rule's value for a cotangent or tangent, held against the shape it must have. */
export function evaluateRule(
  e: Elaboration,
  frame: Frame,
  rule: CollectedRule,
  argument: TensorValue,
): TensorValue | undefined {
  const { statement } = rule;
  const scope = new Scope(frame.scope);
  const place = placeOf(frame, statement.argument);
  scope.bind({ name: statement.argument.name, value: argument, role: "argument", place });
  e.facts.define({
    name: statement.argument.name,
    place,
    role: "argument",
    value: argument,
    scope,
    container: "",
  });
  const needs = statement.mode === "vjp" ? rule.target.shape : resultShape(frame);
  const inner: Frame = { ...frame, scope, expectedShape: needs, annotated: needs };
  const value = toTensor(e, inner, e.evaluate(inner, statement.value), statement.value, "float");
  if (value.kind === "pending") noteHole(e, frame, statement, needs);
  if (value.kind !== "tensor") return undefined;
  if (needs === undefined || value.shape === undefined || !contradicts(needs, value.shape)) return value;
  const name = `${statement.mode} ${rule.key}`;
  const why = statement.mode === "vjp" ? `\`${rule.key}\`` : "the result";
  const wanted = formatType({ shape: needs, dtype: "float64" });
  const fixes = ruleShapeFixes(frame, statement.value, value, needs, (part) => {
    const found = e.evaluate(inner, part);
    return found.kind === "tensor" ? found.shape : undefined;
  });
  e.report(frame, problems.ruleShape(name, wanted, formatType(value), why), statement.value, { fixes });
  return undefined;
}

function resultShape(frame: Frame): readonly Dim[] | undefined {
  const returned = returnOf(frame)?.value;
  const value = returned?.kind === "instance" ? returned.state.result : returned;
  return value?.kind === "tensor" ? value.shape : undefined;
}

function noteHole(e: Elaboration, frame: Frame, statement: Rule, needs: readonly Dim[] | undefined): void {
  if (statement.value.kind !== "hole") return;
  e.facts.hole({ place: placeOf(frame, statement.value), scope: frame.scope, shape: needs, inRule: true });
}

/** The tangent or cotangent argument of a rule while a declaration is checked by itself. */
export function symbolicArgument(frame: Frame, rule: CollectedRule): TensorValue {
  const shape = rule.statement.mode === "vjp" ? resultShape(frame) : rule.target.shape;
  return makeTensor(frame, shape, frame.dtype, undefined, []);
}
