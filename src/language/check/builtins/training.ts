/** Optimizers, one step of them (`update`), and training over batches. */
import { backward } from "../../../runtime/graph";
import { dim, floorDivideSizes, addSizes, multiplySizes, isFloat, tensor, elementCount, type Tensor } from "../../../runtime/tensor";
import type { Builtin, BuiltinCall, GivenArgument } from "../builtin";
import { problems } from "../diagnostics/catalogue";
import { readPass } from "../gradients";
import { parametersOf } from "../instances";
import { withParameters } from "../layer-copies";
import type { OptimizerSteps, TrainingVariant } from "../machine";
import { makeTensor, sourceTensor, toTensor } from "../tensors";
import { describeKind, isBlank, unknown, type BatchesValue, type InstanceValue, type LayerValue, type OptimizerValue, type TensorValue, type Value } from "../value";
import { flagArgument, numberArgument } from "./arguments";

/** An optimizer's name and numbers; made when it is used. */
export function optimizerBuiltin(name: string, doc: string, parameters: Readonly<Record<string, { readonly default?: number | boolean }>>): Builtin {
  return {
    name,
    doc,
    parameters: Object.entries(parameters).map(([parameter, { default: fallback }]) => ({
      name: parameter,
      ...(fallback === undefined ? {} : { default: String(fallback) }),
    })),
    call(call) {
      const given = new Map<string, number | boolean>();
      for (const [parameter, { value, expression }] of call.arguments) {
        if (value.kind === "number" && value.value !== undefined) given.set(parameter, value.value);
        else if (value.kind === "boolean" && value.value !== undefined) given.set(parameter, value.value);
        else if (!isBlank(value) && value.kind !== "number" && value.kind !== "opaque") {
          call.elaboration.report(call.frame, problems.expected(`a number known before anything runs for \`${parameter}\``, describeKind(value)), expression);
          return unknown;
        }
      }
      const made = call.elaboration.library?.optimizers.get(name)?.make(Object.fromEntries(given));
      if (made?.ok === false) {
        const at = call.arguments.get(made.problem.argument)?.expression ?? call.site;
        call.elaboration.report(call.frame, problems.attribute(made.problem.message), at);
        return unknown;
      }
      return { kind: "optimizer", name, arguments: given };
    },
  };
}

function argumentOf<K extends Value["kind"]>(call: BuiltinCall, name: string, kinds: readonly K[], needs: string): Extract<Value, { kind: K }> | undefined {
  const given: GivenArgument | undefined = call.arguments.get(name);
  if (given === undefined) return undefined;
  if ((kinds as readonly string[]).includes(given.value.kind)) return given.value as Extract<Value, { kind: K }>; // just compared
  if (!isBlank(given.value) && given.value.kind !== "opaque") {
    call.elaboration.report(call.frame, problems.expected(needs, describeKind(given.value)), given.expression);
  }
  return undefined;
}

function startOptimizer(call: BuiltinCall, optimizer: OptimizerValue, parameters: readonly Tensor[]): OptimizerSteps | undefined {
  const made = call.elaboration.library?.optimizers.get(optimizer.name)?.make(Object.fromEntries(optimizer.arguments));
  return made?.ok === true ? made.value.start(parameters) : undefined;
}

/** `only = "W"` or a list of last names. */
function onlyNames(call: BuiltinCall): ReadonlySet<string> | undefined {
  const given = call.arguments.get("only");
  if (given === undefined) return undefined;
  const items = given.value.kind === "list" ? given.value.items : [given.value];
  return new Set(items.flatMap((item) => (item.kind === "string" ? [item.value] : [])));
}

function lastName(path: string): string {
  return path.slice(path.lastIndexOf(".") + 1).replace(/\[.*$/u, "");
}

/** A new instance on the same inputs, one step on; its draws are kept. */
function update(call: BuiltinCall): Value {
  const { elaboration: e, frame } = call;
  const instance = argumentOf(call, "instance", ["instance"], "an instance of a net");
  const pass = argumentOf(call, "gradients", ["pass"], "a pass, as in `backward(m.loss)`,");
  const optimizer = argumentOf(call, "optimizer", ["optimizer"], "an optimizer, as in `sgd(0.1)`,");
  if (instance === undefined || pass === undefined || optimizer === undefined) return unknown;
  const only = onlyNames(call);
  const chosen = [...parametersOf(instance)].filter(([path]) => only === undefined || only.has(lastName(path)));
  if (only !== undefined && chosen.length === 0 && instance.state.result.kind !== "unknown") {
    const names = [...only].map((name) => `\`${name}\``).join(", ");
    e.report(frame, problems.noMember(`\`${instance.layer.name}\``, names.replaceAll("`", "")), call.arguments.get("only")?.expression ?? call.site);
    return unknown;
  }
  const parameters = chosen.map(([, parameter]) => parameter);
  const gradients = chosen.map(([path, { value }]) => readPass(e, { ...frame, silent: true }, pass, value, path, call.site));
  const pending = gradients.find((gradient) => gradient.kind === "pending");
  if (pending !== undefined) return pending;
  const stepped = step(call, optimizer, parameters.map(({ value }) => value), gradients);
  if (stepped === undefined) return unknown;
  const overrides = new Map<LayerValue, Map<string, TensorValue>>();
  const keep = (layer: LayerValue, key: string, value: TensorValue) => {
    const own = overrides.get(layer) ?? new Map<string, TensorValue>();
    own.set(key, value);
    overrides.set(layer, own);
  };
  // Everything in force stays in force: parameters given or stepped before, too.
  for (const { value, layer, key } of parametersOf(instance).values()) keep(layer, key, value);
  parameters.forEach(({ layer, key }, index) => {
    const value = stepped[index];
    if (value !== undefined) keep(layer, key, value);
  });
  return e.reapply(frame, instance.layer, instance.inputs, { overrides, keptDraws: instance.state.draws, span: call.site });
}

/** The parameters one step on: new leaves. */
function step(call: BuiltinCall, optimizer: OptimizerValue, parameters: readonly TensorValue[], gradients: readonly Value[]): readonly TensorValue[] | undefined {
  const { frame, elaboration } = call;
  const { machine } = frame;
  if (machine === undefined) return parameters.map((value) => makeTensor(frame, value.shape, value.dtype, undefined, []));
  const values: Tensor[] = [];
  const slopes: Tensor[] = [];
  for (const [index, parameter] of parameters.entries()) {
    const gradient = gradients[index];
    if (parameter.node === undefined || gradient?.kind !== "tensor" || gradient.node === undefined) return undefined;
    for (const [node, list] of [[parameter.node, values], [gradient.node, slopes]] as const) {
      const value = machine.evaluate(node);
      if ("message" in value) {
        elaboration.report(frame, problems.neverRuns(value.message), call.site);
        return undefined;
      }
      list.push(value);
    }
  }
  const next = startOptimizer(call, optimizer, values)?.step(values, slopes);
  return next?.map((value) => sourceTensor(frame, value, call.site));
}

function batches(call: BuiltinCall): Value {
  const { elaboration: e, frame } = call;
  const tensors: TensorValue[] = [];
  for (const { value, expression } of call.rest) {
    const part = toTensor(e, frame, value, expression, "any");
    if (part.kind !== "tensor") return part;
    tensors.push(part);
  }
  const size = numberArgument(call, "size");
  if (size === undefined || tensors.length === 0) {
    if (!call.arguments.has("size")) e.report(frame, problems.missingArgument("batches", "size"), call.site);
    return unknown;
  }
  if (!Number.isInteger(size) || size < 1) {
    e.report(frame, problems.attribute(`\`size\` must be a whole number of at least 1, not ${String(size)}`), call.arguments.get("size")?.expression ?? call.site);
    return unknown;
  }
  const counts = tensors.map(({ shape }) => shape?.[0]?.size);
  const other = counts.find((count) => typeof count === "number" && typeof counts[0] === "number" && count !== counts[0]);
  if (other !== undefined) {
    e.report(frame, problems.size(`The tensors of \`batches\` need equally many examples: ${counts.map(String).join(", ")}.`), call.site);
    return unknown;
  }
  return { kind: "batches", tensors, size, shuffle: flagArgument(call, "shuffle", false) };
}

function train(call: BuiltinCall): Value {
  const { elaboration: e, frame } = call;
  const layer = argumentOf(call, "model", ["layer"], "a layer, as in `MLP([784, 10])`,");
  const data = argumentOf(call, "data", ["batches"], "batches, as in `batches(images, labels, size = 64)`,");
  const optimizer = argumentOf(call, "optimizer", ["optimizer"], "an optimizer, as in `adam(1e-3)`,");
  const epochs = numberArgument(call, "epochs") ?? 1;
  if (layer === undefined || data === undefined || optimizer === undefined) return unknown;
  const count = data.tensors[0]?.shape?.[0]?.size;
  const perEpoch = count === undefined ? undefined : floorDivideSizes(addSizes(count, data.size - 1), data.size);
  const steps = perEpoch === undefined ? undefined : multiplySizes(perEpoch, epochs);
  if (frame.machine === undefined || typeof count !== "number") {
    const batch = firstBatch(call, data, Math.min(data.size, typeof count === "number" ? count : data.size));
    e.reapply({ ...frame, record: undefined }, layer, batch, { overrides: new Map(), keptDraws: [], span: call.site });
    const loss = makeTensor(frame, steps === undefined ? undefined : [dim(steps)], frame.dtype, undefined, []);
    return { kind: "record", name: "fit", fields: new Map<string, Value>([["loss", loss], ["model", layer]]) };
  }
  return trainNow(call, layer, data, optimizer, epochs, count);
}

/** The shapes (and where a machine runs, first values) of a batch of `size` examples. */
function firstBatch(call: BuiltinCall, data: BatchesValue, size: number): TensorValue[] {
  const { frame } = call;
  return data.tensors.map((value) => {
    const shape = value.shape && [dim(size, value.shape[0]?.origin), ...value.shape.slice(1)];
    const known = frame.machine === undefined || value.node === undefined ? undefined : frame.machine.evaluate(value.node);
    if (known === undefined || "message" in known) return makeTensor(frame, shape, value.dtype, undefined, []);
    return sourceTensor(frame, firstExamples(known, size), call.site);
  });
}

function firstExamples(value: Tensor, size: number): Tensor {
  const shape = [size, ...value.shape.slice(1)];
  return tensor(value.dtype, shape, value.data.slice(0, elementCount(shape)));
}

function trainNow(call: BuiltinCall, layer: LayerValue, data: BatchesValue, optimizer: OptimizerValue, epochs: number, count: number): Value {
  const { elaboration: e, frame } = call;
  const { machine } = frame;
  if (machine === undefined) return unknown;
  const variants = new Map<number, TrainingVariant>();
  let leaves: readonly TensorValue[] | undefined;
  for (const size of new Set([Math.min(data.size, count), count % data.size === 0 ? Math.min(data.size, count) : count % data.size])) {
    const inputs = firstBatch(call, data, size);
    const instance = e.reapply({ ...frame, record: undefined }, layer, inputs, { overrides: new Map(), keptDraws: [], span: call.site });
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
  const plan = { variants, data: tensors, size: data.size, shuffle: data.shuffle, epochs, optimizer: steps, initial: values };
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
  return { kind: "record", name: "fit", fields: new Map<string, Value>([["loss", loss], ["model", withParameters(layer, replaced)]]) };
}

function recordStep(call: BuiltinCall, instance: InstanceValue, inputs: readonly TensorValue[]): { readonly variant: TrainingVariant; readonly leaves: readonly TensorValue[] } | undefined {
  const { frame, elaboration } = call;
  const { machine } = frame;
  const result = instance.state.result;
  if (machine === undefined || result.kind !== "tensor" || result.node === undefined) return undefined;
  if (result.node.shape.length > 0 || !isFloat(result.dtype)) {
    elaboration.report(frame, problems.oneElement("the loss that `train` minimises", `[${result.node.shape.join(", ")}]`), call.arguments.get("model")?.expression ?? call.site);
    return undefined;
  }
  const leaves = [...parametersOf(instance).values()].map(({ value }) => value);
  const pass = backward(machine.graph, result.node, machine.graph.builder().onesLike(result.node), { rules: "hand" });
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

export const training: readonly Builtin[] = [
  optimizerBuiltin("sgd", "Stochastic gradient descent, as `torch.optim.SGD`.", { lr: {}, momentum: { default: 0 }, dampening: { default: 0 }, nesterov: { default: false }, weight_decay: { default: 0 } }),
  optimizerBuiltin("adam", "As `torch.optim.Adam`.", { lr: { default: 1e-3 }, beta1: { default: 0.9 }, beta2: { default: 0.999 }, eps: { default: 1e-8 }, weight_decay: { default: 0 }, amsgrad: { default: false } }),
  optimizerBuiltin("adamw", "As `torch.optim.AdamW`.", { lr: { default: 1e-3 }, beta1: { default: 0.9 }, beta2: { default: 0.999 }, eps: { default: 1e-8 }, weight_decay: { default: 0.01 }, amsgrad: { default: false } }),
  optimizerBuiltin("rmsprop", "As `torch.optim.RMSprop`.", { lr: { default: 0.01 }, alpha: { default: 0.99 }, eps: { default: 1e-8 }, weight_decay: { default: 0 }, momentum: { default: 0 }, centered: { default: false } }),
  {
    name: "update",
    doc: "A new instance on the same inputs, one optimizer step on; `only` limits it to parameters of that last name.",
    parameters: [{ name: "instance" }, { name: "gradients" }, { name: "optimizer" }, { name: "only", default: "all" }],
    call: update,
  },
  {
    name: "batches",
    doc: "Tensors cut along their first dimension; not shuffled unless told, the short last batch kept.",
    parameters: [{ name: "tensors", rest: true }, { name: "size", default: "" }, { name: "shuffle", default: "false" }],
    call: batches,
  },
  {
    name: "train",
    doc: "Trains a net whose scalar result is the loss: `.loss` has an entry a step, `.model` is the trained layer.",
    parameters: [{ name: "model" }, { name: "data" }, { name: "optimizer" }, { name: "epochs", default: "1" }],
    call: train,
  },
];
