/** The binary cross entropy of probabilities. Knows nothing of graphs or text. */
import type { Builder, Ref } from "../builder";
import { defineOp } from "../define-op";
import { indexOf } from "../multi-index";
import { constant, float, optional } from "../parameters";
import { doublesOf } from "../working-precision";
import { pairwiseLoss, pullBack, pushForward } from "./pairwise-loss";
import { reducedShape, reduction } from "./reduction";
import { checkSameShape, checkWeight, weightsOf } from "./weight-operand";

export const binaryCrossEntropy = defineOp({
  name: "binary_cross_entropy",
  inputs: { x: float(), y: float(), weight: optional(constant("float")) },
  attributes: { reduction },
  doc:
    "The binary cross entropy of the probabilities `x` with the targets `y`, both of one shape; logarithms are cut off at −100. " +
    "For scores before a sigmoid, `binary_cross_entropy_with_logits` is exact at both ends.",
  formula: "L = mean(−w · (y · log x + (1 − y) · log(1 − x)))",
  derivative: "x̄ = L̄ · w · (x − y)/(x · (1 − x))/n, ȳ = L̄ · w · (log(1 − x) − log x)/n",

  shape: ({ inputs: { x, y, weight }, attributes }) =>
    checkSameShape(x, y) ??
    checkWeight(x, weight, "weight") ?? {
      shape: reducedShape(x.shape, attributes.reduction),
      dtype: x.dtype,
    },

  forward({ inputs: { x, y, weight }, attributes, output }) {
    const outside = doublesOf(x).findIndex((value) => !(value >= 0 && value <= 1));
    if (outside >= 0) {
      const message = `${String(x.data[outside])} is not a probability between 0 and 1`;
      return { fault: { kind: "value", input: "x", index: indexOf(outside, x.shape), message } };
    }
    const weights = weightsOf(weight, x);
    return pairwiseLoss({ x, y }, output, attributes.reduction, (p, t, i) => {
      const loss = (t - 1) * Math.max(Math.log1p(-p), -100) - t * Math.max(Math.log(p), -100);
      return weights === undefined ? loss : loss * weights[i]!;
    });
  },

  // ∂L/∂x = w (x − y)/max(x(1 − x), 10⁻¹²), ∂L/∂y = w (log(1 − x) − log x)
  vjp: {
    x: (context) => pullBack(context, context.inputs.x, slopeOfX(context), how(context)),
    y: (context) => pullBack(context, context.inputs.y, slopeOfY(context), how(context)),
  },
  jvp: {
    x: (context) => pushForward(context, slopeOfX(context), how(context)),
    y: (context) => pushForward(context, slopeOfY(context), how(context)),
  },

  samples: [
    { inputs: { x: { shape: [3, 2], like: "unit" }, y: { shape: [3, 2], like: "unit" } } },
    {
      inputs: {
        x: { shape: [3, 2], like: "unit" },
        y: { shape: [3, 2], like: "unit" },
        weight: { shape: [2], like: "positive" },
      },
      attributes: { reduction: "none" },
    },
    {
      inputs: { x: { shape: [], like: "unit" }, y: { shape: [], like: "unit" } },
      attributes: { reduction: "sum" },
    },
  ],
  refused: [
    { inputs: { x: { shape: [3, 2], like: "unit" }, y: { shape: [2], like: "unit" } } },
    { inputs: { x: { shape: [3, 2], like: "unit" }, y: { shape: [3, 1], like: "unit" } } },
    {
      inputs: {
        x: { shape: [2], like: "unit" },
        y: { shape: [2], like: "unit" },
        weight: { shape: [3, 2], like: "positive" },
      },
    },
  ],
});

interface Context {
  readonly build: Builder;
  readonly inputs: { readonly x: Ref; readonly y: Ref; readonly weight: Ref | undefined };
}

/** PyTorch bounds x(1 − x) from below by 10⁻¹² as a 32-bit float. */
const leastVariance = Math.fround(1e-12);

function slopeOfX({ build, inputs: { x, y, weight } }: Context): Ref {
  const variance = build.mul(build.sub(build.constant(1), x), x);
  const slope = build.div(build.sub(x, y), build.maximum(variance, build.constant(leastVariance)));
  return weight === undefined ? slope : build.mul(slope, weight);
}

function slopeOfY({ build, inputs: { x, weight } }: Context): Ref {
  const slope = build.sub(build.log1p(build.neg(x)), build.log(x));
  return weight === undefined ? slope : build.mul(slope, weight);
}

function how({ attributes }: { readonly attributes: { readonly reduction: "mean" | "sum" | "none" } }) {
  return { how: attributes.reduction };
}
