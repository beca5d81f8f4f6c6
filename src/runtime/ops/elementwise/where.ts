/** `where(cond, x, y)`. */
import { defineElementwise } from "../define-elementwise";
import { any, bool } from "../parameters";

export const where = defineElementwise({
  name: "where",
  inputs: { cond: bool(), x: any(), y: any() },
  attributes: {},
  doc: "x where the condition holds, else y.",
  formula: "z = x where cond, else y",
  derivative: "ż = ẋ where cond, else ẏ",
  scalar: (s, { cond, x, y }) => s.where(cond, x, y),
  // ∂z/∂x = 1 where cond, ∂z/∂y = 1 elsewhere; an infinity that was not chosen does not matter
  derivatives: {
    x: (b, v, { cond }) => b.where(cond, v, b.constant(0)),
    y: (b, v, { cond }) => b.where(cond, b.constant(0), v),
  },
  samples: [
    { inputs: { cond: { shape: [2, 3], like: "mask" }, x: { shape: [2, 3] }, y: { shape: [2, 3] } } },
    { inputs: { cond: { shape: [3], like: "mask" }, x: { shape: [2, 1] }, y: { shape: [] } } },
  ],
  refused: [
    { inputs: { cond: { shape: [2], like: "mask" }, x: { shape: [2, 3] }, y: { shape: [2, 3] } } },
    { inputs: { cond: { shape: [2, 3] }, x: { shape: [2, 3] }, y: { shape: [2, 3] } } },
  ],
});
