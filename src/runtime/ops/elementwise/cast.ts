/** `cast(x, dtype)`. */
import { wholePart } from "./whole-part";
import { defineElementwise } from "../define-elementwise";
import { any, choice, required } from "../parameters";

export const cast = defineElementwise({
  name: "cast",
  inputs: { x: any() },
  attributes: { dtype: required(choice(["float64", "float32", "int", "bool"], "float64")) },
  doc: "The same elements in another type; to `int` the fraction is dropped, to `bool` everything but 0 is true.",
  formula: "y = x as dtype",
  derivative: "ẏ = ẋ between floats",
  result: ({ dtype }) => dtype,
  scalar: (s, { x }, { dtype }) => {
    if (dtype === "bool") return s.notEqual(x, s.constant(0));
    return dtype === "int" ? wholePart(s, x) : x;
  },
  // dy/dx = 1
  derivatives: { x: (_b, v) => v },
  samples: [{ inputs: { x: { shape: [2, 3] } }, attributes: { dtype: "float64" } }],
  refused: [{ inputs: { x: { shape: [2, 3] } }, attributes: { dtype: "double" } }],
});
