/** `leaky_relu(x)`. */
import { defineElementwise, piece } from "../define-elementwise";
import { float, number } from "../parameters";

export const leakyRelu = defineElementwise({
  name: "leaky_relu",
  inputs: { x: float() },
  attributes: { negative_slope: number(0.01) },
  doc: "x where it is positive, else negative_slope · x. Its derivative at 0 is the slope.",
  formula: "y = x where x > 0, else slope · x",
  derivative: "ẏ = ẋ where x > 0, else slope · ẋ",
  scalar: (s, { x }, { negative_slope }) =>
    s.where(s.greater(x, s.constant(0)), x, s.mul(s.constant(negative_slope), x)),
  // dy/dx = 1 where x > 0, else the slope
  derivatives: {
    x: (b, v, { x }, _y, { negative_slope }) =>
      b.where(b.greater(x, b.constant(0)), v, b.mul(v, b.constant(negative_slope))),
  },
  branch: (s, { x }) => piece(s, x, [0]),
  samples: [
    { inputs: { x: { shape: [2, 3] } } },
    { inputs: { x: { shape: [4] } }, attributes: { negative_slope: 0.2 } },
  ],
});
