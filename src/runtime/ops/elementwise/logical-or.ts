/** `x or y`. */
import { defineElementwise } from "../define-elementwise";
import { constant } from "../parameters";

export const logicalOr = defineElementwise({
  name: "logical_or",
  inputs: { x: constant("any"), y: constant("any") },
  attributes: {},
  doc: "Elementwise `or`, written `x or y`; a number counts as true where it is not 0.",
  formula: "z = x or y",
  derivative: "none: truth values have no derivative",
  result: "bool",
  scalar: (s, { x, y }) => s.or(x, y),
  derivatives: {},
  samples: [
    { inputs: { x: { shape: [2, 3], like: "mask" }, y: { shape: [2, 3], like: "mask" } } },
    { inputs: { x: { shape: [2, 1], like: "mask" }, y: { shape: [3], like: "mask" } } },
    { inputs: { x: { shape: [4, 1, 2], like: "mask" }, y: { shape: [], like: "mask" } } },
  ],
  refused: [{ inputs: { x: { shape: [2, 3] }, y: { shape: [2] } } }],
});
