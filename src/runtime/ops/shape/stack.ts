/** `stack`: tensors of one shape joined along a new dimension. */
import { compareSizes, dim as dimension } from "../../tensor";
import { defineOp } from "../define-op";
import { any, integer, many } from "../parameters";
import { reject } from "../rejection";
import { cat, commonType } from "./cat";

export const stack = defineOp({
  name: "stack",
  inputs: { tensors: many(any()) },
  attributes: { dim: integer(0) },
  doc: "The tensors, all of one shape, joined along a new dimension at position `dim`. `cat` joins along an existing one.",
  formula: "y[k] = xₖ along the new dimension",
  derivative: "x̄ₖ = ȳ[k]",
  shape({ inputs: { tensors }, attributes: { dim } }) {
    const [first] = tensors;
    if (first === undefined) {
      return reject({ kind: "other", input: "tensors", message: "`stack` needs at least one tensor." });
    }
    const shape = [...first.shape];
    const rank = shape.length + 1;
    if (dim < -rank || dim >= rank) {
      return reject({ kind: "dim-out-of-range", attribute: "dim", found: dim, rank });
    }
    for (const [item, operand] of tensors.entries()) {
      if (operand.shape.length !== first.shape.length) {
        const needs = `${String(first.shape.length)} dimensions, as the first tensor has`;
        return reject({ kind: "rank", input: "tensors", item, found: operand.shape.length, needs });
      }
      for (const [axis, own] of operand.shape.entries()) {
        const wanted = shape[axis] ?? own;
        if (compareSizes(own.size, wanted.size) === "different") {
          return reject({
            kind: "unequal-dimensions",
            rule: "`stack` needs tensors of one shape",
            left: { input: "tensors", item: 0, axis, dim: wanted },
            right: { input: "tensors", item, axis, dim: own },
          });
        }
        if (typeof wanted.size !== "number" && typeof own.size === "number") shape[axis] = own;
      }
    }
    return {
      shape: shape.toSpliced(positionOf(dim, rank), 0, dimension(tensors.length)),
      dtype: commonType(tensors),
    };
  },
  forward({ inputs: { tensors }, attributes: { dim }, output }) {
    const axis = positionOf(dim, output.shape.length);
    const rows = output.shape.map((size, k) => (k === axis ? 1 : size));
    const parts = tensors.map((part) => ({ ...part, shape: rows }));
    return cat.forward({ inputs: { tensors: parts }, attributes: { dim: axis }, output });
  },
  vjp: {
    // Each part reads its own ȳ[k].
    tensors: ({ build, inputs: { tensors }, output, attributes: { dim }, cotangent }) =>
      tensors.map((part, k) =>
        build.cast(
          build.apply("select", [cotangent], { dim: positionOf(dim, output.shape.length), index: k }),
          part.dtype,
        ),
      ),
  },
  jvp: { tensors: ({ build, attributes, tangent }) => build.apply("stack", tangent, attributes) },
  samples: [
    { inputs: { tensors: [{ shape: [2, 3] }, { shape: [2, 3] }] } },
    {
      inputs: { tensors: [{ shape: [2, 3] }, { shape: [2, 3] }, { shape: [2, 3] }] },
      attributes: { dim: -1 },
    },
    { inputs: { tensors: [{ shape: [] }, { shape: [] }] }, attributes: { dim: 0 } },
    { inputs: { tensors: [{ shape: [2, 1, 3, 2] }, { shape: [2, 1, 3, 2] }] }, attributes: { dim: 2 } },
    { inputs: { tensors: [{ shape: [0, 2] }, { shape: [0, 2] }] }, attributes: { dim: 1 } },
  ],
  refused: [
    { inputs: { tensors: [{ shape: [2] }, { shape: [3] }] } },
    { inputs: { tensors: [{ shape: [2] }, { shape: [2, 1] }] } },
    { inputs: { tensors: [{ shape: [2] }, { shape: [2] }] }, attributes: { dim: 2 } },
    { inputs: { tensors: [] } },
  ],
});

function positionOf(dim: number, rank: number): number {
  return dim < 0 ? dim + rank : dim;
}
