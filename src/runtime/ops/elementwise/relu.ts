/** `relu(x)`. */
import { defineElementwise, piece } from "../define-elementwise";
import { numeric } from "../parameters";

export const relu = defineElementwise({
  name: "relu",
  inputs: { x: numeric() },
  attributes: {},
  doc: "The positive part. Its derivative at 0 is 0.",
  formula: "y = max(x, 0)",
  derivative: "ẏ = ẋ where x > 0, else 0",
  scalar: (s, { x }) => s.where(s.less(x, s.constant(0)), s.constant(0), x),
  // dy/dx = 1 where x > 0, else 0; at the kink 0, and NaN lets v through
  derivatives: { x: (b, v, { x }) => b.where(b.lessEqual(x, b.constant(0)), b.constant(0), v) },
  branch: (s, { x }) => piece(s, x, [0]),
  samples: [
    { inputs: { x: { shape: [2, 3] } } },
    { inputs: { x: { shape: [] } } },
    { inputs: { x: { shape: [0, 2] } } },
  ],
});
