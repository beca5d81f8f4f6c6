/** `exp(x)`. */
import { defineElementwise } from "../define-elementwise";
import { float } from "../parameters";

export const exp = defineElementwise({
  name: "exp",
  inputs: { x: float() },
  attributes: {},
  doc: "The exponential function eˣ.",
  formula: "y = eˣ",
  derivative: "ẏ = y · ẋ",
  scalar: (s, { x }) => s.exp(x),
  // dy/dx = eˣ = y
  derivatives: { x: (b, v, _inputs, y) => b.mul(v, y) },
  samples: [
    { inputs: { x: { shape: [2, 3] } } },
    { inputs: { x: { shape: [] } } },
    { inputs: { x: { shape: [0, 2] } } },
  ],
});
