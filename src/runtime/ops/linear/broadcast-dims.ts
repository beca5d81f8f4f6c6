/** How leading (batch) dimensions of two operands broadcast, symbolic or not. Knows nothing of graphs. */
import { bareSymbol, compareSizes, dim, unknownSize, type Dim } from "../../tensor";
import { reject, type Rejected } from "../rejection";

/** One operand's dimensions, with the axis of the operand at which they begin. */
export interface LeadingDims {
  readonly input: string;
  readonly dims: readonly Dim[];
}

/** The broadcast of two lists of leading dimensions, aligned at their ends. */
export function broadcastLeadingDims(left: LeadingDims, right: LeadingDims): Dim[] | Rejected {
  const rank = Math.max(left.dims.length, right.dims.length);
  const result: Dim[] = [];
  for (let position = 0; position < rank; position++) {
    const leftAxis = left.dims.length - rank + position;
    const rightAxis = right.dims.length - rank + position;
    const a = left.dims[leftAxis];
    const b = right.dims[rightAxis];
    const joined = a === undefined ? b : b === undefined ? a : broadcastDim(a, b);
    if (joined === undefined) {
      return reject({
        kind: "broadcast",
        left: { input: left.input, axis: leftAxis, dim: a! },
        right: { input: right.input, axis: rightAxis, dim: b! },
      });
    }
    result.push(joined);
  }
  return result;
}

/** The broadcast of two dimensions, or undefined where they surely cannot be. */
function broadcastDim(a: Dim, b: Dim): Dim | undefined {
  if (a.size === 1) return b;
  if (b.size === 1 || compareSizes(a.size, b.size) === "equal") return a;
  const wide = [a, b].filter(({ size }) => isSurelyNotOne(size));
  if (wide.length === 2 && compareSizes(a.size, b.size) === "different") return undefined;
  return wide[0] ?? dim(unknownSize());
}

function isSurelyNotOne(size: Dim["size"]): boolean {
  return typeof size === "number" ? size !== 1 : bareSymbol(size) !== undefined;
}
