/** Adam (Kingma and Ba 2015), as torch.optim.Adam: weight decay goes through the gradient. */
import { adamArguments, startAdam } from "./adam-step";
import { addScaled } from "./arithmetic";
import { describeOptimizer } from "./optimizer";

export const adam = describeOptimizer({
  name: "adam",
  doc: "Adam: each element's step is scaled by running means of its gradient and of its square.",
  formula:
    "g ← g + weight_decay·p;  m ← β₁·m + (1 - β₁)·g;  v ← β₂·v + (1 - β₂)·g²;  p ← p - lr·(m / (1 - β₁ᵗ)) / (√(v / (1 - β₂ᵗ)) + eps)",
  arguments: {
    ...adamArguments,
    weight_decay: {
      kind: "number",
      default: 0,
      doc: "Adds this much of the parameter to its gradient (an L2 penalty).",
    },
    amsgrad: { kind: "flag", default: false, doc: "Divides by the largest v so far." },
  },
  start(values, like) {
    const step = startAdam(values, like);
    return (parameter, gradient) => {
      if (values.weight_decay === 0) return step(parameter, gradient);
      const decayed = gradient.slice();
      addScaled(decayed, parameter, values.weight_decay);
      step(parameter, decayed);
    };
  },
});
