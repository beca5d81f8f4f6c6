/** The curves of every training of a run. */
import type { AnswerOf } from "../../protocol";
import type { Target } from "../target";

export function answerTraining(target: Target): AnswerOf<"training"> {
  return { curves: target.machine.trainings.map(({ curve }) => curve.curves) };
}
