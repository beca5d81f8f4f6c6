/** `round(x)`. */
import { defineElementwise } from "../define-elementwise";
import { constant } from "../parameters";

export const round = defineElementwise({
  name: "round",
  inputs: { x: constant("numeric") },
  attributes: {},
  doc: "The nearest whole number; halves go to the even one. A step function, so nothing flows back through it.",
  formula: "y = x rounded",
  derivative: "ẏ = 0",
  scalar: (s, { x }) => s.round(x),
  // dy/dx = 0 wherever it exists
  derivatives: {},
  branch: (s, { x }) => s.add(s.floor(s.add(x, s.constant(0.5))), s.ceil(s.add(x, s.constant(0.5)))),
  samples: [
    { inputs: { x: { shape: [2, 3] } } },
    { inputs: { x: { shape: [] } } },
    { inputs: { x: { shape: [0, 2] } } },
  ],
});
