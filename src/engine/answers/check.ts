/** What a check that failed compared: both sides as tensors that can be read by their ids. */
import type { CheckSidesReport, Question, SideReport } from "../../protocol";
import type { Tensor } from "../../runtime/tensor";
import { sidesAtFault } from "../conditions";
import { summarize } from "../summaries";
import type { Target } from "../target";

export function answerCheck(target: Target, { index }: Question<"check">): CheckSidesReport | undefined {
  const plan = target.record.checks[index];
  const sides = plan && sidesAtFault(target.machine.evaluator, plan);
  if (sides === undefined) return undefined;
  const held = (side: string, tensor: Tensor): SideReport => ({
    node: target.hold(`check ${String(index)} ${side}`, tensor),
    summary: summarize(tensor),
  });
  return { actual: held("actual", sides.actual), expected: held("expected", sides.expected) };
}
