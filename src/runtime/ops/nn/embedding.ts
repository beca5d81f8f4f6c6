/** Rows of a table by their indices. Knows nothing of graphs or text. */
import { elementCount } from "../../tensor";
import { defineOp } from "../define-op";
import { float, int, integer, maybe } from "../parameters";
import { reject } from "../rejection";
import { refuseIndices } from "../shape/index-range";
import { doublesOf, roundedTo } from "../working-precision";

export const embedding = defineOp({
  name: "embedding",
  inputs: { index: int(), weight: float() },
  attributes: { padding_idx: maybe(integer(0)) },
  doc: "The row of `weight` [rows, width] for each whole number of `index`; the row `padding_idx` receives no gradient.",
  formula: "y[i] = weight[index[i]]",
  derivative: "weight̄[r] = Σ ȳ[i] over all i with index[i] = r",

  shape({ inputs: { index, weight }, attributes: { padding_idx: padding } }) {
    if (weight.shape.length !== 2) {
      return reject({ kind: "rank", input: "weight", found: weight.shape.length, needs: "a matrix" });
    }
    const rows = weight.shape[0]!.size;
    if (padding !== undefined && typeof rows === "number" && (padding >= rows || padding < -rows)) {
      const message = `padding_idx must be one of ${String(-rows)} … ${String(rows - 1)}, not ${String(padding)}`;
      return reject({ kind: "attribute", attribute: "padding_idx", message });
    }
    return { shape: [...index.shape, weight.shape[1]!], dtype: weight.dtype };
  },

  forward({ inputs: { index, weight }, output }) {
    const [rows, width] = [weight.shape[0]!, weight.shape[1]!];
    const fault = refuseIndices("index", index, rows, { lowest: 0 });
    if (fault !== undefined) return fault;
    const values = doublesOf(weight);
    const y = new Float64Array(elementCount(output.shape));
    for (let i = 0; i < index.data.length; i++) {
      const row = index.data[i]!;
      y.set(values.subarray(row * width, (row + 1) * width), i * width);
    }
    return roundedTo(output, y);
  },

  // y = weight[index] is linear in weight; the padding row is held fixed.
  vjp: {
    weight: ({ build, inputs: { index, weight }, attributes: { padding_idx }, cotangent }) =>
      build.apply("_embedding_gradient", [index, cotangent], { rows: weight.shape[0]!, padding_idx }),
  },
  jvp: {
    weight: ({ build, inputs: { index }, attributes: { padding_idx }, tangent }) =>
      build.apply("_embedding_tangent", [index, tangent], { padding_idx }),
  },

  samples: [
    { inputs: { index: { shape: [2, 3], like: "labels", below: 5 }, weight: { shape: [5, 2] } } },
    { inputs: { index: { shape: [], like: "labels", below: 5 }, weight: { shape: [5, 2] } } },
    { inputs: { index: { shape: [0], like: "labels", below: 5 }, weight: { shape: [5, 2] } } },
  ],
  refused: [
    { inputs: { index: { shape: [2], like: "labels", below: 5 }, weight: { shape: [5] } } },
    {
      inputs: { index: { shape: [2], like: "labels", below: 5 }, weight: { shape: [5, 2] } },
      attributes: { padding_idx: 5 },
    },
    { inputs: { index: { shape: [2] }, weight: { shape: [5, 2] } } },
  ],
});
