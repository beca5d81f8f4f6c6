/** The cross entropy between class scores and labels or class probabilities. Knows nothing of graphs or text. */
import { elementCount, isFloat } from "../../tensor";
import type { Builder, Ref } from "../builder";
import { defineOp } from "../define-op";
import { constant, float, integer, labelsOrFloat, number, optional } from "../parameters";
import { reject } from "../rejection";
import { doublesOf, roundedTo } from "../working-precision";
import {
  checkClassWeights,
  checkLabels,
  checkProbabilities,
  classAxis,
  classLayout,
  labelFault,
  withoutClasses,
} from "./class-axis";
import { labelLosses, logProbabilities, probabilityLosses } from "./cross-entropy-kernel";
import { reduce, reducedShape, reducedValues, reduction, spread, type Reduction } from "./reduction";

export const crossEntropy = defineOp({
  name: "cross_entropy",
  inputs: { x: float(), target: labelsOrFloat(), weight: optional(constant("float")) },
  attributes: { ignore_index: integer(-100), reduction, label_smoothing: number(0) },
  doc:
    "The cross entropy of the scores `x` ([C], [N, C] or [N, C, d1, …], before any softmax) with `target`: class labels, " +
    "or class probabilities of the shape of `x`. Labels equal to `ignore_index` count for nothing; the mean over labels " +
    "is weighted by `weight` (NaN where all are ignored).",
  formula: "L = mean over n of −Σ_c q[n, c] · log softmax(x[n])[c], q the (weighted, smoothed) target",
  derivative: "x̄[n] = L̄ · (softmax(x[n]) · Σ_c q[n, c] − q[n]) / N",

  shape({ inputs: { x, target, weight }, attributes }) {
    const { label_smoothing: smoothing, ignore_index: ignored } = attributes;
    if (!(smoothing >= 0 && smoothing <= 1)) {
      const message = `label_smoothing must be between 0 and 1, not ${String(smoothing)}`;
      return reject({ kind: "attribute", attribute: "label_smoothing", message });
    }
    const hasProbabilities = isFloat(target.dtype) && target.shape.length === x.shape.length;
    if (!hasProbabilities && target.dtype !== "int") {
      const needs = "whole-number labels, or class probabilities of the shape of `x`";
      return reject({ kind: "dtype", input: "target", found: target.dtype, needs });
    }
    if (hasProbabilities && ignored >= 0) {
      const message = "ignore_index has no meaning for class probabilities";
      return reject({ kind: "attribute", attribute: "ignore_index", message });
    }
    const refused =
      (hasProbabilities ? checkProbabilities : checkLabels)(x, target) ?? checkClassWeights(x, weight);
    return refused ?? { shape: reducedShape(withoutClasses(x.shape), attributes.reduction), dtype: x.dtype };
  },

  forward({ inputs: { x, target, weight }, attributes, output }) {
    const layout = classLayout(x.shape);
    const logits = logProbabilities(doublesOf(x), layout);
    const weights = weight === undefined ? new Float64Array(layout.classes).fill(1) : doublesOf(weight);
    const options = { weights, smoothing: attributes.label_smoothing, ignored: attributes.ignore_index };
    if (isFloat(target.dtype)) {
      const losses = probabilityLosses(logits, doublesOf(target), layout, options);
      return roundedTo(output, reducedValues(losses, attributes.reduction));
    }
    const fault = labelFault(target, layout.classes, attributes.ignore_index);
    if (fault !== undefined) return fault;
    const { losses, totalWeight } = labelLosses(logits, target, layout, options);
    return roundedTo(output, reducedValues(losses, attributes.reduction, totalWeight));
  },

  vjp: {
    // L = −Σ_c q_c log softmax(x)_c  ⇒  x̄ = L̄ (softmax(x) Σ_c q_c − q), and 0 where the label is ignored
    x({ build, inputs, attributes, cotangent }) {
      const { x, target } = inputs;
      const rows = rowCotangent(build, cotangent, inputs, attributes);
      const gradient = build.mul(rows, scoreSlope(build, x, distribution(build, inputs, attributes)));
      if (isFloat(target.dtype)) return gradient;
      const ignored = build.equal(target, build.constant(attributes.ignore_index));
      return build.where(build.unsqueeze(ignored, classAxis(x.shape.length)), build.constant(0), gradient);
    },
    // With probabilities t, q_c = w_c ((1 − s) t_c + s/C)  ⇒  t̄_c = −L̄ w_c (1 − s) log softmax(x)_c
    target({ build, inputs, attributes, cotangent }) {
      const rows = rowCotangent(build, cotangent, inputs, attributes);
      return build.mul(rows, probabilitySlope(build, inputs, attributes));
    },
  },

  jvp: {
    x({ build, inputs, attributes, tangent }) {
      const slope = scoreSlope(build, inputs.x, distribution(build, inputs, attributes));
      return rowTangents(build, build.mul(slope, tangent), inputs, attributes);
    },
    target({ build, inputs, attributes, tangent }) {
      const slope = probabilitySlope(build, inputs, attributes);
      return rowTangents(build, build.mul(slope, tangent), inputs, attributes);
    },
  },

  samples: [
    { inputs: { x: { shape: [4, 3] }, target: { shape: [4], like: "labels", below: 3 } } },
    { inputs: { x: { shape: [3] }, target: { shape: [], like: "labels", below: 3 } } },
    { inputs: { x: { shape: [4, 3] }, target: { shape: [4, 3], like: "probabilities" } } },
    { inputs: { x: { shape: [3] }, target: { shape: [3], like: "probabilities" } } },
    {
      inputs: {
        x: { shape: [2, 3, 2] },
        target: { shape: [2, 3, 2], like: "probabilities" },
        weight: { shape: [3], like: "positive" },
      },
      attributes: { label_smoothing: 0.1 },
    },
    {
      inputs: {
        x: { shape: [5, 3] },
        target: { shape: [5], like: "labels", below: 3 },
        weight: { shape: [3], like: "positive" },
      },
      attributes: { label_smoothing: 0.1, ignore_index: 1 },
    },
    {
      inputs: { x: { shape: [2, 3, 2, 2] }, target: { shape: [2, 2, 2], like: "labels", below: 3 } },
      attributes: { reduction: "none" },
    },
    {
      inputs: { x: { shape: [4, 3] }, target: { shape: [4], like: "labels", below: 3 } },
      attributes: { reduction: "sum", ignore_index: 0 },
    },
  ],
  refused: [
    { inputs: { x: { shape: [2, 3] }, target: { shape: [3], like: "labels", below: 3 } } },
    { inputs: { x: { shape: [2, 3] }, target: { shape: [2, 3], like: "labels", below: 3 } } },
    { inputs: { x: { shape: [2, 3] }, target: { shape: [2] } } },
    { inputs: { x: { shape: [2, 3] }, target: { shape: [2, 2], like: "probabilities" } } },
    {
      inputs: {
        x: { shape: [2, 3] },
        target: { shape: [2], like: "labels", below: 3 },
        weight: { shape: [2], like: "positive" },
      },
    },
    {
      inputs: { x: { shape: [2, 3] }, target: { shape: [2], like: "labels", below: 3 } },
      attributes: { label_smoothing: 1.5 },
    },
  ],
});

interface Operands {
  readonly x: Ref;
  readonly target: Ref;
  readonly weight: Ref | undefined;
}

interface Options {
  readonly ignore_index: number;
  readonly reduction: Reduction;
  readonly label_smoothing: number;
}

/** q: what the target weighs the log-probabilities with. */
function distribution(build: Builder, { x, target, weight }: Operands, options: Options): Ref {
  const { ignore_index, label_smoothing } = options;
  if (!isFloat(target.dtype)) {
    return build.apply("_class_distribution", [x, target, weight], { ignore_index, label_smoothing });
  }
  const even = label_smoothing / x.shape[classAxis(x.shape.length)]!;
  const kept = build.mul(target, build.constant(1 - label_smoothing));
  const smooth = label_smoothing === 0 ? target : build.add(kept, build.constant(even));
  return weight === undefined ? smooth : build.mul(smooth, alongClasses(build, weight, x));
}

/** What a mean divides by: the weights of all labels, or the number of distributions. */
function divisorOf(build: Builder, { x, target, weight }: Operands, { ignore_index }: Options): Ref {
  if (isFloat(target.dtype)) return build.constant(elementCount(withoutClasses(x.shape)));
  const hard = { ignore_index, label_smoothing: 0 };
  return build.sum(build.apply("_class_distribution", [x, target, weight], hard));
}

/** The cotangent of each row's loss, along the classes. */
function rowCotangent(build: Builder, cotangent: Ref, inputs: Operands, options: Options): Ref {
  const { x } = inputs;
  const shape = withoutClasses(x.shape);
  const divisor = options.reduction === "mean" ? { divisor: divisorOf(build, inputs, options) } : {};
  const rows = spread(build, cotangent, options.reduction, { shape, ...divisor });
  return build.unsqueeze(rows, classAxis(x.shape.length));
}

/** The rows' tangents from those of their terms, reduced. */
function rowTangents(build: Builder, terms: Ref, inputs: Operands, options: Options): Ref {
  const rows = build.sum(terms, [classAxis(inputs.x.shape.length)]);
  if (options.reduction !== "mean") return reduce(build, rows, options.reduction);
  return reduce(build, rows, "mean", divisorOf(build, inputs, options));
}

/** softmax(x) Σ_c q_c − q: how a row's loss moves with its scores. */
function scoreSlope(build: Builder, x: Ref, q: Ref): Ref {
  const dim = classAxis(x.shape.length);
  return build.sub(build.mul(build.apply("softmax", [x], { dim }), build.sum(q, [dim], true)), q);
}

/** −w (1 − s) log softmax(x): how a row's loss moves with its target probabilities. */
function probabilitySlope(build: Builder, { x, weight }: Operands, { label_smoothing }: Options): Ref {
  const logits = build.apply("log_softmax", [x], { dim: classAxis(x.shape.length) });
  const scaled = build.mul(logits, build.constant(label_smoothing - 1));
  return weight === undefined ? scaled : build.mul(scaled, alongClasses(build, weight, x));
}

function alongClasses(build: Builder, weight: Ref, x: Ref): Ref {
  const after = x.shape.length - 1 - classAxis(x.shape.length);
  return build.reshape(weight, [weight.shape[0]!, ...new Array<number>(after).fill(1)]);
}
