/** `diagonal`: a diagonal of two dimensions as the last dimension. */
import { defineOp } from "../define-op";
import { any, integer } from "../parameters";
import { isRejected } from "../rejection";
import { diagonalShape, diagonalView } from "./diagonal-view";
import { copyView } from "./strided-copy";

export const diagonal = defineOp({
  name: "diagonal",
  inputs: { x: any() },
  attributes: { offset: integer(0), dim1: integer(0), dim2: integer(1) },
  doc: "The diagonal of the dimensions `dim1` and `dim2`, `offset` places right of the main one, as the last dimension of the result.",
  formula: "y[…, k] = x[…, k, …, k + offset, …]",
  derivative: "x̄ = ȳ on the diagonal, 0 elsewhere",
  shape({ inputs: { x }, attributes }) {
    const shape = diagonalShape(x.shape, attributes);
    return isRejected(shape) ? shape : { shape, dtype: x.dtype };
  },
  forward({ inputs: { x }, attributes }) {
    return copyView(x, diagonalView(x.shape, attributes));
  },
  vjp: {
    // The adjoint of reading the diagonal is writing it into zeros.
    x: ({ build, inputs: { x }, attributes, cotangent }) =>
      build.apply("diagonal_scatter", [build.zerosLike(x), cotangent], attributes),
  },
  jvp: { x: ({ build, attributes, tangent }) => build.apply("diagonal", [tangent], attributes) },
  samples: [
    { inputs: { x: { shape: [3, 3] } } },
    { inputs: { x: { shape: [3, 4] } }, attributes: { offset: 2 } },
    { inputs: { x: { shape: [2, 4, 3] } }, attributes: { offset: -1, dim1: -2, dim2: 2 } },
    { inputs: { x: { shape: [2, 3, 2, 3, 2] } }, attributes: { dim1: 3, dim2: 0 } },
    { inputs: { x: { shape: [2, 3] } }, attributes: { offset: 5 } },
    { inputs: { x: { shape: [0, 3] } } },
  ],
  refused: [
    { inputs: { x: { shape: [3] } } },
    { inputs: { x: { shape: [3, 3] } }, attributes: { dim1: 1, dim2: -1 } },
    { inputs: { x: { shape: [3, 3] } }, attributes: { dim2: 2 } },
  ],
});
