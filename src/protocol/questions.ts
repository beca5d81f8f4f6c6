/**
 * What the panel may ask of a finished run beyond its report, and what it is answered: one entry a kind. The question
 * goes panel → extension → worker → session and its answer the same way back. Numbers in plenty travel as typed arrays,
 * each in a buffer of exactly its size. Knows nothing of how answers are made.
 */
import type { GraphReport } from "./graph-report";

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
