/** `x @ y`: the matrix product, with vectors and batches as in NumPy. Knows nothing of graphs or text. */
import {
  broadcastStrides,
  compareSizes,
  elementCount,
  forEachRun,
  promote,
  type Dim,
  type Shape,
  type Tensor,
} from "../../tensor";
import { broadcastDims } from "../broadcast-dims";
import type { Builder, Ref } from "../builder";
import { defineOp } from "../define-op";
import { numeric, type Attributes } from "../parameters";
import { isRejected, reject } from "../rejection";
import { doublesOf, roundedTo } from "../working-precision";
import { multiplyInto } from "./matrix-kernel";

const inputs = { x: numeric(), y: numeric() };

export const matmul = defineOp<typeof inputs, Attributes>({
  name: "matmul",
  inputs,
  attributes: {},
  doc:
    "The matrix product `x @ y`. A vector on the left is a row, one on the right a column; " +
    "dimensions before the last two are batches and broadcast.",
  formula: "z[i, j] = Σₖ x[i, k] · y[k, j]",
  derivative: "x̄ = z̄ @ yᵀ, ȳ = xᵀ @ z̄, summed over broadcast batches",

  shape({ inputs: { x, y } }) {
    for (const [input, { shape }] of Object.entries({ x, y })) {
      if (shape.length === 0)
        return reject({ kind: "rank", input, found: 0, needs: "of at least 1 dimension" });
    }
    const innerX = { input: "x", axis: x.shape.length - 1, dim: x.shape.at(-1)! };
    const axisY = Math.max(y.shape.length - 2, 0);
    const innerY = { input: "y", axis: axisY, dim: y.shape[axisY]! };
    if (compareSizes(innerX.dim.size, innerY.dim.size) === "different") {
      const rule = "`@` needs equal inner dimensions";
      return reject({ kind: "unequal-dimensions", rule, left: innerX, right: innerY });
    }
    const batch = broadcastDims([
      { input: "x", shape: x.shape.slice(0, -2) },
      { input: "y", shape: y.shape.slice(0, -2) },
    ]);
    if (isRejected(batch)) return batch;
    const rows: readonly Dim[] = x.shape.length > 1 ? x.shape.slice(-2, -1) : [];
    const columns: readonly Dim[] = y.shape.length > 1 ? y.shape.slice(-1) : [];
    return { shape: [...batch, ...rows, ...columns], dtype: promote(x.dtype, y.dtype) };
  },

  forward({ inputs: { x, y }, output }) {
    return roundedTo(output, product(x, y, output.shape));
  },

  // z = x y  ⇒  x̄ = z̄ yᵀ and ȳ = xᵀ z̄; a vector is a matrix with one row (x) or one column (y).
  vjp: {
    x({ build, inputs: { x, y }, cotangent }) {
      const columns = y.shape.length === 1 ? build.unsqueeze(y, 0) : build.transpose(y);
      const whole = build.matmul(asMatrix(build, cotangent, x, y), columns);
      return build.sumTo(x.shape.length === 1 ? build.squeeze(whole, -2) : whole, x.shape);
    },
    y({ build, inputs: { x, y }, cotangent }) {
      const grown = asMatrix(build, cotangent, x, y);
      if (y.shape.length <= 2 && x.shape.length > 2) {
        const rows = elementCount(x.shape.slice(0, -1));
        const flatX = build.reshape(x, [rows, x.shape.at(-1)!]);
        const flat = build.matmul(build.transpose(flatX), build.reshape(grown, [rows, grown.shape.at(-1)!]));
        return y.shape.length === 1 ? build.squeeze(flat, -1) : flat;
      }
      const rows = x.shape.length === 1 ? build.unsqueeze(x, 1) : build.transpose(x);
      const whole = build.matmul(rows, grown);
      return build.sumTo(y.shape.length === 1 ? build.squeeze(whole, -1) : whole, y.shape);
    },
  },

  // ż = ẋ y + x ẏ
  jvp: {
    x: ({ build, inputs: { y }, tangent }) => build.matmul(tangent, y),
    y: ({ build, inputs: { x }, tangent }) => build.matmul(x, tangent),
  },

  samples: [
    { inputs: { x: { shape: [2, 3] }, y: { shape: [3, 4] } } },
    { inputs: { x: { shape: [3] }, y: { shape: [3] } } },
    { inputs: { x: { shape: [2, 3] }, y: { shape: [3] } } },
    { inputs: { x: { shape: [3] }, y: { shape: [2, 3, 4] } } },
    { inputs: { x: { shape: [2, 4, 2, 3] }, y: { shape: [3] } } },
    { inputs: { x: { shape: [2, 1, 2, 3] }, y: { shape: [4, 3, 2] } } },
    { inputs: { x: { shape: [2, 4, 3] }, y: { shape: [3, 2] } } },
    { inputs: { x: { shape: [2, 0] }, y: { shape: [0, 3] } } },
  ],
  refused: [
    { inputs: { x: { shape: [2, 3] }, y: { shape: [2, 3] } } },
    { inputs: { x: { shape: [] }, y: { shape: [3] } } },
    { inputs: { x: { shape: [2, 2, 3] }, y: { shape: [3, 3, 2] } } },
  ],
});

/** The result's cotangent as a (batch of) matrices, with the row or column that a vector operand has left out. */
function asMatrix(build: Builder, cotangent: Ref, x: Ref, y: Ref): Ref {
  const withColumns = y.shape.length === 1 ? build.unsqueeze(cotangent, -1) : cotangent;
  return x.shape.length === 1 ? build.unsqueeze(withColumns, -2) : withColumns;
}

function product(x: Tensor, y: Tensor, output: Shape): Float64Array {
  const count = elementCount(output);
  const left = doublesOf(x);
  const right = doublesOf(y);
  const into = new Float64Array(count);
  const m = x.shape.length > 1 ? x.shape.at(-2)! : 1;
  const k = x.shape.at(-1)!;
  const n = y.shape.length > 1 ? y.shape.at(-1)! : 1;
  if (count === 0 || k === 0) return into;
  if (y.shape.length <= 2) {
    multiplyInto(into, left, right, { m: count / n, k, n }, { into: 0, x: 0, y: 0 });
    return into;
  }
  const batchShape = output.slice(0, Math.max(x.shape.length, y.shape.length) - 2);
  const batches = [x, y].map(({ shape }) => broadcastStrides(shape.slice(0, -2), batchShape));
  forEachRun(batchShape, batches, (start, length, [xBatch, yBatch], [xStep, yStep]) => {
    for (let i = 0; i < length; i++) {
      const offsets = {
        into: (start + i) * m * n,
        x: (xBatch! + i * xStep!) * m * k,
        y: (yBatch! + i * yStep!) * k * n,
      };
      multiplyInto(into, left, right, { m, k, n }, offsets);
    }
  });
  return into;
}
