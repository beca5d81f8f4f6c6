/** Applying a user-written op: its inputs bound, its body elaborated in place, its hand rules attached. */
import type { HandRule, Node, OtherName } from "../../runtime/graph";
import { isFloat, compareSizes } from "../../runtime/tensor";
import type { Input, Op, Span } from "../syntax";
import { bindArguments } from "./arguments";
import type { CallSite } from "./call-site";
import {
  bindSymbols,
  contradicts,
  elementType,
  evaluateType,
  refine,
  unifyInputs,
  type ActualInput,
} from "./declared-types";
import { formatType } from "./describe";
import { problems } from "./diagnostics/catalogue";
import type { Place } from "./diagnostics/diagnostic";
import { placeOf, textOf, type Elaboration } from "./elaboration";
import { cyclePath, type Frame } from "./frame";
import type { Module } from "./module";
import { claimResult, separateInputs } from "./ruled-results";
import { closureOf, rulesOf, returnOf, type CollectedRule } from "./rules";
import { Scope } from "./scope";
import { firstBlank, toTensor } from "./tensors";
import { isBlank, unknown, type TensorValue, type Value } from "./value";
import { applyNamed } from "./apply-named";

export function callUserOp(e: Elaboration, frame: Frame, op: Op, module: Module, site: CallSite): Value {
  const name = op.name.name;
  const key = `${module.id} ${name}`;
  if (frame.calls.includes(key)) {
    e.report(frame, problems.callCycle(cyclePath(frame, key)), site.span);
    return unknown;
  }
  if (!e.spend(frame, site.span)) return unknown;
  const formals = op.inputs.map((input) => ({
    name: input.name.name,
    required: input.default === undefined,
  }));
  const bound = bindArguments(e, frame, site, name, formals);
  if (bound === undefined) return unknown;
  const body = bodyFrame(frame, op, module, site.span, key);
  for (const input of op.inputs)
    if (input.type === undefined) bindHyperparameter(e, body, input, bound.get(input.name.name)?.value);
  if (frame.record?.applied.has(op) === false)
    frame.record.applied.set(
      op,
      new Map([...body.scope.bindings()].map(({ name: own, value }) => [own, value])),
    );
  const actuals = actualInputs(e, frame, op.inputs, bound);
  const blank = firstBlank(actuals.map(({ value }) => value));
  if (blank !== undefined) return blank;
  const given = actuals as readonly ActualInput[]; // nothing else is left after the blanks
  const tensors = separateInputs(e, frame, op.body, given, site.span);
  if (!unifyInputs(e, body, frame, name, tensors)) return unknown;
  for (const { input, value } of tensors) bindInput(e, body, input, value);
  return elaborateBody(e, frame, body, op, tensors, site.span);
}

function bodyFrame(frame: Frame, op: Op, module: Module, span: Span, key: string): Frame {
  return {
    ...frame,
    kind: "op",
    module,
    scope: new Scope(undefined),
    calls: [...frame.calls, key],
    appliedAt: frame.appliedAt ?? placeOf(frame, span),
    expectedShape: undefined,
    annotated: undefined,
    result: op.result,
    assigning: undefined,
    layer: undefined,
  };
}

/** Binds a hyperparameter to what is given, or to its default, which sees the declarations of its file. */
export function bindHyperparameter(
  e: Elaboration,
  body: Frame,
  input: Input,
  given: Value | undefined,
): void {
  const value =
    given ??
    (input.default === undefined ? unknown : e.evaluate({ ...body, scope: body.scope }, input.default));
  const place = placeOf(body, input.name);
  body.scope.bind({ name: input.name.name, value, role: "hyperparameter", place });
  e.facts.define({
    name: input.name.name,
    place,
    role: "hyperparameter",
    value,
    scope: body.scope,
    container: "",
  });
}

export function bindInput(e: Elaboration, body: Frame, input: Input, value: Value): void {
  const place = placeOf(body, input.name);
  body.scope.bind({ name: input.name.name, value, role: "input", place });
  e.facts.define({ name: input.name.name, place, role: "input", value, scope: body.scope, container: "" });
}

/** The tensors given for the typed inputs, with the elements that their types want. */
export function actualInputs(
  e: Elaboration,
  frame: Frame,
  inputs: readonly Input[],
  bound: ReadonlyMap<string, { readonly value: Value; readonly expression: Span; readonly text?: string }>,
): { readonly input: Input; readonly value: Value; readonly text: string; readonly span: Span }[] {
  return inputs.flatMap((input) => {
    const argument = bound.get(input.name.name);
    if (input.type === undefined) return [];
    if (argument === undefined) return [{ input, value: unknown, text: input.name.name, span: input }];
    const value = toTensor(e, frame, argument.value, argument.expression, input.type.element);
    return [
      { input, value, text: argument.text ?? textOf(frame, argument.expression), span: argument.expression },
    ];
  });
}

function elaborateBody(
  e: Elaboration,
  frame: Frame,
  body: Frame,
  op: Op,
  inputs: readonly ActualInput[],
  span: Span,
): Value {
  const graph = frame.machine?.graph;
  const first = graph?.nodes.length ?? 0;
  e.execute(body, op.body.statements);
  let result = resultOf(e, body, op);
  if (isBlank(result) || graph === undefined || result.node === undefined) {
    return result;
  }
  const rules = rulesOf(body);
  if (rules.length === 0) return result;
  if (result.node.id < first || !claimResult(graph, result.node)) {
    const fresh = applyNamed(e, body, "identity", { x: { value: result, text: op.name.name, span } }, span);
    if (fresh.kind !== "tensor") return fresh;
    result = fresh;
    if (fresh.node !== undefined) claimResult(graph, fresh.node);
  }
  if (result.node === undefined) return result;
  const nodes = new Map(
    inputs.flatMap(({ input, value }) =>
      value.node === undefined ? [] : [[input.name.name, value.node] as const],
    ),
  );
  graph.addApplication({
    kind: "op",
    name: op.name.name,
    origin: placeOf(frame, span),
    first,
    end: graph.nodes.length,
    inputs: nodes,
    result: result.node,
    vjp: handRules(e, body, rules, "vjp"),
    jvp: handRules(e, body, rules, "jvp"),
    ruleOrigins: ruleOrigins(rules),
    movedNames: movedNames(rules),
    ...namesIn(body.scope),
    sizes: sizesIn(body.scope),
    rates: ratesIn(body.scope),
  });
  return result;
}

/** The rules of one mode as closures that record into the graph. */
export function handRules(
  e: Elaboration,
  body: Frame,
  rules: readonly CollectedRule[],
  mode: "vjp" | "jvp",
): Map<string, HandRule> {
  const closures = new Map<string, HandRule>();
  for (const rule of rules) {
    if (rule.statement.mode === mode)
      closures.set(rule.key, (moved: Node) => closureOf(e, body, rule, moved));
  }
  return closures;
}

/** What the values bound in a body are called there: by their first names, and by others that they have besides. */
function namesIn(scope: Scope): {
  readonly names: Map<Node, string>;
  readonly otherNames: Map<Node, readonly OtherName[]>;
} {
  const names = new Map<Node, string>();
  const otherNames = new Map<Node, readonly OtherName[]>();
  const note = (name: string, value: Value, origin: Place): void => {
    if (value.kind === "tensor" && value.node !== undefined) {
      const others = otherNames.get(value.node) ?? [];
      if (names.has(value.node)) otherNames.set(value.node, [...others, { name, origin }]);
      else names.set(value.node, name);
    }
    if (value.kind === "family")
      for (const { key, value: member } of value.members.values()) note(`${name}[${key}]`, member, origin);
  };
  for (const { name, value, place } of scope.bindings()) note(name, value, place);
  return { names, otherNames };
}

/** What each rule calls its cotangent or tangent. */
export function movedNames(rules: readonly CollectedRule[]): Map<string, string> {
  return new Map(rules.map(({ statement, key }) => [`${statement.mode} ${key}`, statement.argument.name]));
}

/** Sizes by name, then hyperparameters that are whole numbers: `d`, and `n[2]` of a list. */
export function sizesIn(scope: Scope): Map<string, number> {
  const sizes = new Map<string, number>();
  const hyperparameters = new Map<string, number>();
  const note = (into: Map<string, number>, name: string, value: Value): void => {
    if (value.kind === "number" && value.value !== undefined && Number.isInteger(value.value))
      into.set(name, value.value);
  };
  for (const { name, role, value } of scope.bindings()) {
    if (role === "size") note(sizes, name, value);
    if (role !== "hyperparameter") continue;
    if (value.kind === "list") value.items.forEach((item, i) => note(hyperparameters, `${name}[${i}]`, item));
    else note(hyperparameters, name, value);
  }
  for (const [name, size] of hyperparameters) if (!sizes.has(name)) sizes.set(name, size);
  return sizes;
}

/** Where each rule stands, by "vjp W". */
export function ruleOrigins(rules: readonly CollectedRule[]): Map<string, Place> {
  return new Map(
    rules.map(({ statement, key, frame }) => [`${statement.mode} ${key}`, placeOf(frame, statement.value)]),
  );
}

/** What the body returns, held against the declared result type. */
export function resultOf(
  e: Elaboration,
  body: Frame,
  declaration: Pick<Op, "name" | "result">,
): TensorValue | Extract<Value, { kind: "unknown" | "pending" }> {
  const returned = returnOf(body);
  if (returned === undefined) {
    e.report(body, problems.noReturn(declaration.name.name), declaration.name);
    return unknown;
  }
  const found = toTensor(e, body, returned.value, returned.span, "any");
  if (found.kind !== "tensor" || declaration.result === undefined) return found;
  const { element } = declaration.result;
  if (element !== "float" && (isFloat(found.dtype) || (element === "bool" && found.dtype === "int"))) {
    e.report(
      body,
      problems.annotation(declaration.name.name, textOf(body, declaration.result), formatType(found)),
      returned.span,
    );
    return unknown;
  }
  const value = toTensor(e, body, found, returned.span, element); // ints become float by themselves
  if (value.kind !== "tensor" || value.shape === undefined) return value;
  const declared = evaluateType(e, body, declaration.result, declaration.name.name);
  if (declared === undefined) return value;
  if (contradicts(declared, value.shape)) {
    const related = [{ place: placeOf(body, declaration.result), message: "The declared result" }];
    e.report(
      body,
      problems.annotation(declaration.name.name, textOf(body, declaration.result), formatType(value)),
      returned.span,
      { related },
    );
    return unknown;
  }
  const same = declared.every(
    (want, axis) => compareSizes(want.size, value.shape?.[axis]?.size ?? 0) === "equal",
  );
  return same ? value : { ...value, shape: refine(declared, value.shape), parents: [value] };
}

/** Binds symbols for every size and input: how a declaration is checked by itself. */
export function bindSymbolicInputs(e: Elaboration, body: Frame, inputs: readonly Input[]): TensorValue[] {
  bindSymbols(e, body, inputs);
  return inputs.flatMap((input) => {
    if (input.type === undefined) return [];
    const value: TensorValue = {
      kind: "tensor",
      shape: evaluateType(e, body, input.type, input.name.name),
      dtype: elementType(body, input.type),
      node: undefined,
      parents: [],
      owner: body.owner,
    };
    bindInput(e, body, input, value);
    return [value];
  });
}

/** Hyperparameters and constants that are no whole numbers. */
export function ratesIn(scope: Scope): Map<string, number> {
  const rates = new Map<string, number>();
  for (const { name, value } of scope.bindings())
    if (value.kind === "number" && value.value !== undefined && !Number.isInteger(value.value))
      rates.set(name, value.value);
  return rates;
}
