/** The binary cross entropy of scores before the sigmoid. Knows nothing of graphs or text. */
import type { Builder, Ref } from "../builder";
import { defineOp } from "../define-op";
import { constant, float, optional } from "../parameters";
import { pairwiseLoss, pullBack, pushForward } from "./pairwise-loss";
import { reducedShape, reduction } from "./reduction";
import { checkSameShape, checkWeight, weightsOf } from "./weight-operand";

export const binaryCrossEntropyWithLogits = defineOp({
  name: "binary_cross_entropy_with_logits",
  inputs: {
    x: float(),
    y: float(),
    weight: optional(constant("float")),
    pos_weight: optional(constant("float")),
  },
  attributes: { reduction },
  callOrder: ["x", "y", "weight", "reduction", "pos_weight"],
  doc:
    "The binary cross entropy of `sigmoid(x)` with the targets `y`, both of one shape, without overflow for large scores. " +
    "`pos_weight` weighs the positive targets, `weight` all of them.",
  formula: "L = mean(w · ((1 − y) · x + (1 + (p − 1) · y) · log(1 + exp(−x))))",
  derivative:
    "x̄ = L̄ · w · ((1 + (p − 1) · y) · sigmoid(x) − p · y)/n, ȳ = L̄ · w · (−x + (p − 1) · log(1 + exp(−x)))/n",

  shape: ({ inputs: { x, y, weight, pos_weight: positive }, attributes }) =>
    checkSameShape(x, y) ??
    checkWeight(x, weight, "weight") ??
    checkWeight(x, positive, "pos_weight") ?? {
      shape: reducedShape(x.shape, attributes.reduction),
      dtype: x.dtype,
    },

  forward({ inputs: { x, y, weight, pos_weight: positive }, attributes, output }) {
    const weights = weightsOf(weight, x);
    const positives = weightsOf(positive, x);
    return pairwiseLoss({ x, y }, output, attributes.reduction, (score, target, i) => {
      const softplus = Math.max(-score, 0) + Math.log1p(Math.exp(-Math.abs(score)));
      const scale = positives === undefined ? 1 : 1 + (positives[i]! - 1) * target;
      const loss = (1 - target) * score + scale * softplus;
      return weights === undefined ? loss : loss * weights[i]!;
    });
  },

  // ∂L/∂x = w ((1 + (p − 1) y) σ(x) − p y), ∂L/∂y = w (−x + (p − 1) log(1 + exp(−x)))
  vjp: {
    x: (context) => pullBack(context, context.inputs.x, slopeOfX(context), how(context)),
    y: (context) => pullBack(context, context.inputs.y, slopeOfY(context), how(context)),
  },
  jvp: {
    x: (context) => pushForward(context, slopeOfX(context), how(context)),
    y: (context) => pushForward(context, slopeOfY(context), how(context)),
  },

  samples: [
    { inputs: { x: { shape: [3, 2] }, y: { shape: [3, 2], like: "unit" } } },
    {
      inputs: {
        x: { shape: [3, 2] },
        y: { shape: [3, 2], like: "unit" },
        weight: { shape: [3, 1], like: "positive" },
        pos_weight: { shape: [2], like: "positive" },
      },
    },
    {
      inputs: { x: { shape: [2, 3, 2] }, y: { shape: [2, 3, 2], like: "unit" } },
      attributes: { reduction: "none" },
    },
    { inputs: { x: { shape: [] }, y: { shape: [], like: "unit" } }, attributes: { reduction: "sum" } },
  ],
  refused: [
    { inputs: { x: { shape: [3, 2] }, y: { shape: [2], like: "unit" } } },
    { inputs: { x: { shape: [3, 2] }, y: { shape: [3, 1], like: "unit" } } },
    {
      inputs: {
        x: { shape: [3, 2] },
        y: { shape: [3, 2], like: "unit" },
        pos_weight: { shape: [3], like: "positive" },
      },
    },
  ],
});

interface Context {
  readonly build: Builder;
  readonly inputs: {
    readonly x: Ref;
    readonly y: Ref;
    readonly weight: Ref | undefined;
    readonly pos_weight: Ref | undefined;
  };
}

function slopeOfX({ build, inputs: { x, y, weight, pos_weight: positive } }: Context): Ref {
  const probability = build.sigmoid(x);
  let slope: Ref;
  if (positive === undefined) slope = build.sub(probability, y);
  else {
    const positives = build.mul(positive, y);
    const scale = build.sub(build.add(positives, build.constant(1)), y);
    slope = build.sub(build.mul(scale, probability), positives);
  }
  return weight === undefined ? slope : build.mul(slope, weight);
}

function slopeOfY({ build, inputs: { x, weight, pos_weight: positive } }: Context): Ref {
  let slope = build.neg(x);
  if (positive !== undefined) {
    const softplus = build.neg(build.apply("logsigmoid", [x]));
    slope = build.add(slope, build.mul(build.sub(positive, build.constant(1)), softplus));
  }
  return weight === undefined ? slope : build.mul(slope, weight);
}

function how({ attributes }: { readonly attributes: { readonly reduction: "mean" | "sum" | "none" } }) {
  return { how: attributes.reduction };
}
