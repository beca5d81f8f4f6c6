/** `hardtanh(x)`. */
import { defineElementwise, piece, refuseAttribute } from "../define-elementwise";
import { float, number } from "../parameters";

export const hardtanh = defineElementwise({
  name: "hardtanh",
  inputs: { x: float() },
  attributes: { min_val: number(-1), max_val: number(1) },
  doc: "`x` cut at both bounds. Its derivative at a bound is 0.",
  formula: "y = min(max(x, min_val), max_val)",
  derivative: "ẏ = ẋ strictly between the bounds, else 0",
  refuse: ({ min_val, max_val }) =>
    min_val < max_val
      ? undefined
      : refuseAttribute("max_val", `max_val must be above min_val = ${min_val}, not ${max_val}`),
  scalar: (s, { x }, attributes) => {
    const low = s.constant(attributes.min_val);
    const high = s.constant(attributes.max_val);
    return s.where(s.less(x, low), low, s.where(s.greater(x, high), high, x));
  },
  // dy/dx = 1 strictly between the bounds, else 0; at a bound 0
  derivatives: {
    x: (b, v, { x }, _y, attributes) => {
      const inside = b.and(
        b.greater(x, b.constant(attributes.min_val)),
        b.less(x, b.constant(attributes.max_val)),
      );
      return b.where(inside, v, b.constant(0));
    },
  },
  branch: (s, { x }, attributes) => piece(s, x, [attributes.min_val, attributes.max_val]),
  samples: [
    { inputs: { x: { shape: [2, 3] } } },
    { inputs: { x: { shape: [4] } }, attributes: { min_val: -0.5, max_val: 0.25 } },
  ],
  refused: [{ inputs: { x: { shape: [2] } }, attributes: { min_val: 1, max_val: 1 } }],
});
