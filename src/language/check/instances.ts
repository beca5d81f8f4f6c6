/** Instances: layers applied to tensors. The body is elaborated in place; every name in it is a node. */
import type { Input, Span } from "../syntax";
import { applyNamed } from "./apply-named";
import { bindArguments } from "./arguments";
import type { CallSite } from "./call-site";
import { applyChain } from "./chains";
import { unifyInputs, type ActualInput } from "./declared-types";
import { problems } from "./diagnostics/catalogue";
import { placeOf, type Elaboration, type ReapplyOptions } from "./elaboration";
import { cyclePath, type Frame, type GivenParameter, type LayerBody } from "./frame";
import { inheritedGiven, pathOfArgument, reportUnusedGiven } from "./given-parameters";
import { parametersOf } from "./instance-paths";
import { drawForInputs } from "./drawing";
import { makeInstance } from "./new-instance";
import { claimResult, separateInputs } from "./ruled-results";
import { rulesOf } from "./rules";
import { Scope } from "./scope";
import { firstBlank } from "./tensors";
import { unknown, type InstanceValue, type LayerValue, type TensorValue, type Value } from "./value";
import {
  actualInputs,
  bindInput,
  handRules,
  movedNames,
  resultOf,
  ruleOrigins,
  ratesIn,
  sizesIn,
} from "./user-ops";

/** A layer applied in a call: its tensors by position or name, further names give parameters. */
export function callLayer(e: Elaboration, frame: Frame, layer: LayerValue, site: CallSite): Value {
  if (!e.spend(frame, site.span)) return unknown;
  if (layer.chain !== undefined) return applyChain(e, frame, layer, layer.chain, site);
  const net = layer.net;
  if (net === undefined) return unknown;
  const given = new Map<string, GivenParameter>();
  const formals = net.declaration.inputs.map((input) => ({
    name: input.name.name,
    required: input.default === undefined,
  }));
  const bound = bindArguments(e, frame, site, layer.name, formals, (argument) => {
    given.set(pathOfArgument(e, frame, argument), {
      value: argument.value,
      place: placeOf(frame, argument.span),
      used: false,
    });
    return true;
  });
  if (bound === undefined) return unknown;
  for (const [path, value] of inheritedGiven(frame, layer)) given.set(path, value);
  const actuals = actualInputs(e, frame, net.declaration.inputs, bound);
  const blank = firstBlank(actuals.map(({ value }) => value));
  if (blank !== undefined) return blank;
  const overrides = frame.layer?.overrides ?? new Map<LayerValue, ReadonlyMap<string, TensorValue>>();
  const instance = instantiate(
    e,
    frame,
    layer,
    separateInputs(e, frame, net.declaration.body, actuals as ActualInput[], site.span),
    { phase: "apply", layer, plan: frame.layer?.plan, given, overrides, draws: frame.layer?.draws },
    site.span,
  );
  if (instance.kind === "instance") reportUnusedGiven(e, frame, site, layer, instance, given);
  return instance;
}

function instantiate(
  e: Elaboration,
  frame: Frame,
  layer: LayerValue,
  actuals: readonly ActualInput[],
  body: LayerBody,
  span: Span,
): Value {
  const net = layer.net;
  if (net === undefined) return unknown;
  const key = `${net.module.id} ${layer.name}`;
  if (frame.calls.includes(key)) {
    e.report(frame, problems.callCycle(cyclePath(frame, key)), span);
    return unknown;
  }
  const scope = new Scope(undefined);
  const instance = makeInstance(
    frame,
    layer,
    scope,
    actuals.map(({ value }) => value),
  );
  const inner: Frame = {
    ...frame,
    kind: "net",
    module: net.module,
    scope,
    owner: instance,
    layer: body,
    calls: [...frame.calls, key],
    appliedAt: frame.appliedAt ?? placeOf(frame, span),
    expectedShape: undefined,
    annotated: undefined,
    result: net.declaration.result,
    assigning: undefined,
  };
  for (const input of net.declaration.hyperparameters ?? []) {
    const value = net.hyperparameters.get(input.name.name) ?? unknown;
    scope.bind({ name: input.name.name, value, role: "hyperparameter", place: placeOf(inner, input.name) });
  }
  if (!unifyInputs(e, inner, frame, layer.name, actuals)) return unknown;
  for (const { input, value } of actuals) bindInput(e, inner, input, value);
  drawLate(e, frame, layer, net.declaration.inputs, actuals);
  const graph = frame.machine?.graph;
  const first = graph?.nodes.length ?? 0;
  e.execute(inner, net.declaration.body.statements);
  finishInstance(e, frame, inner, instance, first, span, actuals);
  return instance;
}

/** Draws the layer where its shapes were not known before this, its first application. */
function drawLate(
  e: Elaboration,
  frame: Frame,
  layer: LayerValue,
  inputs: readonly Input[],
  actuals: readonly ActualInput[],
): void {
  if (layer.state.drawn) return;
  const abstract = new Map(
    actuals.map(({ input, value }) => [input.name.name, { ...value, node: undefined }]),
  );
  drawForInputs(e, frame, layer, {
    inputs: abstract,
    bind: (body) => unifyInputs(e, body, { ...frame, silent: true }, layer.name, actuals),
  });
}

function finishInstance(
  e: Elaboration,
  frame: Frame,
  inner: Frame,
  instance: InstanceValue,
  first: number,
  span: Span,
  actuals: readonly ActualInput[],
): void {
  const { layer } = instance;
  const net = layer.net;
  if (net === undefined) return;
  let result: Value = resultOf(e, inner, net.declaration);
  instance.state.result = result;
  const graph = frame.machine?.graph;
  if (graph === undefined || result.kind !== "tensor" || result.node === undefined) return;
  const rules = rulesOf(inner);
  const taken = rules.length > 0 && result.node.id >= first && !claimResult(graph, result.node);
  if (result.node.id < first || taken) {
    result = applyNamed(
      e,
      { ...inner, machine: frame.machine },
      "identity",
      { x: { value: result, text: layer.name, span } },
      span,
    );
    instance.state.result = result;
    if (result.kind !== "tensor" || result.node === undefined) return;
    claimResult(graph, result.node);
  }
  const inputs = new Map<string, NonNullable<TensorValue["node"]>>();
  for (const { input, value } of actuals)
    if (value.node !== undefined) inputs.set(input.name.name, value.node);
  for (const [path, { value }] of parametersOf(instance))
    if (value.node !== undefined) inputs.set(path, value.node);
  graph.addApplication({
    kind: "net",
    name: layer.name,
    origin: placeOf(frame, span),
    first,
    end: graph.nodes.length,
    inputs,
    result: result.node,
    vjp: handRules(e, inner, rules, "vjp"),
    jvp: handRules(e, inner, rules, "jvp"),
    ruleOrigins: ruleOrigins(rules),
    movedNames: movedNames(rules),
    sizes: sizesIn(inner.scope),
    rates: ratesIn(inner.scope),
  });
}

/** Applies a layer again to tensors in hand, with other parameters: one optimizer step on, or another batch. */
export function reapplyLayer(
  e: Elaboration,
  frame: Frame,
  layer: LayerValue,
  inputs: readonly TensorValue[],
  { overrides, draws, span }: ReapplyOptions,
): Value {
  if (layer.chain !== undefined) {
    const [input] = inputs;
    if (input === undefined) return unknown;
    const expression = { kind: "missing", start: span.start, end: span.end } as const;
    const body: LayerBody = {
      layer,
      phase: "apply",
      plan: undefined,
      given: new Map(),
      overrides,
      draws,
    };
    const site: CallSite = {
      span,
      callee: span,
      calleeText: layer.name,
      arguments: [{ path: undefined, value: input, expression, span }],
    };
    return applyChain(e, { ...frame, layer: body }, layer, layer.chain, site);
  }
  const formals = layer.net?.declaration.inputs ?? [];
  const actuals = formals.flatMap((input, index): ActualInput[] => {
    const value = inputs[index];
    return value === undefined ? [] : [{ input, value, text: input.name.name, span }];
  });
  return instantiate(
    e,
    frame,
    layer,
    actuals,
    { layer, phase: "apply", plan: undefined, given: new Map(), overrides, draws },
    span,
  );
}
