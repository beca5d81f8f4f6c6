/** The determinant of square matrices. Knows nothing of graphs or text. */
import { elementCount } from "../../tensor";
import type { Builder, Ref } from "../builder";
import { defineOp } from "../define-op";
import { float } from "../parameters";
import { doublesOf, roundedTo } from "../working-precision";
import { checkSquare, determinant, factorize } from "./square-matrices";

export const det = defineOp({
  name: "det",
  inputs: { x: float() },
  attributes: {},
  doc: "The determinant of a square matrix, or of each in a batch.",
  formula: "y = det(x)",
  derivative: "x̄ = ȳ · cof(x), the matrix of cofactors: det(x) · x⁻ᵀ where x is not singular",
  shape: ({ inputs: { x } }) => checkSquare("x", x) ?? { shape: x.shape.slice(0, -2), dtype: x.dtype },
  forward({ inputs: { x }, output }) {
    const size = x.shape.at(-1)!;
    const matrices = doublesOf(x);
    const y = new Float64Array(elementCount(output.shape));
    for (let i = 0; i < y.length; i++) y[i] = determinant(factorize(matrices, i * size * size, size));
    return roundedTo(output, y);
  },
  // ∂det(x)/∂x = cof(x)
  vjp: {
    x: ({ build, inputs: { x }, cotangent }) =>
      build.mul(build.unsqueeze(build.unsqueeze(cotangent, -1), -1), cofactors(build, x)),
  },
  jvp: {
    x: ({ build, inputs: { x }, tangent }) => build.sum(build.mul(cofactors(build, x), tangent), [-2, -1]),
  },
  samples: [
    { inputs: { x: { shape: [3, 3] } } },
    { inputs: { x: { shape: [2, 1, 2, 2] } } },
    { inputs: { x: { shape: [1, 1] } } },
  ],
  refused: [{ inputs: { x: { shape: [2, 3] } } }, { inputs: { x: { shape: [3] } } }],
});

function cofactors(build: Builder, x: Ref): Ref {
  return build.apply("_cofactors", [x]);
}
