/** `unsqueeze`: a new dimension of size 1. */
import { dim as dimension } from "../../tensor";
import { defineOp } from "../define-op";
import { any, integer, required } from "../parameters";
import { reject } from "../rejection";

export const unsqueeze = defineOp({
  name: "unsqueeze",
  inputs: { x: any() },
  attributes: { dim: required(integer(0)) },
  doc: "`x` with a new dimension of size 1 at position `dim`; -1 adds it at the end.",
  formula: "y = x with a dimension of size 1 at `dim`",
  derivative: "x̄ = ȳ without that dimension",
  shape({ inputs: { x }, attributes: { dim } }) {
    const rank = x.shape.length + 1;
    if (dim < -rank || dim >= rank) {
      return reject({ kind: "dim-out-of-range", attribute: "dim", found: dim, rank });
    }
    return { shape: x.shape.toSpliced(dim < 0 ? dim + rank : dim, 0, dimension(1)), dtype: x.dtype };
  },
  forward({ inputs: { x }, output }) {
    return { dtype: x.dtype, shape: output.shape, data: x.data };
  },
  // The elements stay where they are.
  vjp: { x: ({ build, inputs: { x }, cotangent }) => build.reshape(cotangent, x.shape) },
  jvp: { x: ({ build, attributes: { dim }, tangent }) => build.unsqueeze(tangent, dim) },
  samples: [
    { inputs: { x: { shape: [2, 3] } }, attributes: { dim: 1 } },
    { inputs: { x: { shape: [2, 3] } }, attributes: { dim: -1 } },
    { inputs: { x: { shape: [2, 1, 3, 2] } }, attributes: { dim: -5 } },
    { inputs: { x: { shape: [] } }, attributes: { dim: 0 } },
    { inputs: { x: { shape: [0, 3] } }, attributes: { dim: 2 } },
  ],
  refused: [
    { inputs: { x: { shape: [2, 3] } }, attributes: { dim: 3 } },
    { inputs: { x: { shape: [2, 3] } }, attributes: { dim: -4 } },
  ],
});
