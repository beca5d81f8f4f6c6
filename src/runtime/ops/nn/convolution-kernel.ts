/**
 * The interpreter's convolution over two spatial dimensions: windows are unfolded into columns and multiplied as matrices.
 * All three maps of the one trilinear form Σ y·(x ⋆ w): the result, the input's adjoint, the weight's adjoint. Knows
 * nothing of operators.
 */
import { multiplyInto } from "../linear/matrix-kernel";

export type Pair = readonly [number, number];

/** x is [batch, channels, …input], w is [filters, channels/groups, …kernel], y is [batch, filters, …output]. */
export interface Convolution {
  readonly batch: number;
  readonly channels: number;
  readonly filters: number;
  readonly groups: number;
  readonly input: Pair;
  readonly kernel: Pair;
  readonly output: Pair;
  readonly stride: Pair;
  readonly padding: Pair;
  readonly dilation: Pair;
}

/** The sizes of one group's matrices: filters, taps (channel, row, column of the kernel) and places of the output. */
interface GroupSizes {
  readonly filters: number;
  readonly taps: number;
  readonly places: number;
  readonly inputSize: number;
}

function groupSizes({ channels, filters, groups, input, kernel, output }: Convolution): GroupSizes {
  const perGroup = channels / groups;
  return {
    filters: filters / groups,
    taps: perGroup * kernel[0] * kernel[1],
    places: output[0] * output[1],
    inputSize: perGroup * input[0] * input[1],
  };
}

/** y = x ⋆ w */
export function convolve(x: Float64Array, weight: Float64Array, convolution: Convolution): Float64Array {
  const { filters, taps, places, inputSize } = groupSizes(convolution);
  const y = new Float64Array(convolution.batch * convolution.filters * places);
  const columns = new Float64Array(taps * places);
  for (let i = 0; i < convolution.batch * convolution.groups; i++) {
    const group = i % convolution.groups;
    unfold(x, i * inputSize, columns, convolution, { tap: places, place: 1 });
    const offsets = { into: i * filters * places, x: group * filters * taps, y: 0 };
    multiplyInto(y, weight, columns, { m: filters, k: taps, n: places }, offsets);
  }
  return y;
}

/** The adjoint in x: what reaches each input element from `y` through the weight. */
export function convolveToInput(
  y: Float64Array,
  weight: Float64Array,
  convolution: Convolution,
): Float64Array {
  const { filters, taps, places, inputSize } = groupSizes(convolution);
  const x = new Float64Array(convolution.batch * convolution.groups * inputSize);
  const transposed = transposeGroups(weight, convolution.groups, filters, taps);
  const columns = new Float64Array(taps * places);
  for (let i = 0; i < convolution.batch * convolution.groups; i++) {
    const group = i % convolution.groups;
    columns.fill(0);
    const offsets = { into: 0, x: group * filters * taps, y: i * filters * places };
    multiplyInto(columns, transposed, y, { m: taps, k: filters, n: places }, offsets);
    fold(columns, x, i * inputSize, convolution);
  }
  return x;
}

/** The adjoint in w: the correlation of `x` with `y` at each tap. */
export function convolveToWeight(x: Float64Array, y: Float64Array, convolution: Convolution): Float64Array {
  const { filters, taps, places, inputSize } = groupSizes(convolution);
  const weight = new Float64Array(convolution.filters * taps);
  const rows = new Float64Array(taps * places);
  for (let i = 0; i < convolution.batch * convolution.groups; i++) {
    const group = i % convolution.groups;
    unfold(x, i * inputSize, rows, convolution, { tap: 1, place: taps });
    const offsets = { into: group * filters * taps, x: i * filters * places, y: 0 };
    multiplyInto(weight, y, rows, { m: filters, k: places, n: taps }, offsets);
  }
  return weight;
}

/** Each group's [filters, taps] as [taps, filters]. */
function transposeGroups(weight: Float64Array, groups: number, filters: number, taps: number): Float64Array {
  const transposed = new Float64Array(weight.length);
  for (let group = 0; group < groups; group++) {
    const start = group * filters * taps;
    for (let filter = 0; filter < filters; filter++) {
      for (let tap = 0; tap < taps; tap++) {
        transposed[start + tap * filters + filter] = weight[start + filter * taps + tap]!;
      }
    }
  }
  return transposed;
}

/** Called for each tap and each row of places: the taps' input row, or undefined where it is padding. */
type RowVisitor = (tap: number, firstPlace: number, row: number | undefined, firstColumn: number) => void;

function forEachRow(convolution: Convolution, visit: RowVisitor): void {
  const { channels, groups, input, kernel, output, stride, padding, dilation } = convolution;
  let tap = 0;
  for (let channel = 0; channel < channels / groups; channel++) {
    for (let i = 0; i < kernel[0]; i++) {
      for (let j = 0; j < kernel[1]; j++) {
        for (let place = 0; place < output[0]; place++) {
          const row = place * stride[0] - padding[0] + i * dilation[0];
          const isInside = row >= 0 && row < input[0];
          const start = isInside ? (channel * input[0] + row) * input[1] : undefined;
          visit(tap, place * output[1], start, j * dilation[1] - padding[1]);
        }
        tap += 1;
      }
    }
  }
}

/** Copies the input elements under each tap at each place; padding is 0. */
function unfold(
  x: Float64Array,
  xStart: number,
  into: Float64Array,
  convolution: Convolution,
  steps: { readonly tap: number; readonly place: number },
): void {
  const [width, columns, stride] = [convolution.input[1], convolution.output[1], convolution.stride[1]];
  forEachRow(convolution, (tap, firstPlace, row, firstColumn) => {
    let at = tap * steps.tap + firstPlace * steps.place;
    for (let place = 0; place < columns; place++) {
      const column = firstColumn + place * stride;
      const isInside = row !== undefined && column >= 0 && column < width;
      into[at] = isInside ? x[xStart + row + column]! : 0;
      at += steps.place;
    }
  });
}

/** Adds what stands under each tap at each place back onto the input's elements: unfolding's adjoint. */
function fold(columns: Float64Array, x: Float64Array, xStart: number, convolution: Convolution): void {
  const [width, places] = [convolution.input[1], convolution.output[0] * convolution.output[1]];
  const [columnCount, stride] = [convolution.output[1], convolution.stride[1]];
  forEachRow(convolution, (tap, firstPlace, row, firstColumn) => {
    if (row === undefined) return;
    const from = tap * places + firstPlace;
    for (let place = 0; place < columnCount; place++) {
      const column = firstColumn + place * stride;
      if (column < 0 || column >= width) continue;
      const at = xStart + row + column;
      x[at] = x[at]! + columns[from + place]!;
    }
  });
}
