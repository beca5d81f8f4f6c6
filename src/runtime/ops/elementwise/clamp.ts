/** `clamp(x, min, max)`. */
import { defineElementwise, piece, refuseAttribute, refuseFraction } from "../define-elementwise";
import { maybe, number, numeric } from "../parameters";

export const clamp = defineElementwise({
  name: "clamp",
  inputs: { x: numeric() },
  attributes: { min: maybe(number(0)), max: maybe(number(0)) },
  doc: "x cut at `min` and `max`; either may be left out. Its derivative at a bound is 1.",
  formula: "y = min(max(x, min), max)",
  derivative: "ẏ = ẋ where min ≤ x ≤ max, else 0",
  refuse: ({ min, max }, { x }) =>
    min === undefined && max === undefined
      ? refuseAttribute("min", "clamp needs min or max")
      : (refuseFraction("min", min, x) ?? refuseFraction("max", max, x)),
  scalar: (s, { x }, { min, max }) => {
    const raised = min === undefined ? x : s.where(s.less(x, s.constant(min)), s.constant(min), x);
    return max === undefined ? raised : s.where(s.greater(raised, s.constant(max)), s.constant(max), raised);
  },
  // dy/dx = 1 where min ≤ x ≤ max, else 0
  derivatives: {
    x: (b, v, { x }, _y, { min, max }) => {
      const above = min === undefined ? v : b.where(b.greaterEqual(x, b.constant(min)), v, b.constant(0));
      return max === undefined ? above : b.where(b.lessEqual(x, b.constant(max)), above, b.constant(0));
    },
  },
  branch: (s, { x }, { min, max }) =>
    piece(
      s,
      x,
      [min, max].filter((bound) => bound !== undefined),
    ),
  samples: [
    { inputs: { x: { shape: [2, 3] } }, attributes: { min: -0.5, max: 0.7 } },
    { inputs: { x: { shape: [4] } }, attributes: { max: 0.2 } },
    { inputs: { x: { shape: [] } }, attributes: { min: 0 } },
  ],
  refused: [
    { inputs: { x: { shape: [2, 3] } } },
    { inputs: { x: { shape: [2], like: "labels" } }, attributes: { max: 0.5 } },
  ],
});
