/** `int(x)`. */
import { wholePart } from "./whole-part";
import { defineElementwise } from "../define-elementwise";
import { constant } from "../parameters";

export const toInt = defineElementwise({
  name: "int",
  inputs: { x: constant("any") },
  attributes: {},
  doc: "The whole part of x as a whole number: the fraction is dropped. Nothing flows back through it.",
  formula: "y = x truncated toward 0",
  derivative: "none: whole numbers have no derivative",
  result: "int",
  scalar: (s, { x }) => wholePart(s, x),
  derivatives: {},
  samples: [
    { inputs: { x: { shape: [2, 3] } } },
    { inputs: { x: { shape: [] } } },
    { inputs: { x: { shape: [0, 2] } } },
  ],
});
