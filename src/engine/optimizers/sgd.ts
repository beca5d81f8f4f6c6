/** Stochastic gradient descent with momentum, as torch.optim.SGD. Knows nothing of where gradients come from. */
import { addScaled, scale } from "./arithmetic";
import { describeOptimizer, type FloatData } from "./optimizer";

export const sgd = describeOptimizer({
  name: "sgd",
  doc: "Stochastic gradient descent, with momentum where it is given.",
  formula:
    "g ← g + weight_decay·p;  b ← momentum·b + (1 - dampening)·g  (b ← g at first);  p ← p - lr·b, or with nesterov p - lr·(g + momentum·b)",
  arguments: {
    lr: { kind: "number", doc: "Learning rate: how far a step goes along the gradient." },
    momentum: { kind: "number", default: 0, doc: "How much of the previous direction is kept." },
    dampening: { kind: "number", default: 0, doc: "How much less of the gradient enters the momentum." },
    weight_decay: {
      kind: "number",
      default: 0,
      doc: "Adds this much of the parameter to its gradient (an L2 penalty).",
    },
    nesterov: { kind: "flag", default: false, doc: "Looks ahead along the momentum." },
  },
  refuse({ nesterov, momentum, dampening }) {
    if (!nesterov || (momentum > 0 && dampening === 0)) return undefined;
    return {
      argument: "nesterov",
      message: `\`nesterov\` needs a momentum above 0 and no dampening, and has momentum ${String(momentum)} and dampening ${String(dampening)}.`,
    };
  },
  start({ lr, momentum, dampening, weight_decay: weightDecay, nesterov }) {
    let buffer: FloatData | undefined;
    return (parameter, gradient) => {
      let direction = gradient;
      if (weightDecay !== 0) {
        direction = gradient.slice();
        addScaled(direction, parameter, weightDecay);
      }
      if (momentum !== 0) {
        if (buffer === undefined) buffer = direction.slice();
        else {
          scale(buffer, momentum);
          addScaled(buffer, direction, 1 - dampening);
        }
        if (nesterov) {
          direction = direction.slice();
          addScaled(direction, buffer, momentum);
        } else direction = buffer;
      }
      addScaled(parameter, direction, -lr);
    };
  },
});
