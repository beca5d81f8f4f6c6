/** `expm1(x)`. */
import { defineElementwise } from "../define-elementwise";
import { float } from "../parameters";

export const expm1 = defineElementwise({
  name: "expm1",
  inputs: { x: float() },
  attributes: {},
  doc: "eˣ - 1, exact for small x too.",
  formula: "y = eˣ - 1",
  derivative: "ẏ = (y + 1) · ẋ",
  scalar: (s, { x }) => s.expm1(x),
  // dy/dx = eˣ = y + 1
  derivatives: { x: (b, v, _inputs, y) => b.mul(v, b.add(y, b.constant(1))) },
  samples: [
    { inputs: { x: { shape: [2, 3] } } },
    { inputs: { x: { shape: [] } } },
    { inputs: { x: { shape: [0, 2] } } },
  ],
});
