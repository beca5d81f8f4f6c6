/** `masked_fill(x, mask, value)`. */
import { defineElementwise, refuseFraction } from "../define-elementwise";
import { any, bool, number, required } from "../parameters";

export const maskedFill = defineElementwise({
  name: "masked_fill",
  inputs: { x: any(), mask: bool() },
  attributes: { value: required(number(0)) },
  doc: "x with `value` where the mask holds.",
  formula: "y = value where mask, else x",
  derivative: "ẏ = 0 where mask, else ẋ",
  refuse: ({ value }, { x }) => refuseFraction("value", value, x),
  scalar: (s, { x, mask }, { value }) => s.where(mask, s.constant(value), x),
  // dy/dx = 0 where mask, else 1
  derivatives: { x: (b, v, { mask }) => b.where(mask, b.constant(0), v) },
  samples: [
    { inputs: { x: { shape: [2, 3] }, mask: { shape: [2, 3], like: "mask" } }, attributes: { value: -5 } },
    {
      inputs: { x: { shape: [2, 3] }, mask: { shape: [3], like: "mask" } },
      attributes: { value: -Infinity },
    },
  ],
  refused: [
    { inputs: { x: { shape: [2, 3] }, mask: { shape: [2], like: "mask" } }, attributes: { value: 0 } },
    { inputs: { x: { shape: [2, 3] }, mask: { shape: [2, 3], like: "mask" } } },
  ],
});
