/** The inverse of square matrices. Knows nothing of graphs or text. */
import type { Builder, Ref } from "../builder";
import { defineOp } from "../define-op";
import { float } from "../parameters";
import { doublesOf, roundedTo } from "../working-precision";
import { checkSquare, factorize, isSingular, singularFault, solveInto } from "./square-matrices";

export const inverse = defineOp({
  name: "inverse",
  inputs: { x: float() },
  attributes: {},
  doc: "The inverse of a square matrix, or of each in a batch. To solve equations, `solve` is faster and more accurate.",
  formula: "y = x⁻¹",
  derivative: "x̄ = −yᵀ @ ȳ @ yᵀ",
  shape: ({ inputs: { x } }) => checkSquare("x", x) ?? x,
  forward({ inputs: { x }, output }) {
    const size = x.shape.at(-1)!;
    const matrices = doublesOf(x);
    const y = new Float64Array(matrices.length);
    for (let start = 0; start < y.length; start += size * size) {
      const factors = factorize(matrices, start, size);
      if (isSingular(factors)) return singularFault("x", start / (size * size), x.shape.slice(0, -2));
      for (let i = 0; i < size; i++) y[start + i * size + i] = 1;
      solveInto(factors, y, start, size);
    }
    return roundedTo(output, y);
  },
  // x y = 1  ⇒  ẏ = −y ẋ y
  vjp: {
    x: ({ build, output, cotangent }) => sandwich(build, build.transpose(output), cotangent),
  },
  jvp: { x: ({ build, output, tangent }) => sandwich(build, output, tangent) },
  samples: [
    { inputs: { x: { shape: [3, 3] } } },
    { inputs: { x: { shape: [2, 1, 2, 2] } } },
    { inputs: { x: { shape: [1, 1], like: "positive" } } },
  ],
  refused: [{ inputs: { x: { shape: [2, 3] } } }, { inputs: { x: { shape: [3] } } }],
});

/** −y m y */
function sandwich(build: Builder, y: Ref, middle: Ref): Ref {
  return build.neg(build.matmul(build.matmul(y, middle), y));
}
