/** `erf(x)`. */
import { defineElementwise } from "../define-elementwise";
import { float } from "../parameters";

export const erf = defineElementwise({
  name: "erf",
  inputs: { x: float() },
  attributes: {},
  doc: "The error function.",
  formula: "y = 2/√π ∫₀ˣ e^(-t²) dt",
  derivative: "ẏ = 2/√π e^(-x²) · ẋ",
  scalar: (s, { x }) => s.erf(x),
  // dy/dx = 2/√π e^(-x²)
  derivatives: {
    x: (b, v, { x }) => b.mul(v, b.mul(b.constant(2 / Math.sqrt(Math.PI)), b.exp(b.neg(b.square(x))))),
  },
  samples: [
    { inputs: { x: { shape: [2, 3] } } },
    { inputs: { x: { shape: [] } } },
    { inputs: { x: { shape: [0, 2] } } },
  ],
});
