/** `norm`: the p-norm over some dimensions or all. */
import { fromArray, type Tensor } from "../../tensor";
import type { Builder, Ref } from "../builder";
import { defineOp } from "../define-op";
import { type Attribute, flag, float, integers, maybe, number } from "../parameters";
import { isRejected, reject } from "../rejection";
import {
  foldGroups,
  keepDims,
  type ReductionAttributes,
  reducedShape,
  resolveReduction,
  sumGroups,
} from "./groups";
import { pairwiseSum } from "./pairwise-sum";

/** The order, which may be written "inf" and arrives as a number. */
const order: Attribute<number> = { ...number(2), alsoInfinite: true };

export const norm = defineOp({
  name: "norm",
  inputs: { x: float() },
  attributes: { p: order, dim: maybe(integers([])), keepdim: flag(false) },
  doc: "The p-norm over the dimensions `dim` (all of them where left out), of the elements as a vector: 2 by default, `p = inf` for the largest magnitude, `p = 0` for the number of elements that are not 0. The gradient at 0 is 0.",
  formula: "y = (Σᵢ |xᵢ|ᵖ)^(1/p)",
  derivative: "x̄ᵢ = ȳ · sign(xᵢ) (|xᵢ| / y)^(p − 1), and 0 where y = 0; for p = inf ties share equally",
  shape({ inputs: { x }, attributes }) {
    const axes = resolveReduction(attributes.dim, x.shape.length);
    if (isRejected(axes)) return axes;
    const { p } = attributes;
    if (Number.isNaN(p)) {
      return reject({ kind: "attribute", attribute: "p", message: "p must be a number or inf" });
    }
    for (const axis of axes) {
      const empty = x.shape[axis];
      if (empty?.size !== 0 || (p >= 0 && p !== Infinity)) continue;
      return reject({
        kind: "size",
        at: { input: "x", axis, dim: empty },
        needs: `at least 1 for p = ${formatOrder(p)}`,
      });
    }
    const shape = reducedShape(x.shape, attributes);
    return isRejected(shape) ? shape : { shape, dtype: x.dtype };
  },
  forward({ inputs: { x }, attributes, output }) {
    const { p } = attributes;
    return foldGroups(x, attributes.dim, output, (values) => normOf(values, p));
  },
  vjp: {
    // x̄ᵢ = ȳ ∂y/∂xᵢ
    x: ({ build, inputs: { x }, output, attributes, cotangent }) =>
      build.mul(
        keepDims(build, cotangent, x, attributes.dim),
        slopes(build, x, output, attributes.p, attributes.dim),
      ),
  },
  jvp: {
    // ẏ = Σᵢ ẋᵢ ∂y/∂xᵢ
    x: ({ build, inputs: { x }, output, attributes, tangent }) =>
      sumGroups(
        build,
        build.mul(tangent, slopes(build, x, output, attributes.p, attributes.dim)),
        attributes,
      ),
  },
  branch: ({ inputs: { x }, attributes }) => normBranch(x, attributes.p, attributes),
  samples: [
    { inputs: { x: { shape: [2, 3, 4] } } },
    { inputs: { x: { shape: [2, 3, 4] } }, attributes: { dim: [1] } },
    { inputs: { x: { shape: [2, 3, 4] } }, attributes: { dim: [0, -1], keepdim: true } },
    { inputs: { x: { shape: [3, 4], like: "nonzero" } }, attributes: { p: 1, dim: [1] } },
    { inputs: { x: { shape: [3, 4] } }, attributes: { p: 3 } },
    { inputs: { x: { shape: [3, 4], like: "nonzero" } }, attributes: { p: 1.5, dim: [0] } },
    { inputs: { x: { shape: [3, 4], like: "nonzero" } }, attributes: { p: 0.5 } },
    { inputs: { x: { shape: [3, 4], like: "distinct" } }, attributes: { p: Infinity, dim: [1] } },
    { inputs: { x: { shape: [3, 4], like: "distinct" } }, attributes: { p: -Infinity } },
    { inputs: { x: { shape: [3], like: "nonzero" } }, attributes: { p: -1 } },
    { inputs: { x: { shape: [3, 4] } }, attributes: { p: 0, dim: [0] } },
    { inputs: { x: { shape: [2, 1, 3, 1, 2] } }, attributes: { dim: [2, 4] } },
    { inputs: { x: { shape: [], like: "nonzero" } }, attributes: { dim: [0] } },
    { inputs: { x: { shape: [0, 3] } }, attributes: { dim: [0] } },
  ],
  refused: [
    { inputs: { x: { shape: [2, 3] } }, attributes: { dim: [2] } },
    { inputs: { x: { shape: [0, 3] } }, attributes: { p: Infinity, dim: [0] } },
  ],
});

function formatOrder(p: number): string {
  return p === Infinity ? "inf" : p === -Infinity ? "-inf" : String(p);
}

function normOf(values: Float64Array, p: number): number {
  const magnitudes = values.map(Math.abs);
  if (p === Infinity) return magnitudes.reduce((most, value) => Math.max(most, value), 0);
  if (p === -Infinity) return magnitudes.reduce((least, value) => Math.min(least, value), Infinity);
  if (p === 0) return values.reduce((count, value) => count + Number(value !== 0), 0);
  if (p === 1) return pairwiseSum(magnitudes);
  if (p === 2) return Math.sqrt(pairwiseSum(magnitudes.map((value) => value * value)));
  return Math.pow(pairwiseSum(magnitudes.map((value) => Math.pow(value, p))), 1 / p);
}

/** ∂y/∂xᵢ in x's shape, with PyTorch's 0 where y = 0 and, below p = 1, where xᵢ = 0. */
function slopes(build: Builder, x: Ref, output: Ref, p: number, dim: readonly number[] | undefined): Ref {
  // y counts elements, or sums magnitudes
  if (p === 0) return build.zerosLike(x);
  if (p === 1) return build.sign(x);
  const y = keepDims(build, output, x, dim);
  if (Math.abs(p) === Infinity) {
    // Each element that reaches y has an equal share.
    const reached = build.cast(build.equal(build.abs(x), y), x.dtype);
    return build.mul(build.sign(x), build.div(reached, sumGroups(build, reached, { dim, keepdim: true })));
  }
  const power = build.constant(p - 1);
  if (p < 1) {
    // sign(xᵢ) |xᵢ|^(p−1) y^(1−p); the base avoids 0, where the power is infinite
    const zero = build.equal(x, build.zerosLike(x));
    const scaled = build.pow(build.where(zero, build.onesLike(x), build.abs(x)), power);
    return build.mul(
      build.where(zero, build.zerosLike(x), build.mul(build.sign(x), scaled)),
      build.pow(y, build.constant(1 - p)),
    );
  }
  const zero = build.equal(y, build.zerosLike(y));
  const divisor = build.where(zero, build.onesLike(y), y);
  // xᵢ / y
  if (p === 2) return build.where(zero, build.zerosLike(x), build.div(x, divisor));
  // sign(xᵢ) |xᵢ|^(p−1) / y^(p−1)
  const scaled = build.mul(build.sign(x), build.pow(build.abs(x), power));
  return build.where(zero, build.zerosLike(x), build.div(scaled, build.pow(divisor, power)));
}

/** Kinks: at a component 0 for p ≤ 1, at ties of magnitudes for p = ±inf, at the zero vector for the others. */
function normBranch(x: Tensor, p: number, { dim }: ReductionAttributes): Tensor {
  if (p <= 1 && p !== -Infinity) {
    return fromArray(
      "int",
      [x.data.length],
      Array.from(x.data, (value) => Math.sign(value)),
    );
  }
  return foldGroups(x, dim, { shape: [], dtype: "int" }, (values) => {
    const extreme = normOf(values, p);
    if (Math.abs(p) !== Infinity) return Number(extreme !== 0);
    const reached = values.findIndex((value) => Math.abs(value) === extreme);
    const ties = values.reduce((count, value) => count + Number(Math.abs(value) === extreme), 0);
    if (ties > 1 || extreme === 0) return 0;
    return (reached + 1) * Math.sign(values[reached] ?? 0);
  });
}
