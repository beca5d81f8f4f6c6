/** `mish(x)`. */
import type { ElementwiseBuilder } from "../builder";
import { defineElementwise } from "../define-elementwise";
import { float } from "../parameters";

/** ln(1 + eˣ) = max(x, 0) + ln(1 + e^(-|x|)), which cannot overflow. */
function softplus<T>(build: ElementwiseBuilder<T>, x: T): T {
  return build.add(build.maximum(x, build.constant(0)), build.log1p(build.exp(build.neg(build.abs(x)))));
}

export const mish = defineElementwise({
  name: "mish",
  inputs: { x: float() },
  attributes: {},
  doc: "x · tanh(softplus(x)).",
  formula: "y = x · tanh(ln(1 + eˣ))",
  derivative: "ẏ = (t + x · σ(x) · (1 - t²)) · ẋ with t = tanh(ln(1 + eˣ))",
  scalar: (s, { x }) => s.mul(x, s.tanh(softplus(s, x))),
  // dy/dx = t + x σ(x) (1 - t²), t = tanh(ln(1 + eˣ))
  derivatives: {
    x: (b, v, { x }) => {
      const t = b.tanh(softplus(b, x));
      const slope = b.mul(b.sigmoid(x), b.sub(b.constant(1), b.square(t)));
      return b.mul(v, b.add(t, b.mul(x, slope)));
    },
  },
  samples: [
    { inputs: { x: { shape: [2, 3] } } },
    { inputs: { x: { shape: [] } } },
    { inputs: { x: { shape: [0, 2] } } },
  ],
});
