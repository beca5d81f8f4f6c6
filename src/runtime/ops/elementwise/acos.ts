/** `acos(x)`. */
import { defineElementwise } from "../define-elementwise";
import { float } from "../parameters";

export const acos = defineElementwise({
  name: "acos",
  inputs: { x: float() },
  attributes: {},
  doc: "The inverse cosine, between 0 and π.",
  formula: "y = arccos x",
  derivative: "ẏ = -ẋ / √(1 - x²)",
  scalar: (s, { x }) => {
    const one = s.constant(1);
    return s.atan2(s.sqrt(s.mul(s.sub(one, x), s.add(one, x))), x);
  },
  // dy/dx = -1/√(1 - x²)
  derivatives: { x: (b, v, { x }) => b.div(b.neg(v), b.sqrt(b.sub(b.constant(1), b.square(x)))) },
  samples: [
    { inputs: { x: { shape: [2, 3], like: "unit" } } },
    { inputs: { x: { shape: [], like: "unit" } } },
  ],
});
