/** Readers of the answers to the panel's questions, one row a kind. */
import type { AnswerOf, QuestionKind } from "../../../protocol";
import type { Reader } from "./decode";
import { contributions, derive } from "./read-derive-answers";
import { graph } from "./read-graph-answers";
import { step } from "./read-step-answer";
import { cause, check, compare, differences, file, tensor } from "./read-tensor-answers";
import { training } from "./read-training";

export const answerReaders: { readonly [K in QuestionKind]: Reader<AnswerOf<K>> } = {
  cause,
  check,
  compare,
  contributions,
  derive,
  differences,
  file,
  training,
  graph,
  step,
  tensor,
};
