/**
 * The adjoint of conv2d in its weight: the correlation of an input with a cotangent. Used by derivative rules; all
 * shapes have four dimensions. Knows nothing of graphs or text.
 */
import { dim, floorDivideSizes } from "../../tensor";
import { defineOp } from "../define-op";
import { float, integers, required } from "../parameters";
import { doublesOf, roundedTo } from "../working-precision";
import { convolveToWeight } from "./convolution-kernel";
import { convolutionAttributes } from "./convolution-attributes";
import { convolutionOf, pairAttributes } from "./convolution-operands";

export const conv2dWeight = defineOp({
  name: "_conv2d_weight",
  inputs: { x: float(), y: float() },
  attributes: { ...convolutionAttributes, kernel_size: required(integers([])) },
  doc: "The correlation of `x` with `y` at each tap of a kernel of height and width `kernel_size`.",
  formula: "weight[f, c, k, l] = Σ x[n, c, s·i + d·k − p, s·j + d·l − p] · y[n, f, i, j]",
  derivative: "x̄ = y through weight̄, transposed; ȳ = x ⋆ weight̄",
  shape({ inputs: { x, y }, attributes: { groups, kernel_size: size } }) {
    const channels = dim(floorDivideSizes(x.shape[1]!.size, groups));
    return { shape: [y.shape[1]!, channels, dim(size[0]!), dim(size[1]!)], dtype: x.dtype };
  },
  forward({ inputs: { x, y }, attributes, output }) {
    const convolution = convolutionOf(x.shape, output.shape, y.shape, pairAttributes(attributes, 2));
    return roundedTo(output, convolveToWeight(doublesOf(x), doublesOf(y), convolution));
  },
  // ⟨w̄, W(x, y)⟩ = ⟨X(y, w̄), x⟩ = ⟨x ⋆ w̄, y⟩: the one trilinear form again
  vjp: {
    x({ build, inputs: { x, y }, attributes, cotangent }) {
      const size = { input_size: x.shape.slice(2) };
      return build.apply("_conv2d_input", [y, cotangent], { ...pairAttributes(attributes, 2), ...size });
    },
    y({ build, inputs: { x, y }, attributes, cotangent }) {
      const whole = build.apply("conv2d", [x, cotangent], pairAttributes(attributes, 2));
      const rows = build.slice(whole, 2, 0, y.shape[2]!, 1);
      return build.slice(rows, 3, 0, y.shape[3]!, 1);
    },
  },
  jvp: {
    x: ({ build, inputs: { y }, attributes, tangent }) =>
      build.apply("_conv2d_weight", [tangent, y], attributes),
    y: ({ build, inputs: { x }, attributes, tangent }) =>
      build.apply("_conv2d_weight", [x, tangent], attributes),
  },
  samples: [
    {
      inputs: { x: { shape: [2, 2, 5, 4] }, y: { shape: [2, 3, 3, 2] } },
      attributes: { kernel_size: [3, 3] },
    },
    {
      inputs: { x: { shape: [1, 2, 6, 7] }, y: { shape: [1, 4, 3, 3] } },
      attributes: { kernel_size: [2, 3], stride: [2, 3], padding: [0, 1], groups: 2 },
    },
  ],
});
