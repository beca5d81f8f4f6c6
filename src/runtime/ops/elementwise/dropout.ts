/** `dropout(x, mask, p)`. */
import { defineElementwise, refuseAttribute } from "../define-elementwise";
import { constant, float, number } from "../parameters";

/** With p = 1 nothing is left, whatever the mask says. */
function scaleOf(p: number): number {
  return p === 1 ? 0 : 1 / (1 - p);
}

export const dropout = defineElementwise({
  name: "dropout",
  inputs: { x: float(), mask: constant("float") },
  attributes: { p: number(0.5) },
  doc: "x where the mask is 1, scaled so that its mean stays; the mask is drawn with `bernoulli(1 - p, shape)` and given, so that every pass sees the same one.",
  formula: "y = x · mask / (1 - p)",
  derivative: "ẏ = mask / (1 - p) · ẋ",
  refuse: ({ p }) =>
    p >= 0 && p <= 1 ? undefined : refuseAttribute("p", `p must be between 0 and 1, not ${p}`),
  scalar: (s, { x, mask }, { p }) => s.mul(x, s.mul(mask, s.constant(scaleOf(p)))),
  // dy/dx = mask/(1 - p)
  derivatives: { x: (b, v, { mask }, _y, { p }) => b.mul(v, b.mul(mask, b.constant(scaleOf(p)))) },
  samples: [
    { inputs: { x: { shape: [2, 3] }, mask: { shape: [2, 3], like: "mask" } } },
    { inputs: { x: { shape: [2, 3] }, mask: { shape: [3], like: "mask" } }, attributes: { p: 0.25 } },
  ],
  refused: [
    { inputs: { x: { shape: [2, 3] }, mask: { shape: [2, 3], like: "mask" } }, attributes: { p: 1.5 } },
  ],
});
