/** Division by the root mean square over the last dimension. Knows nothing of graphs or text. */
import type { Builder, Ref } from "../builder";
import { defineOp } from "../define-op";
import { float, number, optional } from "../parameters";
import { reject } from "../rejection";
import { doublesOf, roundedTo } from "../working-precision";
import { checkParameter, dimRefs, scaledBy } from "./affine-parameters";

export const rmsNorm = defineOp({
  name: "rms_norm",
  inputs: { x: float(), weight: optional(float()) },
  attributes: { eps: number(1e-6) },
  doc: "Divides by the root mean square over the last dimension (plus `eps` under the root), then multiplies by `weight`.",
  formula: "y = x / √(mean(x²) + ε) · weight",
  derivative:
    "x̄ = r · (g − x · r² · mean(g · x)), r = 1/√(mean(x²) + ε), g = ȳ · weight; weight̄ = Σ ȳ · x · r",

  shape({ inputs: { x, weight } }) {
    if (x.shape.length === 0)
      return reject({ kind: "rank", input: "x", found: 0, needs: "of at least 1 dimension" });
    const last = dimRefs("x", x.shape, x.shape.length - 1);
    return checkParameter("weight", weight, last, "the weight has the last dimension of `x`") ?? x;
  },

  forward({ inputs, attributes, output }) {
    const x = doublesOf(inputs.x);
    const weight = inputs.weight && doublesOf(inputs.weight);
    const width = inputs.x.shape.at(-1)!;
    const y = new Float64Array(x.length);
    for (let start = 0; start < x.length; start += width) {
      let squares = 0;
      for (let i = 0; i < width; i++) squares += x[start + i]! * x[start + i]!;
      const scale = 1 / Math.sqrt(squares / width + attributes.eps);
      for (let i = 0; i < width; i++) y[start + i] = x[start + i]! * scale * (weight?.[i] ?? 1);
    }
    return roundedTo(output, y);
  },

  vjp: {
    x: ({ build, inputs: { x, weight }, attributes, cotangent }) =>
      moved(build, x, attributes.eps, scaledBy(build, cotangent, weight)),
    weight: ({ build, inputs: { x, weight }, attributes, cotangent }) =>
      build.sumTo(build.mul(cotangent, build.mul(x, scaleOf(build, x, attributes.eps))), weight!.shape),
  },
  jvp: {
    x: ({ build, inputs: { x, weight }, attributes, tangent }) =>
      scaledBy(build, moved(build, x, attributes.eps, tangent), weight),
    weight: ({ build, inputs: { x }, attributes, tangent }) =>
      build.mul(build.mul(x, scaleOf(build, x, attributes.eps)), tangent),
  },

  samples: [
    { inputs: { x: { shape: [3, 4] }, weight: { shape: [4] } } },
    { inputs: { x: { shape: [2, 3, 4] } }, attributes: { eps: 0.1 } },
    { inputs: { x: { shape: [4] }, weight: { shape: [4] } } },
    { inputs: { x: { shape: [0, 4] } } },
  ],
  refused: [
    { inputs: { x: { shape: [] } } },
    { inputs: { x: { shape: [3, 4] }, weight: { shape: [3] } } },
    { inputs: { x: { shape: [3, 4] }, weight: { shape: [3, 4] } } },
  ],
});

function scaleOf(build: Builder, x: Ref, eps: number): Ref {
  const meanSquare = build.mean(build.square(x), [-1], true);
  return build.reciprocal(build.sqrt(build.add(meanSquare, build.constant(eps))));
}

/** With r = 1/√(mean(x²) + ε): d(x r) = r (dx − x r² mean(x dx)), its own adjoint. */
function moved(build: Builder, x: Ref, eps: number, direction: Ref): Ref {
  const scale = scaleOf(build, x, eps);
  const along = build.mul(build.mul(x, build.square(scale)), build.mean(build.mul(x, direction), [-1], true));
  return build.mul(scale, build.sub(direction, along));
}
