/** RMSprop (Hinton 2012; centered: Graves 2013), as torch.optim.RMSprop: eps stands outside the root. */
import { addProduct, addQuotient, addScaled, rootOver, scale, zerosLike } from "./arithmetic";
import { describeOptimizer } from "./optimizer";

export const rmsprop = describeOptimizer({
  name: "rmsprop",
  doc: "RMSprop: each element's step is divided by a running root mean square of its gradient.",
  formula:
    "g ← g + weight_decay·p;  v ← α·v + (1 - α)·g²;  d ← √v + eps (centered: √(v - ḡ²) + eps);  b ← momentum·b + g / d;  p ← p - lr·b",
  arguments: {
    lr: { kind: "number", default: 1e-2, doc: "Learning rate: about the size of a step in each element." },
    alpha: { kind: "number", default: 0.99, doc: "How slowly the mean square forgets." },
    eps: { kind: "number", default: 1e-8, doc: "Added to the denominator, against division by zero." },
    weight_decay: {
      kind: "number",
      default: 0,
      doc: "Adds this much of the parameter to its gradient (an L2 penalty).",
    },
    momentum: { kind: "number", default: 0, doc: "How much of the previous direction is kept." },
    centered: { kind: "flag", default: false, doc: "Divides by an estimate of the standard deviation." },
  },
  start({ lr, alpha, eps, weight_decay: weightDecay, momentum, centered }, like) {
    const meanSquare = zerosLike(like);
    const mean = centered ? zerosLike(like) : undefined;
    const buffer = momentum > 0 ? zerosLike(like) : undefined;
    return (parameter, gradient) => {
      let direction = gradient;
      if (weightDecay !== 0) {
        direction = gradient.slice();
        addScaled(direction, parameter, weightDecay);
      }
      scale(meanSquare, alpha);
      addProduct(meanSquare, direction, direction, 1 - alpha);
      const denominator = meanSquare.slice();
      if (mean) {
        scale(mean, alpha);
        addScaled(mean, direction, 1 - alpha);
        addProduct(denominator, mean, mean, -1);
      }
      rootOver(denominator, 1, eps);
      if (buffer) {
        scale(buffer, momentum);
        addQuotient(buffer, direction, denominator, 1);
        addScaled(parameter, buffer, -lr);
      } else addQuotient(parameter, direction, denominator, -lr);
    };
  },
});
