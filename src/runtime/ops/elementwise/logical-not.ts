/** `not x`. */
import { defineElementwise } from "../define-elementwise";
import { constant } from "../parameters";

export const logicalNot = defineElementwise({
  name: "logical_not",
  inputs: { x: constant("any") },
  attributes: {},
  doc: "Elementwise `not`; a number counts as true where it is not 0.",
  formula: "y = not x",
  derivative: "none: truth values have no derivative",
  result: "bool",
  scalar: (s, { x }) => s.not(x),
  derivatives: {},
  samples: [
    { inputs: { x: { shape: [2, 3], like: "mask" } } },
    { inputs: { x: { shape: [], like: "mask" } } },
  ],
});
