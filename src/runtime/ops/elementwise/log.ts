/** `log(x)`. */
import { defineElementwise } from "../define-elementwise";
import { float } from "../parameters";

export const log = defineElementwise({
  name: "log",
  inputs: { x: float() },
  attributes: {},
  doc: "The natural logarithm.",
  formula: "y = ln x",
  derivative: "ẏ = ẋ / x",
  scalar: (s, { x }) => s.log(x),
  // dy/dx = 1/x
  derivatives: { x: (b, v, { x }) => b.div(v, x) },
  samples: [
    { inputs: { x: { shape: [2, 3], like: "positive" } } },
    { inputs: { x: { shape: [], like: "positive" } } },
  ],
});
