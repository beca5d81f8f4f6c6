/** Applies an op or a net to sampled inputs: its `sample` statements, else standard normal values of pairwise distinct sizes. */
import {
  declarationFrame,
  Elaborator,
  emptyRecord,
  parametersOf,
  Scope,
  toTensor,
  unknown,
  type Diagnostic,
  type Frame,
  type InstanceValue,
  type Module,
  type RunRecord,
  type TensorValue,
  type Value,
} from "../language/check";
import type { Input, Net, Op, Sample, Statement } from "../language/syntax";
import { dim, elementCount, full, isFloat, torchGenerator, type Shape } from "../runtime/tensor";
import type { RunContext } from "./execute-run";
import { FirstApplication } from "./first-application";
import { RunMachine } from "./run-machine";
import { drawFrom, type Domains } from "./sample-domains";
import { SampleSizes } from "./sample-sizes";

interface SampledInput {
  readonly input: Input;
  readonly value: TensorValue;
}

/** What keeps a declaration from being sampled, in words. */
export interface Unsampled {
  readonly reason: string;
}

const budget = 1_000_000;

/** A declaration applied to sampled inputs. */
export interface DeclarationSample {
  readonly machine: RunMachine;
  readonly record: RunRecord;
  readonly domains: Domains;
  /** So far: rules are recorded, and found to be wrong, when a pass asks for them. */
  readonly diagnostics: () => readonly Diagnostic[];
  readonly applied: Applied | (Unsampled & { readonly pending?: boolean });
}

export interface SampledWith {
  /** Sizes that nothing else says count up from it. */
  readonly firstSize?: number;
  /** Of the values that are drawn. */
  readonly seed?: number;
  /** Where they are drawn from. */
  readonly domains?: Domains;
}

const anywhere: Domains = new Map();

export function sampleDeclaration(
  context: Pick<RunContext, "module" | "library" | "poll">,
  declaration: Op | Net,
  { firstSize = 3, seed = 0, domains = anywhere }: SampledWith = {},
): DeclarationSample {
  const machine = new RunMachine({ dtype: "float64", poll: context.poll, sampling: true });
  const record = emptyRecord();
  const elaborator = new Elaborator({ library: context.library, budget });
  const frame: Frame = { ...declarationFrame(context.module, "run"), machine, record };
  const applied = applySampled(context, elaborator, frame, {
    declaration,
    firstSize,
    seed,
    domains,
  });
  return { machine, record, domains, diagnostics: () => elaborator.diagnostics, applied };
}

interface Applied {
  readonly root: NonNullable<TensorValue["node"]>;
  readonly leaves: readonly { readonly name: string; readonly node: NonNullable<TensorValue["node"]> }[];
}

function applySampled(
  context: Pick<RunContext, "module" | "library">,
  e: Elaborator,
  frame: Frame,
  { declaration, firstSize, seed, domains }: { readonly declaration: Op | Net } & Required<SampledWith>,
): Applied | (Unsampled & { readonly pending?: boolean }) {
  const samples = samplesOf(declaration.body.statements);
  const first = new FirstApplication(context, declaration);
  const hyperparameters = sampleHyperparameters(first, e, frame, declaration, samples);
  if ("reason" in hyperparameters) return hyperparameters;
  // Layers given as hyperparameters fix the sizes that they are applied to.
  const layered = [...hyperparameters.values()].some(holdsLayer);
  const inputs = sampleInputs(e, frame, declaration, samples, hyperparameters, {
    known: layered ? first.sizes : undefined,
    firstSize,
    seed,
    domains,
  });
  if ("reason" in inputs) return inputs;
  for (const { input, value } of inputs) {
    frame.record?.named.push({
      name: input.name.name,
      owner: undefined,
      role: "input",
      value,
      place: placeOfInput(frame.module, input),
      turn: {},
    });
  }
  const result = applyTo(e, frame, declaration, hyperparameters, inputs);
  const value = result.kind === "instance" ? result.state.result : result;
  if (result.kind === "instance") result.state.name ??= declaration.name.name;
  if (value.kind === "pending") return { reason: "It depends on a hole.", pending: true };
  if (value.kind !== "tensor" || value.node === undefined) {
    const error = e.diagnostics.find(({ severity }) => severity === "error");
    return { reason: `Its body has an error${error === undefined ? "" : `: ${error.message}`}` };
  }
  if (!isFloat(value.dtype)) return { reason: "Its result is not float." };
  if (declaration.kind === "op")
    frame.record?.named.push({
      name: declaration.name.name,
      owner: undefined,
      role: "value",
      value,
      place: placeOfInput(frame.module, declaration),
      turn: {},
    });
  const leaves = new Map<string, TensorValue>();
  if (result.kind === "instance")
    for (const [path, parameter] of parametersOf(result)) leaves.set(path, parameter.value);
  for (const { input, value: tensor } of inputs) leaves.set(input.name.name, tensor);
  const floats = [...leaves].flatMap(([name, { node, dtype }]) =>
    node === undefined || !isFloat(dtype) ? [] : [{ name, node }],
  );
  return { root: value.node, leaves: floats };
}

export function placeOfInput(
  module: Module,
  named: { readonly name: { readonly start: number; readonly end: number } },
) {
  return { file: module.id, start: named.name.start, end: named.name.end };
}

export function samplesOf(statements: readonly Statement[]): ReadonlyMap<string, Sample> {
  return new Map(
    statements.flatMap((statement) =>
      statement.kind === "sample" ? [[statement.name.name, statement] as const] : [],
    ),
  );
}

/** Hyperparameters come from `sample`, their defaults, or the file's first application. */
export function sampleHyperparameters(
  first: FirstApplication,
  e: Elaborator,
  frame: Frame,
  declaration: Op | Net,
  samples: ReadonlyMap<string, Sample>,
): ReadonlyMap<string, Value> | Unsampled {
  const formals =
    declaration.kind === "net"
      ? (declaration.hyperparameters ?? [])
      : declaration.inputs.filter(({ type }) => type === undefined);
  const values = new Map<string, Value>();
  const scope = new Scope(undefined);
  const bind = (input: Input, value: Value): void => {
    values.set(input.name.name, value);
    scope.bind({
      name: input.name.name,
      value,
      role: "hyperparameter",
      place: placeOfInput(frame.module, input),
    });
  };
  for (const input of formals) {
    const { name } = input.name;
    const sample = samples.get(name);
    if (sample !== undefined) bind(input, e.evaluate({ ...frame, scope, record: undefined }, sample.value));
    else if (input.default !== undefined)
      bind(input, e.evaluate({ ...frame, scope, record: undefined }, input.default));
    else {
      const value = first.hyperparameters?.get(name);
      if (value === undefined) return { reason: `no sample for ${name}` };
      bind(input, value);
    }
  }
  return values;
}

function holdsLayer(value: Value): boolean {
  return value.kind === "layer" || (value.kind === "list" && value.items.some(holdsLayer));
}

/** Each as its sample says, else standard normal values. */
function sampleInputs(
  e: Elaborator,
  frame: Frame,
  declaration: Op | Net,
  samples: ReadonlyMap<string, Sample>,
  hyperparameters: ReadonlyMap<string, Value>,
  {
    seed,
    domains,
    ...chosen
  }: { readonly known: ReadonlyMap<string, Value> | undefined } & Required<SampledWith>,
): readonly SampledInput[] | (Unsampled & { readonly pending?: boolean }) {
  const place = placeOfInput(frame.module, declaration);
  const inputs = declaration.inputs.filter(({ type }) => type !== undefined);
  const bare = { ...frame, record: undefined };
  const { result } = declaration;
  const sizes = new SampleSizes({
    e,
    frame: bare,
    inputs,
    result,
    place,
    samples,
    hyperparameters,
    ...chosen,
  });
  const generator = torchGenerator(seed);
  let turns = inputs.length + 1;
  const found: SampledInput[] = [];
  for (let i = 0; i < inputs.length; i++) {
    const { type, name } = inputs[i]!;
    if (type === undefined) continue;
    const shape = sizes.shapeOf(type);
    if (shape === undefined) return { reason: `no sample for ${name.name}` };
    const sample = samples.get(name.name);
    const value =
      sample === undefined
        ? sampleTensor(frame, shape, generator, { name: name.name, element: type.element, domains })
        : sampledTensor(e, { ...frame, scope: sizes.scope }, sample, type.element);
    if (value === "pending") return { reason: "It depends on a hole.", pending: true };
    if (value === undefined)
      return {
        reason:
          sample === undefined ? `no sample for ${name.name}` : `the sample of ${name.name} has an error`,
      };
    const own = shapeOfValue(value);
    if (own.join() !== shape.join() && turns-- > 0 && sizes.adapt(type, own)) {
      // Other inputs have these sizes too: from the beginning, the samples of sizes and inputs in it anew.
      found.length = 0;
      i = -1;
      continue;
    }
    if (own.join() !== shape.join())
      return {
        reason: `the sample of ${name.name} is [${own.join(", ")}] where [${shape.join(", ")}] is needed`,
      };
    sizes.scope.bind({ name: name.name, value, role: "input", place });
    found.push({ input: inputs[i]!, value });
  }
  return found;
}

function shapeOfValue({ node }: TensorValue): readonly number[] {
  return node?.shape ?? [];
}

/** A sample expression's value as a leaf. */
function sampledTensor(
  e: Elaborator,
  frame: Frame,
  sample: Sample,
  element: "float" | "int" | "bool",
): TensorValue | "pending" | undefined {
  const bare: Frame = { ...frame, record: undefined };
  const tensor = toTensor(e, bare, e.evaluate(bare, sample.value), sample.value, element);
  if (tensor.kind === "pending") return "pending";
  if (tensor.kind !== "tensor" || tensor.node === undefined || frame.machine === undefined) return undefined;
  const known = frame.machine.evaluate(tensor.node);
  if ("message" in known) return undefined;
  return { ...tensor, node: frame.machine.graph.source(known, sample), parents: [] };
}

function sampleTensor(
  frame: Frame,
  shape: Shape,
  generator: ReturnType<typeof torchGenerator>,
  {
    name,
    element,
    domains,
  }: { readonly name: string; readonly element: "float" | "int" | "bool"; readonly domains: Domains },
): TensorValue | undefined {
  if (element === "int" || elementCount(shape) > 1e7) return undefined;
  const value =
    element === "bool"
      ? { ...full("bool", shape, 0), data: Uint8Array.from(generator.bernoulli(0.5, shape, "float64").data) }
      : drawFrom(domains, name, generator, shape);
  if (value === undefined) return undefined;
  return {
    kind: "tensor",
    shape: shape.map((size) => dim(size)),
    dtype: value.dtype,
    node: frame.machine?.graph.source(value),
    parents: [],
    owner: undefined,
  };
}

export function applyTo(
  e: Elaborator,
  frame: Frame,
  declaration: Op | Net,
  hyperparameters: ReadonlyMap<string, Value>,
  inputs: readonly SampledInput[],
): Value | InstanceValue {
  const span = { start: declaration.name.start, end: declaration.name.end };
  const expression = { kind: "missing", ...span } as const;
  const argument = (name: string, value: Value) => ({
    path: { name: { name, ...span }, steps: [], ...span },
    value,
    expression,
    span,
  });
  const site = (args: readonly ReturnType<typeof argument>[]) => ({
    span,
    callee: span,
    calleeText: declaration.name.name,
    arguments: args,
  });
  const given = [...hyperparameters].map(([name, value]) => argument(name, value));
  const tensors = inputs.map(({ input, value }) => argument(input.name.name, value));
  const named: Frame = { ...frame, assigning: declaration.name.name };
  if (declaration.kind === "op")
    return e.call(named, { kind: "op", declaration, module: frame.module }, site([...given, ...tensors]));
  const layer = e.call(named, { kind: "net", declaration, module: frame.module }, site(given));
  return layer.kind === "layer" ? e.call(named, layer, site(tensors)) : unknown;
}
