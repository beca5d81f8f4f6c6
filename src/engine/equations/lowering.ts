/**
 * Graphs that equations are derived from: an op or net applied to placeholders whose sizes and hyperparameters are
 * numbers that say what they stand for, and a run as it stands. Nothing is evaluated.
 */
import {
  declarationFrame,
  dtypeOfRun,
  elaborateRun,
  Elaborator,
  emptyRecord,
  numberValue,
  Scope,
  sizeValue,
  type Frame,
  type InstanceValue,
  type Library,
  type Module,
  type RunRecord,
  type TensorValue,
  type Value,
} from "../../language/check";
import { tokenize, type Input, type Net, type Op, type Run } from "../../language/syntax";
import type { NamedNumber } from "../../runtime/graph";
import { dim } from "../../runtime/tensor";
import { FirstApplication } from "../first-application";
import { applyTo, placeOfInput, sampleHyperparameters, samplesOf } from "../sample-declaration";
import { EquationMachine, placeholder } from "./equation-machine";
import { NamedNumbers } from "./named-numbers";

export interface LoweringContext {
  readonly module: Module;
  readonly library: Library;
  /** Called often; throws where it takes too long. */
  readonly poll: () => void;
}

/** A graph with the names in it. */
export interface Lowered {
  readonly machine: EquationMachine;
  readonly record: RunRecord;
  /** Names inside of ops, which are no nodes of a record. */
  readonly elaborator: Elaborator;
  readonly numberOf: (value: number) => NamedNumber | undefined;
}

export interface LoweredDeclaration extends Lowered {
  readonly result: TensorValue;
  /** The instance whose names are meant; undefined for an op. */
  readonly instance: InstanceValue | undefined;
  readonly inputs: readonly PlaceholderInput[];
}

export interface PlaceholderInput {
  readonly input: Input;
  readonly value: TensorValue;
}

const budget = 300_000;

/** Data files are headers: nothing is read from them. */
function withoutValues(library: Library): Library {
  const { data } = library;
  if (data === undefined) return library;
  const load: typeof data.load = (request, entry) => {
    const header = data.header(request);
    if (header === "later") return unread;
    if (!header.ok) return header;
    const found = header.value.entries.get(entry);
    return found === undefined ? unread : { ok: true, value: placeholder(found.dtype, found.shape) };
  };
  return { ...library, data: { header: (request) => data.header(request), load } };
}

const unread = { ok: false, problem: { code: "NN000", message: "The file is not read yet." } } as const;

export function lowerRun({ module, library, poll }: LoweringContext, run: Run): Lowered {
  const machine = new EquationMachine({ dtype: dtypeOfRun(run), sampling: false });
  const elaborator = new Elaborator({ library: withoutValues(library), budget, poll });
  const record = elaborateRun(elaborator, module, run, machine);
  return { machine, record, elaborator, numberOf: () => undefined };
}

/** How numbers are chosen: as much as possible stands for its name, unless the body needs particular ones. */
interface Choice {
  readonly hyperparameters: "named" | "real" | "sampled";
  readonly sizes: "named" | "first" | "sampled";
}

const choices: readonly Choice[] = [
  { hyperparameters: "named", sizes: "named" },
  { hyperparameters: "real", sizes: "named" },
  { hyperparameters: "sampled", sizes: "named" },
  { hyperparameters: "sampled", sizes: "first" },
  { hyperparameters: "sampled", sizes: "sampled" },
];

export function lowerDeclaration(
  context: LoweringContext,
  declaration: Op | Net,
): LoweredDeclaration | undefined {
  const written = wholeNumbersIn(context.module);
  for (const choice of choices) {
    const lowered = lowerWith(context, declaration, choice, new NamedNumbers(written));
    if (lowered !== undefined) return lowered;
  }
  return undefined;
}

function wholeNumbersIn(module: Module): ReadonlySet<number> {
  const { text } = module.file;
  const numbers = tokenize(text).flatMap(({ kind, start, end }) =>
    kind === "number" ? [Number(text.slice(start, end).replaceAll("_", ""))] : [],
  );
  return new Set(numbers);
}

function lowerWith(
  { module, library, poll }: LoweringContext,
  declaration: Op | Net,
  choice: Choice,
  numbers: NamedNumbers,
): LoweredDeclaration | undefined {
  const machine = new EquationMachine({ dtype: "float64", sampling: true });
  const record = emptyRecord();
  const elaborator = new Elaborator({ library, budget, poll });
  const frame: Frame = { ...declarationFrame(module, "run"), machine, record };
  const first = new FirstApplication({ module, library }, declaration);
  const samples = samplesOf(declaration.body.statements);
  const sampled = sampleHyperparameters(first, elaborator, frame, declaration, samples);
  const given = "reason" in sampled ? missingHyperparameters(declaration, numbers) : sampled;
  const hyperparameters = new Map(
    [...given].map(([name, value]) => [name, standIn(name, value, choice, numbers)]),
  );
  const sizes =
    choice.sizes === "first"
      ? first.sizes
      : choice.sizes === "sampled"
        ? sampledSizes(elaborator, frame, declaration, hyperparameters, samples)
        : undefined;
  const inputs = placeholderInputs(elaborator, frame, declaration, hyperparameters, (name) => {
    return sizes?.get(name) ?? sizeValue(numbers.whole(name));
  });
  if (inputs === undefined) return undefined;
  const result = applyTo(elaborator, frame, declaration, hyperparameters, inputs);
  const instance = result.kind === "instance" ? result : undefined;
  const value = instance === undefined ? result : instance.state.result;
  if (value.kind !== "tensor" || value.node === undefined) return undefined;
  if (instance !== undefined) instance.state.name ??= declaration.name.name;
  return { machine, record, elaborator, result: value, instance, inputs, numberOf: numbers.read };
}

/** Without a sample each stands for a whole number. */
function missingHyperparameters(declaration: Op | Net, numbers: NamedNumbers): ReadonlyMap<string, Value> {
  const formals =
    declaration.kind === "net"
      ? (declaration.hyperparameters ?? [])
      : declaration.inputs.filter(({ type }) => type === undefined);
  return new Map(formals.map(({ name }) => [name.name, sizeValue(numbers.whole(name.name))]));
}

function standIn(name: string, value: Value, choice: Choice, numbers: NamedNumbers): Value {
  if (value.kind !== "number" || value.value === undefined || choice.hyperparameters === "sampled")
    return value;
  const isReal = !value.whole || !Number.isInteger(value.value);
  if (isReal && value.value !== 0) return numberValue(numbers.real(name, value.value), false);
  return choice.hyperparameters === "named" ? sizeValue(numbers.whole(name)) : value;
}

/** The sizes that the samples of inputs have. */
function sampledSizes(
  e: Elaborator,
  frame: Frame,
  declaration: Op | Net,
  hyperparameters: ReadonlyMap<string, Value>,
  samples: ReturnType<typeof samplesOf>,
): ReadonlyMap<string, Value> {
  const scope = new Scope(undefined);
  const place = placeOfInput(frame.module, declaration);
  const sizes = new Map<string, Value>();
  const bind = (name: string, value: Value): void => {
    sizes.set(name, value);
    scope.bind({ name, value, role: "size", place });
  };
  for (const [name, value] of hyperparameters) scope.bind({ name, value, role: "hyperparameter", place });
  for (const { name, type } of declaration.inputs) {
    const sample = samples.get(name.name);
    if (type === undefined || sample === undefined) continue;
    const value = e.evaluate({ ...frame, scope, record: undefined }, sample.value);
    const shape = value.kind === "tensor" ? (value.node?.shape ?? []) : [];
    for (const [axis, item] of type.dims.entries()) {
      const size = shape[axis];
      if (
        item.kind === "name" &&
        size !== undefined &&
        shape.length === type.dims.length &&
        !sizes.has(item.name)
      )
        bind(item.name, sizeValue(size));
    }
  }
  return sizes;
}

function placeholderInputs(
  e: Elaborator,
  frame: Frame,
  declaration: Op | Net,
  hyperparameters: ReadonlyMap<string, Value>,
  sizeOf: (name: string) => Value,
): readonly PlaceholderInput[] | undefined {
  const scope = new Scope(undefined);
  const place = placeOfInput(frame.module, declaration);
  for (const [name, value] of hyperparameters) scope.bind({ name, value, role: "hyperparameter", place });
  const typed = declaration.inputs.flatMap(({ type }) => type ?? []);
  for (const { dims } of typed) {
    for (const item of dims) {
      if (item.kind === "name" && scope.own(item.name) === undefined)
        scope.bind({ name: item.name, value: sizeOf(item.name), role: "size", place });
    }
  }
  const hasRest = typed.some(({ dims }) => dims.some(({ kind }) => kind === "ellipsis"));
  // Beside other dimensions one more makes matrices; alone two do.
  const alone = typed.every(({ dims }) => dims.length < 2 || dims.every(({ kind }) => kind !== "ellipsis"));
  const rest = hasRest ? (alone ? ["n₁", "n₂"] : ["n₁"]).map((name) => wholeOf(sizeOf(name))) : [];
  const bare: Frame = { ...frame, scope, record: undefined };
  const inputs: PlaceholderInput[] = [];
  for (const input of declaration.inputs) {
    if (input.type === undefined) continue;
    const shape = shapeOf(e, bare, input, rest);
    if (shape === undefined) return undefined;
    inputs.push({ input, value: placeholderInput(frame, input, shape) });
  }
  return inputs;
}

function wholeOf(value: Value): number {
  return value.kind === "number" ? (value.value ?? 2) : 2;
}

function shapeOf(
  e: Elaborator,
  bare: Frame,
  { type }: Input,
  rest: readonly number[],
): readonly number[] | undefined {
  const shape: number[] = [];
  for (const item of type?.dims ?? []) {
    if (item.kind === "ellipsis") shape.push(...rest);
    else {
      const size = e.evaluate(bare, item);
      if (size.kind !== "number" || size.value === undefined) return undefined;
      shape.push(size.value);
    }
  }
  return shape.reduce((product, size) => product * size, 1) > 1e7 ? undefined : shape;
}

function placeholderInput(frame: Frame, input: Input, shape: readonly number[]): TensorValue {
  const element = input.type?.element ?? "float";
  const value = placeholder(element === "float" ? "float64" : element, shape);
  return {
    kind: "tensor",
    shape: shape.map((size) => dim(size)),
    dtype: value.dtype,
    node: frame.machine?.graph.source(value),
    parents: [],
    owner: undefined,
  };
}
