/** `transpose`: two dimensions exchanged. */
import { stridesOf } from "../../tensor";
import { defineOp } from "../define-op";
import { any, integer, required } from "../parameters";
import { axisOf, resolveAxis } from "./axis";
import { copyView } from "./strided-copy";

export const transpose = defineOp({
  name: "transpose",
  inputs: { x: any() },
  attributes: { dim0: required(integer(0)), dim1: required(integer(1)) },
  doc: "`x` with the dimensions `dim0` and `dim1` exchanged. `x.T` exchanges the last two.",
  formula: "y[…, i, …, j, …] = x[…, j, …, i, …]",
  derivative: "x̄ = ȳ transposed back",
  shape({ inputs: { x }, attributes: { dim0, dim1 } }) {
    const first = resolveAxis("dim0", dim0, x.shape.length);
    if (typeof first !== "number") return first;
    const second = resolveAxis("dim1", dim1, x.shape.length);
    if (typeof second !== "number") return second;
    return { shape: exchanged(x.shape, first, second), dtype: x.dtype };
  },
  forward({ inputs: { x }, attributes: { dim0, dim1 }, output }) {
    const rank = x.shape.length;
    const strides = exchanged(stridesOf(x.shape), axisOf(dim0, rank), axisOf(dim1, rank));
    return copyView(x, { shape: output.shape, strides, offset: 0 });
  },
  // Exchanging twice is doing nothing, so the adjoint is the map itself.
  vjp: { x: ({ build, attributes, cotangent }) => build.apply("transpose", [cotangent], attributes) },
  jvp: { x: ({ build, attributes, tangent }) => build.apply("transpose", [tangent], attributes) },
  samples: [
    { inputs: { x: { shape: [2, 3] } }, attributes: { dim0: 0, dim1: 1 } },
    { inputs: { x: { shape: [2, 3, 4] } }, attributes: { dim0: -1, dim1: 0 } },
    { inputs: { x: { shape: [2, 1, 3, 2, 4] } }, attributes: { dim0: 1, dim1: 3 } },
    { inputs: { x: { shape: [0, 3] } }, attributes: { dim0: 0, dim1: 1 } },
    { inputs: { x: { shape: [] } }, attributes: { dim0: 0, dim1: -1 } },
  ],
  refused: [
    { inputs: { x: { shape: [2, 3] } }, attributes: { dim0: 0, dim1: 2 } },
    { inputs: { x: { shape: [3] } }, attributes: { dim0: -2, dim1: -1 } },
  ],
});

function exchanged<T>(items: readonly T[], first: number, second: number): T[] {
  const source = (axis: number): number => (axis === first ? second : axis === second ? first : axis);
  return items.flatMap((_, axis) => items[source(axis)] ?? []);
}
