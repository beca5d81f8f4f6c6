/** `stop_gradient(x)`. */
import { defineElementwise } from "../define-elementwise";
import { constant } from "../parameters";

export const stopGradient = defineElementwise({
  name: "stop_gradient",
  inputs: { x: constant("any") },
  attributes: {},
  doc: "x as a constant for every pass: nothing flows back through it, and finite differences do not move it.",
  formula: "y = x",
  derivative: "ẏ = 0",
  scalar: (_s, { x }) => x,
  derivatives: {},
  samples: [
    { inputs: { x: { shape: [2, 3] } } },
    { inputs: { x: { shape: [] } } },
    { inputs: { x: { shape: [0, 2] } } },
  ],
});
