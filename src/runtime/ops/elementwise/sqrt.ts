/** `sqrt(x)`. */
import { defineElementwise } from "../define-elementwise";
import { float } from "../parameters";

export const sqrt = defineElementwise({
  name: "sqrt",
  inputs: { x: float() },
  attributes: {},
  doc: "The square root. Its derivative at 0 is infinite.",
  formula: "y = √x",
  derivative: "ẏ = ẋ / (2y)",
  scalar: (s, { x }) => s.sqrt(x),
  // dy/dx = 1/(2√x); at 0 it is +inf, and NaN where v is 0
  derivatives: { x: (b, v, _inputs, y) => b.div(v, b.mul(b.constant(2), y)) },
  samples: [
    { inputs: { x: { shape: [2, 3], like: "positive" } } },
    { inputs: { x: { shape: [], like: "positive" } } },
  ],
});
