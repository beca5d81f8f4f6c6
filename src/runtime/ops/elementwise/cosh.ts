/** `cosh(x)`. */
import { defineElementwise } from "../define-elementwise";
import { float } from "../parameters";

export const cosh = defineElementwise({
  name: "cosh",
  inputs: { x: float() },
  attributes: {},
  doc: "The hyperbolic cosine.",
  formula: "y = cosh x",
  derivative: "ẏ = sinh x · ẋ",
  scalar: (s, { x }) => s.cosh(x),
  // dy/dx = sinh x
  derivatives: { x: (b, v, { x }) => b.mul(v, b.sinh(x)) },
  samples: [
    { inputs: { x: { shape: [2, 3] } } },
    { inputs: { x: { shape: [] } } },
    { inputs: { x: { shape: [0, 2] } } },
  ],
});
