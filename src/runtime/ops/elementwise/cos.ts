/** `cos(x)`. */
import { defineElementwise } from "../define-elementwise";
import { float } from "../parameters";

export const cos = defineElementwise({
  name: "cos",
  inputs: { x: float() },
  attributes: {},
  doc: "The cosine.",
  formula: "y = cos x",
  derivative: "ẏ = -sin x · ẋ",
  scalar: (s, { x }) => s.cos(x),
  // dy/dx = -sin x
  derivatives: { x: (b, v, { x }) => b.mul(v, b.neg(b.sin(x))) },
  samples: [
    { inputs: { x: { shape: [2, 3] } } },
    { inputs: { x: { shape: [] } } },
    { inputs: { x: { shape: [0, 2] } } },
  ],
});
