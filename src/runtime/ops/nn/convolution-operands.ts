/**
 * What conv1d, conv2d and their transposed form share: checks, and the view of one or two spatial dimensions,
 * batched or not, as four dimensions. Knows nothing of any one operator.
 */
import { compareSizes, elementCount, formatSize, multiplySizes, type Dim, type Shape } from "../../tensor";
import type { Builder, Ref } from "../builder";
import type { OperandType } from "../parameters";
import { reject, type Rejected } from "../rejection";
import type { Convolution, Pair } from "./convolution-kernel";
import { checkIntegers, perDimension } from "./window-geometry";

export interface ConvolutionAttributes {
  readonly stride: readonly number[];
  readonly padding: readonly number[];
  readonly dilation: readonly number[];
  readonly groups: number;
}

/** Refuses attributes and ranks that no convolution over `rank` spatial dimensions takes. */
export function checkConvolution(
  { x, weight }: { readonly x: OperandType; readonly weight: OperandType },
  attributes: ConvolutionAttributes,
  rank: number,
): Rejected | undefined {
  const { stride, padding, dilation, groups } = attributes;
  const refused = checkIntegers({ stride, dilation }, rank, 1) ?? checkIntegers({ padding }, rank, 0);
  if (refused !== undefined) return refused;
  if (groups < 1) {
    const message = `groups must be at least 1, not ${String(groups)}`;
    return reject({ kind: "attribute", attribute: "groups", message });
  }
  if (x.shape.length !== rank + 1 && x.shape.length !== rank + 2) {
    const needs = rank === 1 ? "[N, C, L] or [C, L]" : "[N, C, H, W] or [C, H, W]";
    return reject({ kind: "rank", input: "x", found: x.shape.length, needs });
  }
  if (weight.shape.length !== rank + 2) {
    const needs = `of ${String(rank + 2)} dimensions: two of channels, then the kernel`;
    return reject({ kind: "rank", input: "weight", found: weight.shape.length, needs });
  }
  const first = weight.shape[0]!;
  if (typeof first.size === "number" && (first.size % groups !== 0 || first.size < groups)) {
    const needs = `its first dimension must be a multiple of groups = ${String(groups)}`;
    return reject({ kind: "size", at: { input: "weight", axis: 0, dim: first }, needs });
  }
  return undefined;
}

/** Refuses input channels that the weight does not take: `perGroup` of the weight for each group. */
export function checkChannels(
  x: OperandType,
  weight: { readonly axis: number; readonly dim: Dim },
  groups: number,
  rank: number,
): Rejected | undefined {
  const axis = x.shape.length - rank - 1;
  const left = { input: "x", axis, dim: x.shape[axis]! };
  if (compareSizes(left.dim.size, multiplySizes(groups, weight.dim.size)) !== "different") return undefined;
  if (groups === 1) {
    const right = { input: "weight", ...weight };
    return reject({
      kind: "unequal-dimensions",
      rule: "the weight takes as many channels as `x` has",
      left,
      right,
    });
  }
  const needs = `the weight takes ${formatSize(weight.dim.size)} channels for each of ${String(groups)} groups`;
  return reject({ kind: "size", at: left, needs });
}

/** Refuses a bias that is not one number for each of the output channels, dimension `axis` of the weight. */
export function checkBias(bias: OperandType | undefined, filters: Dim, axis: number): Rejected | undefined {
  if (bias === undefined) return undefined;
  if (bias.shape.length !== 1) {
    return reject({ kind: "rank", input: "bias", found: bias.shape.length, needs: "a vector" });
  }
  const left = { input: "weight", axis, dim: filters };
  const right = { input: "bias", axis: 0, dim: bias.shape[0]! };
  if (compareSizes(left.dim.size, right.dim.size) !== "different") return undefined;
  return reject({
    kind: "unequal-dimensions",
    rule: "there is one bias for each output channel",
    left,
    right,
  });
}

/** A shape with `rank` spatial dimensions as [batch, channels, height, width]. */
export function fourDimensions(shape: Shape, rank: number): [number, number, number, number] {
  const spatial = shape.slice(shape.length - rank);
  const [height, width] = rank === 1 ? [1, spatial[0]!] : [spatial[0]!, spatial[1]!];
  const channels = shape[shape.length - rank - 1]!;
  return [shape.length === rank + 2 ? shape[0]! : 1, channels, height, width];
}

/** An attribute for height and width; with one spatial dimension the height has `neutral`. */
export function asPair(values: readonly number[], rank: number, neutral: number): Pair {
  const all = perDimension(values, rank);
  return rank === 1 ? [neutral, all[0]!] : [all[0]!, all[1]!];
}

/** The attributes over two spatial dimensions, as the internal operators take them. */
export function pairAttributes({ stride, padding, dilation, groups }: ConvolutionAttributes, rank: number) {
  return {
    stride: asPair(stride, rank, 1),
    padding: asPair(padding, rank, 0),
    dilation: asPair(dilation, rank, 1),
    groups,
  };
}

/** The numbers of a convolution from the four-dimensional shapes of its input, weight and result. */
export function convolutionOf(
  x: Shape,
  weight: Shape,
  y: Shape,
  attributes: ReturnType<typeof pairAttributes>,
): Convolution {
  return {
    batch: x[0]!,
    channels: x[1]!,
    filters: weight[0]!,
    input: [x[2]!, x[3]!],
    kernel: [weight[2]!, weight[3]!],
    output: [y[2]!, y[3]!],
    ...attributes,
  };
}

export function reshapeTo4(build: Builder, value: Ref, rank: number): Ref {
  return build.reshape(value, fourDimensions(value.shape, rank));
}

/** Adds one number to all places of each channel, in place. */
export function addBias(values: Float64Array, bias: Float64Array | undefined, shape: Shape): Float64Array {
  if (bias === undefined) return values;
  const places = elementCount(shape.slice(2));
  for (let i = 0; i < values.length; i++) {
    values[i] = values[i]! + bias[Math.floor(i / places) % bias.length]!;
  }
  return values;
}

/** The cotangent of a bias: a sum over all dimensions but the channels'. */
export function biasCotangent(build: Builder, cotangent: Ref, rank: number): Ref {
  const channels = cotangent.shape.length - rank - 1;
  return build.sum(
    cotangent,
    [...cotangent.shape.keys()].filter((axis) => axis !== channels),
  );
}

/** A vector of channels repeated over batch and places. */
export function biasTangent(build: Builder, tangent: Ref, shape: Shape, rank: number): Ref {
  const column = build.reshape(tangent, [tangent.shape[0]!, ...new Array<number>(rank).fill(1)]);
  return build.expand(column, shape);
}
