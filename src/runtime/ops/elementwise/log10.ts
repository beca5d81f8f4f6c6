/** `log10(x)`. */
import { defineElementwise } from "../define-elementwise";
import { float } from "../parameters";

export const log10 = defineElementwise({
  name: "log10",
  inputs: { x: float() },
  attributes: {},
  doc: "The logarithm to base 10.",
  formula: "y = ln x / ln 10",
  derivative: "ẏ = ẋ / (x · ln 10)",
  scalar: (s, { x }) => {
    const quotient = s.div(s.log(x), s.constant(Math.LN10));
    const whole = s.round(quotient);
    // The quotient's last bit is rounding error; whole powers have exact logarithms.
    return s.where(s.equal(s.pow(s.constant(10), whole), x), whole, quotient);
  },
  // dy/dx = 1/(x ln 10)
  derivatives: { x: (b, v, { x }) => b.div(v, b.mul(x, b.constant(Math.LN10))) },
  samples: [
    { inputs: { x: { shape: [2, 3], like: "positive" } } },
    { inputs: { x: { shape: [], like: "positive" } } },
  ],
});
