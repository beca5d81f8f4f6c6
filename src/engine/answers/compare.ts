/** How far apart two tensors of one shape are. */
import type { ComparisonReport, Question } from "../../protocol";
import { elementCount, tensor, type Tensor } from "../../runtime/tensor";
import { summarize } from "../summaries";
import type { Target } from "../target";

/** Undefined where one of them is not there or their shapes differ. */
export function answerCompare(
  target: Target,
  question: Question<"compare">,
  other: Target,
): ComparisonReport | undefined {
  const value = target.tensor(question.tensor);
  const reference = other.tensor(question.with);
  if (value === undefined || reference === undefined) return undefined;
  return value.shape.join() === reference.shape.join() ? comparison(value, reference) : undefined;
}

/** The largest magnitude of a difference, infinite where it is no number, and the norm of it all beside the tensors'. */
export function distanceOf(
  value: Tensor,
  other: Tensor,
): { readonly largest: number; readonly relative: number } {
  const scale = Math.max(largestOf(value), largestOf(other)) || 1;
  let [largest, squares, ownSquares, otherSquares] = [0, 0, 0, 0];
  for (let i = 0; i < value.data.length; i++) {
    const a = value.data[i]!;
    const b = other.data[i]!;
    const difference = differenceOf(a, b);
    const size = Number.isNaN(difference) ? Infinity : Math.abs(difference);
    if (size > largest) largest = size;
    squares += (difference / scale) ** 2;
    ownSquares += (a / scale) ** 2;
    otherSquares += (b / scale) ** 2;
  }
  return { largest, relative: largest === 0 ? 0 : Math.sqrt(squares / Math.max(ownSquares, otherSquares)) };
}

/** Two NaN or two equal infinities are no difference. */
function differenceOf(a: number, b: number): number {
  return Object.is(a, b) || a === b ? 0 : a - b;
}

function comparison(value: Tensor, other: Tensor): ComparisonReport {
  const { shape } = value;
  const differences = new Float64Array(elementCount(shape));
  let at = -1;
  let most = 0;
  const scale = Math.max(largestOf(value), largestOf(other)) || 1;
  let [squares, ownSquares, otherSquares, product] = [0, 0, 0, 0];
  for (let i = 0; i < differences.length; i++) {
    const a = value.data[i]!;
    const b = other.data[i]!;
    const difference = differenceOf(a, b);
    differences[i] = difference;
    const size = Number.isNaN(difference) ? Infinity : Math.abs(difference);
    if (size > most) [most, at] = [size, i];
    // Scaled, so that squares neither overflow nor vanish.
    const [x, y] = [a / scale, b / scale];
    squares += (x - y) ** 2;
    ownSquares += x * x;
    otherSquares += y * y;
    product += x * y;
  }
  return {
    difference: summarize(tensor("float64", shape, differences)),
    largest:
      at < 0
        ? null
        : {
            index: indexOf(at, shape),
            difference: differences[at]!,
            value: value.data[at]!,
            other: other.data[at]!,
          },
    cosine: product / Math.sqrt(ownSquares) / Math.sqrt(otherSquares),
    relative: most === 0 ? 0 : Math.sqrt(squares / Math.max(ownSquares, otherSquares)),
  };
}

/** The largest finite magnitude. */
function largestOf({ data }: Tensor): number {
  let largest = 0;
  for (let i = 0; i < data.length; i++) {
    const size = Math.abs(data[i]!);
    if (size > largest && size < Infinity) largest = size;
  }
  return largest;
}

function indexOf(flat: number, shape: readonly number[]): number[] {
  let rest = flat;
  return [...shape]
    .reverse()
    .map((size) => {
      const at = rest % size;
      rest = Math.floor(rest / size);
      return at;
    })
    .reverse();
}
