/** `trunc(x)`. */
import { defineElementwise } from "../define-elementwise";
import { constant } from "../parameters";

export const trunc = defineElementwise({
  name: "trunc",
  inputs: { x: constant("numeric") },
  attributes: {},
  doc: "x without its fraction. A step function, so nothing flows back through it.",
  formula: "y = x truncated toward 0",
  derivative: "ẏ = 0",
  scalar: (s, { x }) => s.where(s.less(x, s.constant(0)), s.ceil(x), s.floor(x)),
  // dy/dx = 0 wherever it exists
  derivatives: {},
  branch: (s, { x }) => s.add(s.floor(x), s.ceil(x)),
  samples: [
    { inputs: { x: { shape: [2, 3] } } },
    { inputs: { x: { shape: [] } } },
    { inputs: { x: { shape: [0, 2] } } },
  ],
});
