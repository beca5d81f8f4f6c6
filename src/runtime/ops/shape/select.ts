/** `select`: one element along a dimension, which goes away. */
import { formatSize, type Shape, stridesOf } from "../../tensor";
import { defineOp } from "../define-op";
import { any, integer, required } from "../parameters";
import { reject } from "../rejection";
import { axisOf, resolveAxis } from "./axis";
import { copyView, type View } from "./strided-copy";

export const select = defineOp({
  name: "select",
  inputs: { x: any() },
  attributes: { dim: required(integer(0)), index: required(integer(0)) },
  doc: "The part of `x` at `index` along `dim`, as `x[index]` does; counted from the end where negative.",
  formula: "y[…] = x[…, index, …]",
  derivative: "x̄ = ȳ at the index, 0 elsewhere",
  shape({ inputs: { x }, attributes: { dim, index } }) {
    if (x.shape.length === 0) {
      return reject({ kind: "rank", input: "x", found: 0, needs: "at least 1 dimension" });
    }
    const axis = resolveAxis("dim", dim, x.shape.length);
    if (typeof axis !== "number") return axis;
    const size = x.shape[axis]?.size;
    if (typeof size === "number" && (index < -size || index >= size)) {
      const message = `index ${String(index)} is past the ${formatSize(size)} elements of dimension ${String(axis)}`;
      return reject({ kind: "attribute", attribute: "index", message });
    }
    return { shape: x.shape.filter((_, position) => position !== axis), dtype: x.dtype };
  },
  forward({ inputs: { x }, attributes: { dim, index } }) {
    return copyView(x, selectedView(x.shape, dim, index));
  },
  vjp: {
    // The adjoint of reading one place is writing it into zeros.
    x: ({ build, inputs: { x }, attributes: { dim, index }, cotangent }) => {
      const axis = axisOf(dim, x.shape.length);
      const start = index < 0 ? index + (x.shape[axis] ?? 0) : index;
      const attributes = { dim: axis, start, stop: start + 1, step: 1 };
      return build.apply("slice_scatter", [build.zerosLike(x), build.unsqueeze(cotangent, axis)], attributes);
    },
  },
  jvp: { x: ({ build, attributes, tangent }) => build.apply("select", [tangent], attributes) },
  samples: [
    { inputs: { x: { shape: [3, 4] } }, attributes: { dim: 1, index: 2 } },
    { inputs: { x: { shape: [3] } }, attributes: { dim: 0, index: -1 } },
    { inputs: { x: { shape: [2, 1, 3, 2, 4] } }, attributes: { dim: -3, index: 0 } },
    { inputs: { x: { shape: [0, 3] } }, attributes: { dim: 1, index: 1 } },
  ],
  refused: [
    { inputs: { x: { shape: [2, 3] } }, attributes: { dim: 1, index: 3 } },
    { inputs: { x: { shape: [2, 3] } }, attributes: { dim: 0, index: -3 } },
    { inputs: { x: { shape: [2, 3] } }, attributes: { dim: 2, index: 0 } },
    { inputs: { x: { shape: [] } }, attributes: { dim: 0, index: 0 } },
  ],
});

function selectedView(shape: Shape, dim: number, index: number): View {
  const axis = axisOf(dim, shape.length);
  const strides = stridesOf(shape);
  const start = index < 0 ? index + (shape[axis] ?? 0) : index;
  return {
    shape: shape.filter((_, position) => position !== axis),
    strides: strides.filter((_, position) => position !== axis),
    offset: start * (strides[axis] ?? 0),
  };
}
