/** The convolution of sequences. Knows nothing of graphs or text. */
import { defineOp } from "../define-op";
import { float, optional } from "../parameters";
import { convolutionForward, convolutionJvp, convolutionShape, convolutionVjp } from "./convolution";
import { convolutionAttributes } from "./convolution-attributes";

export const conv1d = defineOp({
  name: "conv1d",
  inputs: { x: float(), weight: float(), bias: optional(float()) },
  attributes: convolutionAttributes,
  doc:
    "Slides the filters `weight` [C_out, C_in/groups, k] over the sequences `x` [N, C_in, L] (cross-correlation), adding " +
    "`bias` [C_out].",
  formula: "y[n, f, i] = bias[f] + Σ x[n, c, s·i + d·k − p] · weight[f, c, k]",
  derivative: "x̄ = ȳ through the transposed convolution, weight̄ = x correlated with ȳ, bias̄ = Σ ȳ over n, i",
  shape: ({ inputs, attributes }) => convolutionShape(inputs, attributes, 1),
  forward: ({ inputs, attributes, output }) => convolutionForward(inputs, attributes, output, 1),
  vjp: convolutionVjp(1),
  jvp: convolutionJvp("conv1d", 1),
  samples: [
    { inputs: { x: { shape: [2, 3, 7] }, weight: { shape: [4, 3, 3] }, bias: { shape: [4] } } },
    {
      inputs: { x: { shape: [1, 2, 8] }, weight: { shape: [2, 2, 3] } },
      attributes: { stride: 2, padding: 1, dilation: 2 },
    },
    {
      inputs: { x: { shape: [4, 6] }, weight: { shape: [2, 2, 3] }, bias: { shape: [2] } },
      attributes: { groups: 2 },
    },
  ],
  refused: [
    { inputs: { x: { shape: [7] }, weight: { shape: [4, 3, 3] } } },
    { inputs: { x: { shape: [1, 2, 7] }, weight: { shape: [4, 3, 3] } } },
    { inputs: { x: { shape: [1, 3, 2] }, weight: { shape: [4, 3, 3] } } },
    { inputs: { x: { shape: [1, 3, 7] }, weight: { shape: [4, 3, 3, 1] } } },
    { inputs: { x: { shape: [1, 3, 7] }, weight: { shape: [4, 3, 3] } }, attributes: { dilation: 0 } },
  ],
});
