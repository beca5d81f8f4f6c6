/** `triu`: the upper triangle of each matrix. */
import { defineOp } from "../define-op";
import { any, integer } from "../parameters";
import { masked, matrices } from "./triangle";

export const triu = defineOp({
  name: "triu",
  inputs: { x: any() },
  attributes: { diagonal: integer(0) },
  doc: "The elements on and above a diagonal of each matrix (the last two dimensions), 0 elsewhere; `diagonal` counts from the main one to the right.",
  formula: "y[…, i, j] = x[…, i, j] where j − i ≥ diagonal, else 0",
  derivative: "x̄ = triu(ȳ)",
  shape: ({ inputs: { x } }) => matrices(x),
  forward: ({ inputs: { x }, attributes: { diagonal } }) => masked(x, (offset) => offset >= diagonal),
  // Setting elements to 0 is its own adjoint.
  vjp: { x: ({ build, attributes, cotangent }) => build.apply("triu", [cotangent], attributes) },
  jvp: { x: ({ build, attributes, tangent }) => build.apply("triu", [tangent], attributes) },
  samples: [
    { inputs: { x: { shape: [3, 3] } } },
    { inputs: { x: { shape: [3, 4] } }, attributes: { diagonal: 1 } },
    { inputs: { x: { shape: [2, 4, 3] } }, attributes: { diagonal: -2 } },
    { inputs: { x: { shape: [2, 1, 2, 3, 3] } }, attributes: { diagonal: 5 } },
    { inputs: { x: { shape: [0, 3] } } },
  ],
  refused: [{ inputs: { x: { shape: [3] } } }, { inputs: { x: { shape: [] } } }],
});
