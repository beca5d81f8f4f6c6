/** The smooth absolute error: squared error near zero, scaled to meet the absolute error at `beta`. Knows nothing of graphs or text. */
import type { Builder, Ref } from "../builder";
import { defineOp } from "../define-op";
import { float, number } from "../parameters";
import { reject } from "../rejection";
import { pairwiseBranch, pairwiseLoss, pairwiseShape, pullBack, pushForward } from "./pairwise-loss";
import { reduction } from "./reduction";

export const smoothL1Loss = defineOp({
  name: "smooth_l1_loss",
  inputs: { x: float(), y: float() },
  attributes: { reduction, beta: number(1) },
  doc: "The absolute error (less β/2) from `beta` on, and d²/2β below it; `beta = 0` is `l1_loss`.",
  formula: "L = mean(½d²/β where |d| < β, |d| − ½β elsewhere), d = x − y",
  derivative: "x̄ = L̄ · (d/β where |d| < β, sign(d) elsewhere)/n, ȳ = −x̄",
  shape({ inputs, attributes: { reduction: how, beta } }) {
    if (!(beta >= 0)) {
      const message = `beta must not be negative, but is ${String(beta)}`;
      return reject({ kind: "attribute", attribute: "beta", message });
    }
    return pairwiseShape(inputs, how);
  },
  forward({ inputs, attributes: { reduction: how, beta }, output }) {
    return pairwiseLoss(inputs, output, how, (x, y) => {
      const distance = Math.abs(x - y);
      return distance < beta ? (0.5 * distance * distance) / beta : distance - 0.5 * beta;
    });
  },
  // ∂L/∂x = d/β where |d| < β, sign(d) elsewhere
  vjp: {
    x: (context) => pullBack(context, context.inputs.x, slope(context, 1), how(context)),
    y: (context) => pullBack(context, context.inputs.y, slope(context, -1), how(context)),
  },
  jvp: {
    x: (context) => pushForward(context, slope(context, 1), how(context)),
    y: (context) => pushForward(context, slope(context, -1), how(context)),
  },
  branch: ({ inputs, attributes: { beta } }) =>
    pairwiseBranch(
      inputs,
      (x, y) => Math.sign(x - y) * (Math.abs(x - y) === beta ? 3 : Number(Math.abs(x - y) > beta)),
    ),
  samples: [
    { inputs: { x: { shape: [3, 2] }, y: { shape: [3, 2] } } },
    { inputs: { x: { shape: [3, 2] }, y: { shape: [2] } }, attributes: { reduction: "none", beta: 0.5 } },
    { inputs: { x: { shape: [4] }, y: { shape: [4] } }, attributes: { reduction: "sum", beta: 0 } },
  ],
  refused: [
    { inputs: { x: { shape: [3] }, y: { shape: [3] } }, attributes: { beta: -1 } },
    { inputs: { x: { shape: [3, 2] }, y: { shape: [3] } } },
  ],
});

interface Context {
  readonly build: Builder;
  readonly inputs: { readonly x: Ref; readonly y: Ref };
  readonly attributes: { readonly beta: number };
}

/** With β = 0 it is −1 at d = 0, for both operands, as PyTorch's comparisons fall. */
function slope({ build, inputs: { x, y }, attributes: { beta } }: Context, sign: 1 | -1): Ref {
  const distance = sign === 1 ? build.sub(x, y) : build.sub(y, x);
  const near = beta === 0 ? build.sign(distance) : build.div(distance, build.constant(beta));
  const above = build.greaterEqual(distance, build.constant(beta));
  const below = build.lessEqual(distance, build.constant(-beta));
  return build.where(below, build.constant(-1), build.where(above, build.constant(1), near));
}

function how({ attributes }: { readonly attributes: { readonly reduction: "mean" | "sum" | "none" } }) {
  return { how: attributes.reduction };
}
