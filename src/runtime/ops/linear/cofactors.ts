/** The cofactors of square matrices: the determinant's derivative. Used by derivative rules. Knows nothing of graphs or text. */
import type { Builder, Ref } from "../builder";
import { defineOp } from "../define-op";
import { float } from "../parameters";
import { doublesOf, roundedTo } from "../working-precision";
import { checkSquare, determinant, factorize } from "./square-matrices";

export const cofactors = defineOp({
  name: "_cofactors",
  inputs: { x: float() },
  attributes: {},
  doc: "The matrix of signed minors of each square matrix; defined for singular ones too.",
  formula: "y[i, j] = (−1)^(i+j) · det(x without row i and column j)",
  derivative: "x̄ = (Σ(ȳ · y) · y − y @ ȳᵀ @ y) / det(x)",
  shape: ({ inputs: { x } }) => checkSquare("x", x) ?? x,
  forward({ inputs: { x }, output }) {
    const size = x.shape.at(-1)!;
    const matrices = doublesOf(x);
    const y = new Float64Array(matrices.length);
    for (let start = 0; start < y.length; start += size * size) {
      for (let i = 0; i < size; i++) {
        for (let j = 0; j < size; j++) {
          const sign = (i + j) % 2 === 0 ? 1 : -1;
          y[start + i * size + j] = sign * minor(matrices, start, size, i, j);
        }
      }
    }
    return roundedTo(output, y);
  },
  // With y = det(x) x⁻ᵀ: ẏ = (⟨y, ẋ⟩ y − y ẋᵀ y)/det(x), its own adjoint but for the order of indices, which is the same
  vjp: { x: ({ build, inputs: { x }, output, cotangent }) => moved(build, x, output, cotangent) },
  jvp: { x: ({ build, inputs: { x }, output, tangent }) => moved(build, x, output, tangent) },
  samples: [{ inputs: { x: { shape: [3, 3] } } }, { inputs: { x: { shape: [2, 3, 3] } } }],
});

function moved(build: Builder, x: Ref, y: Ref, direction: Ref): Ref {
  const along = build.mul(build.sum(build.mul(y, direction), [-2, -1], true), y);
  const across = build.matmul(build.matmul(y, build.transpose(direction)), y);
  const determinants = build.unsqueeze(build.unsqueeze(build.apply("det", [x]), -1), -1);
  return build.div(build.sub(along, across), determinants);
}

function minor(matrices: Float64Array, start: number, size: number, row: number, column: number): number {
  const rest = new Float64Array((size - 1) * (size - 1));
  let at = 0;
  for (let i = 0; i < size; i++) {
    for (let j = 0; j < size; j++) {
      if (i !== row && j !== column) rest[at++] = matrices[start + i * size + j]!;
    }
  }
  return determinant(factorize(rest, 0, size - 1));
}
