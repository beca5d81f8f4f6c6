/** Division by the norm along a dimension. Knows nothing of graphs or text. */
import { broadcastTo, type Tensor } from "../../tensor";
import type { Builder, Ref } from "../builder";
import { defineOp } from "../define-op";
import { float, integer, number } from "../parameters";
import { norm } from "../reduce/norm";
import { isFault, isRejected, reject } from "../rejection";
import { axisOf } from "../shape/axis";
import { doublesOf, roundedTo } from "../working-precision";

export const normalize = defineOp({
  name: "normalize",
  inputs: { x: float() },
  attributes: { p: { ...number(2), alsoInfinite: true }, dim: integer(1), eps: number(1e-12) },
  doc: "Divides each slice along `dim` by its p-norm, or by `eps` where that is larger.",
  formula: "y = x / max(‖x‖ₚ, ε)",
  derivative: "x̄ = ȳ/d − Σ(ȳ · x)/d² · ∂‖x‖ₚ/∂x, d = max(‖x‖ₚ, ε); without the second term where ε is larger",

  shape({ inputs: { x }, attributes }) {
    const reduced = norm.shape({ inputs: { x }, attributes: normAttributes(attributes), sizes: {} });
    if (!isRejected(reduced)) return x;
    if (reduced.rejected.kind !== "dim-out-of-range") return reduced;
    return reject({ ...reduced.rejected, attribute: "dim", found: attributes.dim });
  },

  forward({ inputs: { x }, attributes, output }) {
    const axis = axisOf(attributes.dim, x.shape.length);
    const shape = x.shape.map((size, i) => (i === axis ? 1 : size));
    const given = { inputs: { x }, attributes: normAttributes(attributes), output: { ...output, shape } };
    const norms = norm.forward(given);
    if (isFault(norms)) return norms;
    const divisors = doublesOf(broadcastTo(norms, x.shape));
    const values = doublesOf(x);
    return roundedTo(
      output,
      values.map((value, i) => value / Math.max(divisors[i]!, attributes.eps)),
    );
  },

  vjp: {
    x({ build, inputs: { x }, attributes, cotangent }) {
      const { norms, divisor, isFree } = parts(build, x, attributes);
      const along = build.sum(build.mul(cotangent, x), [attributes.dim], true);
      const pulled = build.neg(build.div(along, build.square(divisor)));
      const seen = build.where(isFree, pulled, build.constant(0));
      const context = { build, inputs: { x }, output: norms, attributes: normAttributes(attributes) };
      // The rule of a single input gives a single cotangent.
      const throughNorm = norm.vjp.x!({ ...context, cotangent: seen }) as Ref;
      return build.add(build.div(cotangent, divisor), throughNorm);
    },
  },
  jvp: {
    x({ build, inputs: { x }, attributes, tangent }) {
      const { norms, divisor, isFree } = parts(build, x, attributes);
      const context = { build, inputs: { x }, output: norms, attributes: normAttributes(attributes) };
      const moved = build.where(isFree, norm.jvp.x!({ ...context, tangent }), build.constant(0));
      return build.sub(build.div(tangent, divisor), build.mul(x, build.div(moved, build.square(divisor))));
    },
  },
  branch({ inputs: { x }, attributes, output }): Tensor {
    const given = { inputs: { x }, attributes: normAttributes(attributes), output };
    return norm.branch?.(given) ?? { dtype: "int", shape: [], data: new Float64Array(1) };
  },

  samples: [
    { inputs: { x: { shape: [3, 4] } } },
    { inputs: { x: { shape: [2, 3, 4] } }, attributes: { dim: -2, p: 2.5 } },
    { inputs: { x: { shape: [4], like: "nonzero" } }, attributes: { dim: 0, p: 1 } },
    { inputs: { x: { shape: [3, 2], like: "nonzero" } }, attributes: { p: 1.5 } },
    { inputs: { x: { shape: [2, 3] } }, attributes: { eps: 100 } },
  ],
  refused: [{ inputs: { x: { shape: [4] } } }],
});

interface Options {
  readonly p: number;
  readonly dim: number;
  readonly eps: number;
}

function normAttributes({ p, dim }: Options) {
  return { p, dim: [dim], keepdim: true };
}

function parts(build: Builder, x: Ref, options: Options) {
  const norms = build.apply("norm", [x], normAttributes(options));
  const least = build.constant(options.eps);
  const isFree = build.greaterEqual(norms, least);
  return { norms, isFree, divisor: build.where(isFree, norms, least) };
}
