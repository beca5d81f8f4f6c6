/** What conv1d and conv2d do alike, over one or two spatial dimensions. Knows nothing of their names. */
import type { Shape, Tensor } from "../../tensor";
import type { Builder, Ref } from "../builder";
import type { OperandType } from "../parameters";
import { isRejected, type Rejected } from "../rejection";
import { doublesOf, roundedTo } from "../working-precision";
import { convolve } from "./convolution-kernel";
import {
  addBias,
  biasCotangent,
  biasTangent,
  checkBias,
  checkChannels,
  checkConvolution,
  convolutionOf,
  fourDimensions,
  pairAttributes,
  reshapeTo4,
  type ConvolutionAttributes,
} from "./convolution-operands";
import { perDimension, slidingSize } from "./window-geometry";

interface Operands<T> {
  readonly x: T;
  readonly weight: T;
  readonly bias: T | undefined;
}

/** [N, C_out, …] with floor((n + 2p − d(k − 1) − 1)/s) + 1 places in each spatial dimension. */
export function convolutionShape(
  { x, weight, bias }: Operands<OperandType>,
  attributes: ConvolutionAttributes,
  rank: number,
): OperandType | Rejected {
  const filters = weight.shape[0];
  const refused =
    checkConvolution({ x, weight }, attributes, rank) ??
    checkChannels(x, { axis: 1, dim: weight.shape[1]! }, attributes.groups, rank) ??
    checkBias(bias, filters!, 0);
  if (refused !== undefined) return refused;
  const spatial = [];
  for (let i = 0; i < rank; i++) {
    const axis = x.shape.length - rank + i;
    const size = slidingSize(
      { input: "x", axis, dim: x.shape[axis]! },
      {
        kernel: weight.shape[2 + i]!.size,
        stride: perDimension(attributes.stride, rank)[i]!,
        padding: perDimension(attributes.padding, rank)[i]!,
        dilation: perDimension(attributes.dilation, rank)[i]!,
      },
    );
    if (isRejected(size)) return size;
    spatial.push(size);
  }
  return { shape: [...x.shape.slice(0, -rank - 1), filters!, ...spatial], dtype: x.dtype };
}

export function convolutionForward(
  { x, weight, bias }: Operands<Tensor>,
  attributes: ConvolutionAttributes,
  output: { readonly shape: Shape; readonly dtype: Tensor["dtype"] },
  rank: number,
): Tensor {
  const shape = fourDimensions(output.shape, rank);
  const convolution = convolutionOf(
    fourDimensions(x.shape, rank),
    fourDimensions(weight.shape, rank),
    shape,
    pairAttributes(attributes, rank),
  );
  const values = convolve(doublesOf(x), doublesOf(weight), convolution);
  return roundedTo(output, addBias(values, bias && doublesOf(bias), shape));
}

interface Context {
  readonly build: Builder;
  readonly inputs: Operands<Ref>;
  readonly output: Ref;
  readonly attributes: ConvolutionAttributes;
}

/** y = x ⋆ w + b is linear in each: x̄ and w̄ are the two adjoints of the same form, b̄ sums over batch and places. */
export function convolutionVjp(rank: number) {
  type Backward = Context & { readonly cotangent: Ref };
  return {
    x({ build, inputs: { x, weight }, attributes, cotangent }: Backward): Ref {
      const [, , ...size] = fourDimensions(x.shape, rank);
      const operands = [reshapeTo4(build, cotangent, rank), reshapeTo4(build, weight, rank)];
      const pairs = { ...pairAttributes(attributes, rank), input_size: size };
      return build.reshape(build.apply("_conv2d_input", operands, pairs), x.shape);
    },
    weight({ build, inputs: { x, weight }, attributes, cotangent }: Backward): Ref {
      const [, , ...size] = fourDimensions(weight.shape, rank);
      const operands = [reshapeTo4(build, x, rank), reshapeTo4(build, cotangent, rank)];
      const pairs = { ...pairAttributes(attributes, rank), kernel_size: size };
      return build.reshape(build.apply("_conv2d_weight", operands, pairs), weight.shape);
    },
    bias: ({ build, cotangent }: Backward): Ref => biasCotangent(build, cotangent, rank),
  };
}

export function convolutionJvp(name: string, rank: number) {
  type Forward = Context & { readonly tangent: Ref };
  return {
    x: ({ build, inputs: { weight }, attributes, tangent }: Forward): Ref =>
      build.apply(name, [tangent, weight], { ...attributes }),
    weight: ({ build, inputs: { x }, attributes, tangent }: Forward): Ref =>
      build.apply(name, [x, tangent], { ...attributes }),
    bias: ({ build, output, tangent }: Forward): Ref => biasTangent(build, tangent, output.shape, rank),
  };
}
