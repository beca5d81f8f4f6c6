/** `tanh(x)`. */
import { defineElementwise } from "../define-elementwise";
import { float } from "../parameters";

export const tanh = defineElementwise({
  name: "tanh",
  inputs: { x: float() },
  attributes: {},
  doc: "The hyperbolic tangent.",
  formula: "y = tanh x",
  derivative: "ẏ = (1 - y²) · ẋ",
  scalar: (s, { x }) => s.tanh(x),
  // dy/dx = 1 - tanh² x
  derivatives: { x: (b, v, _inputs, y) => b.mul(v, b.sub(b.constant(1), b.square(y))) },
  samples: [
    { inputs: { x: { shape: [2, 3] } } },
    { inputs: { x: { shape: [] } } },
    { inputs: { x: { shape: [0, 2] } } },
  ],
});
