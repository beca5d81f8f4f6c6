/** Stochastic gradient descent with momentum, as torch.optim.SGD. Knows nothing of where gradients come from. */
import { addScaled, scale, zerosLike } from "./arithmetic";
import { describeOptimizer } from "./optimizer";

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
  start({ lr, momentum, dampening, weight_decay: weightDecay, nesterov }, like) {
    const buffer = momentum !== 0 ? zerosLike(like) : undefined;
    let turn = 0;
    return (parameter, gradient) => {
      turn++;
      let direction = gradient;
      if (weightDecay !== 0) {
        direction = gradient.slice();
        addScaled(direction, parameter, weightDecay);
      }
      if (buffer !== undefined) {
        // At first the buffer is the direction itself, whatever the dampening is.
        scale(buffer, momentum);
        addScaled(buffer, direction, turn === 1 ? 1 : 1 - dampening);
        if (nesterov) {
          direction = direction.slice();
          addScaled(direction, buffer, momentum);
        } else direction = buffer;
      }
      addScaled(parameter, direction, -lr);
    };
  },
});
