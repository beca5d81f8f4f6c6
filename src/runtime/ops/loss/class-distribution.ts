/**
 * What classification losses weigh log-probabilities with: q[n, c] = w[c]·((1 − s)·[c = label n] + s/C), 0 for ignored
 * labels. Used by derivative rules; a constant of the labels. Knows nothing of graphs.
 */
import { defineOp } from "../define-op";
import { constant, integer, number, optional, int } from "../parameters";
import { doublesOf, roundedTo } from "../working-precision";
import { checkClassWeights, checkLabels, classLayout, labelFault } from "./class-axis";

export const classDistribution = defineOp({
  name: "_class_distribution",
  inputs: { x: constant("float"), target: int(), weight: optional(constant("float")) },
  attributes: { ignore_index: integer(-100), label_smoothing: number(0) },
  doc: "The weighted, smoothed distribution over the classes of `x` that labels stand for.",
  formula: "q[n, c] = w[c]·((1 − s)·[c = target[n]] + s/C)",
  derivative: "none: it is constant in x",
  shape: ({ inputs: { x, target, weight } }) =>
    checkLabels(x, target) ?? checkClassWeights(x, weight) ?? { shape: x.shape, dtype: x.dtype },
  forward({ inputs: { x, target, weight }, attributes, output }) {
    const { batch, classes, places } = classLayout(x.shape);
    const ignored = attributes.ignore_index;
    const fault = labelFault(target, classes, ignored);
    if (fault !== undefined) return fault;
    const weights = weight === undefined ? new Float64Array(classes).fill(1) : doublesOf(weight);
    const even = attributes.label_smoothing / classes;
    const q = new Float64Array(batch * classes * places);
    for (let row = 0; row < batch * places; row++) {
      const label = target.data[row]!;
      if (label === ignored) continue;
      const start = Math.floor(row / places) * classes * places + (row % places);
      if (even > 0) for (let c = 0; c < classes; c++) q[start + c * places] = even * weights[c]!;
      const at = start + label * places;
      q[at] = q[at]! + (1 - attributes.label_smoothing) * weights[label]!;
    }
    return roundedTo(output, q);
  },
  vjp: {},
  jvp: {},
  samples: [
    { inputs: { x: { shape: [4, 3] }, target: { shape: [4], like: "labels", below: 3 } } },
    {
      inputs: {
        x: { shape: [2, 3, 2] },
        target: { shape: [2, 2], like: "labels", below: 3 },
        weight: { shape: [3], like: "positive" },
      },
      attributes: { label_smoothing: 0.2, ignore_index: 1 },
    },
  ],
});
