/** `sign(x)`. */
import { defineElementwise, piece } from "../define-elementwise";
import { constant } from "../parameters";

export const sign = defineElementwise({
  name: "sign",
  inputs: { x: constant("numeric") },
  attributes: {},
  doc: "-1, 0 or 1. Constant on each side, so nothing flows back through it.",
  formula: "y = sign x",
  derivative: "ẏ = 0",
  scalar: (s, { x }) => s.sign(x),
  // dy/dx = 0 wherever it exists
  derivatives: {},
  branch: (s, { x }) => piece(s, x, [0]),
  samples: [
    { inputs: { x: { shape: [2, 3] } } },
    { inputs: { x: { shape: [] } } },
    { inputs: { x: { shape: [0, 2] } } },
  ],
});
