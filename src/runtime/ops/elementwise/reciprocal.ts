/** `reciprocal(x)`. */
import { defineElementwise } from "../define-elementwise";
import { float } from "../parameters";

export const reciprocal = defineElementwise({
  name: "reciprocal",
  inputs: { x: float() },
  attributes: {},
  doc: "1 / x.",
  formula: "y = 1/x",
  derivative: "ẏ = -y² · ẋ",
  scalar: (s, { x }) => s.reciprocal(x),
  // dy/dx = -1/x² = -y²
  derivatives: { x: (b, v, _inputs, y) => b.mul(b.neg(v), b.square(y)) },
  samples: [
    { inputs: { x: { shape: [2, 3], like: "nonzero" } } },
    { inputs: { x: { shape: [], like: "nonzero" } } },
  ],
});
