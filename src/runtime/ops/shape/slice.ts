/** `slice`: every step-th element from start to stop along one dimension. */
import { compareSizes, type Shape, stridesOf } from "../../tensor";
import { defineOp } from "../define-op";
import { any, integer, maybe } from "../parameters";
import { reject } from "../rejection";
import { axisOf, resolveAxis } from "./axis";
import { sliceBounds, slicedSize } from "./sliced-size";
import { copyView, type View } from "./strided-copy";

export const slice = defineOp({
  name: "slice",
  inputs: { x: any() },
  attributes: {
    dim: integer(0),
    start: maybe(integer(0)),
    stop: maybe(integer(0)),
    step: integer(1),
  },
  doc: "The elements `start`, `start + step`, … before `stop` along `dim`, as `x[start:stop:step]` does; positions count from the end where negative and stop at the ends.",
  formula: "y[…, k, …] = x[…, start + k·step, …]",
  derivative: "x̄ = ȳ at the chosen places, 0 elsewhere",
  shape({ inputs: { x }, attributes: { dim, start, stop, step } }) {
    if (x.shape.length === 0) {
      return reject({ kind: "rank", input: "x", found: 0, needs: "at least 1 dimension" });
    }
    const axis = resolveAxis("dim", dim, x.shape.length);
    if (typeof axis !== "number") return axis;
    if (step === 0) return reject({ kind: "attribute", attribute: "step", message: "step cannot be 0" });
    const shape = x.shape.map((own, position) => {
      if (position !== axis) return own;
      const size = slicedSize(own.size, start, stop, step);
      return compareSizes(size, own.size) === "equal" ? own : { size, origin: undefined };
    });
    return { shape, dtype: x.dtype };
  },
  forward({ inputs: { x }, attributes }) {
    return copyView(x, slicedView(x.shape, attributes));
  },
  vjp: {
    // The adjoint of picking elements is putting them back into zeros.
    x: ({ build, inputs: { x }, attributes, cotangent }) =>
      build.apply("slice_scatter", [build.zerosLike(x), cotangent], attributes),
  },
  jvp: { x: ({ build, attributes, tangent }) => build.apply("slice", [tangent], attributes) },
  samples: [
    { inputs: { x: { shape: [4, 3] } }, attributes: { dim: 0, start: 1, stop: 3 } },
    { inputs: { x: { shape: [3, 5] } }, attributes: { dim: -1, start: 0, stop: 5, step: 2 } },
    { inputs: { x: { shape: [3, 5] } }, attributes: { dim: 1, step: -2 } },
    { inputs: { x: { shape: [2, 3, 2, 4, 2] } }, attributes: { dim: 3, start: -3, stop: 100 } },
    { inputs: { x: { shape: [3] } }, attributes: { start: 2, stop: 1 } },
    { inputs: { x: { shape: [3, 0] } }, attributes: { dim: 1, stop: 2 } },
  ],
  refused: [
    { inputs: { x: { shape: [2, 3] } }, attributes: { dim: 2 } },
    { inputs: { x: { shape: [] } }, attributes: { dim: 0 } },
    { inputs: { x: { shape: [3] } }, attributes: { step: 0 } },
  ],
});

export interface SliceAttributes {
  readonly dim: number;
  readonly start: number | undefined;
  readonly stop: number | undefined;
  readonly step: number;
}

/** The part of a tensor of `shape` that a slice shows. */
export function slicedView(shape: Shape, { dim, start, stop, step }: SliceAttributes): View {
  const axis = axisOf(dim, shape.length);
  const strides = stridesOf(shape);
  const { first, count } = sliceBounds(shape[axis] ?? 0, start, stop, step);
  return {
    shape: shape.map((size, position) => (position === axis ? count : size)),
    strides: strides.map((stride, position) => (position === axis ? stride * step : stride)),
    offset: first * (strides[axis] ?? 1),
  };
}
