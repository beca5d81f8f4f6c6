/** `elu(x)`. */
import { defineElementwise, piece } from "../define-elementwise";
import { float, number } from "../parameters";

export const elu = defineElementwise({
  name: "elu",
  inputs: { x: float() },
  attributes: { alpha: number(1) },
  doc: "x where it is positive, else alpha · (eˣ - 1). Its derivative at 0 is alpha.",
  formula: "y = x where x > 0, else α (eˣ - 1)",
  derivative: "ẏ = ẋ where x > 0, else α eˣ · ẋ",
  scalar: (s, { x }, { alpha }) =>
    s.where(s.greater(x, s.constant(0)), x, s.mul(s.constant(alpha), s.expm1(x))),
  // dy/dx = 1 where x > 0, else α eˣ
  derivatives: {
    x: (b, v, { x }, _y, { alpha }) =>
      b.where(b.greater(x, b.constant(0)), v, b.mul(v, b.mul(b.constant(alpha), b.exp(x)))),
  },
  branch: (s, { x }) => piece(s, x, [0]),
  samples: [
    { inputs: { x: { shape: [2, 3] } } },
    { inputs: { x: { shape: [4] } }, attributes: { alpha: 0.5 } },
  ],
});
