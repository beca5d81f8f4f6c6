/** `x * y`. */
import { defineElementwise } from "../define-elementwise";
import { numeric } from "../parameters";

export const mul = defineElementwise({
  name: "mul",
  inputs: { x: numeric(), y: numeric() },
  attributes: {},
  doc: "The elementwise product of two tensors, written `x * y`. The matrix product is `x @ y`.",
  formula: "z = x · y",
  derivative: "ż = y · ẋ + x · ẏ",
  scalar: (s, { x, y }) => s.mul(x, y),
  // ∂z/∂x = y, ∂z/∂y = x
  derivatives: { x: (b, v, { y }) => b.mul(v, y), y: (b, v, { x }) => b.mul(v, x) },
  samples: [
    { inputs: { x: { shape: [2, 3] }, y: { shape: [2, 3] } } },
    { inputs: { x: { shape: [2, 1] }, y: { shape: [3] } } },
    { inputs: { x: { shape: [4, 1, 2] }, y: { shape: [] } } },
  ],
  refused: [{ inputs: { x: { shape: [2, 3] }, y: { shape: [2] } } }],
});
