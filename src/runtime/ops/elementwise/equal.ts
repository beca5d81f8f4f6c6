/** `x == y`. */
import { defineElementwise } from "../define-elementwise";
import { constant } from "../parameters";

export const equal = defineElementwise({
  name: "equal",
  inputs: { x: constant("any"), y: constant("any") },
  attributes: {},
  doc: "Elementwise comparison, written `x == y`.",
  formula: "z = (x == y)",
  derivative: "none: truth values have no derivative",
  result: "bool",
  scalar: (s, { x, y }) => s.equal(x, y),
  derivatives: {},
  samples: [
    { inputs: { x: { shape: [2, 3] }, y: { shape: [2, 3] } } },
    { inputs: { x: { shape: [2, 1] }, y: { shape: [3] } } },
    { inputs: { x: { shape: [4, 1, 2] }, y: { shape: [] } } },
  ],
  refused: [{ inputs: { x: { shape: [2, 3] }, y: { shape: [2] } } }],
});
