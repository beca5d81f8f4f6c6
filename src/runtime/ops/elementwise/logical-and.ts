/** `x and y`. */
import { defineElementwise } from "../define-elementwise";
import { constant } from "../parameters";

export const logicalAnd = defineElementwise({
  name: "logical_and",
  inputs: { x: constant("any"), y: constant("any") },
  attributes: {},
  doc: "Elementwise `and`, written `x and y`; a number counts as true where it is not 0.",
  formula: "z = x and y",
  derivative: "none: truth values have no derivative",
  result: "bool",
  scalar: (s, { x, y }) => s.and(x, y),
  derivatives: {},
  samples: [
    { inputs: { x: { shape: [2, 3], like: "mask" }, y: { shape: [2, 3], like: "mask" } } },
    { inputs: { x: { shape: [2, 1], like: "mask" }, y: { shape: [3], like: "mask" } } },
    { inputs: { x: { shape: [4, 1, 2], like: "mask" }, y: { shape: [], like: "mask" } } },
  ],
  refused: [{ inputs: { x: { shape: [2, 3] }, y: { shape: [2] } } }],
});
