/** `x + y`. */
import { defineElementwise } from "../define-elementwise";
import { numeric } from "../parameters";

export const add = defineElementwise({
  name: "add",
  inputs: { x: numeric(), y: numeric() },
  attributes: {},
  doc: "The sum of two tensors, written `x + y`.",
  formula: "z = x + y",
  derivative: "ż = ẋ + ẏ",
  scalar: (s, { x, y }) => s.add(x, y),
  // ∂z/∂x = ∂z/∂y = 1
  derivatives: { x: (_b, v) => v, y: (_b, v) => v },
  samples: [
    { inputs: { x: { shape: [2, 3] }, y: { shape: [2, 3] } } },
    { inputs: { x: { shape: [2, 1] }, y: { shape: [3] } } },
    { inputs: { x: { shape: [] }, y: { shape: [2, 3] } } },
    { inputs: { x: { shape: [0, 3] }, y: { shape: [1, 1, 3] } } },
    { inputs: { x: { shape: [2, 1, 3, 1, 2] }, y: { shape: [4, 1, 2, 1] } } },
  ],
  refused: [{ inputs: { x: { shape: [2, 3] }, y: { shape: [2] } } }],
});
