/** `sigmoid(x)`. */
import { defineElementwise } from "../define-elementwise";
import { float } from "../parameters";

export const sigmoid = defineElementwise({
  name: "sigmoid",
  inputs: { x: float() },
  attributes: {},
  doc: "The logistic function 1 / (1 + e⁻ˣ).",
  formula: "y = 1 / (1 + e⁻ˣ)",
  derivative: "ẏ = y · (1 - y) · ẋ",
  scalar: (s, { x }) => s.sigmoid(x),
  // dy/dx = y (1 - y), in that form: at saturation it is what every reference gives
  derivatives: { x: (b, v, _inputs, y) => b.mul(v, b.mul(b.sub(b.constant(1), y), y)) },
  samples: [
    { inputs: { x: { shape: [2, 3] } } },
    { inputs: { x: { shape: [] } } },
    { inputs: { x: { shape: [0, 2] } } },
  ],
});
