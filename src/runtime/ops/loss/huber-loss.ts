/** Huber's loss: squared error near zero, absolute error beyond `delta`. Knows nothing of graphs or text. */
import type { Builder, Ref } from "../builder";
import { defineOp } from "../define-op";
import { float, number } from "../parameters";
import { reject } from "../rejection";
import { pairwiseBranch, pairwiseLoss, pairwiseShape, pullBack, pushForward } from "./pairwise-loss";
import { reduction } from "./reduction";

export const huberLoss = defineOp({
  name: "huber_loss",
  inputs: { x: float(), y: float() },
  attributes: { reduction, delta: number(1) },
  doc: "Huber's loss: half the squared error up to `delta`, and `delta` times the absolute error (less δ²/2) beyond.",
  formula: "L = mean(½d² where |d| ≤ δ, δ(|d| − ½δ) elsewhere), d = x − y",
  derivative: "x̄ = L̄ · clamp(x − y, −δ, δ)/n, ȳ = −x̄",
  shape({ inputs, attributes: { reduction: how, delta } }) {
    if (!(delta > 0)) {
      const message = `delta must be positive, not ${String(delta)}`;
      return reject({ kind: "attribute", attribute: "delta", message });
    }
    return pairwiseShape(inputs, how);
  },
  forward({ inputs, attributes: { reduction: how, delta }, output }) {
    return pairwiseLoss(inputs, output, how, (x, y) => {
      const distance = Math.abs(x - y);
      return distance > delta ? delta * (distance - 0.5 * delta) : 0.5 * distance * distance;
    });
  },
  // ∂L/∂x = d where |d| ≤ δ, δ·sign(d) elsewhere
  vjp: {
    x: (context) => pullBack(context, context.inputs.x, slope(context, 1), how(context)),
    y: (context) => pullBack(context, context.inputs.y, slope(context, -1), how(context)),
  },
  jvp: {
    x: (context) => pushForward(context, slope(context, 1), how(context)),
    y: (context) => pushForward(context, slope(context, -1), how(context)),
  },
  branch: ({ inputs, attributes: { delta } }) =>
    pairwiseBranch(
      inputs,
      (x, y) => Math.sign(x - y) * (Math.abs(x - y) === delta ? 3 : Number(Math.abs(x - y) > delta)),
    ),
  samples: [
    { inputs: { x: { shape: [3, 2] }, y: { shape: [3, 2] } } },
    { inputs: { x: { shape: [3, 2] }, y: { shape: [2] } }, attributes: { reduction: "none", delta: 0.5 } },
    { inputs: { x: { shape: [4] }, y: { shape: [4] } }, attributes: { reduction: "sum", delta: 2 } },
  ],
  refused: [
    { inputs: { x: { shape: [3] }, y: { shape: [3] } }, attributes: { delta: 0 } },
    { inputs: { x: { shape: [3, 2] }, y: { shape: [3] } } },
  ],
});

interface Context {
  readonly build: Builder;
  readonly inputs: { readonly x: Ref; readonly y: Ref };
  readonly attributes: { readonly delta: number };
}

function slope({ build, inputs: { x, y }, attributes: { delta } }: Context, sign: 1 | -1): Ref {
  const distance = sign === 1 ? build.sub(x, y) : build.sub(y, x);
  const bound = build.constant(delta);
  const isFar = build.greater(build.abs(distance), bound);
  return build.where(isFar, build.mul(build.sign(distance), bound), distance);
}

function how({ attributes }: { readonly attributes: { readonly reduction: "mean" | "sum" | "none" } }) {
  return { how: attributes.reduction };
}
