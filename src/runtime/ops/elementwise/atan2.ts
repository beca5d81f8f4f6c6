/** `atan2(x, y)`. */
import { defineElementwise } from "../define-elementwise";
import { float } from "../parameters";

export const atan2 = defineElementwise({
  name: "atan2",
  inputs: { x: float(), y: float() },
  attributes: {},
  doc: "The angle of the point with ordinate `x` and abscissa `y`, between -π and π: the first argument is the sine's, as in PyTorch and C.",
  formula: "z = arctan(x / y) in the quadrant of (y, x)",
  derivative: "ż = (y · ẋ - x · ẏ) / (x² + y²)",
  scalar: (s, { x, y }) => s.atan2(x, y),
  // ∂z/∂x = y/(x² + y²), ∂z/∂y = -x/(x² + y²)
  derivatives: {
    x: (b, v, { x, y }) => b.mul(v, b.mul(y, b.reciprocal(b.add(b.square(x), b.square(y))))),
    y: (b, v, { x, y }) => b.mul(v, b.mul(b.neg(x), b.reciprocal(b.add(b.square(x), b.square(y))))),
  },
  samples: [
    { inputs: { x: { shape: [2, 3] }, y: { shape: [2, 3] } } },
    { inputs: { x: { shape: [2, 1] }, y: { shape: [3] } } },
    { inputs: { x: { shape: [4, 1, 2] }, y: { shape: [] } } },
  ],
  refused: [{ inputs: { x: { shape: [2, 3] }, y: { shape: [2] } } }],
});
