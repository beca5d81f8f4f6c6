/** The negative log-likelihood of labels under log-probabilities. Knows nothing of graphs or text. */
import type { Builder, Ref } from "../builder";
import { defineOp } from "../define-op";
import { constant, float, int, integer, optional } from "../parameters";
import { doublesOf, roundedTo } from "../working-precision";
import {
  checkClassWeights,
  checkLabels,
  classAxis,
  classLayout,
  labelFault,
  withoutClasses,
} from "./class-axis";
import { reduce, reducedShape, reducedValues, reduction, spread } from "./reduction";

export const nllLoss = defineOp({
  name: "nll_loss",
  inputs: { x: float(), target: int(), weight: optional(constant("float")) },
  attributes: { ignore_index: integer(-100), reduction },
  doc:
    "The negative of the log-probability that `x` ([C], [N, C] or [N, C, d1, …]) gives to each label. Labels equal to " +
    "`ignore_index` count for nothing; the mean is weighted by `weight` (NaN where all are ignored).",
  formula: "L = −Σₙ w[tₙ] · x[n, tₙ] / Σₙ w[tₙ]",
  derivative: "x̄[n, c] = −L̄ · w[c] · [c = tₙ] / Σₙ w[tₙ]",

  shape: ({ inputs: { x, target, weight }, attributes }) =>
    checkLabels(x, target) ??
    checkClassWeights(x, weight) ?? {
      shape: reducedShape(withoutClasses(x.shape), attributes.reduction),
      dtype: x.dtype,
    },

  forward({ inputs: { x, target, weight }, attributes, output }) {
    const { batch, classes, places } = classLayout(x.shape);
    const fault = labelFault(target, classes, attributes.ignore_index);
    if (fault !== undefined) return fault;
    const logs = doublesOf(x);
    const weights = weight === undefined ? new Float64Array(classes).fill(1) : doublesOf(weight);
    const losses = new Float64Array(batch * places);
    let totalWeight = 0;
    for (let row = 0; row < losses.length; row++) {
      const label = target.data[row]!;
      if (label === attributes.ignore_index) continue;
      totalWeight += weights[label]!;
      const at = (Math.floor(row / places) * classes + label) * places + (row % places);
      losses[row] = -weights[label]! * logs[at]!;
    }
    return roundedTo(output, reducedValues(losses, attributes.reduction, totalWeight));
  },

  // L = −Σ q x / Σ q with q[n, c] = w[c] [c = tₙ]  ⇒  x̄ = −L̄ q / Σ q, and 0 where the label is ignored
  vjp: {
    x({ build, inputs, attributes, cotangent }) {
      const { x, target } = inputs;
      const axis = classAxis(x.shape.length);
      const { q, total } = distribution(build, inputs, attributes.ignore_index);
      const shape = withoutClasses(x.shape);
      const rows = spread(build, cotangent, attributes.reduction, { shape, divisor: total });
      const gradient = build.neg(build.mul(build.unsqueeze(rows, axis), q));
      const label = build.constant(attributes.ignore_index);
      return build.where(build.unsqueeze(build.equal(target, label), axis), build.constant(0), gradient);
    },
  },
  jvp: {
    x({ build, inputs, attributes, tangent }) {
      const { q, total } = distribution(build, inputs, attributes.ignore_index);
      const rows = build.neg(build.sum(build.mul(q, tangent), [classAxis(inputs.x.shape.length)]));
      return reduce(build, rows, attributes.reduction, total);
    },
  },

  samples: [
    { inputs: { x: { shape: [4, 3] }, target: { shape: [4], like: "labels", below: 3 } } },
    { inputs: { x: { shape: [3] }, target: { shape: [], like: "labels", below: 3 } } },
    {
      inputs: {
        x: { shape: [2, 3, 4] },
        target: { shape: [2, 4], like: "labels", below: 3 },
        weight: { shape: [3], like: "positive" },
      },
      attributes: { ignore_index: 1 },
    },
    {
      inputs: { x: { shape: [4, 3] }, target: { shape: [4], like: "labels", below: 3 } },
      attributes: { reduction: "none" },
    },
  ],
  refused: [
    { inputs: { x: { shape: [4, 3] }, target: { shape: [3], like: "labels", below: 3 } } },
    { inputs: { x: { shape: [4, 3] }, target: { shape: [4, 3], like: "labels", below: 3 } } },
    {
      inputs: {
        x: { shape: [4, 3] },
        target: { shape: [4], like: "labels", below: 3 },
        weight: { shape: [4], like: "positive" },
      },
    },
  ],
});

function distribution(
  build: Builder,
  { x, target, weight }: { readonly x: Ref; readonly target: Ref; readonly weight: Ref | undefined },
  ignoreIndex: number,
): { readonly q: Ref; readonly total: Ref } {
  const q = build.apply("_class_distribution", [x, target, weight], {
    ignore_index: ignoreIndex,
    label_smoothing: 0,
  });
  return { q, total: build.sum(q) };
}
