/** `median`: the middle element of all or along one dimension. */
import { elementCount } from "../../tensor";
import type { Builder, Ref } from "../builder";
import { defineOp } from "../define-op";
import { any, flag, integer, maybe } from "../parameters";
import { isRejected } from "../rejection";
import { axisOf } from "../shape/axis";
import { averageOfTies, refuseEmpty, shareAmongTies } from "./extremum";
import { foldGroups, keepDims, oneDimension, reducedShape } from "./groups";
import { orderBranch, readAt, returnTo, sortedPositions } from "./order";

export const median = defineOp({
  name: "median",
  inputs: { x: any() },
  attributes: { dim: maybe(integer(0)), keepdim: flag(false) },
  doc: "The middle element of all, or the values along `dim`; of an even number the lower one, as in PyTorch. The median of nothing is NaN; one NaN makes it NaN.",
  formula: "y = the ⌈n/2⌉-th smallest of xᵢ",
  derivative: "x̄ᵢ = ȳ where xᵢ is the median, else 0; over all, ties share equally",
  shape({ inputs: { x }, attributes }) {
    const reduction = oneDimension(attributes);
    const refused = attributes.dim === undefined ? undefined : refuseEmpty(x.shape, reduction);
    const shape = refused ?? reducedShape(x.shape, reduction);
    return isRejected(shape) ? shape : { shape, dtype: x.dtype };
  },
  forward({ inputs: { x }, attributes, output }) {
    return foldGroups(x, oneDimension(attributes).dim, output, (values) => {
      if (values.some(Number.isNaN)) return NaN;
      return values[sortedPositions(values, "ascending")[middle(values.length)] ?? -1] ?? NaN;
    });
  },
  vjp: {
    // x̄ᵢ = ȳ where i is the middle of the order
    x: ({ build, inputs: { x }, output, attributes, cotangent }) => {
      const { dim } = attributes;
      if (dim === undefined)
        return shareAmongTies(build, x, output, oneDimension(attributes), cotangent, "reach");
      return returnTo(build, x, position(build, x, output, dim), dim, keepDims(build, cotangent, x, [dim]));
    },
  },
  jvp: {
    // ẏ = ẋ at the middle of the order
    x: ({ build, inputs: { x }, output, attributes, tangent }) => {
      const { dim } = attributes;
      if (dim === undefined)
        return averageOfTies(build, x, output, oneDimension(attributes), tangent, "reach");
      return build.reshape(readAt(build, position(build, x, output, dim), dim, tangent), output.shape);
    },
  },
  branch: ({ inputs: { x }, attributes: { dim } }) =>
    dim === undefined ? orderBranch({ ...x, shape: [elementCount(x.shape)] }, 0) : orderBranch(x, dim),
  samples: [
    { inputs: { x: { shape: [3, 5], like: "distinct" } } },
    { inputs: { x: { shape: [3, 4], like: "distinct" } }, attributes: { dim: 1 } },
    { inputs: { x: { shape: [2, 5, 2], like: "distinct" } }, attributes: { dim: -2, keepdim: true } },
    { inputs: { x: { shape: [] } }, attributes: { dim: 0 } },
  ],
  refused: [
    { inputs: { x: { shape: [2, 3] } }, attributes: { dim: 2 } },
    { inputs: { x: { shape: [0, 3] } }, attributes: { dim: 0 } },
  ],
});

/** The place of the lower median in the order of `count` elements. */
function middle(count: number): number {
  return (count - 1) >> 1;
}

/** Where the median stands in each lane, the dimension kept as 1; a NaN that makes it NaN is what stands there. */
function position(build: Builder, x: Ref, output: Ref, dim: number): Ref {
  const order = build.apply("argsort", [x], { dim, descending: false });
  if (x.shape.length === 0) return order;
  const axis = axisOf(dim, x.shape.length);
  const place = middle(x.shape[axis] ?? 1);
  const inOrder = build.slice(order, axis, place, place + 1, 1);
  const firstNaN = build.apply("argmax", [x], { dim, keepdim: true });
  return build.where(keepDims(build, build.isnan(output), x, [dim]), firstNaN, inOrder);
}
