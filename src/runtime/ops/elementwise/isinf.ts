/** `isinf(x)`. */
import { defineElementwise } from "../define-elementwise";
import { constant } from "../parameters";

export const isinf = defineElementwise({
  name: "isinf",
  inputs: { x: constant("any") },
  attributes: {},
  doc: "Where x is infinite.",
  formula: "y = isinf(x)",
  derivative: "none: truth values have no derivative",
  result: "bool",
  scalar: (s, { x }) => s.equal(s.abs(x), s.constant(Infinity)),
  derivatives: {},
  samples: [
    { inputs: { x: { shape: [2, 3] } } },
    { inputs: { x: { shape: [] } } },
    { inputs: { x: { shape: [0, 2] } } },
  ],
});
