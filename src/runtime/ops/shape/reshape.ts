/** `reshape`: the same elements in row-major order under another shape. */
import { compareSizes, type Dim, formatDims, formatSize } from "../../tensor";
import { defineOp } from "../define-op";
import { any, sizes } from "../parameters";
import { reject, type Rejected } from "../rejection";
import { elementTotal, missingDimension } from "./element-total";

export const reshape = defineOp({
  name: "reshape",
  inputs: { x: any() },
  attributes: { shape: sizes() },
  doc: "The same elements, in row-major order, under another shape; one size may be -1 and is then what is left.",
  formula: "y = x, read in row-major order",
  derivative: "x̄ = ȳ reshaped back",
  shape({ inputs: { x }, sizes: { shape = [] } }) {
    const target = inferredShape(x.shape, shape);
    return Array.isArray(target) ? { shape: target, dtype: x.dtype } : target;
  },
  forward({ inputs: { x }, output }) {
    // Storage is row-major and never written to again, so it is shared.
    return { dtype: x.dtype, shape: output.shape, data: x.data };
  },
  // Renaming positions is linear, and the names of x's shape undo it.
  vjp: { x: ({ build, inputs: { x }, cotangent }) => build.reshape(cotangent, x.shape) },
  jvp: { x: ({ build, output, tangent }) => build.reshape(tangent, output.shape) },
  samples: [
    { inputs: { x: { shape: [2, 6] } }, attributes: { shape: [3, -1] } },
    { inputs: { x: { shape: [2, 3, 4] } }, attributes: { shape: [4, 1, 3, 1, 2] } },
    { inputs: { x: { shape: [1, 1] } }, attributes: { shape: [] } },
    { inputs: { x: { shape: [] } }, attributes: { shape: [1, -1] } },
    { inputs: { x: { shape: [0, 3] } }, attributes: { shape: [3, -1] } },
  ],
  refused: [
    { inputs: { x: { shape: [2, 3] } }, attributes: { shape: [4, -1] } },
    { inputs: { x: { shape: [2, 3] } }, attributes: { shape: [5] } },
    { inputs: { x: { shape: [2, 3] } }, attributes: { shape: [-1, -1] } },
    { inputs: { x: { shape: [2, 3] } }, attributes: { shape: [-2, 3] } },
    { inputs: { x: { shape: [2, 3] } }, attributes: { shape: [0, -1] } },
    { inputs: { x: { shape: [0, 3] } }, attributes: { shape: [0, -1] } },
  ],
});

/** `target` with its -1 filled in, or why `shape` does not fit into it. */
function inferredShape(shape: readonly Dim[], target: readonly Dim[]): Dim[] | Rejected {
  const refuse = (message: string): Rejected => reject({ kind: "attribute", attribute: "shape", message });
  const missing = target.findIndex(({ size }) => size === -1);
  const known = target.filter((_, axis) => axis !== missing);
  if (known.some(({ size }) => size === -1)) return refuse("shape may have only one -1");
  const negative = known.find(({ size }) => typeof size === "number" && size < 0);
  if (negative !== undefined) return refuse(`shape cannot have the size ${formatSize(negative.size)}`);

  const misfit = `shape ${formatDims(target)} does not fit the ${formatSize(elementTotal(shape))} elements of ${formatDims(shape)}`;
  if (missing < 0) {
    return compareSizes(elementTotal(shape), elementTotal(target)) === "different"
      ? refuse(misfit)
      : target.map((wanted) => originalDimension(shape, wanted));
  }
  if (elementTotal(known) === 0) {
    return refuse(
      elementTotal(shape) === 0 ? "shape leaves -1 open, because any size would give 0 elements" : misfit,
    );
  }
  const inferred = missingDimension(shape, known);
  if (inferred === undefined) return refuse(misfit);
  return target.map((wanted, axis) => (axis === missing ? inferred : originalDimension(shape, wanted)));
}

/** The dimension of `shape` that has the wanted size and tells where it came from, where there is one. */
function originalDimension(shape: readonly Dim[], wanted: Dim): Dim {
  if (wanted.origin !== undefined) return wanted;
  return (
    shape.find(({ size, origin }) => origin !== undefined && compareSizes(size, wanted.size) === "equal") ??
    wanted
  );
}
