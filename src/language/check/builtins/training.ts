/** Optimizers, one step of them (`update`), and training over batches. */
import type { Tensor } from "../../../runtime/tensor";
import type { Builtin, BuiltinCall } from "../builtin";
import { problems } from "../diagnostics/catalogue";
import { referToMember } from "../declared-members";
import { textOf } from "../elaboration";
import { reaches } from "../dependence";
import { readPass } from "../gradients";
import { parametersOf } from "../instance-paths";
import { nearestName } from "../module";
import { makeTensor, sourceTensor, toTensor } from "../tensors";
import {
  describeKind,
  isBlank,
  unknown,
  type LayerValue,
  type OptimizerValue,
  type PassValue,
  type TensorValue,
  type Value,
} from "../value";
import { flagArgument, numberArgument } from "./arguments";
import { argumentOf, optimizerBuiltin, startOptimizer } from "./optimizer-builtin";
import { train } from "./train";

/** `only = "W"` or a list of last names. */
function onlyNames(call: BuiltinCall): ReadonlySet<string> | "wrong" | undefined {
  const given = call.arguments.get("only");
  if (given === undefined) return undefined;
  const items = given.value.kind === "list" ? given.value.items : [given.value];
  const wrong = items.find(({ kind }) => kind !== "string");
  if (wrong !== undefined) {
    if (!isBlank(wrong))
      call.elaboration.report(
        call.frame,
        problems.expected('a name in quotes, as in `only = "W"`, or a list of them', describeKind(wrong)),
        given.expression,
      );
    return "wrong";
  }
  return new Set(items.flatMap((item) => (item.kind === "string" ? [item.value] : [])));
}

function lastName(path: string): string {
  return path.slice(path.lastIndexOf(".") + 1).replace(/\[.*$/u, "");
}

/** What is written in quotes names parameters, so that they are found and renamed there, too; all of one net, or it would be halved. */
function referToNames(
  { arguments: given, elaboration: e, frame }: BuiltinCall,
  chosen: readonly (readonly [
    path: string,
    parameter: { readonly layer: LayerValue; readonly value: Value },
  ])[],
): void {
  const written = given.get("only")?.expression;
  for (const item of written?.kind === "list" ? written.items : written === undefined ? [] : [written]) {
    const named = item.kind === "string" ? chosen.filter(([path]) => lastName(path) === item.value) : [];
    const [first] = named;
    if (first === undefined || item.kind !== "string") continue;
    const [, { layer, value }] = first;
    if (named.some(([, other]) => other.layer.net?.declaration !== layer.net?.declaration)) continue;
    const name = { name: item.value, start: item.start + 1, end: item.end - 1 };
    referToMember(e, frame, layer, name, value);
  }
}

/** A new instance on the same inputs, one step on; its draws are kept. */
function update(call: BuiltinCall): Value {
  const { elaboration: e, frame } = call;
  const instance = argumentOf(call, "instance", ["instance"], "an instance of a net");
  const pass = argumentOf(call, "gradients", ["pass"], "a pass, as in `backward(m.loss)`,");
  const optimizer = argumentOf(call, "optimizer", ["optimizer"], "an optimizer, as in `sgd(0.1)`,");
  if (instance === undefined || pass === undefined || optimizer === undefined) return unknown;
  if (pass.mode === "jvp") {
    const at = call.arguments.get("gradients")?.expression ?? call.site;
    e.report(
      frame,
      problems.expected("a pass of gradients, as in `backward(m.loss)`,", "forward mode: tangents"),
      at,
    );
    return unknown;
  }
  const only = onlyNames(call);
  if (only === "wrong") return unknown;
  const chosen = [...parametersOf(instance)].filter(
    ([path]) => only === undefined || only.has(lastName(path)),
  );
  const there = new Set([...parametersOf(instance).keys()].map(lastName));
  const strange = [...(only ?? [])].find((name) => !there.has(name));
  if (strange !== undefined && instance.state.result.kind !== "unknown") {
    const nearest = nearestName(strange, there);
    e.report(
      frame,
      problems.noMember(`\`${instance.layer.name}\``, strange, nearest),
      call.arguments.get("only")?.expression ?? call.site,
    );
    return unknown;
  }
  referToNames(call, chosen);
  const parameters = chosen.map(([, parameter]) => parameter);
  warnOfNoGradient(
    call,
    pass,
    parameters.map(({ value }) => value),
  );
  const gradients = chosen.map(([path, { value }]) =>
    readPass(e, { ...frame, silent: true }, pass, value, path, call.site),
  );
  const pending = gradients.find((gradient) => gradient.kind === "pending");
  if (pending !== undefined) return pending;
  const stepped = step(
    call,
    optimizer,
    parameters.map(({ value }) => value),
    gradients,
  );
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
  return e.reapply(frame, instance.layer, instance.inputs, {
    overrides,
    draws: { kind: "kept", values: instance.state.draws, next: 0 },
    span: call.site,
  });
}

/** A pass of another instance moves nothing: every gradient is a structural zero. */
function warnOfNoGradient(call: BuiltinCall, pass: PassValue, parameters: readonly TensorValue[]): void {
  if (call.frame.machine !== undefined || parameters.length === 0) return;
  if (parameters.some((value) => pass.root === value || reaches(pass.root, value))) return;
  const at = call.arguments.get("gradients")?.expression ?? call.site;
  const instance = call.arguments.get("instance")?.expression ?? call.site;
  const name = textOf(call.frame, instance);
  call.elaboration.report(call.frame, problems.stepWithoutGradient(`\`${pass.text}\``, name), at);
}

/** The parameters one step on: new leaves. */
function step(
  call: BuiltinCall,
  optimizer: OptimizerValue,
  parameters: readonly TensorValue[],
  gradients: readonly Value[],
): readonly TensorValue[] | undefined {
  const { frame, elaboration } = call;
  const { machine } = frame;
  if (machine === undefined)
    return parameters.map((value) => makeTensor(frame, value.shape, value.dtype, undefined, []));
  const values: Tensor[] = [];
  const slopes: Tensor[] = [];
  for (const [index, parameter] of parameters.entries()) {
    const gradient = gradients[index];
    if (parameter.node === undefined || gradient?.kind !== "tensor" || gradient.node === undefined)
      return undefined;
    for (const [node, list] of [
      [parameter.node, values],
      [gradient.node, slopes],
    ] as const) {
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
  const single = tensors.findIndex(({ shape }) => shape?.length === 0);
  if (single !== -1)
    e.report(
      frame,
      problems.expected("a tensor of examples", "a single number"),
      call.rest[single]?.expression ?? call.site,
    );
  const size = numberArgument(call, "size");
  if (tensors.length === 0) e.report(frame, problems.missingArgument("batches", "tensors"), call.site);
  else if (!call.arguments.has("size"))
    e.report(frame, problems.missingArgument("batches", "size"), call.site);
  if (size === undefined || tensors.length === 0 || single !== -1) return unknown;
  if (!Number.isInteger(size) || size < 1) {
    e.report(
      frame,
      problems.attribute(`\`size\` must be a whole number of at least 1, not ${String(size)}`),
      call.arguments.get("size")?.expression ?? call.site,
    );
    return unknown;
  }
  const counts = tensors.map(({ shape }) => shape?.[0]?.size);
  const other = counts.find(
    (count) => typeof count === "number" && typeof counts[0] === "number" && count !== counts[0],
  );
  if (other !== undefined) {
    e.report(
      frame,
      problems.size(
        `The tensors of \`batches\` need equally many examples: ${counts.map(String).join(", ")}.`,
      ),
      call.site,
    );
    return unknown;
  }
  return { kind: "batches", tensors, given: call.rest, size, shuffle: flagArgument(call, "shuffle", false) };
}

export const training: readonly Builtin[] = [
  optimizerBuiltin("sgd", "Stochastic gradient descent, as `torch.optim.SGD`.", {
    lr: {},
    momentum: { default: 0 },
    dampening: { default: 0 },
    nesterov: { default: false },
    weight_decay: { default: 0 },
  }),
  optimizerBuiltin("adam", "As `torch.optim.Adam`.", {
    lr: { default: 1e-3 },
    beta1: { default: 0.9 },
    beta2: { default: 0.999 },
    eps: { default: 1e-8 },
    weight_decay: { default: 0 },
    amsgrad: { default: false },
    betas: { default: "[beta1, beta2]" },
  }),
  optimizerBuiltin("adamw", "As `torch.optim.AdamW`.", {
    lr: { default: 1e-3 },
    beta1: { default: 0.9 },
    beta2: { default: 0.999 },
    eps: { default: 1e-8 },
    weight_decay: { default: 0.01 },
    amsgrad: { default: false },
    betas: { default: "[beta1, beta2]" },
  }),
  optimizerBuiltin("rmsprop", "As `torch.optim.RMSprop`.", {
    lr: { default: 0.01 },
    alpha: { default: 0.99 },
    eps: { default: 1e-8 },
    weight_decay: { default: 0 },
    momentum: { default: 0 },
    centered: { default: false },
  }),
  {
    name: "update",
    doc: "A new instance on the same inputs, one optimizer step on; `only` limits it to parameters of that last name.",
    parameters: [
      { name: "instance" },
      { name: "gradients" },
      { name: "optimizer" },
      { name: "only", default: "all" },
    ],
    call: update,
  },
  {
    name: "batches",
    doc: "Tensors cut along their first dimension; not shuffled unless told, the short last batch kept.",
    parameters: [
      { name: "tensors", rest: true },
      { name: "size", default: "" },
      { name: "shuffle", default: "false" },
    ],
    call: batches,
  },
  {
    name: "train",
    doc: "Trains a net whose scalar result is the loss: `.loss` has an entry a step, `.model` is the trained layer.",
    parameters: [
      { name: "model" },
      { name: "data" },
      { name: "optimizer" },
      { name: "epochs", default: "1" },
    ],
    call: train,
  },
];
