/** Normalisation of groups of channels within each example. Knows nothing of graphs or text. */
import { elementCount, floorDivideSizes, multiplySizes, type Size } from "../../tensor";
import type { Builder, Ref } from "../builder";
import { defineOp } from "../define-op";
import { float, integer, number, optional, required } from "../parameters";
import { reject } from "../rejection";
import { doublesOf, roundedTo } from "../working-precision";
import { alongChannels, checkParameter, dimRefs, scaledBy, sumToChannels } from "./affine-parameters";
import { moveStandardized, scaleAndShift, standardize, standardized } from "./standardization";

export const groupNorm = defineOp({
  name: "group_norm",
  inputs: { x: float(), weight: optional(float()), bias: optional(float()) },
  attributes: { num_groups: required(integer(1)), eps: number(1e-5) },
  callOrder: ["x", "num_groups", "weight", "bias", "eps"],
  doc:
    "Splits the channels (dimension 1) of each example into `num_groups` groups and shifts and scales each to mean 0 and " +
    "variance 1, then multiplies each channel by `weight` and adds `bias`.",
  formula: "y = (x − mean(x)) / √(var(x) + ε) · weight + bias, mean and var over each group of channels",
  derivative:
    "x̄ = (g − mean(g) − x̂ · mean(g · x̂)) / √(var(x) + ε), g = ȳ · weight; weight̄ = Σ ȳ · x̂, bias̄ = Σ ȳ",

  shape({ inputs: { x, weight, bias }, attributes: { num_groups: groups } }) {
    if (x.shape.length < 2) {
      return reject({ kind: "rank", input: "x", found: x.shape.length, needs: "[N, C] or [N, C, …]" });
    }
    if (groups < 1) {
      const message = `num_groups must be at least 1, not ${String(groups)}`;
      return reject({ kind: "attribute", attribute: "num_groups", message });
    }
    const channels = x.shape[1]!;
    if (typeof channels.size === "number" && channels.size % groups !== 0) {
      const needs = `the channels must be a multiple of num_groups = ${String(groups)}`;
      return reject({ kind: "size", at: { input: "x", axis: 1, dim: channels }, needs });
    }
    const perGroup = floorDivideSizes(multiplySizes(x.shape[0]!.size, channels.size), groups);
    const counts: readonly Size[] = [perGroup, ...x.shape.slice(2).map(({ size }) => size)];
    if (counts.every((size) => size === 1)) {
      const message = "`group_norm` needs more than one value for each group: their variance is always 0.";
      return reject({ kind: "other", input: "x", message });
    }
    const wanted = dimRefs("x", x.shape.slice(0, 2), 1);
    return (
      checkParameter("weight", weight, wanted, "there is one weight for each channel") ??
      checkParameter("bias", bias, wanted, "there is one bias for each channel") ??
      x
    );
  },

  forward({ inputs: { x, weight, bias }, attributes, output }) {
    const channels = x.shape[1]!;
    const groups = x.shape[0]! * attributes.num_groups;
    const layout = { batch: 1, groups, places: groups === 0 ? 0 : x.data.length / groups };
    const values = standardize(doublesOf(x), layout, attributes.eps);
    const places = elementCount(x.shape.slice(2));
    const [scale, shift] = [weight && doublesOf(weight), bias && doublesOf(bias)];
    return roundedTo(
      output,
      scaleAndShift(values, scale, shift, (i) => Math.floor(i / places) % channels),
    );
  },

  // y = x̂ w + b, and dx̂ as standardization.ts says, with each group as one row
  vjp: {
    x({ build, inputs: { x, weight }, attributes, cotangent }) {
      return moveGroups(build, x, attributes, scaledBy(build, cotangent, channelWeight(build, x, weight)));
    },
    weight({ build, inputs: { x }, attributes, cotangent }) {
      return sumToChannels(build, build.mul(cotangent, groupValues(build, x, attributes)));
    },
    bias: ({ build, cotangent }) => sumToChannels(build, cotangent),
  },
  jvp: {
    x({ build, inputs: { x, weight }, attributes, tangent }) {
      return scaledBy(build, moveGroups(build, x, attributes, tangent), channelWeight(build, x, weight));
    },
    weight({ build, inputs: { x }, attributes, tangent }) {
      return build.mul(groupValues(build, x, attributes), alongChannels(build, tangent, x.shape.length));
    },
    bias: ({ build, output, tangent }) =>
      build.expand(alongChannels(build, tangent, output.shape.length), output.shape),
  },

  samples: [
    {
      inputs: { x: { shape: [2, 4, 3] }, weight: { shape: [4] }, bias: { shape: [4] } },
      attributes: { num_groups: 2 },
    },
    { inputs: { x: { shape: [3, 4] } }, attributes: { num_groups: 1, eps: 0.1 } },
    { inputs: { x: { shape: [2, 3, 2, 2] }, weight: { shape: [3] } }, attributes: { num_groups: 3 } },
    { inputs: { x: { shape: [2, 4, 3] }, bias: { shape: [4] } }, attributes: { num_groups: 4 } },
  ],
  refused: [
    { inputs: { x: { shape: [4] } }, attributes: { num_groups: 2 } },
    { inputs: { x: { shape: [2, 3, 4] } }, attributes: { num_groups: 2 } },
    { inputs: { x: { shape: [2, 3, 4] } }, attributes: { num_groups: 0 } },
    { inputs: { x: { shape: [2, 4, 3] }, weight: { shape: [2] } }, attributes: { num_groups: 2 } },
    { inputs: { x: { shape: [1, 2] } }, attributes: { num_groups: 2 } },
  ],
});

interface Grouping {
  readonly num_groups: number;
  readonly eps: number;
}

function channelWeight(build: Builder, x: Ref, weight: Ref | undefined): Ref | undefined {
  return weight && alongChannels(build, weight, x.shape.length);
}

/** One row for each group of each example. */
function asGroups(build: Builder, value: Ref, groups: number): Ref {
  const rows = value.shape[0]! * groups;
  return build.reshape(value, [rows, rows === 0 ? 0 : elementCount(value.shape) / rows]);
}

function groupValues(build: Builder, x: Ref, { num_groups: groups, eps }: Grouping): Ref {
  return build.reshape(standardized(build, asGroups(build, x, groups), [1], eps).values, x.shape);
}

function moveGroups(build: Builder, x: Ref, { num_groups: groups, eps }: Grouping, moved: Ref): Ref {
  const rows = [x, moved].map((value) => asGroups(build, value, groups));
  return build.reshape(moveStandardized(build, rows[0]!, [1], eps, rows[1]!), x.shape);
}
