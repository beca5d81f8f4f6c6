/** `x ~= y`. */
import { defineElementwise, refuseAttribute } from "../define-elementwise";
import { constant, number } from "../parameters";

export const isclose = defineElementwise({
  name: "isclose",
  inputs: { x: constant("any"), y: constant("any") },
  attributes: { rtol: number(1e-5), atol: number(1e-8) },
  doc: "Where two numbers agree within `atol + rtol · |y|`, written `x ~= y`. Equal infinities are close, NaN is close to nothing.",
  formula: "z = |x - y| ≤ atol + rtol · |y|",
  derivative: "none: truth values have no derivative",
  result: "bool",
  refuse: ({ rtol, atol }) => {
    if (!(rtol >= 0)) return refuseAttribute("rtol", `rtol must not be negative, not ${rtol}`);
    return atol >= 0 ? undefined : refuseAttribute("atol", `atol must not be negative, not ${atol}`);
  },
  scalar: (s, { x, y }, { rtol, atol }) => {
    const distance = s.abs(s.sub(x, y));
    const allowed = s.add(s.constant(atol), s.mul(s.constant(rtol), s.abs(y)));
    const finite = s.less(distance, s.constant(Infinity));
    return s.or(s.equal(x, y), s.and(finite, s.lessEqual(distance, allowed)));
  },
  derivatives: {},
  samples: [
    { inputs: { x: { shape: [2, 3] }, y: { shape: [2, 3] } } },
    { inputs: { x: { shape: [2, 1] }, y: { shape: [3] } } },
    { inputs: { x: { shape: [4, 1, 2] }, y: { shape: [] } } },
  ],
  refused: [
    { inputs: { x: { shape: [2, 3] }, y: { shape: [2] } } },
    { inputs: { x: { shape: [2] }, y: { shape: [2] } }, attributes: { rtol: -1 } },
  ],
});
