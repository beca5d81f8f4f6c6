/** A tensor as a whole: its statistics, and a small picture of it. */
import type { Question, TensorReport } from "../../protocol";
import { summarize } from "../summaries";
import type { Target } from "../target";
import { pictureOf } from "./picture";

export function answerTensor(target: Target, { tensor }: Question<"tensor">): TensorReport | undefined {
  const value = target.tensor(tensor);
  return value && { summary: summarize(value), picture: pictureOf(value) };
}
