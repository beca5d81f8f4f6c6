/** `x / y`. */
import { defineElementwise } from "../define-elementwise";
import { float } from "../parameters";

export const div = defineElementwise({
  name: "div",
  inputs: { x: float(), y: float() },
  attributes: {},
  doc: "The quotient of two tensors, written `x / y`; always a float.",
  formula: "z = x / y",
  derivative: "ż = ẋ / y - z / y · ẏ",
  scalar: (s, { x, y }) => s.div(x, y),
  // ∂z/∂x = 1/y, ∂z/∂y = -x/y² = -z/y
  derivatives: { x: (b, v, { y }) => b.div(v, y), y: (b, v, { y }, z) => b.mul(b.neg(v), b.div(z, y)) },
  samples: [
    { inputs: { x: { shape: [2, 3], like: "nonzero" }, y: { shape: [2, 3], like: "nonzero" } } },
    { inputs: { x: { shape: [2, 1], like: "nonzero" }, y: { shape: [3], like: "nonzero" } } },
    { inputs: { x: { shape: [4, 1, 2], like: "nonzero" }, y: { shape: [], like: "nonzero" } } },
  ],
  refused: [{ inputs: { x: { shape: [2, 3] }, y: { shape: [2] } } }],
});
