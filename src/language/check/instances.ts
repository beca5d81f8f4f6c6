/** Instances: layers applied to tensors. The body is elaborated in place; every name in it is a node. */
import type { Input, Param, Span } from "../syntax";
import { bindArguments } from "./arguments";
import type { CallArgument, CallSite } from "./call-site";
import { contradicts, elementType, evaluateType, unifyInputs, type ActualInput } from "./declared-types";
import { formatType } from "./describe";
import { problems } from "./diagnostics/catalogue";
import { placeOf, textOf, type Elaboration, type ReapplyOptions } from "./elaboration";
import { applyNamed } from "./expressions";
import type { Frame, GivenParameter, LayerBody } from "./frame";
import { drawForInputs, drawParameter } from "./layers";
import { rulesOf } from "./rules";
import { Scope } from "./scope";
import { firstBlank, makeTensor, toTensor } from "./tensors";
import { isBlank, unknown, type InstanceValue, type LayerValue, type TensorValue, type Value } from "./value";
import { actualInputs, bindInput, handRules, resultOf, ruleOrigins } from "./user-ops";

/** A layer applied in a call: its tensors by position or name, further names give parameters. */
export function callLayer(e: Elaboration, frame: Frame, layer: LayerValue, site: CallSite): Value {
  if (!e.spend(frame, site.span)) return unknown;
  if (layer.chain !== undefined) return applyChain(e, frame, layer, layer.chain, site);
  const net = layer.net;
  if (net === undefined) return unknown;
  const given = new Map<string, GivenParameter>();
  const formals = net.declaration.inputs.map((input) => ({ name: input.name.name, required: input.default === undefined }));
  const bound = bindArguments(e, frame, site, layer.name, formals, (argument) => {
    given.set(pathOfArgument(e, frame, argument), { value: argument.value, place: placeOf(frame, argument.span), used: false });
    return true;
  });
  if (bound === undefined) return unknown;
  for (const [path, value] of inheritedGiven(frame, layer)) given.set(path, value);
  const actuals = actualInputs(e, frame, net.declaration.inputs, bound);
  const blank = firstBlank(actuals.map(({ value }) => value));
  if (blank !== undefined) return blank;
  const kept = frame.layer?.keptDraws;
  const overrides = frame.layer?.overrides ?? new Map<LayerValue, ReadonlyMap<string, TensorValue>>();
  const instance = instantiate(e, frame, layer, actuals as ActualInput[], { phase: "apply", layer, plan: undefined, given, overrides, keptDraws: kept }, site.span);
  if (instance.kind === "instance") reportUnusedGiven(e, frame, site, layer, instance, given);
  return instance;
}

/** `W`, `W[1]`, `fc.W`, `net.layers[0].W`. */
function pathOfArgument(e: Elaboration, frame: Frame, { path }: CallArgument): string {
  if (path === undefined) return "";
  let text = path.name.name;
  for (const step of path.steps) {
    if (step.kind === "member") text += `.${step.name.name}`;
    else {
      const [item] = step.index.items;
      const value = item?.kind === "at" ? e.evaluate(frame, item.value) : undefined;
      text += value?.kind === "number" ? `[${String(value.value)}]` : textOf(frame, step.index);
    }
  }
  return text;
}

/** Parameters that the enclosing call gives to this nested layer, by its name there. */
function inheritedGiven(frame: Frame, layer: LayerValue): [string, GivenParameter][] {
  const outer = frame.layer;
  if (outer === undefined || outer.given.size === 0) return [];
  const name = layerName(frame.scope, layer) ?? frame.assigning;
  if (name === undefined) return [];
  return [...outer.given].filter(([path]) => path.startsWith(`${name}.`)).map(([path, value]) => [path.slice(name.length + 1), value]);
}

/** The name under which a scope holds a layer. */
export function layerName(scope: Scope, layer: LayerValue): string | undefined {
  for (const { name, value } of scope.bindings()) {
    if (value === layer) return name;
    if (value.kind === "family") for (const member of value.members.values()) if (member.value === layer) return `${name}[${member.key}]`;
    if (value.kind === "list") {
      const index = value.items.indexOf(layer);
      if (index !== -1) return `${name}[${String(index)}]`;
    }
  }
  return scope.parent === undefined ? undefined : layerName(scope.parent, layer);
}

function reportUnusedGiven(e: Elaboration, frame: Frame, site: CallSite, layer: LayerValue, instance: InstanceValue, given: ReadonlyMap<string, GivenParameter>): void {
  for (const argument of site.arguments) {
    if (argument.path === undefined) continue;
    const path = pathOfArgument(e, frame, argument);
    const parameter = given.get(path);
    if (parameter === undefined || parameter.used || instance.state.result.kind === "unknown") continue;
    const known = [...parametersOf(instance).keys(), ...(layer.net?.declaration.inputs.map(({ name }) => name.name) ?? [])];
    e.report(frame, problems.unknownArgument(layer.name, path, known.map((name) => `\`${name}\``).join(", ")), argument.path);
  }
}

function instantiate(e: Elaboration, frame: Frame, layer: LayerValue, actuals: readonly ActualInput[], body: LayerBody, span: Span): Value {
  const net = layer.net;
  if (net === undefined) return unknown;
  const key = `${net.module.id} ${layer.name}`;
  if (frame.calls.includes(key)) {
    e.report(frame, problems.callCycle(`\`${layer.name}\` contains itself`), span);
    return unknown;
  }
  const scope = new Scope(undefined);
  const instance = makeInstance(frame, layer, scope, actuals.map(({ value }) => value));
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
    annotated: false,
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

function makeInstance(frame: Frame, layer: LayerValue, scope: Scope, inputs: readonly TensorValue[]): InstanceValue {
  const parent = frame.owner;
  const instance: InstanceValue = {
    kind: "instance",
    layer,
    scope,
    inputs,
    state: { result: unknown, parameters: new Map(), draws: [], children: [], parent, name: undefined },
  };
  parent?.state.children.push(instance);
  frame.record?.instances.push(instance);
  return instance;
}

/** Draws the layer where its shapes were not known before this, its first application. */
function drawLate(e: Elaboration, frame: Frame, layer: LayerValue, inputs: readonly Input[], actuals: readonly ActualInput[]): void {
  if (layer.state.drawn) return;
  const abstract = new Map(actuals.map(({ input, value }) => [input.name.name, { ...value, node: undefined }]));
  drawForInputs(e, frame, layer, abstract, (body) => unifyInputs(e, body, { ...frame, silent: true }, layer.name, actuals));
}

function finishInstance(e: Elaboration, frame: Frame, inner: Frame, instance: InstanceValue, first: number, span: Span, actuals: readonly ActualInput[]): void {
  const { layer } = instance;
  const net = layer.net;
  if (net === undefined) return;
  let result: Value = resultOf(e, inner, net.declaration, net.declaration);
  instance.state.result = result;
  const graph = frame.machine?.graph;
  if (graph === undefined || result.kind !== "tensor" || result.node === undefined) return;
  const rules = rulesOf(inner);
  const taken = rules.length > 0 && graph.applications.some(({ result: other }) => other === (result as TensorValue).node);
  if (result.node.id < first || taken) {
    result = applyNamed(e, { ...inner, machine: frame.machine }, "identity", { x: { value: result, text: layer.name, span } }, span);
    instance.state.result = result;
    if (result.kind !== "tensor" || result.node === undefined) return;
  }
  const inputs = new Map<string, NonNullable<TensorValue["node"]>>();
  for (const { input, value } of actuals) if (value.node !== undefined) inputs.set(input.name.name, value.node);
  for (const [path, { value }] of parametersOf(instance)) if (value.node !== undefined) inputs.set(path, value.node);
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
  });
}

/** Every parameter in force in an instance and below, by path. */
export function parametersOf(instance: InstanceValue): Map<string, { readonly value: TensorValue; readonly layer: LayerValue; readonly key: string }> {
  const found = new Map(instance.state.parameters);
  for (const child of instance.state.children) {
    const prefix = layerName(instance.scope, child.layer) ?? child.state.name ?? child.layer.name;
    for (const [path, parameter] of parametersOf(child)) {
      if (![...found.values()].some(({ value }) => value === parameter.value)) found.set(`${prefix}.${path}`, parameter);
    }
  }
  return found;
}

/** The path of an instance in its run: `m`, `m.fc`, `m.out.layers[0]`. */
export function instancePath(instance: InstanceValue): string {
  const name = instance.state.name ?? layerName(instance.state.parent?.scope ?? instance.scope, instance.layer) ?? instance.layer.name;
  return instance.state.parent === undefined ? name : `${instancePath(instance.state.parent)}.${name}`;
}

/** While applying: the parameter that a `param` statement stands for, given, replaced or drawn. */
export function bindParameter(e: Elaboration, frame: Frame, statement: Param, key: string, body: LayerBody): Value {
  const shape = statement.type === undefined ? undefined : evaluateType(e, frame, statement.type, key);
  const given = body.given.get(key);
  if (given !== undefined) {
    given.used = true;
    return givenParameter(e, frame, statement, key, given, shape);
  }
  const drawn = body.overrides.get(body.layer)?.get(key) ?? body.layer.state.parameters.get(key);
  if (drawn !== undefined) return drawn;
  const checked = frame.machine === undefined;
  if (statement.value === undefined && !checked) {
    e.report(frame, problems.paramNeedsValue(key), statement.target);
    return unknown;
  }
  if (!checked) {
    const late = drawParameter(e, { ...frame, layer: undefined }, statement, key, shape);
    if (late !== undefined) body.layer.state.parameters.set(key, late);
    return late ?? unknown; // reported where it failed
  }
  const value = makeTensor(frame, shape, statement.type === undefined ? frame.dtype : elementType(frame, statement.type), undefined, []);
  body.layer.state.parameters.set(key, value);
  return value;
}

function givenParameter(e: Elaboration, frame: Frame, statement: Param, key: string, given: GivenParameter, shape: ReturnType<typeof evaluateType>): Value {
  const caller: Frame = { ...frame, appliedAt: undefined };
  const value = toTensor(e, caller, given.value, statement, "float");
  if (isBlank(value) || shape === undefined || value.shape === undefined || !contradicts(shape, value.shape)) return value;
  const problem = problems.annotation(key, formatType({ shape, dtype: "float64" }), formatType(value));
  const related = [{ place: placeOf(frame, statement), message: `\`${key}\` is declared here` }];
  e.report({ ...caller, module: { ...frame.module, id: given.place.file } }, problem, given.place, { related });
  return unknown;
}

function applyChain(e: Elaboration, frame: Frame, layer: LayerValue, parts: readonly Value[], site: CallSite): Value {
  const [argument] = site.arguments.filter(({ path }) => path === undefined);
  if (argument === undefined) {
    e.report(frame, problems.missingArgument("chain", "the tensor it is applied to"), site.span);
    return unknown;
  }
  const input = toTensor(e, frame, argument.value, argument.expression, "any");
  if (input.kind !== "tensor") return input;
  const scope = new Scope(undefined);
  const instance = makeInstance(frame, layer, scope, [input]);
  const given = new Map<string, GivenParameter>(inheritedGiven(frame, layer));
  for (const extra of site.arguments) if (extra.path !== undefined) given.set(pathOfArgument(e, frame, extra), { value: extra.value, place: placeOf(frame, extra.span), used: false });
  const applied: Value[] = [];
  scope.bind({ name: "layers", value: { kind: "list", items: parts }, role: "value", place: placeOf(frame, site.span) });
  let value: Value = input;
  for (const [index, part] of parts.entries()) {
    const outer = frame.layer;
    const body: LayerBody = { layer, phase: outer?.phase ?? "apply", plan: outer?.plan, given, overrides: outer?.overrides ?? new Map(), keptDraws: outer?.keptDraws };
    const inner: Frame = { ...frame, scope, owner: instance, layer: body, assigning: `layers[${String(index)}]` };
    const link = { path: undefined, value, expression: argument.expression, span: argument.span };
    value = e.call(inner, part, { span: site.span, callee: site.callee, calleeText: site.calleeText, arguments: [link] });
    if (value.kind === "instance") value.state.name = `layers[${String(index)}]`;
    applied.push(value.kind === "instance" ? value : part);
    if (isBlank(value)) return value;
  }
  scope.bind({ name: "layers", value: { kind: "list", items: applied }, role: "value", place: placeOf(frame, site.span) });
  instance.state.result = value.kind === "instance" ? value.state.result : value;
  return instance;
}

/** Applies a layer again to tensors in hand, with other parameters: one optimizer step on, or another batch. */
export function reapplyLayer(e: Elaboration, frame: Frame, layer: LayerValue, inputs: readonly TensorValue[], { overrides, keptDraws, span }: ReapplyOptions): Value {
  const kept = { values: keptDraws, next: 0 };
  if (layer.chain !== undefined) {
    const [input] = inputs;
    if (input === undefined) return unknown;
    const expression = { kind: "missing", start: span.start, end: span.end } as const;
    const body: LayerBody = { layer, phase: "apply", plan: undefined, given: new Map(), overrides, keptDraws: kept };
    const site: CallSite = { span, callee: span, calleeText: layer.name, arguments: [{ path: undefined, value: input, expression, span }] };
    return applyChain(e, { ...frame, layer: body }, layer, layer.chain, site);
  }
  const formals = layer.net?.declaration.inputs ?? [];
  const actuals = formals.flatMap((input, index): ActualInput[] => {
    const value = inputs[index];
    return value === undefined ? [] : [{ input, value, text: input.name.name, span }];
  });
  return instantiate(e, frame, layer, actuals, { layer, phase: "apply", plan: undefined, given: new Map(), overrides, keptDraws: kept }, span);
}
