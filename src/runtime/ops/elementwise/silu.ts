/** `silu(x)`. */
import { defineElementwise } from "../define-elementwise";
import { float } from "../parameters";

export const silu = defineElementwise({
  name: "silu",
  inputs: { x: float() },
  attributes: {},
  doc: "x · sigmoid(x), also called swish.",
  formula: "y = x · σ(x)",
  derivative: "ẏ = σ · (1 + x · (1 - σ)) · ẋ with σ = sigmoid(x)",
  scalar: (s, { x }) => s.mul(x, s.sigmoid(x)),
  // dy/dx = σ (1 + x (1 - σ))
  derivatives: {
    x: (b, v, { x }) => {
      const sigmoid = b.sigmoid(x);
      const one = b.constant(1);
      return b.mul(v, b.mul(sigmoid, b.add(one, b.mul(x, b.sub(one, sigmoid)))));
    },
  },
  samples: [
    { inputs: { x: { shape: [2, 3] } } },
    { inputs: { x: { shape: [] } } },
    { inputs: { x: { shape: [0, 2] } } },
  ],
});
