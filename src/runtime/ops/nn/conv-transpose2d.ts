/** The transposed convolution of images. Knows nothing of graphs or text. */
import { dim, multiplySizes } from "../../tensor";
import type { Builder, Ref } from "../builder";
import { defineOp } from "../define-op";
import { float, integer, integers, optional } from "../parameters";
import { isRejected, reject } from "../rejection";
import { doublesOf, roundedTo } from "../working-precision";
import { convolveToInput } from "./convolution-kernel";
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
import { checkIntegers, perDimension, transposedSize } from "./window-geometry";

export const convTranspose2d = defineOp({
  name: "conv_transpose2d",
  inputs: { x: float(), weight: float(), bias: optional(float()) },
  attributes: {
    stride: integers([1]),
    padding: integers([0]),
    output_padding: integers([0]),
    groups: integer(1),
    dilation: integers([1]),
  },
  doc:
    "The adjoint of `conv2d` as a layer: spreads each element of `x` [N, C_in, H, W] over a window through `weight` " +
    "[C_in, C_out/groups, kH, kW] and adds `bias` [C_out]. `output_padding` chooses among the sizes that a stride leaves open.",
  formula: "y[n, f, s·i + d·k − p, s·j + d·l − p] = bias[f] + Σ x[n, c, i, j] · weight[c, f, k, l]",
  derivative: "x̄ = ȳ ⋆ weight, weight̄ = ȳ correlated with x, bias̄ = Σ ȳ over n, i, j",

  shape({ inputs: { x, weight, bias }, attributes }) {
    const { groups, output_padding } = attributes;
    const refused =
      checkIntegers({ output_padding }, 2, 0) ??
      checkConvolution({ x, weight }, attributes, 2) ??
      checkChannels(x, { axis: 0, dim: weight.shape[0]! }, 1, 2);
    if (refused !== undefined) return refused;
    const [, perGroup, ...kernel] = weight.shape;
    const filters = groups === 1 ? perGroup! : dim(multiplySizes(groups, perGroup!.size));
    const wrongBias = checkBias(bias, filters, 1);
    if (wrongBias !== undefined) return wrongBias;
    const spatial = [];
    for (let i = 0; i < 2; i++) {
      const [stride, padding, dilation, extra] = [
        attributes.stride,
        attributes.padding,
        attributes.dilation,
        output_padding,
      ].map((values) => perDimension(values, 2)[i]!) as [number, number, number, number];
      if (extra >= stride && extra >= dilation) {
        const message = `output_padding must be smaller than stride or dilation, but is ${String(extra)}`;
        return reject({ kind: "attribute", attribute: "output_padding", message });
      }
      const axis = x.shape.length - 2 + i;
      const at = { input: "x", axis, dim: x.shape[axis]! };
      const size = transposedSize(at, { kernel: kernel[i]!.size, stride, padding, dilation }, extra);
      if (isRejected(size)) return size;
      spatial.push(size);
    }
    return { shape: [...x.shape.slice(0, -3), filters, ...spatial], dtype: x.dtype };
  },

  forward({ inputs: { x, weight, bias }, attributes, output }) {
    const shape = fourDimensions(output.shape, 2);
    const y = fourDimensions(x.shape, 2);
    const convolution = convolutionOf(shape, weight.shape, y, pairAttributes(attributes, 2));
    const values = convolveToInput(doublesOf(x), doublesOf(weight), convolution);
    return roundedTo(output, addBias(values, bias && doublesOf(bias), shape));
  },

  // y = X(x, w) + b with conv2d's adjoint X, so both rules are conv2d-input.ts's
  vjp: {
    x({ build, inputs: { x, weight }, attributes, cotangent }) {
      const outer = reshapeTo4(build, cotangent, 2);
      const whole = build.apply("conv2d", [outer, weight], pairAttributes(attributes, 2));
      // An output padding beyond the stride adds windows that `x` does not have.
      const rows = build.slice(whole, 2, 0, x.shape.at(-2)!, 1);
      return build.reshape(build.slice(rows, 3, 0, x.shape.at(-1)!, 1), x.shape);
    },
    weight({ build, inputs: { x, weight }, attributes, cotangent }) {
      const operands = [reshapeTo4(build, cotangent, 2), reshapeTo4(build, x, 2)];
      const kernel = { kernel_size: weight.shape.slice(2) };
      return build.apply("_conv2d_weight", operands, { ...pairAttributes(attributes, 2), ...kernel });
    },
    bias: ({ build, cotangent }) => biasCotangent(build, cotangent, 2),
  },
  jvp: {
    x: ({ build, inputs: { weight }, attributes, output, tangent }) =>
      transposed(build, tangent, weight, attributes, output),
    weight: ({ build, inputs: { x }, attributes, output, tangent }) =>
      transposed(build, x, tangent, attributes, output),
    bias: ({ build, output, tangent }) => biasTangent(build, tangent, output.shape, 2),
  },

  samples: [
    {
      inputs: { x: { shape: [1, 2, 3, 3] }, weight: { shape: [2, 3, 2, 2] }, bias: { shape: [3] } },
      attributes: { stride: 2 },
    },
    {
      inputs: { x: { shape: [2, 4, 2, 3] }, weight: { shape: [4, 1, 3, 2] }, bias: { shape: [2] } },
      attributes: { stride: [3, 2], padding: [1, 0], output_padding: [2, 1], groups: 2 },
    },
    { inputs: { x: { shape: [2, 3, 3] }, weight: { shape: [2, 1, 2, 2] } }, attributes: { dilation: 2 } },
    {
      inputs: { x: { shape: [1, 1, 3, 3] }, weight: { shape: [1, 1, 2, 2] } },
      attributes: { dilation: 2, output_padding: 1 },
    },
  ],
  refused: [
    { inputs: { x: { shape: [3, 3] }, weight: { shape: [2, 3, 2, 2] } } },
    { inputs: { x: { shape: [1, 3, 3, 3] }, weight: { shape: [2, 3, 2, 2] } } },
    {
      inputs: { x: { shape: [1, 2, 3, 3] }, weight: { shape: [2, 3, 2, 2] } },
      attributes: { output_padding: 1 },
    },
    { inputs: { x: { shape: [1, 2, 1, 1] }, weight: { shape: [2, 3, 2, 2] } }, attributes: { padding: 1 } },
    { inputs: { x: { shape: [1, 3, 3, 3] }, weight: { shape: [3, 3, 2, 2] } }, attributes: { groups: 2 } },
    { inputs: { x: { shape: [1, 2, 3, 3] }, weight: { shape: [2, 3, 2, 2] }, bias: { shape: [2] } } },
  ],
});

function transposed(
  build: Builder,
  x: Ref,
  weight: Ref,
  attributes: ConvolutionAttributes,
  output: Ref,
): Ref {
  const size = { input_size: output.shape.slice(-2) };
  const pairs = { ...pairAttributes(attributes, 2), ...size };
  return build.reshape(build.apply("_conv2d_input", [reshapeTo4(build, x, 2), weight], pairs), output.shape);
}
