/** The products of two batches of matrices. Knows nothing of graphs or text. */
import { definePlainProduct } from "./plain-product";

export const bmm = definePlainProduct({
  name: "bmm",
  ranks: [3, 3],
  doc: "The product of each matrix of one batch with that of another: `x @ y` without broadcasting.",
  formula: "z[b, i, j] = Σₖ x[b, i, k] · y[b, k, j]",
  derivative: "x̄ = z̄ @ yᵀ, ȳ = xᵀ @ z̄",
  samples: [{ inputs: { x: { shape: [2, 2, 3] }, y: { shape: [2, 3, 4] } } }],
  refused: [
    { inputs: { x: { shape: [2, 3] }, y: { shape: [3, 4] } } },
    { inputs: { x: { shape: [1, 2, 3] }, y: { shape: [2, 3, 4] } } },
    { inputs: { x: { shape: [2, 2, 3] }, y: { shape: [2, 2, 3] } } },
  ],
});
