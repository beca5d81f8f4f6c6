/** `rsqrt(x)`. */
import { defineElementwise } from "../define-elementwise";
import { float } from "../parameters";

export const rsqrt = defineElementwise({
  name: "rsqrt",
  inputs: { x: float() },
  attributes: {},
  doc: "1 / √x.",
  formula: "y = 1/√x",
  derivative: "ẏ = -½ y³ · ẋ",
  scalar: (s, { x }) => s.reciprocal(s.sqrt(x)),
  // dy/dx = -½ x^(-3/2) = -½ y³
  derivatives: { x: (b, v, _inputs, y) => b.mul(b.mul(b.constant(-0.5), v), b.mul(b.square(y), y)) },
  samples: [
    { inputs: { x: { shape: [2, 3], like: "positive" } } },
    { inputs: { x: { shape: [], like: "positive" } } },
  ],
});
