/** Chains: functions and layers applied one after the other. */
import type { CallSite } from "./call-site";
import { problems } from "./diagnostics/catalogue";
import { placeOf, type Elaboration } from "./elaboration";
import type { Frame, GivenParameter, LayerBody } from "./frame";
import { inheritedGiven, pathOfArgument, reportUnusedGiven } from "./given-parameters";
import { makeInstance } from "./new-instance";
import { Scope } from "./scope";
import { toTensor } from "./tensors";
import { isBlank, unknown, type LayerValue, type Value } from "./value";

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
    };
    const link = { path: undefined, value, expression: argument.expression, span: argument.span };
    value = e.call(inner, part, {
      span: site.span,
      callee: site.callee,
      calleeText: site.calleeText,
      arguments: [link],
    });
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
