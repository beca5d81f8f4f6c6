/** `remainder(x, y)`. */
import { defineElementwise } from "../define-elementwise";
import { numeric } from "../parameters";
import { withExactKernel } from "./exact-remainder";

const inexact = defineElementwise({
  name: "remainder",
  inputs: { x: numeric(), y: numeric() },
  attributes: {},
  doc: "What is left of x after whole multiples of y, with the sign of y (Python's `%`).",
  formula: "z = x - y ⌊x / y⌋",
  derivative: "ż = ẋ - ⌊x / y⌋ · ẏ",
  scalar: (s, { x, y }) => s.sub(x, s.mul(y, s.floor(s.div(x, y)))),
  // ∂z/∂x = 1, ∂z/∂y = -⌊x/y⌋ = -(x - z)/y, between the jumps
  derivatives: {
    x: (_b, v) => v,
    y: (b, v, { x, y }, z) => b.mul(b.neg(v), b.round(b.div(b.sub(x, z), y))),
  },
  branch: (s, { x, y }) => {
    const quotient = s.div(x, y);
    return s.add(s.floor(quotient), s.ceil(quotient));
  },
  samples: [
    { inputs: { x: { shape: [2, 3], like: "nonzero" }, y: { shape: [2, 3], like: "nonzero" } } },
    { inputs: { x: { shape: [2, 1], like: "nonzero" }, y: { shape: [3], like: "nonzero" } } },
    { inputs: { x: { shape: [4, 1, 2], like: "nonzero" }, y: { shape: [], like: "nonzero" } } },
  ],
  refused: [{ inputs: { x: { shape: [2, 3] }, y: { shape: [2] } } }],
});

export const remainder = withExactKernel(inexact, (x, y) => {
  const rest = x % y;
  return rest !== 0 && rest < 0 !== y < 0 ? rest + y : rest;
});
