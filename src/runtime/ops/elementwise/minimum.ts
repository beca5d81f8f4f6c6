/** `minimum(x, y)`. */
import { defineElementwise, piece } from "../define-elementwise";
import { numeric } from "../parameters";

export const minimum = defineElementwise({
  name: "minimum",
  inputs: { x: numeric(), y: numeric() },
  attributes: {},
  doc: "The smaller of two elements; NaN where either is. At a tie each gets half the gradient.",
  formula: "z = min(x, y)",
  derivative: "ż follows the smaller; at a tie (ẋ + ẏ)/2",
  scalar: (s, { x, y }) => s.minimum(x, y),
  // ∂z/∂x = 1 where x is the smaller, 0 where y is, ½ at a tie
  derivatives: {
    x: (b, v, { x, y }) =>
      b.where(b.greater(x, y), b.constant(0), b.where(b.equal(x, y), b.mul(v, b.constant(0.5)), v)),
    y: (b, v, { x, y }) =>
      b.where(b.greater(y, x), b.constant(0), b.where(b.equal(x, y), b.mul(v, b.constant(0.5)), v)),
  },
  branch: (s, { x, y }) => piece(s, s.sub(x, y), [0]),
  samples: [
    { inputs: { x: { shape: [2, 3] }, y: { shape: [2, 3] } } },
    { inputs: { x: { shape: [2, 1] }, y: { shape: [3] } } },
    { inputs: { x: { shape: [4, 1, 2] }, y: { shape: [] } } },
  ],
  refused: [{ inputs: { x: { shape: [2, 3] }, y: { shape: [2] } } }],
});
