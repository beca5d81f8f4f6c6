/** Training over batches: a step recorded once for each size of batch, carried out by the machine. */
import { backward, type Node } from "../../../runtime/graph";
import {
  addSizes,
  dim,
  elementCount,
  floorDivideSizes,
  isFloat,
  multiplySizes,
  tensor,
  type Size,
  type Tensor,
} from "../../../runtime/tensor";
import type { BuiltinCall } from "../builtin";
import { formatType } from "../describe";
import type { Place } from "../diagnostics/diagnostic";
import { placeOf, type ReportExtras } from "../elaboration";
import { problems } from "../diagnostics/catalogue";
import type { BodyDraws } from "../frame";
import { parametersOf } from "../instance-paths";
import { withParameters } from "../layer-copies";
import type { Misstep, TrainingPlan, TrainingVariant } from "../machine";
import { emptyRecord } from "../record";
import { makeTensor, sourceTensor, toTensor } from "../tensors";
import {
  unknown,
  type BatchesValue,
  type InstanceValue,
  type LayerValue,
  type OptimizerValue,
  type PendingValue,
  type TensorValue,
  type UnknownValue,
  type Value,
} from "../value";
import { numberArgument } from "./arguments";
import { argumentOf, startOptimizer } from "./optimizer-builtin";

export function train(call: BuiltinCall): Value {
  const { elaboration: e, frame } = call;
  const layer = argumentOf(call, "model", ["layer"], "a layer, as in `MLP([784, 10])`,");
  const batches = argumentOf(
    call,
    "data",
    ["batches"],
    "batches, as in `batches(images, labels, size = 64)`,",
  );
  const optimizer = argumentOf(call, "optimizer", ["optimizer"], "an optimizer, as in `adam(1e-3)`,");
  const epochs = numberArgument(call, "epochs") ?? 1;
  if (layer === undefined || batches === undefined || optimizer === undefined) return unknown;
  if (!Number.isInteger(epochs) || epochs < 0) {
    const at = call.arguments.get("epochs")?.expression ?? call.site;
    e.report(
      frame,
      problems.attribute(`\`epochs\` is a whole number of at least 0, not ${String(epochs)}`),
      at,
    );
    return unknown;
  }
  const data = boundTo(call, layer, batches);
  if (data === undefined) return unknown;
  const count = data.tensors[0]?.shape?.[0]?.size;
  if (frame.machine === undefined || typeof count !== "number")
    return planTraining(call, layer, data, epochs, count);
  return trainNow(call, layer, data, optimizer, epochs, count);
}

/** The batches with their tensors as the net's inputs take them, in order. */
function boundTo(call: BuiltinCall, layer: LayerValue, data: BatchesValue): BatchesValue | undefined {
  const { elaboration: e, frame } = call;
  const inputs = layer.net?.declaration.inputs;
  const wanted = inputs?.length ?? 1;
  if (wanted !== data.given.length) {
    const names = inputs === undefined ? "" : ` (${inputs.map(({ name }) => name.name).join(", ")})`;
    const needs = `${String(wanted)} tensor${wanted === 1 ? "" : "s"}${names}`;
    const found = `the batches hold ${String(data.given.length)}`;
    const at = call.arguments.get("data")?.expression ?? call.site;
    e.report(frame, problems.argumentCount(layer.name, needs, found), at);
    return undefined;
  }
  const tensors = data.given.map(({ value, expression }, index) =>
    toTensor(e, frame, value, expression, inputs?.[index]?.type?.element ?? "any"),
  );
  const known = tensors.filter((value) => value.kind === "tensor");
  return known.length === tensors.length ? { ...data, tensors: known } : undefined;
}

/** While nothing runs: the body is checked with the shapes of a batch. */
function planTraining(
  call: BuiltinCall,
  layer: LayerValue,
  data: BatchesValue,
  epochs: number,
  count: Size | undefined,
): Value {
  const { frame } = call;
  const perEpoch =
    count === undefined ? undefined : floorDivideSizes(addSizes(count, data.size - 1), data.size);
  const steps = perEpoch === undefined ? undefined : multiplySizes(perEpoch, epochs);
  const batch = firstBatch(call, data, Math.min(data.size, typeof count === "number" ? count : data.size));
  const instance = applyForTraining(call, layer, batch, undefined);
  if (instance.kind === "instance" && !isLoss(call, instance.state.result)) return unknown;
  const loss = makeTensor(frame, steps === undefined ? undefined : [dim(steps)], frame.dtype, undefined, []);
  return fitted(loss, layer);
}

function applyForTraining(
  call: BuiltinCall,
  layer: LayerValue,
  inputs: readonly TensorValue[],
  draws: BodyDraws | undefined,
): Value {
  // What a step names is no node of the run.
  const frame = { ...call.frame, record: emptyRecord() };
  return call.elaboration.reapply(frame, layer, inputs, { overrides: new Map(), draws, span: call.site });
}

/** Whether a result is a single float, as a loss must be; reported where it is not. */
function isLoss(call: BuiltinCall, result: Value): boolean {
  if (result.kind !== "tensor") return false;
  const many = result.shape?.some(({ size }) => typeof size === "number" && size !== 1) === true;
  if (!many && isFloat(result.dtype)) return true;
  call.elaboration.report(
    call.frame,
    problems.oneElement("the loss that `train` minimises", formatType(result)),
    call.arguments.get("model")?.expression ?? call.site,
  );
  return false;
}

function fitted(loss: Value, model: LayerValue): Value {
  const fields = new Map<string, Value>([
    ["loss", loss],
    ["model", model],
  ]);
  return { kind: "record", name: "fit", fields };
}

/** The shapes (and where a machine runs, first values) of a batch of `size` examples. */
function firstBatch(call: BuiltinCall, data: BatchesValue, size: number): TensorValue[] {
  const { frame } = call;
  return data.tensors.map((value) => {
    const shape = value.shape && [dim(size, value.shape[0]?.origin), ...value.shape.slice(1)];
    const known =
      frame.machine === undefined || value.node === undefined
        ? undefined
        : frame.machine.evaluate(value.node);
    if (known === undefined || "message" in known)
      return makeTensor(frame, shape, value.dtype, undefined, []);
    return sourceTensor(frame, firstExamples(known, size), call.site);
  });
}

function firstExamples(value: Tensor, size: number): Tensor {
  const shape = [size, ...value.shape.slice(1)];
  return tensor(value.dtype, shape, value.data.slice(0, elementCount(shape)));
}

function trainNow(
  call: BuiltinCall,
  layer: LayerValue,
  data: BatchesValue,
  optimizer: OptimizerValue,
  epochs: number,
  count: number,
): Value {
  const { elaboration: e, frame } = call;
  const { machine } = frame;
  if (machine === undefined) return unknown;
  const variants = new Map<number, TrainingVariant>();
  let leaves: readonly TensorValue[] | undefined;
  let places: readonly ParameterPlace[] | undefined;
  let record: TrainingPlan["record"];
  for (const size of new Set([
    Math.min(data.size, count),
    count % data.size === 0 ? Math.min(data.size, count) : count % data.size,
  ])) {
    const inputs = firstBatch(call, data, size);
    const draws: TrainingVariant["draws"][number][] = [];
    const note = (node: Node, again: () => Tensor): void => {
      draws.push({ node, again });
    };
    const before = machine.decisions;
    const instance = applyForTraining(call, layer, inputs, { kind: "repeated", note });
    const recorded = instance.kind === "instance" ? recordStep(call, instance, inputs, draws) : instance;
    if (!("variant" in recorded)) return recorded.kind === "pending" ? recorded : unknown;
    leaves ??= recorded.leaves;
    places ??= recorded.places;
    if (machine.decisions !== before) {
      record = (batch, parameters) => recordAnew(call, layer, places ?? [], batch, parameters);
      break;
    }
    variants.set(size, recorded.variant);
  }
  const values: Tensor[] = [];
  for (const leaf of leaves ?? []) {
    const value = leaf.node && machine.evaluate(leaf.node);
    if (value === undefined || "message" in value) return unknown;
    values.push(value);
  }
  const steps = startOptimizer(call, optimizer, values);
  const tensors: Tensor[] = [];
  for (const { node } of data.tensors) {
    const value = node && machine.evaluate(node);
    if (value !== undefined && !("message" in value)) tensors.push(value);
  }
  if (steps === undefined || leaves === undefined || tensors.length !== data.tensors.length) return unknown;
  const plan: TrainingPlan = {
    name: layer.name,
    origin: placeOf(frame, call.site),
    variants,
    record,
    data: tensors,
    size: data.size,
    shuffle: data.shuffle,
    epochs,
    optimizer: steps,
    initial: values,
  };
  const trained = machine.train(plan);
  if ("message" in trained) {
    if (trained.message !== "")
      e.report(frame, problems.trainingFault(trained.step, trained.message), call.site, atFault(trained));
    return unknown;
  }
  const replaced = new Map<TensorValue, TensorValue>();
  leaves.forEach((leaf, index) => {
    const value = trained.parameters[index];
    if (value !== undefined) replaced.set(leaf, sourceTensor(frame, value, call.site));
  });
  const { broken } = trained;
  if (broken !== undefined)
    e.report(frame, problems.trainingBroken(broken.step, broken.message), call.site, atFault(broken));
  const loss = sourceTensor(frame, trained.losses, call.site);
  return fitted(
    loss,
    withParameters(layer, (each) => trainedOf(each, replaced)),
  );
}

/** The place of the node at fault: nodes have the places that this room gave them. */
function atFault({ origin }: Misstep): ReportExtras {
  return origin === undefined
    ? {}
    : { related: [{ place: origin as Place, message: "The operation at fault" }] };
}

function trainedOf(
  layer: LayerValue,
  replaced: ReadonlyMap<TensorValue, TensorValue>,
): ReadonlyMap<string, TensorValue> {
  return new Map([...layer.state.parameters].map(([key, value]) => [key, replaced.get(value) ?? value]));
}

/** Where a parameter lies: the layer, and its key there. */
interface ParameterPlace {
  readonly layer: LayerValue;
  readonly key: string;
}

/** One step of a net whose path depends on values, in a graph of its own. */
function recordAnew(
  call: BuiltinCall,
  layer: LayerValue,
  places: readonly ParameterPlace[],
  batch: readonly Tensor[],
  parameters: readonly Tensor[],
): TrainingVariant | "told" {
  const frame = { ...call.frame, machine: call.frame.machine?.scratch?.(), record: emptyRecord() };
  const inputs = batch.map((value) => sourceTensor(frame, value, call.site));
  const overrides = new Map<LayerValue, Map<string, TensorValue>>();
  places.forEach((place, index) => {
    const value = parameters[index];
    if (value === undefined) return;
    const own = overrides.get(place.layer) ?? new Map<string, TensorValue>();
    overrides.set(place.layer, own.set(place.key, sourceTensor(frame, value, call.site)));
  });
  const instance = call.elaboration.reapply(frame, layer, inputs, {
    overrides,
    draws: undefined,
    span: call.site,
  });
  const recorded =
    instance.kind === "instance" ? recordStep({ ...call, frame }, instance, inputs, []) : instance;
  return "variant" in recorded ? recorded.variant : "told";
}

function recordStep(
  call: BuiltinCall,
  instance: InstanceValue,
  inputs: readonly TensorValue[],
  draws: TrainingVariant["draws"],
):
  | {
      readonly variant: TrainingVariant;
      readonly leaves: readonly TensorValue[];
      readonly places: readonly ParameterPlace[];
    }
  | UnknownValue
  | PendingValue {
  const { machine } = call.frame;
  const result = instance.state.result;
  if (result.kind === "pending") return result;
  if (!isLoss(call, result) || result.kind !== "tensor") return unknown;
  if (machine === undefined || result.node === undefined) return unknown;
  const places = [...parametersOf(instance).values()];
  const leaves = places.map(({ value }) => value);
  const pass = backward(machine.graph, result.node, machine.graph.builder().onesLike(result.node), {
    rules: "hand",
  });
  const gradients = leaves.map(({ node }) => (node === undefined ? undefined : pass.gradient(node)));
  if (gradients.includes("pending")) return { kind: "pending", shape: undefined };
  const nodes = leaves.flatMap(({ node }) => (node === undefined ? [] : [node]));
  const variant: TrainingVariant = {
    inputs: inputs.flatMap(({ node }) => (node === undefined ? [] : [node])),
    loss: result.node,
    parameters: nodes,
    gradients: gradients.map((gradient) => (gradient === "pending" ? undefined : gradient)),
    draws,
  };
  return { variant, leaves, places };
}
