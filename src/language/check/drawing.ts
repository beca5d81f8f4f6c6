/**
 * The drawing of layers: all parameters at once, in statement order, nested layers at their statement. A plan is made by
 * walking the body without numbers; it is carried out when every shape in it is known. Knows nothing of what is drawn.
 */
import { operators } from "../../runtime/ops";
import { concreteShape, type Dim } from "../../runtime/tensor";
import type { Param } from "../syntax";
import { withDefaults } from "./apply-named";
import { contradicts, elementType, evaluateType } from "./declared-types";
import { formatType } from "./describe";
import { problems } from "./diagnostics/catalogue";
import { textOf, type Elaboration } from "./elaboration";
import type { DrawPlan, Frame } from "./frame";
import { applyOperator } from "./operator-application";
import { Scope } from "./scope";
import { makeTensor, toTensor } from "./tensors";
import { unknown, type LayerValue, type PendingValue, type TensorValue, type Value } from "./value";
import { bindInput } from "./user-ops";

type NetOfLayer = NonNullable<LayerValue["net"]>;

/** The tensors that a layer is applied to, and what binds the sizes they fix. */
interface KnownInputs {
  readonly inputs: ReadonlyMap<string, TensorValue>;
  readonly bind: (body: Frame) => boolean;
}

function emptyPlan(frame: Frame, outer: DrawPlan | undefined): DrawPlan {
  const machine = outer === undefined ? frame.machine : outer.machine;
  return { steps: [], nested: new Map(), ready: true, machine, outer };
}

/** Whether every shape is known, nested layers included. */
function isReady(plan: DrawPlan): boolean {
  return plan.ready && [...plan.nested.values()].every(isReady);
}

/** Draws a layer where it is made, if its shapes are known by then. */
export function drawIfReady(e: Elaboration, frame: Frame, layer: LayerValue): void {
  const plan = emptyPlan(frame, undefined);
  planLayer(e, frame, layer, plan, undefined);
  if (isReady(plan)) execute(plan);
}

function execute(plan: DrawPlan): void {
  for (const step of plan.steps) step();
}

/** Queues a nested layer at its statement; what is not known yet its first application in the walk may tell. */
export function planNested(e: Elaboration, frame: Frame, layer: LayerValue, outer: DrawPlan): void {
  const plan = emptyPlan(frame, outer);
  outer.nested.set(layer, plan);
  planLayer(e, frame, layer, plan, undefined);
  outer.steps.push(() => {
    // A layer that the body never applies may stay without shapes: it is drawn when something applies it.
    if (isReady(plan)) execute(plan);
  });
}

/** Draws a layer that its first application found undrawn: its inputs' shapes are known now. */
export function drawForInputs(e: Elaboration, frame: Frame, layer: LayerValue, known: KnownInputs): void {
  if (layer.state.drawn) return;
  const walking = frame.layer?.plan;
  if (walking !== undefined) {
    const planned = planOf(walking, layer);
    if (planned === undefined || isReady(planned)) return;
    planned.steps.length = 0;
    planned.nested.clear();
    planned.ready = true;
    planLayer(e, frame, layer, planned, known);
    return;
  }
  const plan = emptyPlan(frame, undefined);
  planLayer(e, frame, layer, plan, known);
  execute(plan);
}

/** The plan of a layer made in a body that is being walked. */
function planOf(walking: DrawPlan, layer: LayerValue): DrawPlan | undefined {
  return walking.nested.get(layer) ?? (walking.outer && planOf(walking.outer, layer));
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
  known: KnownInputs | undefined,
): void {
  if (layer.state.drawn) return;
  if (layer.net === undefined) {
    layer.state.drawn = true; // a chain's layers were drawn when they were made
    return;
  }
  const key = `${layer.net.module.id} ${layer.name}`;
  if (frame.calls.includes(key)) return; // reported where it is applied
  const body = planFrame(frame, layer, layer.net, plan, key);
  known?.bind(body);
  for (const input of layer.net.declaration.inputs)
    bindInput(e, body, input, known?.inputs.get(input.name.name) ?? unknown);
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
    layer: { layer, phase: "plan", plan, given: new Map(), overrides: new Map(), draws: undefined },
    expectedShape: undefined,
    annotated: undefined,
    result: net.declaration.result,
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
  const shape = plannedShape(e, frame, statement, key);
  if (statement.value === undefined) return makeTensor(frame, shape, frame.dtype, undefined, []);
  if (shape === undefined || concreteShape(shape) === undefined) plan.ready = false;
  const layer = frame.layer?.layer;
  plan.steps.push(() => {
    const value = drawParameter(
      e,
      { ...frame, layer: undefined, machine: plan.machine },
      statement,
      key,
      statement.type === undefined ? undefined : shape,
    );
    // An initialiser that needs nodes of the body is left to the first application.
    if (value?.kind === "tensor" && (plan.machine === undefined || value.node !== undefined))
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

/** The declared shape, or that of the initial value where none is declared. */
function plannedShape(
  e: Elaboration,
  frame: Frame,
  statement: Param,
  key: string,
): readonly Dim[] | undefined {
  if (statement.type !== undefined) return evaluateType(e, frame, statement.type, key);
  if (statement.value === undefined) return undefined;
  const value = toTensor(e, frame, e.evaluate(frame, statement.value), statement.value, "float");
  return value.kind === "tensor" ? value.shape : undefined;
}

/** Evaluates a parameter's initialiser now, which takes its shape from the type. */
export function drawParameter(
  e: Elaboration,
  frame: Frame,
  statement: Param,
  key: string,
  shape: readonly Dim[] | undefined,
): TensorValue | PendingValue | undefined {
  if (statement.value === undefined) return undefined;
  const inner: Frame = { ...frame, expectedShape: shape, owner: undefined };
  const value = toTensor(e, inner, e.evaluate(inner, statement.value), statement.value, "float");
  if (value.kind === "pending") return value;
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
