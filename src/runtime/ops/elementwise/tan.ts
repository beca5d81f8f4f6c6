/** `tan(x)`. */
import { defineElementwise } from "../define-elementwise";
import { float } from "../parameters";

export const tan = defineElementwise({
  name: "tan",
  inputs: { x: float() },
  attributes: {},
  doc: "The tangent.",
  formula: "y = tan x",
  derivative: "ẏ = (1 + y²) · ẋ",
  scalar: (s, { x }) => s.tan(x),
  // dy/dx = 1 + tan² x
  derivatives: { x: (b, v, _inputs, y) => b.mul(v, b.add(b.square(y), b.constant(1))) },
  samples: [
    { inputs: { x: { shape: [2, 3] } } },
    { inputs: { x: { shape: [] } } },
    { inputs: { x: { shape: [0, 2] } } },
  ],
});
