/** `floor(x)`. */
import { defineElementwise } from "../define-elementwise";
import { constant } from "../parameters";

export const floor = defineElementwise({
  name: "floor",
  inputs: { x: constant("numeric") },
  attributes: {},
  doc: "The largest whole number that is not above x. A step function, so nothing flows back through it.",
  formula: "y = ⌊x⌋",
  derivative: "ẏ = 0",
  scalar: (s, { x }) => s.floor(x),
  // dy/dx = 0 wherever it exists
  derivatives: {},
  branch: (s, { x }) => s.add(s.floor(x), s.ceil(x)),
  samples: [
    { inputs: { x: { shape: [2, 3] } } },
    { inputs: { x: { shape: [] } } },
    { inputs: { x: { shape: [0, 2] } } },
  ],
});
