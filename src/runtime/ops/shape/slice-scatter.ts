/** `slice_scatter`: a tensor with a slice of it replaced. */
import { promote } from "../../tensor";
import { defineOp } from "../define-op";
import { any, integer, maybe } from "../parameters";
import { isRejected } from "../rejection";
import { refuseOtherShape } from "./same-shape";
import { slice, slicedView } from "./slice";
import { writeView } from "./strided-copy";

export const sliceScatter = defineOp({
  name: "slice_scatter",
  inputs: { x: any(), src: any() },
  attributes: {
    dim: integer(0),
    start: maybe(integer(0)),
    stop: maybe(integer(0)),
    step: integer(1),
  },
  doc: "`x` with its elements `start`, `start + step`, … before `stop` along `dim` replaced by those of `src`.",
  formula: "y = x, but y[…, start + k·step, …] = src[…, k, …]",
  derivative: "x̄ = ȳ with 0 in the slice, s̄rc = the slice of ȳ",
  shape({ inputs: { x, src }, attributes, sizes }) {
    const sliced = slice.shape({ inputs: { x }, attributes, sizes });
    if (isRejected(sliced)) return sliced;
    const rule = "`slice_scatter` needs `src` to have the shape of the slice";
    const refused = refuseOtherShape(rule, "src", src.shape, { shape: sliced.shape, input: "x" });
    if (refused !== undefined) return refused;
    return { shape: x.shape, dtype: promote(x.dtype, src.dtype) };
  },
  forward({ inputs: { x, src }, attributes }) {
    return writeView(x, slicedView(x.shape, attributes), src);
  },
  // What was replaced has no influence; what replaced it is read back.
  vjp: {
    x: ({ build, inputs: { src }, attributes, cotangent }) =>
      build.apply("slice_scatter", [cotangent, build.zerosLike(src)], attributes),
    src: ({ build, attributes, cotangent }) => build.apply("slice", [cotangent], attributes),
  },
  jvp: {
    x: ({ build, inputs: { src }, attributes, tangent }) =>
      build.apply("slice_scatter", [tangent, build.zerosLike(src)], attributes),
    src: ({ build, inputs: { x }, attributes, tangent }) =>
      build.apply("slice_scatter", [build.zerosLike(x), tangent], attributes),
  },
  samples: [
    { inputs: { x: { shape: [4, 3] }, src: { shape: [2, 3] } }, attributes: { start: 1, stop: 3 } },
    { inputs: { x: { shape: [3, 5] }, src: { shape: [3, 3] } }, attributes: { dim: -1, step: 2 } },
    { inputs: { x: { shape: [3, 5] }, src: { shape: [3, 2] } }, attributes: { dim: 1, start: 3, step: -2 } },
  ],
  refused: [
    { inputs: { x: { shape: [4, 3] }, src: { shape: [3, 3] } }, attributes: { start: 1, stop: 3 } },
    { inputs: { x: { shape: [4, 3] }, src: { shape: [3] } }, attributes: { start: 1, stop: 3 } },
  ],
});
