/** `sin(x)`. */
import { defineElementwise } from "../define-elementwise";
import { float } from "../parameters";

export const sin = defineElementwise({
  name: "sin",
  inputs: { x: float() },
  attributes: {},
  doc: "The sine.",
  formula: "y = sin x",
  derivative: "ẏ = cos x · ẋ",
  scalar: (s, { x }) => s.sin(x),
  // dy/dx = cos x
  derivatives: { x: (b, v, { x }) => b.mul(v, b.cos(x)) },
  samples: [
    { inputs: { x: { shape: [2, 3] } } },
    { inputs: { x: { shape: [] } } },
    { inputs: { x: { shape: [0, 2] } } },
  ],
});
