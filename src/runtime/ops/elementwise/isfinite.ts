/** `isfinite(x)`. */
import { defineElementwise } from "../define-elementwise";
import { constant } from "../parameters";

export const isfinite = defineElementwise({
  name: "isfinite",
  inputs: { x: constant("any") },
  attributes: {},
  doc: "Where x is neither infinite nor NaN.",
  formula: "y = isfinite(x)",
  derivative: "none: truth values have no derivative",
  result: "bool",
  scalar: (s, { x }) => s.less(s.abs(x), s.constant(Infinity)),
  derivatives: {},
  samples: [
    { inputs: { x: { shape: [2, 3] } } },
    { inputs: { x: { shape: [] } } },
    { inputs: { x: { shape: [0, 2] } } },
  ],
});
