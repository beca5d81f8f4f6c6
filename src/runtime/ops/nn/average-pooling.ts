/** What the average poolings do alike: the sums over windows, and their adjoint. Knows nothing of their names. */
import type { Windows } from "./pooling-operands";

export interface Averaging {
  /** Whether a window's elements in the padding are counted. */
  readonly countsPadding: boolean;
  /** Divides every sum, in place of the number of elements. */
  readonly divisor: number | undefined;
}

/** A window clipped to the input, and what its sum is divided by. */
interface ClippedWindow {
  readonly rows: readonly [number, number];
  readonly columns: readonly [number, number];
  readonly divisor: number;
}

/** The average of each window. */
export function averageWindows(x: Float64Array, windows: Windows, averaging: Averaging): Float64Array {
  const { planes, input, output } = windows;
  const y = new Float64Array(planes * output[0] * output[1]);
  forEachWindow(windows, averaging, (at, start, { rows, columns, divisor }) => {
    let total = 0;
    for (let row = rows[0]; row < rows[1]; row++) {
      for (let column = columns[0]; column < columns[1]; column++)
        total += x[start + row * input[1] + column]!;
    }
    y[at] = total / divisor;
  });
  return y;
}

/** The adjoint: each element receives its windows' values, each over its divisor. */
export function spreadWindows(y: Float64Array, windows: Windows, averaging: Averaging): Float64Array {
  const { planes, input } = windows;
  const x = new Float64Array(planes * input[0] * input[1]);
  forEachWindow(windows, averaging, (at, start, { rows, columns, divisor }) => {
    const share = y[at]! / divisor;
    for (let row = rows[0]; row < rows[1]; row++) {
      for (let column = columns[0]; column < columns[1]; column++) {
        const to = start + row * input[1] + column;
        x[to] = x[to]! + share;
      }
    }
  });
  return x;
}

function forEachWindow(
  { planes, input, output, kernel, stride, padding }: Windows,
  { countsPadding, divisor }: Averaging,
  visit: (at: number, planeStart: number, window: ClippedWindow) => void,
): void {
  let at = 0;
  for (let plane = 0; plane < planes; plane++) {
    for (let i = 0; i < output[0]; i++) {
      const [rows, paddedRows] = clip(i * stride[0] - padding[0], kernel[0], input[0], padding[0]);
      for (let j = 0; j < output[1]; j++) {
        const [columns, paddedColumns] = clip(j * stride[1] - padding[1], kernel[1], input[1], padding[1]);
        const inside = (rows[1] - rows[0]) * (columns[1] - columns[0]);
        const count = divisor ?? (countsPadding ? paddedRows * paddedColumns : inside);
        visit(at, plane * input[0] * input[1], { rows, columns, divisor: count });
        at += 1;
      }
    }
  }
}

/** The part inside the input, and the length of the part inside the padded input. */
function clip(
  start: number,
  length: number,
  size: number,
  padding: number,
): readonly [readonly [number, number], number] {
  const end = Math.min(start + length, size + padding);
  return [[Math.max(start, 0), Math.min(end, size)], end - start];
}
