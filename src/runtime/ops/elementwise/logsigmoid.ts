/** `logsigmoid(x)`. */
import { defineElementwise } from "../define-elementwise";
import { float } from "../parameters";

export const logsigmoid = defineElementwise({
  name: "logsigmoid",
  inputs: { x: float() },
  attributes: {},
  doc: "ln sigmoid(x), without overflow.",
  formula: "y = -ln(1 + e⁻ˣ)",
  derivative: "ẏ = sigmoid(-x) · ẋ",
  scalar: (s, { x }) => s.sub(s.minimum(x, s.constant(0)), s.log1p(s.exp(s.neg(s.abs(x))))),
  // dy/dx = 1 - sigmoid(x) = sigmoid(-x)
  derivatives: { x: (b, v, { x }) => b.mul(v, b.sigmoid(b.neg(x))) },
  samples: [
    { inputs: { x: { shape: [2, 3] } } },
    { inputs: { x: { shape: [] } } },
    { inputs: { x: { shape: [0, 2] } } },
  ],
});
