/** The numbers of a convolution over two spatial dimensions, from shapes and attributes. Knows nothing of code. */
import type { Shape } from "../../../tensor";
import type { AttributeValue } from "../../../ops";

export type Pair = readonly [number, number];

/** x is [batch, channels, …input], weight is [filters, channels/groups, …kernel], y is [batch, filters, …output]. */
export interface Convolution {
  readonly type: "f32" | "f64";
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

/** One group's matrices: filters, taps (channel, row and column of the kernel), places of the output. */
export interface GroupSizes {
  readonly filters: number;
  readonly taps: number;
  readonly places: number;
  readonly inputSize: number;
}

export function groupSizes({ channels, filters, groups, input, kernel, output }: Convolution): GroupSizes {
  const perGroup = channels / groups;
  return {
    filters: filters / groups,
    taps: perGroup * kernel[0] * kernel[1],
    places: output[0] * output[1],
    inputSize: perGroup * input[0] * input[1],
  };
}

/** Whether the columns under the taps are the input itself. */
export function isPointwise({ kernel, stride, padding, input, output }: Convolution): boolean {
  const same = (pair: Pair, value: number): boolean => pair[0] === value && pair[1] === value;
  return (
    same(kernel, 1) && same(stride, 1) && same(padding, 0) && input[0] === output[0] && input[1] === output[1]
  );
}

/** A shape with `rank` spatial dimensions, with or without a batch, as [batch, channels, height, width]. */
export function fourDimensions(shape: Shape, rank: number): readonly [number, number, number, number] {
  const spatial = shape.slice(shape.length - rank);
  const [height, width] = rank === 1 ? [1, spatial[0]!] : [spatial[0]!, spatial[1]!];
  return [shape.length === rank + 2 ? shape[0]! : 1, shape[shape.length - rank - 1]!, height, width];
}

export function convolutionOf(
  type: Convolution["type"],
  shapes: { readonly x: Shape; readonly weight: Shape; readonly y: Shape },
  attributes: Readonly<Record<string, AttributeValue>>,
  rank: number,
): Convolution {
  const [batch, channels, ...input] = fourDimensions(shapes.x, rank);
  const [filters, , ...kernel] = fourDimensions(shapes.weight, rank);
  const [, , ...output] = fourDimensions(shapes.y, rank);
  return {
    type,
    batch,
    channels,
    filters,
    groups: typeof attributes.groups === "number" ? attributes.groups : 1,
    input,
    kernel,
    output,
    stride: pairOf(attributes.stride, rank, 1),
    padding: pairOf(attributes.padding, rank, 0),
    dilation: pairOf(attributes.dilation, rank, 1),
  };
}

/** An attribute for height and width; with one spatial dimension the height has `neutral`. */
export function pairOf(value: AttributeValue, rank: number, neutral: number): Pair {
  const values = typeof value === "number" ? [value] : typeof value === "object" ? value : [neutral];
  const [first, second = first] = values;
  if (first === undefined || second === undefined) return [neutral, neutral];
  return rank === 1 ? [neutral, first] : [first, second];
}

/** The places along one dimension whose tap lies inside the input: from the first to the last, not included. */
export function placesInside(convolution: Convolution, axis: 0 | 1, tap: number): readonly [number, number] {
  const { input, output, stride, padding, dilation } = convolution;
  const shift = padding[axis] - tap * dilation[axis];
  // 0 ≤ place · stride − shift < input
  const first = Math.max(0, Math.ceil(shift / stride[axis]));
  const end = Math.min(output[axis], Math.ceil((input[axis] + shift) / stride[axis]));
  return [Math.min(first, output[axis]), Math.max(end, Math.min(first, output[axis]))];
}
