/**
 * Rules where a value of the body stands on a kink: what they give beside it is no matter of convention, so that one that follows the
 * values and is far from the derivative at one side is wrong. Knows nothing of the point itself.
 */
import { elementCount } from "../../tensor";
import type { LocalBody } from "./local-body";
import type { World } from "./worlds";

/** Larger bodies are held to their rules at the live values alone. */
const mostElements = 50_000;

/** Whether some operator is on another smooth piece near the live values than at them. */
export function standsOnKink(body: LocalBody, live: World, near: readonly World[]): boolean {
  const copies = [...body.copied].map(([, copy]) => copy);
  const bending = copies.filter((copy) => copy.kind === "apply" && copy.op.branch !== undefined);
  if (bending.length === 0) return false;
  if (copies.reduce((sum, { shape }) => sum + elementCount(shape), 0) > mostElements) return false;
  return bending.some((copy) => {
    const [own, ...others] = [live, ...near].map(({ local }) => {
      if (copy.kind === "source") return [];
      const inputs = Object.fromEntries(
        Object.entries(copy.operands).map(([name, operand]) => [
          name,
          operand === undefined || "kind" in operand ? operand && local(operand) : operand.map(local),
        ]),
      );
      const { attributes, shape, dtype } = copy;
      return copy.op.branch?.({ inputs, attributes, output: { shape, dtype } }).data ?? [];
    });
    return others.some((other) => Array.prototype.some.call(other, (piece, i) => piece !== own![i]));
  });
}

export interface BesideKink {
  readonly element: number;
  /** The places in which it is wrong, by their order. */
  readonly turns: readonly number[];
}

/** The first element at which answers are far from the truth somewhere, and not the same wherever they are given. */
export function besideKink(
  answers: readonly Float64Array[],
  truths: readonly Float64Array[],
): BesideKink | undefined {
  let size = 0;
  for (const truth of truths)
    for (const x of truth) if (Number.isFinite(x) && Math.abs(x) > size) size = Math.abs(x);
  const much = far * size;
  for (const element of truths[0]!.keys()) {
    const given = answers.map((answer) => answer[element] ?? NaN);
    const spread = Math.max(...given) - Math.min(...given);
    const turns = [...truths.keys()].filter(
      (turn) => Math.abs(given[turn]! - truths[turn]![element]!) > much,
    );
    if (turns.length > 0 && spread > much) return { element, turns };
  }
  return undefined;
}

/** Of the largest element: rules that are guarded against a division by zero are off by less. */
const far = 0.05;
