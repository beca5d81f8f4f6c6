/** `identity(x)`. */
import { defineElementwise } from "../define-elementwise";
import { any } from "../parameters";

export const identity = defineElementwise({
  name: "identity",
  inputs: { x: any() },
  attributes: {},
  doc: "x itself, as a node of its own.",
  formula: "y = x",
  derivative: "ẏ = ẋ",
  scalar: (_s, { x }) => x,
  // dy/dx = 1
  derivatives: { x: (_b, v) => v },
  samples: [
    { inputs: { x: { shape: [2, 3] } } },
    { inputs: { x: { shape: [] } } },
    { inputs: { x: { shape: [0, 2] } } },
  ],
});
