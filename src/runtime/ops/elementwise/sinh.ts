/** `sinh(x)`. */
import { defineElementwise } from "../define-elementwise";
import { float } from "../parameters";

export const sinh = defineElementwise({
  name: "sinh",
  inputs: { x: float() },
  attributes: {},
  doc: "The hyperbolic sine.",
  formula: "y = sinh x",
  derivative: "ẏ = cosh x · ẋ",
  scalar: (s, { x }) => s.sinh(x),
  // dy/dx = cosh x
  derivatives: { x: (b, v, { x }) => b.mul(v, b.cosh(x)) },
  samples: [
    { inputs: { x: { shape: [2, 3] } } },
    { inputs: { x: { shape: [] } } },
    { inputs: { x: { shape: [0, 2] } } },
  ],
});
