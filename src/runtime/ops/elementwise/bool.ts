/** `bool(x)`. */
import { defineElementwise } from "../define-elementwise";
import { constant } from "../parameters";

export const toBool = defineElementwise({
  name: "bool",
  inputs: { x: constant("any") },
  attributes: {},
  doc: "True where x is not 0.",
  formula: "y = (x != 0)",
  derivative: "none: truth values have no derivative",
  result: "bool",
  scalar: (s, { x }) => s.notEqual(x, s.constant(0)),
  derivatives: {},
  samples: [
    { inputs: { x: { shape: [2, 3] } } },
    { inputs: { x: { shape: [] } } },
    { inputs: { x: { shape: [0, 2] } } },
  ],
});
