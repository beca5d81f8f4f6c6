/** Chains: functions and layers applied one after the other. */
import type { CallArgument, CallSite } from "./call-site";
import { problems } from "./diagnostics/catalogue";
import type { Place } from "./diagnostics/diagnostic";
import { placeOf, textOf, type Elaboration } from "./elaboration";
import type { Frame, GivenParameter, LayerBody } from "./frame";
import { inheritedGiven, pathOfArgument, reportUnusedGiven } from "./given-parameters";
import { makeInstance } from "./new-instance";
import { Scope } from "./scope";
import { toTensor } from "./tensors";
import { isBlank, unknown, type LayerValue, type Value } from "./value";

/** The call of one step. Its mistakes stand at the step, and what it takes is what the step before gives. */
function stepSite(
  frame: Frame,
  { steps }: LayerValue,
  part: Value,
  index: number,
  value: Value,
  site: CallSite,
): CallSite {
  const place = steps?.[index];
  const [argument] = site.arguments;
  if (argument === undefined) return site;
  const own = place?.file === frame.module.id ? { start: place.start, end: place.end } : undefined;
  const link: CallArgument = {
    path: undefined,
    value,
    ...(index === 0 || own === undefined
      ? { expression: argument.expression, span: argument.span }
      : { expression: { kind: "missing", ...own }, span: own }),
    ...(index === 0 ? {} : { text: `layers[${String(index - 1)}]` }),
  };
  const calleeText = own === undefined ? partName(part) : textOf(frame, own);
  return { span: site.span, callee: own ?? site.callee, calleeText, arguments: [link] };
}

function partName(part: Value): string {
  switch (part.kind) {
    case "builtin":
      return part.builtin.name;
    case "operator":
      return part.op.name;
    case "op":
    case "net":
      return part.declaration.name.name;
    case "layer":
      return part.name;
    default:
      return "chain";
  }
}

/** Where the chain is applied, if it is written elsewhere. */
function appliedApart(frame: Frame, { place }: LayerValue, { span }: CallSite): Place | undefined {
  const within = place.file === frame.module.id && span.start <= place.start && place.end <= span.end;
  return within ? undefined : placeOf(frame, span);
}

export function applyChain(
  e: Elaboration,
  frame: Frame,
  layer: LayerValue,
  parts: readonly Value[],
  site: CallSite,
): Value {
  const [argument, ...further] = site.arguments.filter(({ path }) => path === undefined);
  if (argument === undefined || further.length > 0) {
    const found = argument === undefined ? "none is given" : `${String(further.length + 1)} are given`;
    const problem = problems.argumentCount("chain", "one tensor", found);
    e.report(frame, problem, further[0]?.span ?? site.span);
    return unknown;
  }
  const input = toTensor(e, frame, argument.value, argument.expression, "any");
  if (input.kind !== "tensor") return input;
  const scope = new Scope(undefined);
  const instance = makeInstance(frame, layer, scope, [input]);
  const given = new Map<string, GivenParameter>(inheritedGiven(frame, layer));
  for (const extra of site.arguments)
    if (extra.path !== undefined)
      given.set(pathOfArgument(e, frame, extra), {
        value: extra.value,
        place: placeOf(frame, extra.span),
        used: false,
      });
  const applied: Value[] = [];
  scope.bind({
    name: "layers",
    value: { kind: "list", items: parts },
    role: "value",
    place: placeOf(frame, site.span),
  });
  let value: Value = input;
  for (const [index, part] of parts.entries()) {
    const outer = frame.layer;
    const body: LayerBody = {
      layer,
      phase: outer?.phase ?? "apply",
      plan: outer?.plan,
      given,
      overrides: outer?.overrides ?? new Map(),
      draws: outer?.draws,
    };
    const inner: Frame = {
      ...frame,
      scope,
      owner: instance,
      layer: body,
      assigning: `layers[${String(index)}]`,
      appliedAt: frame.appliedAt ?? appliedApart(frame, layer, site),
    };
    value = e.call(
      inner,
      part,
      stepSite(frame, layer, part, index, value, { ...site, arguments: [argument] }),
    );
    if (value.kind === "instance") value.state.name = `layers[${String(index)}]`;
    applied.push(value.kind === "instance" ? value : part);
    if (isBlank(value)) return value;
  }
  scope.bind({
    name: "layers",
    value: { kind: "list", items: applied },
    role: "value",
    place: placeOf(frame, site.span),
  });
  instance.state.result = value.kind === "instance" ? value.state.result : value;
  reportUnusedGiven(e, frame, site, layer, instance, given);
  return instance;
}
