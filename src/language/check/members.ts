/** What stands after a dot: nodes of an instance, gradients of a pass, fields, the transpose. */
import { callableOperators } from "../../runtime/ops";
import type { Member, Span } from "../syntax";
import { builtins } from "./builtins";
import { referToMember } from "./declared-members";
import { problems } from "./diagnostics/catalogue";
import type { Problem } from "./diagnostics/diagnostic";
import { placeOf, textOf, type Elaboration } from "./elaboration";
import { applyNamed } from "./apply-named";
import { familyOfPaths } from "./families";
import { foreignMember, foreignNames } from "./foreign-names";
import type { Frame } from "./frame";
import { readFamilyOfPass, readPassByName } from "./gradients";
import { inForce } from "./layer-copies";
import { nearestName } from "./module";
import {
  isBlank,
  listValue,
  unknown,
  describeKind,
  type InstanceValue,
  type LayerValue,
  type RecordValue,
  type Value,
} from "./value";

export function evaluateMember(e: Elaboration, frame: Frame, expression: Member): Value {
  const base = e.evaluate(frame, expression.base);
  e.facts.valueAt(placeOf(frame, expression.base), base);
  const { name, start, end } = expression.name;
  if (name === "") return unknown; // half-typed; the parser has said so
  const span = { start, end };
  if (isBlank(base)) return base;
  if (name === "T" && base.kind !== "pass") return transpose(e, frame, expression, base);
  switch (base.kind) {
    case "instance":
      return memberOfInstance(e, frame, base, name, span);
    case "layer":
      return memberOfLayer(e, frame, base, name, span);
    case "pass":
      return readPassByName(e, frame, base, name, span, textOf(frame, expression.base));
    case "record":
      return fieldOfRecord(e, frame, base, name, span);
    case "tensor":
      if (base.member !== undefined) return base.member(name, span);
      break;
    case "family":
      return readFamilyOfPass(e, frame, base, name, span);
    case "opaque":
      return { kind: "opaque", name: `${base.name}.${name}` };
    default:
      break;
  }
  e.report(frame, noMember(base, frame, expression), span);
  return unknown;
}

/** Longer than this, what is before a dot is not said again. */
const shortText = 24;

function noMember(base: Value, frame: Frame, { base: written, name: { name } }: Member): Problem {
  const owner = describe(base, textOf(frame, written));
  const text = textOf(frame, written.kind === "parenthesized" ? written.inner : written);
  if (base.kind !== "tensor") return problems.noMember(owner, name);
  const short = text.length <= shortText ? text : "x";
  if (name === "grad") return problems.gradientMember(owner, short);
  const instead = foreignMember(name) ?? functionOf(name);
  return instead === undefined
    ? problems.noMember(owner, name)
    : problems.foreignMember(owner, name, instead.replace("$", short));
}

/** `x.sum` is written `sum(x)`. */
function functionOf(name: string): string | undefined {
  const known = foreignNames.get(name) ?? name;
  return callableOperators.has(known) || builtins.has(known) ? `${known}($)` : undefined;
}

function describe(base: Value, text: string): string {
  return base.kind === "tensor" ? `\`${text}\`, a tensor,` : describeKind(base);
}

function transpose(e: Elaboration, frame: Frame, expression: Member, base: Value): Value {
  const value = base.kind === "instance" ? base.state.result : base;
  if (isBlank(value)) return value;
  const operand = { value, text: textOf(frame, expression.base), span: expression.base };
  return applyNamed(e, frame, "transpose", { x: operand }, expression, { dim0: -2, dim1: -1 });
}

/** A field by name; where it is there and has no value, the reason is told. */
export function fieldOfRecord(
  e: Elaboration,
  frame: Frame,
  record: RecordValue,
  name: string,
  span: Span,
): Value {
  const field = record.fields.get(name) ?? fieldByPath(record, name);
  if (field !== undefined) return field;
  const refused = record.refused?.get(name);
  if (refused === undefined) reportNoMember(e, frame, `\`${record.name}\``, name, record.fields.keys(), span);
  else e.report(frame, { ...refused, severity: "error" }, span);
  return unknown;
}

/** A named node, parameter, size, hyperparameter, layer or instance of an instance. */
export function memberOfInstance(
  e: Elaboration,
  frame: Frame,
  instance: InstanceValue,
  name: string,
  span: Span,
): Value {
  const binding = instance.scope.own(name);
  if (binding !== undefined) {
    const { role, place, value } = binding;
    e.facts.refer({ name, place: placeOf(frame, span), definition: { kind: "binding", role, place, value } });
    return inForce(instance, value);
  }
  if (instance.layer.chain !== undefined && name === "layers")
    return instance.scope.own("layers")?.value ?? listValue(instance.layer.chain);
  if (instance.state.result.kind === "unknown") return unknown;
  const known = [...instance.scope.bindings()].map((bound) => bound.name);
  reportNoMember(e, frame, `\`${instance.layer.name}\``, name, known, span);
  return unknown;
}

/** A drawn parameter, a hyperparameter, or a nested layer of a layer that is not applied. */
function memberOfLayer(e: Elaboration, frame: Frame, layer: LayerValue, name: string, span: Span): Value {
  if (name === "layers" && layer.chain !== undefined) return listValue(layer.chain);
  const nested = [...layer.state.nested].map(
    ([site, made]) => [site.slice(site.lastIndexOf(" ") + 1), made] as const,
  );
  const found =
    layer.state.parameters.get(name) ??
    layer.net?.hyperparameters.get(name) ??
    nested.find(([path]) => path === name)?.[1] ??
    familyOfPaths(name, layer.state.parameters) ??
    familyOfPaths(name, nested);
  if (found !== undefined) {
    referToMember(e, frame, layer, { name, ...span }, found);
    return found;
  }
  if (!layer.state.drawn || frame.silent) return unknown;
  const known = [...layer.state.parameters.keys(), ...(layer.net?.hyperparameters.keys() ?? [])];
  reportNoMember(e, frame, `The layer \`${layer.name}\`, not applied to tensors yet,`, name, known, span);
  return unknown;
}

/** `weights["layer.0.bias"]` is `weights.layer[0].bias`. */
function fieldByPath(record: RecordValue, path: string): Value | undefined {
  let value: Value | undefined = record;
  for (const name of path.split(".")) value = value?.kind === "record" ? value.fields.get(name) : undefined;
  return value;
}

function reportNoMember(
  e: Elaboration,
  frame: Frame,
  owner: string,
  name: string,
  known: Iterable<string>,
  span: Span,
): void {
  const nearest = nearestName(name, known);
  const fixes =
    nearest === undefined
      ? []
      : [{ title: `Rename to \`${nearest}\``, edits: [{ ...span, newText: nearest }] }];
  e.report(frame, problems.noMember(owner, name, nearest), span, { fixes });
}
