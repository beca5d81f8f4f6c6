/** `abs(x)`. */
import { defineElementwise, piece } from "../define-elementwise";
import { numeric } from "../parameters";

export const abs = defineElementwise({
  name: "abs",
  inputs: { x: numeric() },
  attributes: {},
  doc: "The absolute value. Its derivative at 0 is taken as 0.",
  formula: "y = |x|",
  derivative: "ẏ = sign(x) · ẋ",
  scalar: (s, { x }) => s.abs(x),
  // dy/dx = sign x, and 0 at the kink
  derivatives: { x: (b, v, { x }) => b.mul(v, b.sign(x)) },
  branch: (s, { x }) => piece(s, x, [0]),
  samples: [
    { inputs: { x: { shape: [2, 3] } } },
    { inputs: { x: { shape: [] } } },
    { inputs: { x: { shape: [0, 2] } } },
  ],
});
