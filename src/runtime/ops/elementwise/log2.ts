/** `log2(x)`. */
import { defineElementwise } from "../define-elementwise";
import { float } from "../parameters";

export const log2 = defineElementwise({
  name: "log2",
  inputs: { x: float() },
  attributes: {},
  doc: "The logarithm to base 2.",
  formula: "y = ln x / ln 2",
  derivative: "ẏ = ẋ / (x · ln 2)",
  scalar: (s, { x }) => {
    const quotient = s.div(s.log(x), s.constant(Math.LN2));
    const whole = s.round(quotient);
    // The quotient's last bit is rounding error; whole powers have exact logarithms.
    return s.where(s.equal(s.pow(s.constant(2), whole), x), whole, quotient);
  },
  // dy/dx = 1/(x ln 2)
  derivatives: { x: (b, v, { x }) => b.div(v, b.mul(x, b.constant(Math.LN2))) },
  samples: [
    { inputs: { x: { shape: [2, 3], like: "positive" } } },
    { inputs: { x: { shape: [], like: "positive" } } },
  ],
});
