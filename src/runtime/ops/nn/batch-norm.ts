/** Normalisation of each channel by the statistics of the batch, as in training. Knows nothing of graphs or text. */
import { elementCount } from "../../tensor";
import { defineOp } from "../define-op";
import { float, number, optional } from "../parameters";
import { reject } from "../rejection";
import { doublesOf, roundedTo } from "../working-precision";
import { alongChannels, checkParameter, dimRefs, scaledBy, sumToChannels } from "./affine-parameters";
import { moveStandardized, scaleAndShift, standardize, standardized } from "./standardization";

export const batchNorm = defineOp({
  name: "batch_norm",
  inputs: { x: float(), weight: optional(float()), bias: optional(float()) },
  attributes: { eps: number(1e-5) },
  doc:
    "Shifts and scales each channel (dimension 1) to mean 0 and variance 1 over the batch and all places, with the statistics " +
    "of this batch (training mode), then multiplies by `weight` and adds `bias`.",
  formula: "y = (x − mean(x)) / √(var(x) + ε) · weight + bias, for each channel",
  derivative:
    "x̄ = (g − mean(g) − x̂ · mean(g · x̂)) / √(var(x) + ε), g = ȳ · weight; weight̄ = Σ ȳ · x̂, bias̄ = Σ ȳ",

  shape({ inputs: { x, weight, bias } }) {
    if (x.shape.length < 2) {
      return reject({ kind: "rank", input: "x", found: x.shape.length, needs: "[N, C] or [N, C, …]" });
    }
    const counts = x.shape.filter((_, axis) => axis !== 1).map(({ size }) => size);
    if (counts.every((size) => size === 1)) {
      const message = "`batch_norm` needs more than one value for each channel: their variance is always 0.";
      return reject({ kind: "other", input: "x", message });
    }
    const channels = dimRefs("x", x.shape.slice(0, 2), 1);
    return (
      checkParameter("weight", weight, channels, "there is one weight for each channel") ??
      checkParameter("bias", bias, channels, "there is one bias for each channel") ??
      x
    );
  },

  forward({ inputs: { x, weight, bias }, attributes, output }) {
    const [batch, groups] = [x.shape[0]!, x.shape[1]!];
    const places = elementCount(x.shape.slice(2));
    const values = standardize(doublesOf(x), { batch, groups, places }, attributes.eps);
    const [scale, shift] = [weight && doublesOf(weight), bias && doublesOf(bias)];
    return roundedTo(
      output,
      scaleAndShift(values, scale, shift, (i) => Math.floor(i / places) % groups),
    );
  },

  // y = x̂ w + b, and dx̂ as standardization.ts says
  vjp: {
    x({ build, inputs: { x, weight }, attributes, cotangent }) {
      const channels = weight && alongChannels(build, weight, x.shape.length);
      return moveStandardized(build, x, axesOf(x), attributes.eps, scaledBy(build, cotangent, channels));
    },
    weight({ build, inputs: { x }, attributes, cotangent }) {
      const { values } = standardized(build, x, axesOf(x), attributes.eps);
      return sumToChannels(build, build.mul(cotangent, values));
    },
    bias: ({ build, cotangent }) => sumToChannels(build, cotangent),
  },
  jvp: {
    x({ build, inputs: { x, weight }, attributes, tangent }) {
      const channels = weight && alongChannels(build, weight, x.shape.length);
      return scaledBy(build, moveStandardized(build, x, axesOf(x), attributes.eps, tangent), channels);
    },
    weight({ build, inputs: { x }, attributes, tangent }) {
      const { values } = standardized(build, x, axesOf(x), attributes.eps);
      return build.mul(values, alongChannels(build, tangent, x.shape.length));
    },
    bias: ({ build, output, tangent }) =>
      build.expand(alongChannels(build, tangent, output.shape.length), output.shape),
  },

  samples: [
    { inputs: { x: { shape: [5, 3] }, weight: { shape: [3] }, bias: { shape: [3] } } },
    { inputs: { x: { shape: [2, 3, 2, 2] }, weight: { shape: [3] } }, attributes: { eps: 0.1 } },
    { inputs: { x: { shape: [3, 2, 4] }, bias: { shape: [2] } } },
    { inputs: { x: { shape: [4, 3] } } },
  ],
  refused: [
    { inputs: { x: { shape: [5] } } },
    { inputs: { x: { shape: [1, 3] } } },
    { inputs: { x: { shape: [5, 3] }, weight: { shape: [5] } } },
    { inputs: { x: { shape: [5, 3] }, bias: { shape: [1, 3] } } },
  ],
});

function axesOf({ shape }: { readonly shape: readonly number[] }): number[] {
  return [...shape.keys()].filter((axis) => axis !== 1);
}
