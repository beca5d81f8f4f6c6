/** Compares the shape of an operand with the one that it must have. Knows no operator. */
import { compareSizes, type Dim } from "../../tensor";
import { reject, type Rejected } from "../rejection";

/** Where the wanted shape comes from: the input whose dimension each of its axes is. */
export interface Wanted {
  readonly shape: readonly Dim[];
  readonly input: string;
  /** The axis of that input for each axis of the shape; the same one where left out. */
  readonly axes?: readonly number[];
}

/** Refuses an operand whose shape is certainly another one; `rule` is as in a Rejection. */
export function refuseOtherShape(
  rule: string,
  input: string,
  shape: readonly Dim[],
  wanted: Wanted,
): Rejected | undefined {
  if (shape.length !== wanted.shape.length) {
    const count = wanted.shape.length;
    const needs = `${String(count)} ${count === 1 ? "dimension" : "dimensions"}`;
    return reject({ kind: "rank", input, found: shape.length, needs });
  }
  for (const [axis, dim] of shape.entries()) {
    const other = wanted.shape[axis];
    if (other === undefined || compareSizes(dim.size, other.size) !== "different") continue;
    return reject({
      kind: "unequal-dimensions",
      rule,
      left: { input, axis, dim },
      right: { input: wanted.input, axis: wanted.axes?.[axis] ?? axis, dim: other },
    });
  }
  return undefined;
}
