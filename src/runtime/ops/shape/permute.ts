/** `permute`: the dimensions in another order. */
import { stridesOf } from "../../tensor";
import { defineOp } from "../define-op";
import { any, integers, required } from "../parameters";
import { isRejected, reject } from "../rejection";
import { axesOf, resolveAxes } from "./axis";
import { copyView } from "./strided-copy";

export const permute = defineOp({
  name: "permute",
  inputs: { x: any() },
  attributes: { dims: required(integers([])) },
  doc: "The dimensions in the order `dims`: dimension `i` of the result is dimension `dims[i]` of `x`.",
  formula: "y[i₀, i₁, …] = x at index i_k along dims[k]",
  derivative: "x̄ = ȳ permuted back",
  shape({ inputs: { x }, attributes: { dims } }) {
    const rank = x.shape.length;
    if (dims.length !== rank) {
      const message = `dims must name each of the ${String(rank)} dimensions once, not ${String(dims.length)} of them`;
      return reject({ kind: "attribute", attribute: "dims", message });
    }
    const axes = resolveAxes("dims", dims, rank);
    if (isRejected(axes)) return axes;
    return { shape: axes.flatMap((axis) => x.shape[axis] ?? []), dtype: x.dtype };
  },
  forward({ inputs: { x }, attributes: { dims }, output }) {
    const strides = stridesOf(x.shape);
    const axes = axesOf(dims, x.shape.length);
    return copyView(x, { shape: output.shape, strides: axes.map((axis) => strides[axis] ?? 0), offset: 0 });
  },
  // Moving elements is its own tangent map, and moving them back is its adjoint.
  vjp: { x: ({ build, attributes: { dims }, cotangent }) => build.permute(cotangent, inverseOrder(dims)) },
  jvp: { x: ({ build, attributes: { dims }, tangent }) => build.permute(tangent, dims) },
  samples: [
    { inputs: { x: { shape: [2, 3, 4] } }, attributes: { dims: [2, 0, 1] } },
    { inputs: { x: { shape: [2, 3, 4] } }, attributes: { dims: [-1, 1, -3] } },
    { inputs: { x: { shape: [2, 1, 3, 2, 4] } }, attributes: { dims: [4, 2, 0, 1, 3] } },
    { inputs: { x: { shape: [2, 0, 3] } }, attributes: { dims: [1, 2, 0] } },
    { inputs: { x: { shape: [] } }, attributes: { dims: [] } },
  ],
  refused: [
    { inputs: { x: { shape: [2, 3] } }, attributes: { dims: [0] } },
    { inputs: { x: { shape: [2, 3] } }, attributes: { dims: [0, -2] } },
    { inputs: { x: { shape: [2, 3] } }, attributes: { dims: [0, 2] } },
  ],
});

/** The order that undoes `dims`. */
function inverseOrder(dims: readonly number[]): number[] {
  const inverse = new Array<number>(dims.length).fill(0);
  axesOf(dims, dims.length).forEach((axis, position) => {
    inverse[axis] = position;
  });
  return inverse;
}
