/** `exp2(x)`. */
import { defineElementwise } from "../define-elementwise";
import { float } from "../parameters";

export const exp2 = defineElementwise({
  name: "exp2",
  inputs: { x: float() },
  attributes: {},
  doc: "2ˣ.",
  formula: "y = 2ˣ",
  derivative: "ẏ = ln 2 · y · ẋ",
  scalar: (s, { x }) => s.pow(s.constant(2), x),
  // dy/dx = 2ˣ ln 2
  derivatives: { x: (b, v, _inputs, y) => b.mul(b.mul(v, y), b.constant(Math.LN2)) },
  samples: [
    { inputs: { x: { shape: [2, 3] } } },
    { inputs: { x: { shape: [] } } },
    { inputs: { x: { shape: [0, 2] } } },
  ],
});
