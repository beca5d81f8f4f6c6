/** `cat`: tensors joined along one dimension. */
import { addSizes, allocate, compareSizes, type Dim, type DType, isFloat, promote } from "../../tensor";
import { defineOp } from "../define-op";
import { any, integer, many, type OperandType } from "../parameters";
import { reject } from "../rejection";
import { axisOf, resolveAxis } from "./axis";

export const cat = defineOp({
  name: "cat",
  inputs: { tensors: many(any()) },
  attributes: { dim: integer(0) },
  doc: "The tensors joined along `dim`; their other dimensions must agree. `stack` joins along a new one.",
  formula: "y = [x₀; x₁; …] along dim",
  derivative: "x̄ₖ = the part of ȳ that xₖ became",
  shape({ inputs: { tensors }, attributes: { dim } }) {
    const parts = joinedParts(tensors);
    const [first] = parts;
    if (first === undefined) {
      return reject({ kind: "other", input: "tensors", message: "`cat` needs at least one tensor." });
    }
    const rank = first.operand.shape.length;
    const scalar = tensors.findIndex(({ shape }) => shape.length === 0);
    if (scalar >= 0) {
      return reject({
        kind: "rank",
        input: "tensors",
        item: scalar,
        found: 0,
        needs: "at least 1 dimension",
      });
    }
    const axis = resolveAxis("dim", dim, rank);
    if (typeof axis !== "number") return axis;
    const shape: Dim[] = [...first.operand.shape];
    for (const { item, operand } of parts.slice(1)) {
      if (operand.shape.length !== rank) {
        const needs = `${String(rank)} ${rank === 1 ? "dimension" : "dimensions"}`;
        return reject({ kind: "rank", input: "tensors", item, found: operand.shape.length, needs });
      }
      for (const [position, own] of operand.shape.entries()) {
        const joined = shape[position] ?? own;
        if (position === axis) {
          shape[axis] = { size: addSizes(joined.size, own.size), origin: undefined };
        } else if (compareSizes(joined.size, own.size) === "different") {
          return reject({
            kind: "unequal-dimensions",
            rule: "`cat` needs equal dimensions but for the one that it joins along",
            left: { input: "tensors", item: first.item, axis: position, dim: joined },
            right: { input: "tensors", item, axis: position, dim: own },
          });
        } else if (
          joined.origin === undefined ||
          (typeof joined.size !== "number" && typeof own.size === "number")
        ) {
          shape[position] = own;
        }
      }
    }
    return { shape, dtype: commonType(tensors) };
  },
  forward({ inputs: { tensors }, attributes: { dim }, output }) {
    const axis = axisOf(dim, output.shape.length);
    const inner = output.shape.slice(axis + 1).reduce((count, size) => count * size, 1);
    const row = (output.shape[axis] ?? 0) * inner;
    const outer = output.shape.slice(0, axis).reduce((count, size) => count * size, 1);
    const data = allocate(output.dtype, outer * row);
    let start = 0;
    for (const { shape, data: source } of tensors) {
      const length = (shape[axis] ?? 0) * inner;
      for (let i = 0; i < outer; i++) {
        data.set(source.subarray(i * length, (i + 1) * length), i * row + start);
      }
      start += length;
    }
    return { dtype: output.dtype, shape: output.shape, data };
  },
  vjp: {
    // Each part gets its own stretch of ȳ back.
    tensors: ({ build, inputs: { tensors }, output, attributes: { dim }, cotangent }) => {
      const axis = axisOf(dim, output.shape.length);
      let start = 0;
      return tensors.map((part) => {
        // A tensor of shape [0] may join any others and takes no room.
        if (part.shape.length !== output.shape.length) return build.zerosLike(part);
        const stop = start + (part.shape[axis] ?? 0);
        const own = build.slice(cotangent, axis, start, stop, 1);
        start = stop;
        return isFloat(part.dtype) ? build.cast(own, part.dtype) : own;
      });
    },
  },
  jvp: {
    tensors: ({ build, attributes: { dim }, tangent }) => build.concatenate(tangent, dim),
  },
  samples: [
    { inputs: { tensors: [{ shape: [2, 3] }, { shape: [1, 3] }] } },
    {
      inputs: { tensors: [{ shape: [2, 1] }, { shape: [2, 3] }, { shape: [2, 2] }] },
      attributes: { dim: -1 },
    },
    { inputs: { tensors: [{ shape: [2, 1, 2, 3, 2] }, { shape: [2, 1, 1, 3, 2] }] }, attributes: { dim: 2 } },
    { inputs: { tensors: [{ shape: [0] }, { shape: [2, 3] }] }, attributes: { dim: 1 } },
    { inputs: { tensors: [{ shape: [2, 0] }, { shape: [2, 3] }] }, attributes: { dim: 1 } },
    { inputs: { tensors: [{ shape: [3] }] } },
  ],
  refused: [
    { inputs: { tensors: [{ shape: [2, 3] }, { shape: [2, 2] }] } },
    { inputs: { tensors: [{ shape: [2, 3] }, { shape: [3] }] } },
    { inputs: { tensors: [{ shape: [] }, { shape: [] }] } },
    { inputs: { tensors: [{ shape: [2, 3] }, { shape: [2, 3] }] }, attributes: { dim: 2 } },
    { inputs: { tensors: [] } },
  ],
});

/** The element type that all of them fit into. */
export function commonType(tensors: readonly OperandType[]): DType {
  return tensors.reduce<DType>((dtype, part) => promote(dtype, part.dtype), "bool");
}

/** The operands that count, with their places in the list: a tensor of shape [0] joins others of any shape, as in PyTorch. */
function joinedParts(
  tensors: readonly OperandType[],
): { readonly item: number; readonly operand: OperandType }[] {
  const parts = tensors.map((operand, item) => ({ item, operand }));
  const counting = parts.filter(
    ({ operand }) => !(operand.shape.length === 1 && operand.shape[0]?.size === 0),
  );
  return counting.length > 0 ? counting : parts;
}
