/** Training over batches: a step recorded once for each size of batch, carried out by the machine. */
import { backward } from "../../../runtime/graph";
import {
  addSizes,
  dim,
  elementCount,
  floorDivideSizes,
  isFloat,
  multiplySizes,
  tensor,
  type Tensor,
} from "../../../runtime/tensor";
import type { BuiltinCall } from "../builtin";
import { problems } from "../diagnostics/catalogue";
import { parametersOf } from "../instance-paths";
import { withParameters } from "../layer-copies";
import type { TrainingVariant } from "../machine";
import { makeTensor, sourceTensor } from "../tensors";
import {
  unknown,
  type BatchesValue,
  type InstanceValue,
  type LayerValue,
  type OptimizerValue,
  type TensorValue,
  type Value,
} from "../value";
import { numberArgument } from "./arguments";
import { argumentOf, startOptimizer } from "./optimizer-builtin";

export function train(call: BuiltinCall): Value {
  const { elaboration: e, frame } = call;
  const layer = argumentOf(call, "model", ["layer"], "a layer, as in `MLP([784, 10])`,");
  const data = argumentOf(call, "data", ["batches"], "batches, as in `batches(images, labels, size = 64)`,");
  const optimizer = argumentOf(call, "optimizer", ["optimizer"], "an optimizer, as in `adam(1e-3)`,");
  const epochs = numberArgument(call, "epochs") ?? 1;
  if (layer === undefined || data === undefined || optimizer === undefined) return unknown;
  const count = data.tensors[0]?.shape?.[0]?.size;
  const perEpoch =
    count === undefined ? undefined : floorDivideSizes(addSizes(count, data.size - 1), data.size);
  const steps = perEpoch === undefined ? undefined : multiplySizes(perEpoch, epochs);
  if (frame.machine === undefined || typeof count !== "number") {
    const batch = firstBatch(call, data, Math.min(data.size, typeof count === "number" ? count : data.size));
    e.reapply({ ...frame, record: undefined }, layer, batch, {
      overrides: new Map(),
      keptDraws: [],
      span: call.site,
    });
    const loss = makeTensor(
      frame,
      steps === undefined ? undefined : [dim(steps)],
      frame.dtype,
      undefined,
      [],
    );
    return {
      kind: "record",
      name: "fit",
      fields: new Map<string, Value>([
        ["loss", loss],
        ["model", layer],
      ]),
    };
  }
  return trainNow(call, layer, data, optimizer, epochs, count);
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
  for (const size of new Set([
    Math.min(data.size, count),
    count % data.size === 0 ? Math.min(data.size, count) : count % data.size,
  ])) {
    const inputs = firstBatch(call, data, size);
    const instance = e.reapply({ ...frame, record: undefined }, layer, inputs, {
      overrides: new Map(),
      keptDraws: [],
      span: call.site,
    });
    const recorded = instance.kind === "instance" ? recordStep(call, instance, inputs) : undefined;
    if (recorded === undefined) return unknown;
    leaves ??= recorded.leaves;
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
  const plan = {
    variants,
    data: tensors,
    size: data.size,
    shuffle: data.shuffle,
    epochs,
    optimizer: steps,
    initial: values,
  };
  const trained = machine.train(plan);
  if ("message" in trained) {
    e.report(frame, problems.neverRuns(trained.message), call.site);
    return unknown;
  }
  const replaced = new Map<TensorValue, TensorValue>();
  leaves.forEach((leaf, index) => {
    const value = trained.parameters[index];
    if (value !== undefined) replaced.set(leaf, sourceTensor(frame, value, call.site));
  });
  const loss = sourceTensor(frame, trained.losses, call.site);
  return {
    kind: "record",
    name: "fit",
    fields: new Map<string, Value>([
      ["loss", loss],
      ["model", withParameters(layer, (each) => trainedOf(each, replaced))],
    ]),
  };
}

function trainedOf(
  layer: LayerValue,
  replaced: ReadonlyMap<TensorValue, TensorValue>,
): ReadonlyMap<string, TensorValue> {
  return new Map([...layer.state.parameters].map(([key, value]) => [key, replaced.get(value) ?? value]));
}

function recordStep(
  call: BuiltinCall,
  instance: InstanceValue,
  inputs: readonly TensorValue[],
): { readonly variant: TrainingVariant; readonly leaves: readonly TensorValue[] } | undefined {
  const { frame, elaboration } = call;
  const { machine } = frame;
  const result = instance.state.result;
  if (machine === undefined || result.kind !== "tensor" || result.node === undefined) return undefined;
  if (result.node.shape.length > 0 || !isFloat(result.dtype)) {
    elaboration.report(
      frame,
      problems.oneElement("the loss that `train` minimises", `[${result.node.shape.join(", ")}]`),
      call.arguments.get("model")?.expression ?? call.site,
    );
    return undefined;
  }
  const leaves = [...parametersOf(instance).values()].map(({ value }) => value);
  const pass = backward(machine.graph, result.node, machine.graph.builder().onesLike(result.node), {
    rules: "hand",
  });
  const gradients = leaves.map(({ node }) => (node === undefined ? undefined : pass.gradient(node)));
  if (gradients.includes("pending")) return undefined;
  const nodes = leaves.flatMap(({ node }) => (node === undefined ? [] : [node]));
  const variant: TrainingVariant = {
    inputs: inputs.flatMap(({ node }) => (node === undefined ? [] : [node])),
    loss: result.node,
    parameters: nodes,
    gradients: gradients.map((gradient) => (gradient === "pending" ? undefined : gradient)),
  };
  return { variant, leaves };
}
