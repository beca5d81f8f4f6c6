/** The adjoint of embedding: rows added up at their indices. Used by derivative rules. Knows nothing of graphs or text. */
import { dim, elementCount } from "../../tensor";
import { defineOp } from "../define-op";
import { float, int, integer, maybe, required } from "../parameters";
import { doublesOf, roundedTo } from "../working-precision";

export const embeddingGradient = defineOp({
  name: "_embedding_gradient",
  inputs: { index: int(), y: float() },
  attributes: { rows: required(integer(0)), padding_idx: maybe(integer(0)) },
  doc: "A table of `rows` rows: the sum of the vectors of `y` at each index, and 0 for the padding index.",
  formula: "w[r] = Σ y[i] over all i with index[i] = r",
  derivative: "ȳ[i] = w̄[index[i]], 0 at the padding index",
  shape: ({ inputs: { y }, attributes }) => ({
    shape: [dim(attributes.rows), y.shape.at(-1)!],
    dtype: y.dtype,
  }),
  forward({ inputs: { index, y }, attributes: { rows, padding_idx: padding }, output }) {
    const values = doublesOf(y);
    const width = y.shape.at(-1)!;
    const table = new Float64Array(elementCount(output.shape));
    const skipped = padding === undefined ? undefined : (padding + rows) % rows;
    for (let i = 0; i < index.data.length; i++) {
      const row = index.data[i]!;
      if (row === skipped) continue;
      for (let j = 0; j < width; j++) {
        table[row * width + j] = table[row * width + j]! + values[i * width + j]!;
      }
    }
    return roundedTo(output, table);
  },
  vjp: {
    y: ({ build, inputs: { index }, attributes: { padding_idx }, cotangent }) =>
      build.apply("_embedding_tangent", [index, cotangent], { padding_idx }),
  },
  jvp: {
    y: ({ build, inputs: { index }, attributes, tangent }) =>
      build.apply("_embedding_gradient", [index, tangent], attributes),
  },
  samples: [
    {
      inputs: { index: { shape: [2, 3], like: "labels", below: 4 }, y: { shape: [2, 3, 2] } },
      attributes: { rows: 4, padding_idx: 1 },
    },
  ],
});
