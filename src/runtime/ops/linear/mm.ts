/** The product of two matrices. Knows nothing of graphs or text. */
import { definePlainProduct } from "./plain-product";

export const mm = definePlainProduct({
  name: "mm",
  ranks: [2, 2],
  doc: "The product of two matrices: `x @ y` without vectors and batches.",
  formula: "z[i, j] = Σₖ x[i, k] · y[k, j]",
  derivative: "x̄ = z̄ @ yᵀ, ȳ = xᵀ @ z̄",
  samples: [{ inputs: { x: { shape: [2, 3] }, y: { shape: [3, 4] } } }],
  refused: [
    { inputs: { x: { shape: [2, 3] }, y: { shape: [3] } } },
    { inputs: { x: { shape: [2, 3] }, y: { shape: [2, 3] } } },
  ],
});
