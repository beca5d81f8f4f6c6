/** Layers: nets applied to hyperparameters, chains, and the drawing of their parameters. */
import { concreteShape, type Dim } from "../../runtime/tensor";
import type { Net, Param } from "../syntax";
import { bindArguments } from "./arguments";
import type { CallSite } from "./call-site";
import { contradicts, elementType, evaluateType } from "./declared-types";
import { formatType } from "./describe";
import { problems } from "./diagnostics/catalogue";
import { placeOf, textOf, type Elaboration } from "./elaboration";
import { reportNotCompileTime } from "./compile-time-values";
import { withDefaults } from "./apply-named";
import type { DrawPlan, Frame } from "./frame";
import type { Module } from "./module";
import { applyOperator } from "./operator-application";
import { operators } from "../../runtime/ops";
import { Scope } from "./scope";
import { makeTensor, toTensor } from "./tensors";
import { isBlank, unknown, type LayerValue, type TensorValue, type Value } from "./value";
import { bindHyperparameter, bindInput } from "./user-ops";

type NetOfLayer = NonNullable<LayerValue["net"]>;

/** A net applied to its hyperparameters. */
export function callNet(e: Elaboration, frame: Frame, net: Net, module: Module, site: CallSite): Value {
  const name = net.name.name;
  const formals = (net.hyperparameters ?? []).map((input) => ({
    name: input.name.name,
    required: input.default === undefined,
  }));
  const bound = bindArguments(e, frame, site, name, formals);
  if (bound === undefined) return unknown;
  for (const argument of bound.values()) {
    if (argument.value.kind === "unknown" || argument.value.kind === "pending") return argument.value;
  }
  const scope = new Scope(undefined);
  const body: Frame = { ...frame, kind: "net", module, scope, machine: undefined, expectedShape: undefined };
  for (const input of net.hyperparameters ?? []) {
    const given = bound.get(input.name.name);
    const value = given === undefined ? undefined : compileTime(e, frame, given.value, given.expression);
    bindHyperparameter(e, body, input, value);
  }
  const hyperparameters = new Map([...scope.bindings()].map((binding) => [binding.name, binding.value]));
  return makeLayer(e, frame, site, {
    name,
    net: { declaration: net, module, hyperparameters },
    chain: undefined,
  });
}

/** A hyperparameter must be known before anything runs. */
function compileTime(
  e: Elaboration,
  frame: Frame,
  value: Value,
  span: { readonly start: number; readonly end: number },
): Value {
  if (value.kind !== "tensor" && value.kind !== "instance") return value;
  reportNotCompileTime(e, frame, value, span, "A hyperparameter");
  return unknown;
}

/** A layer; in a net's body it is the same one at each application, made and drawn once at its place and turn. */
export function makeLayer(
  e: Elaboration,
  frame: Frame,
  site: CallSite,
  what: Pick<LayerValue, "name" | "net" | "chain">,
): LayerValue {
  const fresh = (): LayerValue => ({
    kind: "layer",
    ...what,
    place: placeOf(frame, site.span),
    state: { drawn: false, parameters: new Map(), nested: new Map() },
  });
  const outer = frame.layer;
  if (outer === undefined) {
    const layer = fresh();
    drawIfReady(e, frame, layer);
    return layer;
  }
  const key = `${String(site.span.start)} ${JSON.stringify(frame.turn)} ${frame.assigning ?? ""}`;
  const known = outer.layer.state.nested.get(key);
  if (known !== undefined && outer.phase === "apply") return known;
  const layer = known ?? fresh();
  outer.layer.state.nested.set(key, layer);
  if (outer.phase === "apply") drawIfReady(e, frame, layer);
  else if (outer.plan !== undefined) planLayer(e, frame, layer, outer.plan, undefined);
  return layer;
}

function drawIfReady(e: Elaboration, frame: Frame, layer: LayerValue): void {
  const plan: DrawPlan = { steps: [], ready: true, machine: frame.machine };
  planLayer(e, frame, layer, plan, undefined);
  if (plan.ready) execute(plan);
}

function execute(plan: DrawPlan): void {
  for (const step of plan.steps) step();
}

/** Draws a layer that its first application found undrawn: its inputs' shapes are known now. */
export function drawForInputs(
  e: Elaboration,
  frame: Frame,
  layer: LayerValue,
  inputs: ReadonlyMap<string, TensorValue>,
  bind: (body: Frame) => boolean,
): void {
  if (layer.state.drawn) return;
  const plan: DrawPlan = { steps: [], ready: true, machine: frame.machine };
  planLayer(e, frame, layer, plan, { inputs, bind });
  execute(plan);
}

/**
 * Queues the draws of a layer in statement order by walking its body without numbers: parameters and seeds as they
 * stand, nested layers where they are made.
 */
function planLayer(
  e: Elaboration,
  frame: Frame,
  layer: LayerValue,
  plan: DrawPlan,
  known:
    | { readonly inputs: ReadonlyMap<string, TensorValue>; readonly bind: (body: Frame) => boolean }
    | undefined,
): void {
  if (layer.state.drawn) return;
  if (layer.net === undefined) {
    layer.state.drawn = true; // a chain's layers were drawn when they were made
    return;
  }
  const key = `${layer.net.module.id} ${layer.name}`;
  if (frame.calls.includes(key)) return; // reported where it is applied
  const body = planFrame(frame, layer, layer.net, plan, key);
  if (known === undefined) {
    for (const input of layer.net.declaration.inputs) bindInput(e, body, input, unknown);
  } else {
    known.bind(body);
    for (const input of layer.net.declaration.inputs)
      bindInput(e, body, input, known.inputs.get(input.name.name) ?? unknown);
  }
  e.execute(body, layer.net.declaration.body.statements);
  plan.steps.push(() => {
    layer.state.drawn = true;
  });
}

function planFrame(frame: Frame, layer: LayerValue, net: NetOfLayer, plan: DrawPlan, key: string): Frame {
  const scope = new Scope(undefined);
  for (const input of net.declaration.hyperparameters ?? []) {
    const value = net.hyperparameters.get(input.name.name) ?? unknown;
    scope.bind({
      name: input.name.name,
      value,
      role: "hyperparameter",
      place: { file: net.module.id, start: input.name.start, end: input.name.end },
    });
  }
  return {
    ...frame,
    kind: "net",
    module: net.module,
    scope,
    silent: true,
    machine: undefined,
    record: undefined,
    owner: undefined,
    calls: [...frame.calls, key],
    layer: { layer, phase: "plan", plan, given: new Map(), overrides: new Map(), keptDraws: undefined },
    expectedShape: undefined,
    annotated: false,
    assigning: undefined,
    turn: {},
  };
}

/** While planning: queues the draw of a parameter. Gives its value without numbers. */
export function planParameter(
  e: Elaboration,
  frame: Frame,
  statement: Param,
  key: string,
  plan: DrawPlan,
): Value {
  const shape = statement.type === undefined ? undefined : evaluateType(e, frame, statement.type, key);
  const known = shape === undefined ? undefined : concreteShape(shape);
  const initial = statement.value;
  if (initial === undefined) return makeTensor(frame, shape, frame.dtype, undefined, []);
  if (known === undefined && (plan.machine !== undefined || statement.type !== undefined)) plan.ready = false;
  const layer = frame.layer?.layer;
  plan.steps.push(() => {
    const value = drawParameter(
      e,
      { ...frame, layer: undefined, machine: plan.machine },
      statement,
      key,
      shape,
    );
    // An initialiser that needs nodes of the body is left to the first application.
    if (value !== undefined && (plan.machine === undefined || value.node !== undefined))
      layer?.state.parameters.set(key, value);
  });
  return makeTensor(
    frame,
    shape,
    statement.type === undefined ? frame.dtype : elementType(frame, statement.type),
    undefined,
    [],
  );
}

/** Evaluates a parameter's initialiser now, which takes its shape from the type. */
export function drawParameter(
  e: Elaboration,
  frame: Frame,
  statement: Param,
  key: string,
  shape: readonly Dim[] | undefined,
): TensorValue | undefined {
  if (statement.value === undefined) return undefined;
  const inner: Frame = { ...frame, expectedShape: shape, owner: undefined };
  const value = toTensor(e, inner, e.evaluate(inner, statement.value), statement.value, "float");
  if (value.kind !== "tensor") return undefined;
  const filled = fill(e, inner, statement, value, shape);
  if (filled.kind !== "tensor") return undefined;
  if (shape !== undefined && filled.shape !== undefined && contradicts(shape, filled.shape)) {
    e.report(
      frame,
      problems.annotation(key, formatType({ shape, dtype: "float64" }), formatType(filled)),
      statement.value,
    );
    return undefined;
  }
  const node = filled.node?.kind === "apply" ? materialize(frame, filled) : filled.node;
  return {
    kind: "tensor",
    shape: shape ?? filled.shape,
    dtype: filled.dtype,
    node,
    parents: [],
    owner: undefined,
  };
}

/** A computed initial value becomes a leaf: a parameter depends on nothing. */
function materialize(frame: Frame, value: TensorValue): TensorValue["node"] {
  const { machine } = frame;
  if (machine === undefined || value.node === undefined) return undefined;
  const known = machine.evaluate(value.node);
  return "message" in known ? value.node : machine.graph.source(known, value.node.origin);
}

/** A single number fills a parameter of any shape: `param b: [n] = 0`. */
function fill(
  e: Elaboration,
  frame: Frame,
  statement: Param,
  value: TensorValue,
  shape: readonly Dim[] | undefined,
): Value {
  const op = operators.get("expand");
  if (
    shape === undefined ||
    value.shape?.length !== 0 ||
    shape.length === 0 ||
    op === undefined ||
    statement.value === undefined
  )
    return value;
  const sizes = concreteShape(shape);
  if (sizes === undefined) return { ...value, shape };
  return applyOperator(e, frame, {
    op,
    operands: { x: { value, text: textOf(frame, statement.value), span: statement.value } },
    attributes: withDefaults(op, { shape: sizes }),
    sizes: { shape },
    attributeSpans: {},
    span: statement.value,
    indefinite: false,
  });
}

/** Whether a value can be a part of a chain. */
export function isApplicable(value: Value): boolean {
  return isBlank(value) || ["builtin", "operator", "op", "net", "layer", "opaque"].includes(value.kind);
}
