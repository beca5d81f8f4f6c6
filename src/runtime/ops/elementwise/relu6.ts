/** `relu6(x)`. */
import { defineElementwise, piece } from "../define-elementwise";
import { float } from "../parameters";

export const relu6 = defineElementwise({
  name: "relu6",
  inputs: { x: float() },
  attributes: {},
  doc: "`relu` cut at 6. Its derivative at both kinks is 0.",
  formula: "y = min(max(x, 0), 6)",
  derivative: "ẏ = ẋ where 0 < x < 6, else 0",
  scalar: (s, { x }) => {
    const low = s.constant(0);
    const high = s.constant(6);
    return s.where(s.less(x, low), low, s.where(s.greater(x, high), high, x));
  },
  // dy/dx = 1 strictly between the bounds, else 0; at a bound 0
  derivatives: {
    x: (b, v, { x }) => {
      const inside = b.and(b.greater(x, b.constant(0)), b.less(x, b.constant(6)));
      return b.where(inside, v, b.constant(0));
    },
  },
  branch: (s, { x }) => piece(s, x, [0, 6]),
  samples: [{ inputs: { x: { shape: [2, 3] } } }],
});
