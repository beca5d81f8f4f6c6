/** `asin(x)`. */
import { defineElementwise } from "../define-elementwise";
import { float } from "../parameters";

export const asin = defineElementwise({
  name: "asin",
  inputs: { x: float() },
  attributes: {},
  doc: "The inverse sine, between -π/2 and π/2.",
  formula: "y = arcsin x",
  derivative: "ẏ = ẋ / √(1 - x²)",
  scalar: (s, { x }) => {
    const one = s.constant(1);
    return s.atan2(x, s.sqrt(s.mul(s.sub(one, x), s.add(one, x))));
  },
  // dy/dx = 1/√(1 - x²)
  derivatives: { x: (b, v, { x }) => b.div(v, b.sqrt(b.sub(b.constant(1), b.square(x)))) },
  samples: [
    { inputs: { x: { shape: [2, 3], like: "unit" } } },
    { inputs: { x: { shape: [], like: "unit" } } },
  ],
});
