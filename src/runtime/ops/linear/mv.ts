/** The product of a matrix and a vector. Knows nothing of graphs or text. */
import { definePlainProduct } from "./plain-product";

export const mv = definePlainProduct({
  name: "mv",
  ranks: [2, 1],
  doc: "The product of a matrix and a vector: `x @ y` without batches.",
  formula: "z[i] = Σₖ x[i, k] · y[k]",
  derivative: "x̄ = z̄ yᵀ, ȳ = xᵀ @ z̄",
  samples: [{ inputs: { x: { shape: [2, 3] }, y: { shape: [3] } } }],
  refused: [
    { inputs: { x: { shape: [2, 3] }, y: { shape: [3, 1] } } },
    { inputs: { x: { shape: [2, 3] }, y: { shape: [2] } } },
  ],
});
