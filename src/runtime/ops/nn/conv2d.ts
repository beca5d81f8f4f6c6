/** The convolution of images. Knows nothing of graphs or text. */
import { defineOp } from "../define-op";
import { float, optional } from "../parameters";
import { convolutionForward, convolutionJvp, convolutionShape, convolutionVjp } from "./convolution";
import { convolutionAttributes } from "./convolution-attributes";

export const conv2d = defineOp({
  name: "conv2d",
  inputs: { x: float(), weight: float(), bias: optional(float()) },
  attributes: convolutionAttributes,
  doc:
    "Slides the filters `weight` [C_out, C_in/groups, kH, kW] over the images `x` [N, C_in, H, W] (cross-correlation), adding " +
    "`bias` [C_out]; `stride`, `padding` and `dilation` are one number or one for each of height and width.",
  formula: "y[n, f, i, j] = bias[f] + Σ x[n, c, s·i + d·k − p, s·j + d·l − p] · weight[f, c, k, l]",
  derivative:
    "x̄ = ȳ through the transposed convolution, weight̄ = x correlated with ȳ, bias̄ = Σ ȳ over n, i, j",
  shape: ({ inputs, attributes }) => convolutionShape(inputs, attributes, 2),
  forward: ({ inputs, attributes, output }) => convolutionForward(inputs, attributes, output, 2),
  vjp: convolutionVjp(2),
  jvp: convolutionJvp("conv2d", 2),
  samples: [
    { inputs: { x: { shape: [2, 2, 5, 4] }, weight: { shape: [3, 2, 3, 2] }, bias: { shape: [3] } } },
    {
      inputs: { x: { shape: [1, 2, 6, 5] }, weight: { shape: [2, 2, 3, 3] } },
      attributes: { stride: 2, padding: 1 },
    },
    {
      inputs: { x: { shape: [1, 1, 7, 6] }, weight: { shape: [2, 1, 2, 3] } },
      attributes: { stride: [2, 1], padding: [0, 2], dilation: [3, 2] },
    },
    {
      inputs: { x: { shape: [2, 4, 3, 3] }, weight: { shape: [6, 2, 2, 2] }, bias: { shape: [6] } },
      attributes: { groups: 2 },
    },
    { inputs: { x: { shape: [2, 4, 4] }, weight: { shape: [3, 2, 3, 3] }, bias: { shape: [3] } } },
    { inputs: { x: { shape: [0, 2, 4, 4] }, weight: { shape: [3, 2, 3, 3] }, bias: { shape: [3] } } },
  ],
  refused: [
    { inputs: { x: { shape: [4, 4] }, weight: { shape: [3, 2, 3, 3] } } },
    { inputs: { x: { shape: [1, 3, 4, 4] }, weight: { shape: [3, 2, 3, 3] } } },
    { inputs: { x: { shape: [1, 2, 2, 2] }, weight: { shape: [3, 2, 3, 3] } } },
    { inputs: { x: { shape: [1, 2, 4, 4] }, weight: { shape: [3, 2, 3] } } },
    { inputs: { x: { shape: [1, 4, 4, 4] }, weight: { shape: [3, 2, 3, 3] } }, attributes: { groups: 2 } },
    { inputs: { x: { shape: [1, 3, 4, 4] }, weight: { shape: [4, 2, 3, 3] } }, attributes: { groups: 2 } },
    { inputs: { x: { shape: [1, 2, 4, 4] }, weight: { shape: [3, 2, 3, 3] } }, attributes: { groups: 0 } },
    { inputs: { x: { shape: [1, 2, 4, 4] }, weight: { shape: [3, 2, 3, 3] } }, attributes: { stride: 0 } },
    { inputs: { x: { shape: [1, 2, 4, 4] }, weight: { shape: [3, 2, 3, 3] } }, attributes: { padding: -1 } },
    {
      inputs: { x: { shape: [1, 2, 4, 4] }, weight: { shape: [3, 2, 3, 3] } },
      attributes: { stride: [1, 2, 3] },
    },
    { inputs: { x: { shape: [1, 2, 4, 4] }, weight: { shape: [3, 2, 3, 3] }, bias: { shape: [2] } } },
  ],
});
