/** `squeeze`: dimensions of size 1 dropped. */
import { compareSizes } from "../../tensor";
import { defineOp } from "../define-op";
import { any, integers, maybe } from "../parameters";
import { isRejected } from "../rejection";
import { resolveAxes } from "./axis";

export const squeeze = defineOp({
  name: "squeeze",
  inputs: { x: any() },
  attributes: { dim: maybe(integers([])) },
  doc: "`x` without those of its dimensions `dim` (of all, where left out) that have size 1; others stay.",
  formula: "y = x without dimensions of size 1",
  derivative: "x̄ = ȳ with those dimensions back",
  shape({ inputs: { x }, attributes: { dim } }) {
    const axes = resolveAxes("dim", dim ?? x.shape.map((_, axis) => axis), x.shape.length);
    if (isRejected(axes)) return axes;
    const shape = x.shape.filter(
      ({ size }, axis) => !axes.includes(axis) || compareSizes(size, 1) !== "equal",
    );
    return { shape, dtype: x.dtype };
  },
  forward({ inputs: { x }, output }) {
    return { dtype: x.dtype, shape: output.shape, data: x.data };
  },
  // The elements stay where they are.
  vjp: { x: ({ build, inputs: { x }, cotangent }) => build.reshape(cotangent, x.shape) },
  jvp: { x: ({ build, output, tangent }) => build.reshape(tangent, output.shape) },
  samples: [
    { inputs: { x: { shape: [2, 1, 3] } }, attributes: { dim: [1] } },
    { inputs: { x: { shape: [2, 1, 3] } }, attributes: { dim: [-1] } },
    { inputs: { x: { shape: [1, 2, 1, 3, 1] } } },
    { inputs: { x: { shape: [1, 2, 1, 3, 1] } }, attributes: { dim: [0, -1] } },
    { inputs: { x: { shape: [] } }, attributes: { dim: [0] } },
    { inputs: { x: { shape: [1, 0] } } },
  ],
  refused: [
    { inputs: { x: { shape: [2, 1] } }, attributes: { dim: [2] } },
    { inputs: { x: { shape: [2, 1] } }, attributes: { dim: [1, -1] } },
  ],
});
