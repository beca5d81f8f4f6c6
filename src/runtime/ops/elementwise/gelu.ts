/** `gelu(x)`. */
import type { ElementwiseBuilder } from "../builder";
import { defineElementwise } from "../define-elementwise";
import { choice, float } from "../parameters";

const root = Math.sqrt(2 / Math.PI);
const cubic = 0.044715;

/** u = √(2/π) (x + 0.044715 x³) */
function inner<T>(build: ElementwiseBuilder<T>, x: T): T {
  const cube = build.mul(build.mul(x, x), x);
  return build.mul(build.constant(root), build.add(x, build.mul(build.constant(cubic), cube)));
}

export const gelu = defineElementwise({
  name: "gelu",
  inputs: { x: float() },
  attributes: { approximate: choice(["none", "tanh"], "none") },
  doc: 'x times the probability that a standard normal is below x; `approximate = "tanh"` is the usual approximation.',
  formula: "y = x · Φ(x), or ½ x (1 + tanh(√(2/π) (x + 0.044715 x³)))",
  derivative: "ẏ = (Φ(x) + x · φ(x)) · ẋ",
  scalar: (s, { x }, { approximate }) => {
    const half = s.constant(0.5);
    const one = s.constant(1);
    if (approximate === "tanh") return s.mul(s.mul(half, x), s.add(one, s.tanh(inner(s, x))));
    return s.mul(x, s.mul(half, s.add(one, s.erf(s.mul(x, s.constant(Math.SQRT1_2))))));
  },
  // dy/dx = Φ(x) + x φ(x); with tanh, t = tanh(u): ½ (1 + t) + ½ x (1 - t²) u′
  derivatives: {
    x: (b, v, { x }, _y, { approximate }) => {
      const half = b.constant(0.5);
      const one = b.constant(1);
      if (approximate === "tanh") {
        const t = b.tanh(inner(b, x));
        const slope = b.mul(b.constant(root), b.add(one, b.mul(b.constant(3 * cubic), b.square(x))));
        const right = b.mul(b.mul(b.mul(half, x), b.sub(one, b.square(t))), slope);
        return b.mul(v, b.add(b.mul(half, b.add(one, t)), right));
      }
      const below = b.mul(half, b.add(one, b.erf(b.mul(x, b.constant(Math.SQRT1_2)))));
      const density = b.mul(
        b.constant(1 / Math.sqrt(2 * Math.PI)),
        b.exp(b.mul(b.constant(-0.5), b.square(x))),
      );
      return b.mul(v, b.add(below, b.mul(x, density)));
    },
  },
  samples: [
    { inputs: { x: { shape: [2, 3] } } },
    { inputs: { x: { shape: [2, 3] } }, attributes: { approximate: "tanh" } },
  ],
  refused: [{ inputs: { x: { shape: [2] } }, attributes: { approximate: "sigmoid" } }],
});
