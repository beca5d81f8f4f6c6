/**
 * What max_pool1d and max_pool2d do alike. The largest element of each window is found once, as an index into its plane;
 * the result and both derivative rules follow it. Knows nothing of their names.
 */
import { elementCount, type Shape, type Tensor } from "../../tensor";
import type { Builder, Ref } from "../builder";
import { doublesOf, roundedTo } from "../working-precision";
import { windowsOf, type PoolingAttributes, type Windows } from "./pooling-operands";

/**
 * The position in its plane of each window's largest element: the first of equals; a NaN is larger than all. A dilated
 * window that steps over a small input altogether has none; PyTorch's position then is where it would have begun.
 */
export function largestPositions(x: Float64Array, windows: Windows): Float64Array {
  const { planes, input, output } = windows;
  const positions = new Float64Array(planes * output[0] * output[1]);
  let at = 0;
  for (let plane = 0; plane < planes; plane++) {
    const start = plane * input[0] * input[1];
    for (let i = 0; i < output[0]; i++) {
      for (let j = 0; j < output[1]; j++) positions[at++] = largestInWindow(x, start, i, j, windows);
    }
  }
  return positions;
}

function largestInWindow(x: Float64Array, start: number, i: number, j: number, windows: Windows): number {
  const { input, kernel, stride, padding, dilation } = windows;
  const firstRow = firstInside(i * stride[0] - padding[0], dilation[0]);
  const firstColumn = firstInside(j * stride[1] - padding[1], dilation[1]);
  const lastRow = Math.min(i * stride[0] - padding[0] + (kernel[0] - 1) * dilation[0], input[0] - 1);
  const lastColumn = Math.min(j * stride[1] - padding[1] + (kernel[1] - 1) * dilation[1], input[1] - 1);
  let position = Math.min(firstRow * input[1] + firstColumn, input[0] * input[1] - 1);
  let largest = -Infinity;
  for (let row = firstRow; row <= lastRow; row += dilation[0]) {
    for (let column = firstColumn; column <= lastColumn; column += dilation[1]) {
      const value = x[start + row * input[1] + column]!;
      if (value > largest || Number.isNaN(value)) {
        largest = value;
        position = row * input[1] + column;
      }
    }
  }
  return position;
}

/** The first of start, start + step, … that is not negative. */
function firstInside(start: number, step: number): number {
  return start >= 0 ? start : start + Math.ceil(-start / step) * step;
}

export function maxPoolForward(
  x: Tensor,
  attributes: PoolingAttributes,
  output: { readonly shape: Shape; readonly dtype: Tensor["dtype"] },
  rank: number,
): Tensor {
  const values = doublesOf(x);
  const windows = windowsOf(x.shape, output.shape, attributes, rank);
  const positions = largestPositions(values, windows);
  const places = windows.output[0] * windows.output[1];
  const plane = windows.input[0] * windows.input[1];
  const largest = positions.map((position, at) =>
    isEmpty(at % places, windows) ? -Infinity : values[Math.floor(at / places) * plane + position]!,
  );
  return roundedTo(output, largest);
}

/** Whether all elements of a window lie in the padding. */
function isEmpty(place: number, { input, output, kernel, stride, padding, dilation }: Windows): boolean {
  const places = [Math.floor(place / output[1]), place % output[1]] as const;
  return ([0, 1] as const).some((axis) => {
    const start = places[axis] * stride[axis] - padding[axis];
    const first = firstInside(start, dilation[axis]);
    return first > Math.min(start + (kernel[axis] - 1) * dilation[axis], input[axis] - 1);
  });
}

/** The positions themselves, which tell the smooth pieces apart. */
export function maxPoolBranch(x: Tensor, attributes: PoolingAttributes, output: Shape, rank: number): Tensor {
  const data = largestPositions(doublesOf(x), windowsOf(x.shape, output, attributes, rank));
  return { dtype: "int", shape: output, data };
}

interface Context {
  readonly build: Builder;
  readonly inputs: { readonly x: Ref };
  readonly output: Ref;
  readonly attributes: PoolingAttributes & { readonly dilation: readonly number[] };
}

/** ȳ goes to each window's largest element: x̄[p] = Σ ȳ over the windows whose largest is p. */
export function maxPoolVjp(rank: number) {
  return {
    x({ build, inputs: { x }, output, attributes, cotangent }: Context & { readonly cotangent: Ref }): Ref {
      const index = positionsIn(build, x, output, attributes, rank);
      const planes = asPlanes(x.shape, rank);
      const zeros = build.full(0, { shape: planes, dtype: x.dtype });
      const flat = build.reshape(cotangent, index.shape);
      return build.reshape(build.apply("scatter_add", [zeros, index, flat], { dim: 1 }), x.shape);
    },
  };
}

/** ẏ is the tangent of each window's largest element. */
export function maxPoolJvp(rank: number) {
  return {
    x({ build, inputs: { x }, output, attributes, tangent }: Context & { readonly tangent: Ref }): Ref {
      const index = positionsIn(build, x, output, attributes, rank);
      const planes = build.reshape(tangent, asPlanes(x.shape, rank));
      return build.reshape(build.apply("gather", [planes, index], { dim: 1 }), output.shape);
    },
  };
}

/** The positions as [planes, places]. */
function positionsIn(
  build: Builder,
  x: Ref,
  output: Ref,
  attributes: Context["attributes"],
  rank: number,
): Ref {
  const index = build.apply("_max_pool_positions", [x], { ...attributes, spatial: rank });
  return build.reshape(index, asPlanes(output.shape, rank));
}

function asPlanes(shape: Shape, rank: number): number[] {
  const first = shape.length - rank;
  return [elementCount(shape.slice(0, first)), elementCount(shape.slice(first))];
}
