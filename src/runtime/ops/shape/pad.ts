/** `pad`: elements added around a tensor, or cut off. */
import { addSizes, allocate, dim as dimension, fromArray, type Size, stridesOf } from "../../tensor";
import type { Builder, Ref } from "../builder";
import { defineOp } from "../define-op";
import { any, choice, integers, maybe, number, type OperandType, required } from "../parameters";
import { reject, type Rejected } from "../rejection";
import { type AxisPad, axisPads, type PadMode, padSources } from "./pad-source";

export const pad = defineOp({
  name: "pad",
  inputs: { x: any() },
  attributes: {
    pad: required(integers([])),
    mode: choice(["constant", "reflect", "replicate", "circular"], "constant"),
    value: maybe(number(0)),
  },
  doc: "`x` with elements added before and after: `pad` is a list [before, after] for the last dimension, followed by those for the one before it, and so on; negative numbers cut. The added ones are `value` (0), or by `mode` the mirrored, the nearest or the wrapped-around elements.",
  formula: "y[…, i, …] = x[…, i − before, …], continued by `mode`",
  derivative: "x̄ = Σ ȳ at the places that each element was copied to",
  shape({ inputs: { x }, attributes: { pad: amounts, mode, value } }) {
    const refused = refusePad(x, amounts, mode, value);
    if (refused !== undefined) return refused;
    const shape = [...x.shape];
    for (const { axis, before, after } of axisPads(amounts, shape.length)) {
      const own = shape[axis];
      if (own === undefined || (before === 0 && after === 0)) continue;
      shape[axis] = dimension(
        addSizes(own.size, before + after),
        before + after === 0 ? own.origin : undefined,
      );
    }
    return { shape, dtype: x.dtype };
  },
  forward({ inputs: { x }, attributes: { pad: amounts, mode, value }, output }) {
    const sources: Int32Array[] = x.shape.map((size) => Int32Array.from({ length: size }, (_, i) => i));
    for (const added of axisPads(amounts, x.shape.length)) {
      sources[added.axis] = padSources(x.shape[added.axis] ?? 0, added, mode);
    }
    const filling = x.dtype === "bool" ? Number((value ?? 0) !== 0) : (value ?? 0);
    const data = allocate(
      x.dtype,
      output.shape.reduce((count, size) => count * size, 1),
    );
    data.fill(x.dtype === "int" ? Math.trunc(filling) : filling);
    const inside = sources.map((along) => Array.from(along.keys()).filter((i) => (along[i] ?? -1) >= 0));
    const to = gridPositions(inside, stridesOf(output.shape));
    const from = gridPositions(
      inside.map((places, axis) => places.map((i) => sources[axis]?.[i] ?? 0)),
      stridesOf(x.shape),
    );
    for (let i = 0; i < to.length; i++) data[to[i] ?? 0] = x.data[from[i] ?? 0] ?? 0;
    return { dtype: x.dtype, shape: output.shape, data };
  },
  vjp: {
    // Each element was copied to some places; their ȳ add up.
    x: ({ build, inputs: { x }, attributes: { pad: amounts, mode }, cotangent }) => {
      if (x.shape.includes(0)) return build.zerosLike(x);
      return mode === "constant"
        ? build.apply("pad", [cotangent], { pad: amounts.map((amount) => -amount) })
        : folded(build, cotangent, x, axisPads(amounts, x.shape.length), mode);
    },
  },
  jvp: {
    // The constant does not move.
    x: ({ build, attributes: { pad: amounts, mode }, tangent }) =>
      build.apply("pad", [tangent], { pad: amounts, mode }),
  },
  samples: [
    { inputs: { x: { shape: [2, 2] } }, attributes: { pad: [1, 2] } },
    { inputs: { x: { shape: [2, 3] } }, attributes: { pad: [1, 0, 0, 2], value: 2.5 } },
    { inputs: { x: { shape: [3, 4] } }, attributes: { pad: [-1, 2, 1, -2] } },
    { inputs: { x: { shape: [2, 4] } }, attributes: { pad: [3, 2], mode: "reflect" } },
    { inputs: { x: { shape: [2, 3, 4] } }, attributes: { pad: [1, 1, 2, 0], mode: "reflect" } },
    { inputs: { x: { shape: [1, 2, 3, 4] } }, attributes: { pad: [1, 2, 0, 1], mode: "replicate" } },
    { inputs: { x: { shape: [1, 2, 3] } }, attributes: { pad: [3, 2], mode: "circular" } },
    { inputs: { x: { shape: [1, 2, 2, 3] } }, attributes: { pad: [1, -1, 2, 1], mode: "circular" } },
    { inputs: { x: { shape: [2, 1, 2, 2, 3] } }, attributes: { pad: [1, 1, 1, 0, 0, 1], mode: "replicate" } },
    { inputs: { x: { shape: [0, 3] } }, attributes: { pad: [1, 1] } },
    { inputs: { x: { shape: [0, 3] } }, attributes: { pad: [-1, 0, 1, 1] } },
    { inputs: { x: { shape: [] } }, attributes: { pad: [] } },
  ],
  refused: [
    { inputs: { x: { shape: [2, 3] } }, attributes: { pad: [1] } },
    { inputs: { x: { shape: [3] } }, attributes: { pad: [1, 1, 1, 1] } },
    { inputs: { x: { shape: [3] } }, attributes: { pad: [-2, -2] } },
    { inputs: { x: { shape: [2, 3] } }, attributes: { pad: [-3, 0, 1, 0] } },
    { inputs: { x: { shape: [2, 3] } }, attributes: { pad: [3, 0], mode: "reflect" } },
    { inputs: { x: { shape: [3] } }, attributes: { pad: [1, 1], mode: "reflect" } },
    { inputs: { x: { shape: [1, 1, 3] } }, attributes: { pad: [4, 0], mode: "circular" } },
    { inputs: { x: { shape: [2, 3] } }, attributes: { pad: [1, 1], mode: "replicate", value: 1 } },
  ],
});

function refusePad(
  x: OperandType,
  amounts: readonly number[],
  mode: PadMode,
  value: number | undefined,
): Rejected | undefined {
  const refuse = (attribute: string, message: string): Rejected =>
    reject({ kind: "attribute", attribute, message });
  const rank = x.shape.length;
  if (amounts.length % 2 !== 0)
    return refuse("pad", "pad must have two numbers for each dimension that it pads");
  const padded = amounts.length / 2;
  if (padded > rank) return refuse("pad", `pad names ${String(padded)} dimensions of ${String(rank)}`);
  if (mode !== "constant") {
    if (value !== undefined) return refuse("value", `value is for mode "constant", not "${mode}"`);
    // PyTorch pads one, two or three dimensions behind a channel and perhaps a batch; to wrap around it needs both.
    const allowed = mode === "circular" ? [padded + 2] : [padded + 1, padded + 2];
    if (padded < 1 || padded > 3 || !allowed.includes(rank)) {
      const needs = `${allowed.join(" or ")} dimensions to pad ${String(padded)} of them by mode "${mode}"`;
      return reject({ kind: "rank", input: "x", found: rank, needs });
    }
  }
  const growing = amounts.some((amount) => amount > 0);
  for (const added of axisPads(amounts, rank)) {
    const own = x.shape[added.axis];
    const needs = own === undefined ? undefined : neededSize(own.size, added, mode, growing);
    if (own === undefined || needs === undefined) continue;
    return reject({ kind: "size", at: { input: "x", axis: added.axis, dim: own }, needs });
  }
  return undefined;
}

/** What the size of a padded axis must be, where it certainly is not that; `growing` is whether anything is added at all. */
function neededSize(
  size: Size,
  { before, after }: AxisPad,
  mode: PadMode,
  growing: boolean,
): string | undefined {
  if (typeof size !== "number") return undefined;
  const cut = Math.max(0, -before) + Math.max(0, -after);
  const most = Math.max(before, after);
  switch (mode) {
    case "constant":
      if (size < cut) return `at least ${String(cut)} to be cut by pad`;
      // Cutting alone may leave nothing, as in PyTorch.
      return growing && size + before + after < 1 ? leavesSome : undefined;
    case "reflect":
      if (size <= most) return `more than ${String(most)} to be mirrored by pad`;
      return size + before + after < 1 ? leavesSome : undefined;
    case "replicate":
      return size < 1 || size + before + after < 1 ? leavesSome : undefined;
    case "circular":
      return size - cut < Math.max(most, 0)
        ? `at least ${String(most + cut)} to wrap around once`
        : undefined;
  }
}

const leavesSome = "large enough to leave at least 1 element";

/** Axis by axis, adds what was copied back to where it was copied from. */
function folded(build: Builder, cotangent: Ref, x: Ref, pads: readonly AxisPad[], mode: PadMode): Ref {
  return pads.reduce((whole, added) => {
    if (added.before === 0 && added.after === 0) return whole;
    const size = x.shape[added.axis] ?? 0;
    const sources = padSources(size, added, mode);
    const index = build.tensor(fromArray("int", [sources.length], sources));
    const zeros = build.full(0, { shape: whole.shape.with(added.axis, size), dtype: whole.dtype });
    return build.apply("index_add", [zeros, index, whole], { dim: added.axis });
  }, cotangent);
}

/** The storage positions of all combinations of places along each axis, in row-major order. */
function gridPositions(places: readonly (readonly number[])[], strides: readonly number[]): Int32Array {
  return places.reduce<Int32Array>((positions, along, axis) => {
    const stride = strides[axis] ?? 0;
    const next = new Int32Array(positions.length * along.length);
    positions.forEach((position, k) => {
      along.forEach((place, i) => (next[k * along.length + i] = position + place * stride));
    });
    return next;
  }, new Int32Array(1));
}
