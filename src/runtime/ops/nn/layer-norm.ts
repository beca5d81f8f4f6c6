/** Normalisation over the last dimensions. Knows nothing of graphs or text. */
import { compareSizes, elementCount, formatSize } from "../../tensor";
import { defineOp } from "../define-op";
import { float, number, optional, sizes } from "../parameters";
import { reject } from "../rejection";
import { doublesOf, roundedTo } from "../working-precision";
import { checkParameter, dimRefs, scaledBy } from "./affine-parameters";
import { moveStandardized, scaleAndShift, standardize, standardized } from "./standardization";

export const layerNorm = defineOp({
  name: "layer_norm",
  inputs: { x: float(), weight: optional(float()), bias: optional(float()) },
  attributes: { normalized_shape: sizes(), eps: number(1e-5) },
  callOrder: ["x", "normalized_shape", "weight", "bias", "eps"],
  doc:
    "Shifts and scales each slice over the last dimensions, those of `normalized_shape`, to mean 0 and variance 1 " +
    "(the biased variance, plus `eps`), then multiplies by `weight` and adds `bias`.",
  formula: "y = (x − mean(x)) / √(var(x) + ε) · weight + bias",
  derivative:
    "x̄ = (g − mean(g) − x̂ · mean(g · x̂)) / √(var(x) + ε), g = ȳ · weight; weight̄ = Σ ȳ · x̂, bias̄ = Σ ȳ",

  shape({ inputs: { x, weight, bias }, sizes: { normalized_shape: normalized = [] } }) {
    const first = x.shape.length - normalized.length;
    if (normalized.length === 0) {
      const message = "normalized_shape must name at least one dimension";
      return reject({ kind: "attribute", attribute: "normalized_shape", message });
    }
    if (first < 0) {
      const needs = `of at least the ${String(normalized.length)} dimensions of normalized_shape`;
      return reject({ kind: "rank", input: "x", found: x.shape.length, needs });
    }
    for (const [i, wanted] of normalized.entries()) {
      const left = { input: "x", axis: first + i, dim: x.shape[first + i]! };
      if (compareSizes(left.dim.size, wanted.size) !== "different") continue;
      const needs = `normalized_shape says ${formatSize(wanted.size)}`;
      return reject({ kind: "size", at: left, needs });
    }
    const last = dimRefs("x", x.shape, first);
    return (
      checkParameter("weight", weight, last, "the weight has the shape normalized_shape") ??
      checkParameter("bias", bias, last, "the bias has the shape normalized_shape") ??
      x
    );
  },

  forward({ inputs: { x, weight, bias }, attributes, output }) {
    const places = elementCount(attributes.normalized_shape);
    const layout = { batch: 1, groups: places === 0 ? 0 : x.data.length / places, places };
    const values = standardize(doublesOf(x), layout, attributes.eps);
    const [scale, shift] = [weight && doublesOf(weight), bias && doublesOf(bias)];
    return roundedTo(
      output,
      scaleAndShift(values, scale, shift, (i) => i % places),
    );
  },

  // y = x̂ w + b, and dx̂ as standardization.ts says
  vjp: {
    x({ build, inputs: { x, weight }, attributes, cotangent }) {
      const axes = axesOf(attributes);
      return moveStandardized(build, x, axes, attributes.eps, scaledBy(build, cotangent, weight));
    },
    weight({ build, inputs: { x, weight }, attributes, cotangent }) {
      const { values } = standardized(build, x, axesOf(attributes), attributes.eps);
      return build.sumTo(build.mul(cotangent, values), weight!.shape);
    },
    bias: ({ build, inputs: { bias }, cotangent }) => build.sumTo(cotangent, bias!.shape),
  },
  jvp: {
    x: ({ build, inputs: { x, weight }, attributes, tangent }) =>
      scaledBy(build, moveStandardized(build, x, axesOf(attributes), attributes.eps, tangent), weight),
    weight: ({ build, inputs: { x }, attributes, tangent }) =>
      build.mul(standardized(build, x, axesOf(attributes), attributes.eps).values, tangent),
    bias: ({ build, output, tangent }) => build.expand(tangent, output.shape),
  },

  samples: [
    {
      inputs: { x: { shape: [3, 4] }, weight: { shape: [4] }, bias: { shape: [4] } },
      attributes: { normalized_shape: [4] },
    },
    {
      inputs: { x: { shape: [2, 3, 4] }, weight: { shape: [3, 4] } },
      attributes: { normalized_shape: [3, 4], eps: 0.1 },
    },
    { inputs: { x: { shape: [2, 3, 4] }, bias: { shape: [4] } }, attributes: { normalized_shape: [4] } },
    { inputs: { x: { shape: [4] } }, attributes: { normalized_shape: [4] } },
    { inputs: { x: { shape: [0, 4] } }, attributes: { normalized_shape: [4] } },
  ],
  refused: [
    { inputs: { x: { shape: [3, 4] } }, attributes: { normalized_shape: [3] } },
    { inputs: { x: { shape: [4] } }, attributes: { normalized_shape: [3, 4] } },
    { inputs: { x: { shape: [3, 4] } }, attributes: { normalized_shape: [] } },
    { inputs: { x: { shape: [3, 4] }, weight: { shape: [3] } }, attributes: { normalized_shape: [4] } },
    { inputs: { x: { shape: [3, 4] }, bias: { shape: [1, 4] } }, attributes: { normalized_shape: [4] } },
  ],
});

function axesOf({ normalized_shape }: { readonly normalized_shape: readonly number[] }): number[] {
  return normalized_shape.map((_, i) => i - normalized_shape.length);
}
