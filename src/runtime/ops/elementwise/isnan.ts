/** `isnan(x)`. */
import { defineElementwise } from "../define-elementwise";
import { constant } from "../parameters";

export const isnan = defineElementwise({
  name: "isnan",
  inputs: { x: constant("any") },
  attributes: {},
  doc: "Where x is not a number.",
  formula: "y = isnan(x)",
  derivative: "none: truth values have no derivative",
  result: "bool",
  scalar: (s, { x }) => s.isnan(x),
  derivatives: {},
  samples: [
    { inputs: { x: { shape: [2, 3] } } },
    { inputs: { x: { shape: [] } } },
    { inputs: { x: { shape: [0, 2] } } },
  ],
});
