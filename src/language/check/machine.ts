/**
 * What elaboration asks of the side that has numbers. The engine implements it; while a file is only checked there is
 * none, and shapes alone are followed.
 */
import type { Graph, Node } from "../../runtime/graph";
import type { Generator, Shape, Tensor } from "../../runtime/tensor";

export interface Machine {
  readonly graph: Graph;
  /** Whether it executes a sampled op or net: a parameter that must be given is drawn, standard normal. */
  readonly sampling: boolean;
  /** The run's current generator. */
  generator(): Generator;
  seed(library: "torch" | "numpy", value: number | readonly number[]): void;
  /** The value of a node, or why there is none. */
  evaluate(node: Node): Tensor | { readonly message: string };
  /** Asks for memory for a value that is about to be made; false where it would be too much. */
  reserve(bytes: number): boolean;
  /** The truth of a condition on which the shape of the graph depends: `iterate` asks for it, define by run. */
  decide(node: Node): boolean | { readonly message: string };
  /** How often that was asked. */
  readonly decisions: number;
  digits(count: number, size: number, seed: number): { readonly images: Tensor; readonly classes: Tensor };
  /** Another of its kind, with a graph of its own and the same generator: what is recorded there is soon forgotten. */
  scratch?(): Machine;
  /** Trains, and gives the loss of every step and the parameters after the last. */
  train(plan: TrainingPlan): TrainingResult | Misstep;
  /** Central differences of ⟨cotangent, root⟩ with respect to `node`. */
  finiteDifferences(
    root: Node,
    cotangent: Node,
    node: Node,
    step: number | undefined,
  ): Tensor | { readonly message: string };
}

/** One optimizer as the language lists it. */
export interface OptimizerSignature {
  readonly name: string;
  readonly doc: string;
  readonly arguments: Readonly<
    Record<string, { readonly kind: "number" | "flag"; readonly default?: number | boolean }>
  >;
  make(
    given: Readonly<Record<string, number | boolean>>,
  ):
    | { readonly ok: true; readonly value: { start(parameters: readonly Tensor[]): OptimizerSteps } }
    | { readonly ok: false; readonly problem: { readonly argument: string; readonly message: string } };
}

export interface OptimizerSteps {
  step(parameters: readonly Tensor[], gradients: readonly Tensor[]): readonly Tensor[];
}

/** What the engine lends to elaboration even while nothing runs. */
export interface Library {
  readonly optimizers: ReadonlyMap<string, OptimizerSignature>;
  /** Absent where no file can be read. */
  readonly data: DataSource | undefined;
}

export type DataFormat = "npy" | "npz" | "csv" | "idx" | "safetensors" | "png";

/** What files beside the spec hold: their headers while checking, their values while running. */
export interface DataSource {
  /** "later" where it is not known yet: the file is checked again when it is. */
  header(request: DataRequest): DataAnswer<DataContents> | "later";
  load(request: DataRequest, entry: string): DataAnswer<Tensor>;
}

/** A file as a spec names it. */
export interface DataRequest {
  /** The module that names it: paths are relative to its file. */
  readonly module: string;
  readonly format: DataFormat;
  readonly path: string;
  /** How a table is read. */
  readonly table: {
    readonly header?: boolean;
    readonly delimiter?: "," | ";" | "\t";
    readonly missing?: "problem" | "nan";
  };
}

/** The arrays of a file by name; "" where it holds one. */
export interface DataContents {
  readonly entries: ReadonlyMap<string, { readonly shape: Shape; readonly dtype: Tensor["dtype"] }>;
  /** What is there and cannot become a tensor, and why. */
  readonly refused: ReadonlyMap<string, DataProblem>;
}

export interface DataProblem {
  readonly code: string;
  readonly message: string;
}

export type DataAnswer<T> =
  { readonly ok: true; readonly value: T } | { readonly ok: false; readonly problem: DataProblem };

/** A training step recorded once for each size of batch. */
export interface TrainingVariant {
  readonly inputs: readonly Node[];
  readonly loss: Node;
  readonly parameters: readonly Node[];
  readonly gradients: readonly (Node | undefined)[];
  /** The draws of the body, made anew at every step. */
  readonly draws: readonly { readonly node: Node; readonly again: () => Tensor }[];
}

export interface TrainingPlan {
  /** What is trained, and where the text says so. */
  readonly name?: string;
  readonly origin?: unknown;
  /** By batch size: the full one, and the short last one where there is one. */
  readonly variants: ReadonlyMap<number, TrainingVariant>;
  /**
   * Where the path through the net depends on values: records each step by itself. "told" where it cannot be, and the
   * reason has been reported.
   */
  readonly record:
    ((batch: readonly Tensor[], parameters: readonly Tensor[]) => TrainingVariant | "told") | undefined;
  /** The whole data, first dimension the examples. */
  readonly data: readonly Tensor[];
  readonly size: number;
  readonly shuffle: boolean;
  readonly epochs: number;
  readonly optimizer: OptimizerSteps;
  readonly initial: readonly Tensor[];
}

export interface TrainingResult {
  readonly losses: Tensor;
  readonly parameters: readonly Tensor[];
  /** The first step whose loss is NaN, and where that was born. */
  readonly broken?: Misstep;
}

/** What went wrong in a step of training. */
export interface Misstep {
  /** Counted from 0. */
  readonly step: number;
  /** Empty where it has been reported. */
  readonly message: string;
  /** Where the node at fault comes from. */
  readonly origin: unknown;
}
