/** AdamW (Loshchilov and Hutter 2019), as torch.optim.AdamW: weight decay shrinks the parameter itself. */
import { adamArguments, startAdam } from "./adam-step";
import { scale } from "./arithmetic";
import { describeOptimizer } from "./optimizer";

export const adamw = describeOptimizer({
  name: "adamw",
  doc: "Adam with weight decay kept apart from the gradient: every step shrinks the parameter by `lr · weight_decay`.",
  formula:
    "p ← p·(1 - lr·weight_decay);  m ← β₁·m + (1 - β₁)·g;  v ← β₂·v + (1 - β₂)·g²;  p ← p - lr·(m / (1 - β₁ᵗ)) / (√(v / (1 - β₂ᵗ)) + eps)",
  arguments: {
    ...adamArguments,
    weight_decay: {
      kind: "number",
      default: 0.01,
      doc: "How much of the parameter a step takes off, times the learning rate.",
    },
    amsgrad: { kind: "flag", default: false, doc: "Divides by the largest v so far." },
  },
  start(values, like) {
    const step = startAdam(values, like);
    return (parameter, gradient) => {
      scale(parameter, 1 - values.lr * values.weight_decay);
      step(parameter, gradient);
    };
  },
});
