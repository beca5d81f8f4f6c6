/** `float(x)`. */
import { defineElementwise } from "../define-elementwise";
import { float } from "../parameters";

export const toFloat = defineElementwise({
  name: "float",
  inputs: { x: float() },
  attributes: {},
  doc: "x as floats, which whole numbers become by themselves where floats are needed.",
  formula: "y = x",
  derivative: "ẏ = ẋ",
  scalar: (_s, { x }) => x,
  // dy/dx = 1
  derivatives: { x: (_b, v) => v },
  samples: [
    { inputs: { x: { shape: [2, 3] } } },
    { inputs: { x: { shape: [] } } },
    { inputs: { x: { shape: [0, 2] } } },
  ],
});
