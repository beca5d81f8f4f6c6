/** `softplus(x)`. */
import { defineElementwise, piece } from "../define-elementwise";
import { float, number } from "../parameters";

export const softplus = defineElementwise({
  name: "softplus",
  inputs: { x: float() },
  attributes: { beta: number(1), threshold: number(20) },
  doc: "A smooth `relu`; beyond `threshold` it is x itself, as in PyTorch.",
  formula: "y = ln(1 + e^(βx)) / β, and x where βx > threshold",
  derivative: "ẏ = σ(βx) · ẋ, and ẋ where βx > threshold",
  scalar: (s, { x }, { beta, threshold }) => {
    const scaled = s.mul(x, s.constant(beta));
    // ln(1 + eᶻ) = max(z, 0) + ln(1 + e^(-|z|)), which cannot overflow.
    const smooth = s.add(s.maximum(scaled, s.constant(0)), s.log1p(s.exp(s.neg(s.abs(scaled)))));
    return s.where(s.greater(scaled, s.constant(threshold)), x, s.div(smooth, s.constant(beta)));
  },
  // dy/dx = sigmoid(βx), and 1 where βx > threshold
  derivatives: {
    x: (b, v, { x }, _y, { beta, threshold }) => {
      const scaled = b.mul(x, b.constant(beta));
      return b.where(b.greater(scaled, b.constant(threshold)), v, b.mul(v, b.sigmoid(scaled)));
    },
  },
  branch: (s, { x }, { beta, threshold }) => piece(s, s.mul(x, s.constant(beta)), [threshold]),
  samples: [
    { inputs: { x: { shape: [2, 3] } } },
    { inputs: { x: { shape: [4] } }, attributes: { beta: 2, threshold: 1 } },
  ],
});
