/** `x ^ y`. */
import { defineElementwise } from "../define-elementwise";
import type { OpDefinition } from "../define-op";
import { numeric } from "../parameters";
import { indexOf } from "./exact-remainder";

const power = defineElementwise({
  name: "pow",
  inputs: { x: numeric(), y: numeric() },
  attributes: {},
  doc: "The power, written `x ^ y`. Whole numbers give a whole number and need exponents from 0 on.",
  formula: "z = xʸ",
  derivative: "ż = y xʸ⁻¹ · ẋ + z ln x · ẏ",
  scalar: (s, { x, y }) => s.pow(x, y),
  // ∂z/∂x = y x^(y-1), and 0 where y = 0; ∂z/∂y = z ln x, and 0 where x = 0 ≤ y
  derivatives: {
    x: (b, v, { x, y }) => {
      const one = b.constant(1);
      const zero = b.constant(0);
      return b.where(b.equal(y, zero), zero, b.mul(v, b.mul(y, b.pow(x, b.sub(y, one)))));
    },
    y: (b, v, { x, y }, z) => {
      const zero = b.constant(0);
      const flat = b.and(b.equal(x, zero), b.greaterEqual(y, zero));
      return b.mul(v, b.where(flat, zero, b.mul(z, b.log(x))));
    },
  },
  samples: [
    { inputs: { x: { shape: [2, 3], like: "positive" }, y: { shape: [2, 3] } } },
    { inputs: { x: { shape: [2, 1], like: "positive" }, y: { shape: [3] } } },
    { inputs: { x: { shape: [2, 3], like: "positive" }, y: { shape: [] } } },
  ],
  refused: [{ inputs: { x: { shape: [2, 3] }, y: { shape: [2] } } }],
});

/** Whole numbers have no negative powers: that is a fault, as in PyTorch. */
export const pow: OpDefinition = {
  ...power,
  forward(context) {
    const { y } = context.inputs;
    if (context.output.dtype === "int" && y !== undefined && "data" in y) {
      const negative = y.data.findIndex((exponent) => exponent < 0);
      if (negative >= 0) {
        const message = `whole numbers have no power ${y.data[negative]!}: write float(x)`;
        return { fault: { kind: "value", input: "y", index: indexOf(negative, y.shape), message } };
      }
    }
    return power.forward(context);
  },
};
