/** `-x`. */
import { defineElementwise } from "../define-elementwise";
import { numeric } from "../parameters";

export const neg = defineElementwise({
  name: "neg",
  inputs: { x: numeric() },
  attributes: {},
  doc: "The negative, written `-x`.",
  formula: "y = -x",
  derivative: "ẏ = -ẋ",
  scalar: (s, { x }) => s.neg(x),
  // dy/dx = -1
  derivatives: { x: (b, v) => b.neg(v) },
  samples: [
    { inputs: { x: { shape: [2, 3] } } },
    { inputs: { x: { shape: [] } } },
    { inputs: { x: { shape: [0, 2] } } },
  ],
});
