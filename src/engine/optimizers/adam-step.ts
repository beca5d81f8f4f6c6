/** The step that Adam and AdamW share: moment estimates, their bias corrections, and the move. Knows no weight decay. */
import {
  addProduct,
  addQuotient,
  addScaled,
  raiseTo,
  rootOver,
  scale,
  wholePower,
  zerosLike,
} from "./arithmetic";
import { type ParameterStep, type StepData } from "./optimizer";

export interface AdamSettings {
  readonly lr: number;
  readonly beta1: number;
  readonly beta2: number;
  readonly eps: number;
  readonly amsgrad: boolean;
}

export const adamArguments = {
  lr: { kind: "number", default: 1e-3, doc: "Learning rate: about the size of a step in each element." },
  beta1: {
    kind: "number",
    default: 0.9,
    below: 1,
    doc: "How slowly the mean of the gradient forgets (PyTorch's `betas[0]`).",
  },
  beta2: {
    kind: "number",
    default: 0.999,
    below: 1,
    doc: "How slowly the mean of its square forgets (PyTorch's `betas[1]`).",
  },
  eps: { kind: "number", default: 1e-8, doc: "Added to the denominator, against division by zero." },
} as const;

/**
 * m ← β₁·m + (1 - β₁)·g,  v ← β₂·v + (1 - β₂)·g²,  p ← p - lr / (1 - β₁ᵗ) · m / (√v / √(1 - β₂ᵗ) + eps);
 * with amsgrad the largest v so far stands in the denominator. The order of operations is that of PyTorch 1.13.
 */
export function startAdam({ lr, beta1, beta2, eps, amsgrad }: AdamSettings, like: StepData): ParameterStep {
  const mean = zerosLike(like);
  const meanSquare = zerosLike(like);
  const largest = amsgrad ? zerosLike(like) : undefined;
  let turn = 0;
  return (parameter, gradient) => {
    turn++;
    scale(mean, beta1);
    addScaled(mean, gradient, 1 - beta1);
    scale(meanSquare, beta2);
    addProduct(meanSquare, gradient, gradient, 1 - beta2);
    if (largest) raiseTo(largest, meanSquare);
    const denominator = (largest ?? meanSquare).slice();
    rootOver(denominator, Math.sqrt(1 - wholePower(beta2, turn)), eps);
    addQuotient(parameter, mean, denominator, -(lr / (1 - wholePower(beta1, turn))));
  };
}
