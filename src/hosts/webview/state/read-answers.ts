/** Readers of the answers to the panel's questions, one row a kind. */
import type { AnswerOf, QuestionKind } from "../../../protocol";
import type { Reader } from "./decode";
import { graph } from "./read-graph-answers";

export const answerReaders: { readonly [K in QuestionKind]: Reader<AnswerOf<K>> } = {
  graph,
};
