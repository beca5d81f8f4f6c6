/**
 * What the panel may ask of a finished run beyond its report, and what it is answered: one entry a kind. The question
 * goes panel → extension → worker → session and its answer the same way back. Numbers in plenty travel as typed arrays,
 * each in a buffer of exactly its size. Knows nothing of how answers are made.
 */
import type { ContributionsReport, DeriveReport, SeedChoice } from "./derive-report";
import type { GraphReport } from "./graph-report";
import type { Range } from "./results";
import type { TensorSummary } from "./session";
import type { TrainingCurves } from "./training-report";
import type { Picture, StepReport } from "./step-report";

export interface Questions {
  readonly graph: {
    readonly question: OfTarget & {
      /** Whose gradients flow backward; null is the target's own choice. */
      readonly root: number | null;
      /** Whether the sizes of gradients are wanted: all of them are computed then. */
      readonly norms: boolean;
    };
    readonly answer: GraphReport;
  };
  readonly step: {
    readonly question: OfTarget & {
      readonly root: number | null;
      /** By its position among the graph's nodes, as all here. */
      readonly node: number;
      /** The node itself, and the steps of its making that are not shown: what comes by way of them is told. */
      readonly through: readonly number[];
    };
    readonly answer: StepReport;
  };
  /** A pass backward from a node, or forward: it is kept, and read as a root's is. */
  readonly derive: {
    readonly question: OfTarget & {
      readonly direction: "backward" | "forward";
      readonly node: number;
      readonly seed: SeedChoice;
    };
    readonly answer: DeriveReport;
  };
  readonly contributions: {
    readonly question: OfTarget & {
      /** Whose gradient: a root, or a pass that the panel began; null is the target's own choice. */
      readonly root: number | null;
      readonly node: number;
    };
    readonly answer: ContributionsReport;
  };
  readonly compare: {
    readonly question: OfTarget & { readonly tensor: TensorRef; readonly with: TensorRef & OfRun };
    readonly answer: ComparisonReport;
  };
  /** How the tensors of every node differ from those of the node of the same name in another run. */
  readonly differences: {
    readonly question: OfTarget & {
      readonly run: number;
      /** Whose gradients are compared, by its name in the other run; null is none. */
      readonly root: number | null;
    };
    readonly answer: DifferencesReport;
  };
  /** The curves of every training of the run. */
  readonly training: {
    readonly question: OfTarget;
    readonly answer: { readonly curves: readonly TrainingCurves[] };
  };
  /** What a tensor looks like as a whole: of a node, or one that another answer or a report names by its id. */
  readonly tensor: {
    readonly question: OfTarget & { readonly tensor: TensorRef };
    readonly answer: TensorReport;
  };
  /** Both sides of a check that failed, element by element. */
  readonly check: {
    readonly question: OfTarget & {
      /** Its position in the run's report. */
      readonly index: number;
    };
    readonly answer: CheckSidesReport;
  };
  readonly cause: {
    readonly question: OfTarget & { readonly tensor: TensorRef };
    readonly answer: CauseReport;
  };
  readonly file: {
    readonly question: OfTarget & {
      /** One tensor as npy, or every node's value as npz where it is null. */
      readonly tensor: TensorRef | null;
      readonly from: number;
      readonly to: number;
    };
    readonly answer: FilePart;
  };
}

/** One node's value, or the gradient of a root at it. */
export interface TensorRef {
  readonly node: number;
  readonly of: "value" | "gradient";
  readonly root: number | null;
}

/** Another run that is still kept; null is the one that is asked. */
export interface OfRun {
  readonly run: number | null;
}

export interface TensorReport {
  readonly summary: TensorSummary;
  readonly picture: Picture;
}

/** The sides of the comparison that failed, in the shape in which they were compared. */
export interface CheckSidesReport {
  readonly actual: SideReport;
  readonly expected: SideReport;
}

export interface SideReport {
  /** It is read by this id, as a node's value. */
  readonly node: number;
  readonly summary: TensorSummary;
}

/** How the tensor differs from the other: tensor − other. */
export interface ComparisonReport {
  readonly difference: TensorSummary;
  /** Where they are farthest apart; null where they are equal everywhere. */
  readonly largest: null | {
    readonly index: readonly number[];
    readonly difference: number;
    readonly value: number;
    readonly other: number;
  };
  /** NaN where one of them is 0 everywhere or not finite. */
  readonly cosine: number;
  /** ‖tensor − other‖ / max(‖tensor‖, ‖other‖). */
  readonly relative: number;
}

export interface DifferencesReport {
  /** Of the nodes that have a value, in order of making. */
  readonly rows: readonly NodeDifference[];
}

export interface NodeDifference {
  readonly node: number;
  readonly value: TensorDifference;
  /** Null where it has no gradient of numbers. */
  readonly gradient: TensorDifference | null;
}

/** "new": the other run has none; "reshaped": it has one of another shape. */
export type TensorDifference = "new" | "reshaped" | SizedDifference;

export interface SizedDifference {
  /** What it was compared with, in the other run. */
  readonly other: TensorRef;
  readonly summary: TensorSummary;
  /** max |tensor − other|: infinite where just one of them is not finite. */
  readonly largest: number;
  /** As in a comparison of the two. */
  readonly relative: number;
}

/** Where a NaN or infinity is born, and from what. */
export interface CauseReport {
  readonly pass: "forward" | "backward";
  /** The node that has it though nothing that goes into it has. */
  readonly op: string;
  /** Its name or text. */
  readonly name: string;
  /** What goes into it, where it goes wrong: `0 × ∞`, `log(0)`. */
  readonly inputs: string;
  /** One element that goes wrong. */
  readonly index: readonly number[];
  readonly range: Range | null;
  readonly file: string | null;
  /** The named node, where it is one. */
  readonly node: number | null;
}

/** Part of a file, in a buffer of exactly its size. */
export interface FilePart {
  readonly total: number;
  readonly bytes: Uint8Array;
}

/** Every question says which run, op or net it is about. */
export interface OfTarget {
  readonly target: string;
}

export type QuestionKind = keyof Questions;

/** A question of one kind; of any, where none is named. */
export type Question<K extends QuestionKind = QuestionKind> = {
  readonly [Each in K]: { readonly kind: Each } & Questions[Each]["question"];
}[K];

export type AnswerOf<K extends QuestionKind = QuestionKind> = {
  readonly [Each in K]: Questions[Each]["answer"];
}[K];
