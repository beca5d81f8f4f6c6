/** The outer product of two vectors. Knows nothing of graphs or text. */
import { promote } from "../../tensor";
import { defineOp } from "../define-op";
import { numeric } from "../parameters";
import { reject } from "../rejection";
import { doublesOf, roundedTo } from "../working-precision";

export const outer = defineOp({
  name: "outer",
  inputs: { x: numeric(), y: numeric() },
  attributes: {},
  doc: "The matrix of all products of an element of `x` with an element of `y`.",
  formula: "z[i, j] = x[i] · y[j]",
  derivative: "x̄ = z̄ @ y, ȳ = x @ z̄",
  shape({ inputs: { x, y } }) {
    for (const [input, { shape }] of Object.entries({ x, y })) {
      if (shape.length !== 1) return reject({ kind: "rank", input, found: shape.length, needs: "a vector" });
    }
    return { shape: [...x.shape, ...y.shape], dtype: promote(x.dtype, y.dtype) };
  },
  forward({ inputs, output }) {
    const x = doublesOf(inputs.x);
    const y = doublesOf(inputs.y);
    const z = new Float64Array(x.length * y.length);
    for (let i = 0; i < x.length; i++) {
      for (let j = 0; j < y.length; j++) z[i * y.length + j] = x[i]! * y[j]!;
    }
    return roundedTo(output, z);
  },
  // z = x yᵀ  ⇒  x̄ = z̄ y and ȳ = z̄ᵀ x
  vjp: {
    x: ({ build, inputs: { y }, cotangent }) => build.matmul(cotangent, y),
    y: ({ build, inputs: { x }, cotangent }) => build.matmul(x, cotangent),
  },
  jvp: {
    x: ({ build, inputs: { y }, tangent }) => build.apply("outer", [tangent, y]),
    y: ({ build, inputs: { x }, tangent }) => build.apply("outer", [x, tangent]),
  },
  samples: [
    { inputs: { x: { shape: [3] }, y: { shape: [2] } } },
    { inputs: { x: { shape: [0] }, y: { shape: [2] } } },
  ],
  refused: [{ inputs: { x: { shape: [3, 1] }, y: { shape: [2] } } }],
});
