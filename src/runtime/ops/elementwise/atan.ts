/** `atan(x)`. */
import { defineElementwise } from "../define-elementwise";
import { float } from "../parameters";

export const atan = defineElementwise({
  name: "atan",
  inputs: { x: float() },
  attributes: {},
  doc: "The inverse tangent, between -π/2 and π/2.",
  formula: "y = arctan x",
  derivative: "ẏ = ẋ / (1 + x²)",
  scalar: (s, { x }) => s.atan(x),
  // dy/dx = 1/(1 + x²)
  derivatives: { x: (b, v, { x }) => b.div(v, b.add(b.square(x), b.constant(1))) },
  samples: [
    { inputs: { x: { shape: [2, 3] } } },
    { inputs: { x: { shape: [] } } },
    { inputs: { x: { shape: [0, 2] } } },
  ],
});
