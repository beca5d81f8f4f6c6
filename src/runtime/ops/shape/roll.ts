/** `roll`: elements moved on along dimensions, those that leave at the end coming back at the start. */
import { elementCount, stridesOf, type Shape } from "../../tensor";
import { allocate } from "../../tensor";
import { defineOp } from "../define-op";
import { any, integers, maybe, required } from "../parameters";
import { reject } from "../rejection";
import { axisOf, resolveAxis } from "./axis";

export const roll = defineOp({
  name: "roll",
  inputs: { x: any() },
  attributes: { shifts: required(integers([])), dims: maybe(integers([])) },
  doc: "`x` with its elements moved on by `shifts[k]` along `dims[k]`, those that leave at one end coming back at the other; without `dims`, in row-major order.",
  formula: "y[…, i, …] = x[…, (i − shift) mod n, …]",
  derivative: "x̄ = ȳ rolled back",
  shape({ inputs: { x }, attributes: { shifts, dims } }) {
    const named = dims ?? [];
    for (const dim of named) {
      if (x.shape.length === 0)
        return reject({ kind: "dim-out-of-range", attribute: "dims", found: dim, rank: 0 });
      const axis = resolveAxis("dims", dim, x.shape.length);
      if (typeof axis !== "number") return axis;
    }
    const expected = named.length === 0 ? 1 : named.length;
    if (shifts.length !== expected) {
      const message =
        named.length === 0
          ? "shifts must be one number where `dims` is not given"
          : `shifts must have one number for each of the ${String(named.length)} dims, not ${String(shifts.length)}`;
      return reject({ kind: "attribute", attribute: "shifts", message });
    }
    return x;
  },
  forward({ inputs: { x }, attributes: { shifts, dims } }) {
    const whole = dims === undefined || dims.length === 0;
    const shape: Shape = whole ? [elementCount(x.shape)] : x.shape;
    const shiftOf = shape.map(() => 0);
    for (const [k, dim] of (whole ? [0] : dims).entries()) {
      const axis = axisOf(dim, shape.length);
      shiftOf[axis] = (shiftOf[axis] ?? 0) + (shifts[k] ?? 0);
    }
    const strides = stridesOf(shape);
    const data = allocate(x.dtype, x.data.length);
    for (let i = 0; i < data.length; i++) {
      let source = i;
      for (const [axis, shift] of shiftOf.entries()) {
        const size = shape[axis] ?? 1;
        const stride = strides[axis] ?? 1;
        const at = Math.floor(i / stride) % size;
        source += (((((at - shift) % size) + size) % size) - at) * stride;
      }
      data[i] = x.data[source] ?? 0;
    }
    return { dtype: x.dtype, shape: x.shape, data };
  },
  vjp: {
    // Rolling is a permutation; its adjoint rolls back.
    x: ({ build, attributes: { shifts, dims }, cotangent }) =>
      build.apply("roll", [cotangent], { shifts: shifts.map((shift) => -shift), dims }),
  },
  jvp: { x: ({ build, attributes, tangent }) => build.apply("roll", [tangent], attributes) },
  samples: [
    { inputs: { x: { shape: [2, 3] } }, attributes: { shifts: [1], dims: [1] } },
    { inputs: { x: { shape: [3, 4] } }, attributes: { shifts: [-1, 6], dims: [0, -1] } },
    { inputs: { x: { shape: [2, 3] } }, attributes: { shifts: [2] } },
    { inputs: { x: { shape: [2, 1, 3, 2, 4] } }, attributes: { shifts: [1, 2], dims: [4, 2] } },
    { inputs: { x: { shape: [] } }, attributes: { shifts: [1] } },
    { inputs: { x: { shape: [0, 3] } }, attributes: { shifts: [1], dims: [0] } },
  ],
  refused: [
    { inputs: { x: { shape: [2, 3] } }, attributes: { shifts: [1], dims: [2] } },
    { inputs: { x: { shape: [2, 3] } }, attributes: { shifts: [1, 2], dims: [0] } },
    { inputs: { x: { shape: [2, 3] } }, attributes: { shifts: [1, 2] } },
    { inputs: { x: { shape: [] } }, attributes: { shifts: [1], dims: [0] } },
  ],
});
