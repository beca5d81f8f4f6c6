/** `x - y`. */
import { defineElementwise } from "../define-elementwise";
import { numeric } from "../parameters";

export const sub = defineElementwise({
  name: "sub",
  inputs: { x: numeric(), y: numeric() },
  attributes: {},
  doc: "The difference of two tensors, written `x - y`.",
  formula: "z = x - y",
  derivative: "ż = ẋ - ẏ",
  scalar: (s, { x, y }) => s.sub(x, y),
  // ∂z/∂x = 1, ∂z/∂y = -1
  derivatives: { x: (_b, v) => v, y: (b, v) => b.neg(v) },
  samples: [
    { inputs: { x: { shape: [2, 3] }, y: { shape: [2, 3] } } },
    { inputs: { x: { shape: [2, 1] }, y: { shape: [3] } } },
    { inputs: { x: { shape: [4, 1, 2] }, y: { shape: [] } } },
  ],
  refused: [{ inputs: { x: { shape: [2, 3] }, y: { shape: [2] } } }],
});
