/** `flatten`: neighbouring dimensions joined into one. */
import { dim as dimension } from "../../tensor";
import { defineOp } from "../define-op";
import { any, integer } from "../parameters";
import { reject } from "../rejection";
import { resolveAxis } from "./axis";
import { elementTotal } from "./element-total";

export const flatten = defineOp({
  name: "flatten",
  inputs: { x: any() },
  attributes: { start_dim: integer(0), end_dim: integer(-1) },
  doc: "`x` with its dimensions `start_dim` … `end_dim` joined into one. A scalar becomes a tensor of one element.",
  formula: "y = x, read in row-major order",
  derivative: "x̄ = ȳ reshaped back",
  shape({ inputs: { x }, attributes: { start_dim, end_dim } }) {
    const first = resolveAxis("start_dim", start_dim, x.shape.length);
    if (typeof first !== "number") return first;
    const last = resolveAxis("end_dim", end_dim, x.shape.length);
    if (typeof last !== "number") return last;
    if (first > last) {
      const message = `start_dim ${String(start_dim)} comes after end_dim ${String(end_dim)}`;
      return reject({ kind: "attribute", attribute: "start_dim", message });
    }
    const joined = x.shape.slice(first, last + 1);
    const [only] = joined;
    const flat = joined.length === 1 && only !== undefined ? only : dimension(elementTotal(joined));
    return { shape: x.shape.toSpliced(first, joined.length, flat), dtype: x.dtype };
  },
  forward({ inputs: { x }, output }) {
    return { dtype: x.dtype, shape: output.shape, data: x.data };
  },
  // The elements stay where they are.
  vjp: { x: ({ build, inputs: { x }, cotangent }) => build.reshape(cotangent, x.shape) },
  jvp: { x: ({ build, output, tangent }) => build.reshape(tangent, output.shape) },
  samples: [
    { inputs: { x: { shape: [2, 3, 2] } } },
    { inputs: { x: { shape: [2, 3, 2] } }, attributes: { start_dim: 1 } },
    { inputs: { x: { shape: [2, 1, 3, 2, 2] } }, attributes: { start_dim: -4, end_dim: 3 } },
    { inputs: { x: { shape: [] } } },
    { inputs: { x: { shape: [2, 3, 0] } }, attributes: { start_dim: 1 } },
  ],
  refused: [
    { inputs: { x: { shape: [2, 3] } }, attributes: { start_dim: 1, end_dim: 0 } },
    { inputs: { x: { shape: [2, 3] } }, attributes: { start_dim: 2 } },
  ],
});
