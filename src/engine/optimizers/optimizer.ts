/** What an optimizer is: a description that the language can list and fill in, and the steps it makes. Knows no graphs. */
import type { Node, SourceNode } from "../../runtime/graph";
import { isFloat, type Tensor } from "../../runtime/tensor";
import { RecordedData, Tape, type DataType } from "./recorded-data";

/** An optimizer with its arguments filled in. */
export interface Optimizer {
  readonly name: string;
  /** Fresh state (momenta and the like) for these parameters. */
  start(parameters: readonly Tensor[]): OptimizerState;
}

export interface OptimizerState {
  /** The parameters one step on, as new tensors. Lists and shapes are those given to `start`; ∂J/∂parameter is in its dtype. */
  step(parameters: readonly Tensor[], gradients: readonly Tensor[]): readonly Tensor[];
  /** The same step as nodes, from fresh state. */
  record(parameters: readonly Node[], gradients: readonly Node[]): RecordedStep;
  /** The numbers of the first turn, the second …: one list at each call, in the order of a recorded step's `numbers`. */
  numbers(parameters: readonly DataType[]): () => readonly number[];
}

/** One step as nodes, for every turn: what changes from turn to turn are sources. */
export interface RecordedStep {
  readonly next: readonly Node[];
  readonly states: readonly { readonly source: SourceNode; readonly next: Node }[];
  readonly numbers: readonly SourceNode[];
}

interface NumberArgument {
  readonly kind: "number";
  /** Absent where the argument must be given. */
  readonly default?: number;
  /** The argument is at least 0, and below this where it is given: PyTorch's bounds. */
  readonly below?: number;
  readonly doc: string;
}

interface FlagArgument {
  readonly kind: "flag";
  readonly default: boolean;
  readonly doc: string;
}

export type OptimizerArgument = NumberArgument | FlagArgument;

/** Arguments by name, in the order of PyTorch's signature. */
export type OptimizerArguments = Readonly<Record<string, OptimizerArgument>>;

export type ArgumentValues<A extends OptimizerArguments> = {
  readonly [Name in keyof A]: A[Name]["kind"] extends "number" ? number : boolean;
};

/** What is wrong with the arguments, and with which. */
export interface ArgumentProblem {
  readonly argument: string;
  readonly message: string;
}

export type OptimizerResult =
  | { readonly ok: true; readonly value: Optimizer }
  | { readonly ok: false; readonly problem: ArgumentProblem };

/** An optimizer as the language lists it: name, arguments, documentation, and how to make one. */
export interface OptimizerDescription {
  readonly name: string;
  readonly doc: string;
  /** One step, in the words of the rule's paper, for the hover. */
  readonly formula: string;
  readonly arguments: OptimizerArguments;
  /** Fills in the defaults; refuses unknown names, missing or mistyped values, and what PyTorch refuses. */
  make(given: Readonly<Record<string, number | boolean>>): OptimizerResult;
}

/** Float storage, whose stores round to its width. */
export type FloatData = Float64Array | Float32Array;

/** What steps work on: storage, or the recording of what is done to it. */
export type StepData = FloatData | RecordedData;

/** One step of one parameter: moves `parameter` in place by its gradient. The gradient must not be written to. */
export type ParameterStep = (parameter: StepData, gradient: StepData) => void;

interface Definition<A extends OptimizerArguments> {
  readonly name: string;
  readonly doc: string;
  readonly formula: string;
  readonly arguments: A;
  /** What PyTorch refuses beyond the bounds of single arguments. */
  readonly refuse?: (values: ArgumentValues<A>) => ArgumentProblem | undefined;
  /** Fresh state for one parameter, like `parameter` in size and width. Every turn does the same but for its numbers. */
  readonly start: (values: ArgumentValues<A>, parameter: StepData) => ParameterStep;
}

/** Completes a definition: the rule for one parameter becomes an optimizer over lists of them. */
export function describeOptimizer<const A extends OptimizerArguments>(
  definition: Definition<A>,
): OptimizerDescription {
  const { name, doc, formula } = definition;
  return {
    name,
    doc,
    formula,
    arguments: definition.arguments,
    make(given) {
      const problem =
        checkNames(name, definition.arguments, given) ?? checkValues(definition.arguments, given);
      if (problem) return { ok: false, problem };
      const defaults = Object.entries(definition.arguments).map(([key, argument]) => [key, argument.default]);
      // Every name has a value of its kind: checked above.
      const values = { ...Object.fromEntries(defaults), ...given } as ArgumentValues<A>;
      const refused = definition.refuse?.(values);
      if (refused) return { ok: false, problem: refused };
      return {
        ok: true,
        value: {
          name,
          start: (parameters) => startAll(parameters, (data) => definition.start(values, data)),
        },
      };
    },
  };
}

function startAll(parameters: readonly Tensor[], start: (data: StepData) => ParameterStep): OptimizerState {
  const steps = parameters.map((parameter) => start(floatData(parameter)));
  return {
    step(current, gradients) {
      if (current.length !== steps.length || gradients.length !== steps.length) {
        throw new Error(
          `optimizer: ${String(steps.length)} parameters, given ${String(current.length)} with ${String(gradients.length)} gradients`,
        );
      }
      return steps.map((step, index) => stepped(step, current[index]!, gradients[index]!));
    },
    record: (current, gradients) => recordedStep(current, gradients, start),
    numbers: (current) => collectedNumbers(current, start),
  };
}

function recordedStep(
  parameters: readonly Node[],
  gradients: readonly Node[],
  start: (data: StepData) => ParameterStep,
): RecordedStep {
  const tape = new Tape("nodes");
  const next = parameters.map((parameter, index) => {
    const { shape, dtype } = parameter;
    const data = new RecordedData(tape, { shape, dtype }, parameter);
    start(data)(data, new RecordedData(tape, { shape, dtype }, gradients[index]));
    return data.node!;
  });
  const states = tape.states.map(({ data, source }) => ({ source: source as SourceNode, next: data.node! })); // of nodes
  return { next, states, numbers: tape.sources };
}

function collectedNumbers(
  parameters: readonly DataType[],
  start: (data: StepData) => ParameterStep,
): () => readonly number[] {
  const tape = new Tape("numbers");
  const turns = parameters.map((type) => {
    const data = new RecordedData(tape, type, undefined);
    const step = start(data);
    return () => {
      step(data, data);
    };
  });
  return () => {
    tape.numbers.length = 0;
    for (const turn of turns) turn();
    return tape.numbers;
  };
}

function stepped(step: ParameterStep, parameter: Tensor, gradient: Tensor): Tensor {
  if (parameter.dtype !== gradient.dtype || parameter.data.length !== gradient.data.length) {
    throw new Error(
      `optimizer: a gradient ${gradient.dtype}[${gradient.shape.join(", ")}] for ${parameter.dtype}[${parameter.shape.join(", ")}]`,
    );
  }
  const data = floatData(parameter).slice();
  step(data, floatData(gradient));
  return { dtype: parameter.dtype, shape: parameter.shape, data };
}

function floatData(tensor: Tensor): FloatData {
  if (!isFloat(tensor.dtype) || tensor.data instanceof Uint8Array)
    throw new Error(`optimizer: a parameter of ${tensor.dtype}`);
  return tensor.data;
}

function checkNames(
  name: string,
  known: OptimizerArguments,
  given: Readonly<Record<string, number | boolean>>,
): ArgumentProblem | undefined {
  const names = Object.keys(known);
  const unknown = Object.keys(given).find((argument) => !names.includes(argument));
  if (unknown !== undefined) {
    return {
      argument: unknown,
      message: `\`${name}\` has no argument \`${unknown}\`; it has ${names.join(", ")}.`,
    };
  }
  const missing = names.find(
    (argument) => known[argument]?.default === undefined && given[argument] === undefined,
  );
  return missing === undefined
    ? undefined
    : { argument: missing, message: `\`${name}\` needs \`${missing}\`, which has no default.` };
}

function checkValues(
  known: OptimizerArguments,
  given: Readonly<Record<string, number | boolean>>,
): ArgumentProblem | undefined {
  for (const [name, argument] of Object.entries(known)) {
    const value = given[name] ?? argument.default;
    if (argument.kind === "flag") {
      if (typeof value !== "boolean")
        return { argument: name, message: `\`${name}\` is true or false, and is given as ${String(value)}.` };
      continue;
    }
    const { below = Infinity } = argument;
    // Also refuses NaN, which compares with nothing.
    if (typeof value !== "number" || !(value >= 0 && value < below)) {
      const range = below === Infinity ? "of at least 0" : `from 0 to below ${String(below)}`;
      return {
        argument: name,
        message: `\`${name}\` is a number ${range}, and is given as ${String(value)}.`,
      };
    }
  }
  return undefined;
}
