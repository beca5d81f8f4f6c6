/** `logical_xor(x, y)`. */
import { defineElementwise } from "../define-elementwise";
import { constant } from "../parameters";

export const logicalXor = defineElementwise({
  name: "logical_xor",
  inputs: { x: constant("any"), y: constant("any") },
  attributes: {},
  doc: "Where exactly one of both is true; a number counts as true where it is not 0.",
  formula: "z = x xor y",
  derivative: "none: truth values have no derivative",
  result: "bool",
  scalar: (s, { x, y }) => s.notEqual(s.not(x), s.not(y)),
  derivatives: {},
  samples: [
    { inputs: { x: { shape: [2, 3], like: "mask" }, y: { shape: [2, 3], like: "mask" } } },
    { inputs: { x: { shape: [2, 1], like: "mask" }, y: { shape: [3], like: "mask" } } },
    { inputs: { x: { shape: [4, 1, 2], like: "mask" }, y: { shape: [], like: "mask" } } },
  ],
  refused: [{ inputs: { x: { shape: [2, 3] }, y: { shape: [2] } } }],
});
