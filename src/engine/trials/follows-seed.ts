/** Whether a check holds two values against each other that are both other ones with other random numbers. Knows nothing of what is tried. */
import type { Run } from "../../language/syntax";
import type { Tensor } from "../../runtime/tensor";
import { evaluateValue } from "../values";
import { elaborated, rootOf, type TrialContext } from "./trial";

/**
 * What is copied from a page, or follows from data alone, is the same with other seeds; but a gradient that is written without anything
 * that is drawn is meant for all that may be.
 */
export function followsSeed(context: TrialContext, run: Run, check: number): boolean {
  const [here, there] = [0, 1].map((seedShift) => sidesOf({ ...context, seedShift }, run, check));
  if (here === undefined || there === undefined) return false;
  const isMoved = here.map(({ tensor }, i) => isOther(tensor, there[i]!.tensor));
  return isMoved.some(Boolean) && here.every(({ isCopied }, i) => isMoved[i] === true || !isCopied);
}

interface Side {
  readonly tensor: Tensor;
  /** Whether it is nothing but numbers, as they are written. */
  readonly isCopied: boolean;
}

function sidesOf(context: TrialContext, run: Run, check: number): readonly Side[] | undefined {
  const made = elaborated(context, run);
  const condition = made?.record.checks[check]?.condition;
  if (made === undefined || condition?.kind !== "comparison") return undefined;
  const sides = [condition.left, condition.right].flatMap((side) => {
    const value = evaluateValue(made.machine.evaluator, side);
    if (value.kind !== "tensor") return [];
    const node = rootOf(side);
    const isApplied = node?.kind === "apply" && node.op.name !== "cast" && node.op.name !== "stack";
    return [{ tensor: value.tensor, isCopied: !isApplied }];
  });
  return sides.length === 2 ? sides : undefined;
}

function isOther(a: Tensor, b: Tensor): boolean {
  return a.data.length !== b.data.length || a.data.some((x, i) => x !== b.data[i]);
}
