/** `flip`: the order along some dimensions reversed. */
import { stridesOf } from "../../tensor";
import { defineOp } from "../define-op";
import { any, integers, required } from "../parameters";
import { isRejected } from "../rejection";
import { axesOf, resolveAxes } from "./axis";
import { copyView } from "./strided-copy";

export const flip = defineOp({
  name: "flip",
  inputs: { x: any() },
  attributes: { dims: required(integers([])) },
  doc: "`x` with the order of its elements reversed along each of `dims`.",
  formula: "y[…, i, …] = x[…, n - 1 - i, …]",
  derivative: "x̄ = ȳ flipped back",
  shape({ inputs: { x }, attributes: { dims } }) {
    const axes = resolveAxes("dims", dims, x.shape.length);
    return isRejected(axes) ? axes : x;
  },
  forward({ inputs: { x }, attributes: { dims } }) {
    const axes = axesOf(dims, x.shape.length);
    const strides = stridesOf(x.shape);
    const offset = strides.reduce(
      (total, stride, axis) => total + (axes.includes(axis) ? stride * ((x.shape[axis] ?? 1) - 1) : 0),
      0,
    );
    return copyView(x, {
      shape: x.shape,
      strides: strides.map((stride, axis) => (axes.includes(axis) ? -stride : stride)),
      offset,
    });
  },
  // Reversing twice is doing nothing, so the adjoint is the map itself.
  vjp: { x: ({ build, attributes: { dims }, cotangent }) => build.flip(cotangent, dims) },
  jvp: { x: ({ build, attributes: { dims }, tangent }) => build.flip(tangent, dims) },
  samples: [
    { inputs: { x: { shape: [2, 3] } }, attributes: { dims: [1] } },
    { inputs: { x: { shape: [2, 3, 4] } }, attributes: { dims: [-1, 0] } },
    { inputs: { x: { shape: [2, 1, 3, 2, 2] } }, attributes: { dims: [0, 2, 4] } },
    { inputs: { x: { shape: [] } }, attributes: { dims: [0] } },
    { inputs: { x: { shape: [2, 0] } }, attributes: { dims: [1] } },
    { inputs: { x: { shape: [3] } }, attributes: { dims: [] } },
  ],
  refused: [
    { inputs: { x: { shape: [2, 3] } }, attributes: { dims: [0, 0] } },
    { inputs: { x: { shape: [2, 3] } }, attributes: { dims: [2] } },
  ],
});
