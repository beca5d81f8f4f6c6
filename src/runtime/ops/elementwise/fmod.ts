/** `fmod(x, y)`. */
import { defineElementwise } from "../define-elementwise";
import { numeric } from "../parameters";
import { withExactKernel } from "./exact-remainder";

const inexact = defineElementwise({
  name: "fmod",
  inputs: { x: numeric(), y: numeric() },
  attributes: {},
  doc: "What is left of x after whole multiples of y, with the sign of x (C's `fmod`).",
  formula: "z = x - y trunc(x / y)",
  derivative: "ż = ẋ - trunc(x / y) · ẏ",
  scalar: (s, { x, y }) => {
    const quotient = s.div(x, y);
    const whole = s.where(s.less(quotient, s.constant(0)), s.ceil(quotient), s.floor(quotient));
    return s.sub(x, s.mul(y, whole));
  },
  // ∂z/∂x = 1, ∂z/∂y = -trunc(x/y), between the jumps
  derivatives: {
    x: (_b, v) => v,
    y: (b, v, { x, y }) => {
      const quotient = b.div(x, y);
      const whole = b.where(b.less(quotient, b.constant(0)), b.ceil(quotient), b.floor(quotient));
      return b.mul(b.neg(v), whole);
    },
  },
  branch: (s, { x, y }) => {
    const quotient = s.abs(s.div(x, y));
    return s.add(s.floor(quotient), s.ceil(quotient));
  },
  samples: [
    { inputs: { x: { shape: [2, 3], like: "nonzero" }, y: { shape: [2, 3], like: "nonzero" } } },
    { inputs: { x: { shape: [2, 1], like: "nonzero" }, y: { shape: [3], like: "nonzero" } } },
    { inputs: { x: { shape: [4, 1, 2], like: "nonzero" }, y: { shape: [], like: "nonzero" } } },
  ],
  refused: [{ inputs: { x: { shape: [2, 3] }, y: { shape: [2] } } }],
});

export const fmod = withExactKernel(inexact, (x, y) => x % y);
