/** The answers to what the panel may ask of a finished run: a file a kind, a row each. Knows no message. */
import type { AnswerOf, Question, QuestionKind } from "../../protocol";
import type { Target } from "../target";
import { answerCause } from "./cause";
import { answerCheck } from "./check";
import { answerCompare } from "./compare";
import { answerContributions } from "./contributions";
import { answerDerive } from "./derive";
import { answerDifferences } from "./differences";
import { answerFile } from "./file";
import { answerGraph } from "./graph";
import { answerStep } from "./step";
import { answerTensor } from "./tensor";
import { answerTraining } from "./training";

/** Undefined where there is nothing to tell. What is answered may hold the session's own arrays: the worker copies them. */
type Answers = {
  readonly [K in QuestionKind]: (
    target: Target,
    question: Question<K>,
    other: OtherTarget,
  ) => AnswerOf<K> | undefined;
};

/** The target of the same name in another run that is still kept. */
export type OtherTarget = (run: number) => Target | undefined;

const answers: Answers = {
  graph: answerGraph,
  step: answerStep,
  compare: (target, question, other) => {
    const reference = question.with.run === null ? target : other(question.with.run);
    return reference && answerCompare(target, question, reference);
  },
  differences: (target, question, other) => {
    const reference = other(question.run);
    return reference && answerDifferences(target, question, reference);
  },
  tensor: answerTensor,
  check: answerCheck,
  cause: answerCause,
  contributions: answerContributions,
  derive: answerDerive,
  training: answerTraining,
  file: answerFile,
};

export function answerOf<K extends QuestionKind>(
  target: Target,
  question: Question<K>,
  other: OtherTarget,
): AnswerOf<K> | undefined {
  // The row of a question's kind takes that question.
  const answer = answers[question.kind] as (
    target: Target,
    question: Question<K>,
    other: OtherTarget,
  ) => AnswerOf<K> | undefined;
  return answer(target, question, other);
}
