/** `diag`: a vector as the diagonal of a matrix, or a matrix's diagonal as a vector. */
import { addSizes, dim as dimension, full } from "../../tensor";
import { defineOp } from "../define-op";
import { any, integer } from "../parameters";
import { isRejected, reject } from "../rejection";
import { diagonalShape, diagonalView } from "./diagonal-view";
import { copyView, writeView } from "./strided-copy";

export const diag = defineOp({
  name: "diag",
  inputs: { x: any() },
  attributes: { diagonal: integer(0) },
  doc: "Of a vector, the matrix that has it on its diagonal and is 0 elsewhere; of a matrix, its diagonal.",
  formula: "y[k, k + d] = x[k], or y[k] = x[k, k + d]",
  derivative: "x̄ = diag(ȳ), in x's shape",
  shape({ inputs: { x }, attributes: { diagonal } }) {
    const [first] = x.shape;
    if (first === undefined || x.shape.length > 2) {
      return reject({ kind: "rank", input: "x", found: x.shape.length, needs: "a vector or a matrix" });
    }
    if (x.shape.length === 1) {
      const side = diagonal === 0 ? first : dimension(addSizes(first.size, Math.abs(diagonal)));
      return { shape: [side, side], dtype: x.dtype };
    }
    const shape = diagonalShape(x.shape, { offset: diagonal, dim1: 0, dim2: 1 });
    return isRejected(shape) ? shape : { shape, dtype: x.dtype };
  },
  forward({ inputs: { x }, attributes: { diagonal }, output }) {
    const attributes = { offset: diagonal, dim1: 0, dim2: 1 };
    if (x.shape.length === 2) return copyView(x, diagonalView(x.shape, attributes));
    return writeView(full(x.dtype, output.shape, 0), diagonalView(output.shape, attributes), x);
  },
  vjp: {
    // Reading and writing a diagonal are adjoint.
    x: ({ build, inputs: { x }, attributes: { diagonal }, cotangent }) => {
      const attributes = { offset: diagonal, dim1: 0, dim2: 1 };
      return x.shape.length === 1
        ? build.apply("diagonal", [cotangent], attributes)
        : build.apply("diagonal_scatter", [build.zerosLike(x), cotangent], attributes);
    },
  },
  jvp: { x: ({ build, attributes, tangent }) => build.apply("diag", [tangent], attributes) },
  samples: [
    { inputs: { x: { shape: [3] } } },
    { inputs: { x: { shape: [2] } }, attributes: { diagonal: -1 } },
    { inputs: { x: { shape: [3, 4] } }, attributes: { diagonal: 1 } },
    { inputs: { x: { shape: [0] } } },
  ],
  refused: [{ inputs: { x: { shape: [] } } }, { inputs: { x: { shape: [2, 2, 2] } } }],
});
