/** `softsign(x)`. */
import { defineElementwise } from "../define-elementwise";
import { float } from "../parameters";

export const softsign = defineElementwise({
  name: "softsign",
  inputs: { x: float() },
  attributes: {},
  doc: "x / (1 + |x|).",
  formula: "y = x / (1 + |x|)",
  derivative: "ẏ = ẋ / (1 + |x|)²",
  scalar: (s, { x }) => s.div(x, s.add(s.constant(1), s.abs(x))),
  // dy/dx = 1/(1 + |x|)²
  derivatives: { x: (b, v, { x }) => b.div(v, b.square(b.add(b.constant(1), b.abs(x)))) },
  samples: [
    { inputs: { x: { shape: [2, 3] } } },
    { inputs: { x: { shape: [] } } },
    { inputs: { x: { shape: [0, 2] } } },
  ],
});
