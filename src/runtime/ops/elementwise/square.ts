/** `square(x)`. */
import { defineElementwise } from "../define-elementwise";
import { numeric } from "../parameters";

export const square = defineElementwise({
  name: "square",
  inputs: { x: numeric() },
  attributes: {},
  doc: "x².",
  formula: "y = x²",
  derivative: "ẏ = 2x · ẋ",
  scalar: (s, { x }) => s.square(x),
  // dy/dx = 2x
  derivatives: { x: (b, v, { x }) => b.mul(v, b.mul(b.constant(2), x)) },
  samples: [
    { inputs: { x: { shape: [2, 3] } } },
    { inputs: { x: { shape: [] } } },
    { inputs: { x: { shape: [0, 2] } } },
  ],
});
