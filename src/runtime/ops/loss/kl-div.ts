/** The Kullback–Leibler divergence from log-probabilities to a target distribution. Knows nothing of graphs or text. */
import type { Builder, Ref } from "../builder";
import { defineOp } from "../define-op";
import { choice, flag, float } from "../parameters";
import { pairwiseLoss, pairwiseShape, pullBack, pushForward, type PairReduction } from "./pairwise-loss";
import type { Reduction } from "./reduction";

export const klDiv = defineOp({
  name: "kl_div",
  inputs: { x: float(), y: float() },
  attributes: {
    reduction: choice(["mean", "sum", "none", "batchmean"], "mean"),
    log_target: flag(false),
  },
  doc:
    "The elements of the Kullback–Leibler divergence of `y` from `exp(x)`: `x` are log-probabilities, `y` probabilities, or " +
    "log-probabilities too with `log_target`. `batchmean` divides the sum by the first dimension, which is the divergence.",
  formula: "L = mean(y · (log y − x)), or mean(exp(y) · (y − x)) with log_target",
  derivative: "x̄ = −L̄ · y/n, ȳ = L̄ · (log y + 1 − x)/n",
  shape: ({ inputs, attributes }) => pairwiseShape(inputs, reductionOf(attributes.reduction)),
  forward({ inputs, attributes, output }) {
    const how = reductionOf(attributes.reduction);
    const divisor = attributes.reduction === "batchmean" ? (inputs.x.shape[0] ?? 1) : undefined;
    // y log y is 0 at 0.
    const element = attributes.log_target
      ? (x: number, y: number) => Math.exp(y) * (y - x)
      : (x: number, y: number) => (y === 0 ? 0 : y * Math.log(y)) - y * x;
    return pairwiseLoss(inputs, output, how, element, divisor);
  },
  // ∂/∂x y(log y − x) = −y,  ∂/∂y = log y + y/y − x;  with exp(y)(y − x): −exp(y) and exp(y)(y − x + 1)
  vjp: {
    x: (context) => pullBack(context, context.inputs.x, slopeOfX(context), pairReduction(context)),
    y: (context) => pullBack(context, context.inputs.y, slopeOfY(context), pairReduction(context)),
  },
  jvp: {
    x: (context) => pushForward(context, slopeOfX(context), pairReduction(context)),
    y: (context) => pushForward(context, slopeOfY(context), pairReduction(context)),
  },
  samples: [
    { inputs: { x: { shape: [3, 4] }, y: { shape: [3, 4], like: "probabilities" } } },
    {
      inputs: { x: { shape: [3, 4] }, y: { shape: [3, 4], like: "probabilities" } },
      attributes: { reduction: "batchmean" },
    },
    {
      inputs: { x: { shape: [3, 4] }, y: { shape: [4] } },
      attributes: { reduction: "sum", log_target: true },
    },
    {
      inputs: { x: { shape: [4] }, y: { shape: [3, 4], like: "probabilities" } },
      attributes: { reduction: "none" },
    },
  ],
  refused: [{ inputs: { x: { shape: [3, 4] }, y: { shape: [3], like: "positive" } } }],
});

interface Context {
  readonly build: Builder;
  readonly inputs: { readonly x: Ref; readonly y: Ref };
  readonly attributes: { readonly reduction: Reduction | "batchmean"; readonly log_target: boolean };
}

function slopeOfX({ build, inputs: { y }, attributes }: Context): Ref {
  return build.neg(attributes.log_target ? build.exp(y) : y);
}

function slopeOfY({ build, inputs: { x, y }, attributes }: Context): Ref {
  if (attributes.log_target) {
    return build.mul(build.exp(y), build.add(build.sub(y, x), build.constant(1)));
  }
  // Written y/y, as PyTorch's two paths through xlogy(y, y) meet: NaN at y = 0.
  return build.sub(build.add(build.log(y), build.div(y, y)), x);
}

function reductionOf(how: Reduction | "batchmean"): Reduction {
  return how === "batchmean" ? "mean" : how;
}

function pairReduction({ build, inputs: { x }, attributes }: Context): PairReduction {
  const how = reductionOf(attributes.reduction);
  return attributes.reduction === "batchmean" ? { how, divisor: build.constant(x.shape[0] ?? 1) } : { how };
}
