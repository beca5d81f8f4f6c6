/** The inner product of two vectors. Knows nothing of graphs or text. */
import { compareSizes, promote } from "../../tensor";
import { defineOp } from "../define-op";
import { numeric } from "../parameters";
import { reject } from "../rejection";
import { doublesOf, roundedTo } from "../working-precision";
import { dotProduct } from "./matrix-kernel";

export const dot = defineOp({
  name: "dot",
  inputs: { x: numeric(), y: numeric() },
  attributes: {},
  doc: "The inner product of two vectors of equal length.",
  formula: "z = Σᵢ x[i] · y[i]",
  derivative: "x̄ = z̄ · y, ȳ = z̄ · x",
  shape({ inputs: { x, y } }) {
    for (const [input, { shape }] of Object.entries({ x, y })) {
      if (shape.length !== 1) return reject({ kind: "rank", input, found: shape.length, needs: "a vector" });
    }
    const left = { input: "x", axis: 0, dim: x.shape[0]! };
    const right = { input: "y", axis: 0, dim: y.shape[0]! };
    if (compareSizes(left.dim.size, right.dim.size) === "different") {
      return reject({
        kind: "unequal-dimensions",
        rule: "`dot` needs vectors of equal length",
        left,
        right,
      });
    }
    return { shape: [], dtype: promote(x.dtype, y.dtype) };
  },
  forward: ({ inputs: { x, y }, output }) =>
    roundedTo(output, Float64Array.of(dotProduct(doublesOf(x), 0, doublesOf(y), 0, x.data.length))),
  // z = xᵀ y  ⇒  x̄ = z̄ y
  vjp: {
    x: ({ build, inputs: { y }, cotangent }) => build.mul(cotangent, y),
    y: ({ build, inputs: { x }, cotangent }) => build.mul(cotangent, x),
  },
  jvp: {
    x: ({ build, inputs: { y }, tangent }) => build.apply("dot", [tangent, y]),
    y: ({ build, inputs: { x }, tangent }) => build.apply("dot", [x, tangent]),
  },
  samples: [
    { inputs: { x: { shape: [4] }, y: { shape: [4] } } },
    { inputs: { x: { shape: [0] }, y: { shape: [0] } } },
  ],
  refused: [
    { inputs: { x: { shape: [3] }, y: { shape: [2] } } },
    { inputs: { x: { shape: [2, 2] }, y: { shape: [2] } } },
  ],
});
