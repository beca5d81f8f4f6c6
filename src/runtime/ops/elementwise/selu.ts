/** `selu(x)`. */
import { defineElementwise, piece } from "../define-elementwise";
import { float } from "../parameters";

const alpha = 1.6732632423543772;
const scale = 1.0507009873554805;

export const selu = defineElementwise({
  name: "selu",
  inputs: { x: float() },
  attributes: {},
  doc: "The scaled `elu` that keeps mean 0 and variance 1 (Klambauer et al., 2017).",
  formula: "y = λ x where x > 0, else λ α (eˣ - 1), λ = 1.0507…, α = 1.6733…",
  derivative: "ẏ = λ ẋ where x > 0, else λ α eˣ · ẋ",
  scalar: (s, { x }) =>
    s.where(
      s.greater(x, s.constant(0)),
      s.mul(s.constant(scale), x),
      s.mul(s.constant(scale * alpha), s.expm1(x)),
    ),
  // dy/dx = λ where x > 0, else λ α eˣ; at the kink λ α
  derivatives: {
    x: (b, v, { x }) =>
      b.where(
        b.greater(x, b.constant(0)),
        b.mul(v, b.constant(scale)),
        b.mul(v, b.mul(b.constant(scale * alpha), b.exp(x))),
      ),
  },
  branch: (s, { x }) => piece(s, x, [0]),
  samples: [
    { inputs: { x: { shape: [2, 3] } } },
    { inputs: { x: { shape: [] } } },
    { inputs: { x: { shape: [0, 2] } } },
  ],
});
