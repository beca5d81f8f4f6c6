/** `diagonal_scatter`: a tensor with a diagonal of it replaced. */
import { promote } from "../../tensor";
import { defineOp } from "../define-op";
import { any, integer } from "../parameters";
import { isRejected } from "../rejection";
import { diagonalShape, diagonalView } from "./diagonal-view";
import { refuseOtherShape } from "./same-shape";
import { writeView } from "./strided-copy";

export const diagonalScatter = defineOp({
  name: "diagonal_scatter",
  inputs: { x: any(), src: any() },
  attributes: { offset: integer(0), dim1: integer(0), dim2: integer(1) },
  doc: "`x` with its diagonal of the dimensions `dim1` and `dim2` replaced by `src`, which has the shape that `diagonal` gives.",
  formula: "y = x, but y[…, k, …, k + offset, …] = src[…, k]",
  derivative: "x̄ = ȳ with 0 on the diagonal, s̄rc = the diagonal of ȳ",
  shape({ inputs: { x, src }, attributes }) {
    const shape = diagonalShape(x.shape, attributes);
    if (isRejected(shape)) return shape;
    const rule = "`diagonal_scatter` needs `src` to have the shape of the diagonal";
    const refused = refuseOtherShape(rule, "src", src.shape, { shape, input: "x" });
    return refused ?? { shape: x.shape, dtype: promote(x.dtype, src.dtype) };
  },
  forward({ inputs: { x, src }, attributes }) {
    return writeView(x, diagonalView(x.shape, attributes), src);
  },
  // What was replaced has no influence; what replaced it is read back.
  vjp: {
    x: ({ build, inputs: { src }, attributes, cotangent }) =>
      build.apply("diagonal_scatter", [cotangent, build.zerosLike(src)], attributes),
    src: ({ build, attributes, cotangent }) => build.apply("diagonal", [cotangent], attributes),
  },
  jvp: {
    x: ({ build, inputs: { src }, attributes, tangent }) =>
      build.apply("diagonal_scatter", [tangent, build.zerosLike(src)], attributes),
    src: ({ build, inputs: { x }, attributes, tangent }) =>
      build.apply("diagonal_scatter", [build.zerosLike(x), tangent], attributes),
  },
  samples: [
    { inputs: { x: { shape: [3, 3] }, src: { shape: [3] } } },
    {
      inputs: { x: { shape: [2, 4, 3] }, src: { shape: [2, 3] } },
      attributes: { offset: -1, dim1: 1, dim2: 2 },
    },
  ],
  refused: [
    { inputs: { x: { shape: [3, 3] }, src: { shape: [2] } } },
    { inputs: { x: { shape: [3, 3] }, src: { shape: [3, 3] } } },
  ],
});
