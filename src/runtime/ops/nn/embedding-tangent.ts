/** Embedding with a fixed padding row: how looked-up rows move. Used by derivative rules. Knows nothing of graphs or text. */
import { elementCount } from "../../tensor";
import { defineOp } from "../define-op";
import { float, int, integer, maybe } from "../parameters";
import { doublesOf, roundedTo } from "../working-precision";

export const embeddingTangent = defineOp({
  name: "_embedding_tangent",
  inputs: { index: int(), weight: float() },
  attributes: { padding_idx: maybe(integer(0)) },
  doc: "The rows of `weight` at each index, and 0 at the padding index.",
  formula: "y[i] = weight[index[i]], 0 where index[i] is padding_idx",
  derivative: "weight̄[r] = Σ ȳ[i] over all i with index[i] = r, 0 for the padding index",
  shape: ({ inputs: { index, weight } }) => ({
    shape: [...index.shape, weight.shape[1]!],
    dtype: weight.dtype,
  }),
  forward({ inputs: { index, weight }, attributes: { padding_idx: padding }, output }) {
    const [rows, width] = [weight.shape[0]!, weight.shape[1]!];
    const values = doublesOf(weight);
    const y = new Float64Array(elementCount(output.shape));
    const skipped = padding === undefined ? undefined : (padding + rows) % rows;
    for (let i = 0; i < index.data.length; i++) {
      const row = index.data[i]!;
      if (row !== skipped) y.set(values.subarray(row * width, (row + 1) * width), i * width);
    }
    return roundedTo(output, y);
  },
  vjp: {
    weight: ({ build, inputs: { index, weight }, attributes: { padding_idx }, cotangent }) =>
      build.apply("_embedding_gradient", [index, cotangent], { rows: weight.shape[0]!, padding_idx }),
  },
  jvp: {
    weight: ({ build, inputs: { index }, attributes, tangent }) =>
      build.apply("_embedding_tangent", [index, tangent], attributes),
  },
  samples: [
    {
      inputs: { index: { shape: [2, 3], like: "labels", below: 4 }, weight: { shape: [4, 2] } },
      attributes: { padding_idx: -1 },
    },
  ],
});
