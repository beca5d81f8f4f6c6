/** `log1p(x)`. */
import { defineElementwise } from "../define-elementwise";
import { float } from "../parameters";

export const log1p = defineElementwise({
  name: "log1p",
  inputs: { x: float() },
  attributes: {},
  doc: "ln(1 + x), exact for small x too.",
  formula: "y = ln(1 + x)",
  derivative: "ẏ = ẋ / (1 + x)",
  scalar: (s, { x }) => s.log1p(x),
  // dy/dx = 1/(1 + x)
  derivatives: { x: (b, v, { x }) => b.div(v, b.add(x, b.constant(1))) },
  samples: [
    { inputs: { x: { shape: [2, 3], like: "positive" } } },
    { inputs: { x: { shape: [], like: "positive" } } },
  ],
});
