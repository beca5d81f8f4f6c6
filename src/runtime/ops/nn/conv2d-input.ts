/**
 * The adjoint of conv2d in its input, which transposed convolutions are too. Used by derivative rules; all shapes have
 * four dimensions. Knows nothing of graphs or text.
 */
import { dim } from "../../tensor";
import { defineOp } from "../define-op";
import { float, integers, required } from "../parameters";
import { doublesOf, roundedTo } from "../working-precision";
import { convolveToInput } from "./convolution-kernel";
import { convolutionAttributes } from "./convolution-attributes";
import { convolutionOf, pairAttributes } from "./convolution-operands";

export const conv2dInput = defineOp({
  name: "_conv2d_input",
  inputs: { y: float(), weight: float() },
  attributes: { ...convolutionAttributes, input_size: required(integers([])) },
  doc: "What reaches each element of a convolution's input, of height and width `input_size`, from `y` through `weight`.",
  formula: "x[n, c, s·i + d·k − p, s·j + d·l − p] = Σ y[n, f, i, j] · weight[f, c, k, l]",
  derivative: "ȳ = x̄ ⋆ weight, weight̄ = x̄ correlated with y",
  shape({ inputs: { y, weight }, attributes: { groups, input_size: size } }) {
    const perGroup = weight.shape[1]!.size;
    const channels = typeof perGroup === "number" ? dim(perGroup * groups) : weight.shape[1]!;
    return { shape: [y.shape[0]!, channels, dim(size[0]!), dim(size[1]!)], dtype: y.dtype };
  },
  forward({ inputs: { y, weight }, attributes, output }) {
    const convolution = convolutionOf(output.shape, weight.shape, y.shape, pairAttributes(attributes, 2));
    return roundedTo(output, convolveToInput(doublesOf(y), doublesOf(weight), convolution));
  },
  // ⟨x̄, X(y, w)⟩ = ⟨x̄ ⋆ w, y⟩ = ⟨W(x̄, y), w⟩: the one trilinear form again
  vjp: {
    y({ build, inputs: { y, weight }, attributes, cotangent }) {
      const whole = build.apply("conv2d", [cotangent, weight], pairAttributes(attributes, 2));
      // An output padding beyond the stride adds windows that `y` does not have.
      const rows = build.slice(whole, 2, 0, y.shape[2]!, 1);
      return build.slice(rows, 3, 0, y.shape[3]!, 1);
    },
    weight({ build, inputs: { y, weight }, attributes, cotangent }) {
      const kernel = { kernel_size: weight.shape.slice(2) };
      return build.apply("_conv2d_weight", [cotangent, y], { ...pairAttributes(attributes, 2), ...kernel });
    },
  },
  jvp: {
    y: ({ build, inputs: { weight }, attributes, tangent }) =>
      build.apply("_conv2d_input", [tangent, weight], attributes),
    weight: ({ build, inputs: { y }, attributes, tangent }) =>
      build.apply("_conv2d_input", [y, tangent], attributes),
  },
  samples: [
    {
      inputs: { y: { shape: [2, 3, 3, 2] }, weight: { shape: [3, 2, 3, 3] } },
      attributes: { input_size: [5, 4] },
    },
    {
      inputs: { y: { shape: [1, 4, 3, 3] }, weight: { shape: [4, 1, 2, 3] } },
      attributes: { input_size: [6, 7], stride: [2, 3], padding: [0, 1], groups: 2 },
    },
  ],
});
