/** `repeat`: a tensor laid side by side with itself. */
import { formatSize, multiplySizes, stridesOf, type Shape } from "../../tensor";
import { defineOp } from "../define-op";
import { any, sizes } from "../parameters";
import { reject } from "../rejection";
import { copyView } from "./strided-copy";

export const repeat = defineOp({
  name: "repeat",
  inputs: { x: any() },
  attributes: { repeats: sizes() },
  doc: "`x` laid side by side with itself, `repeats[k]` times along dimension `k`; more repeats than dimensions add new ones in front.",
  formula: "y[…, i, …] = x[…, i mod n, …]",
  derivative: "x̄ = Σ ȳ over the copies",
  shape({ inputs: { x }, sizes: { repeats = [] } }) {
    const added = repeats.length - x.shape.length;
    if (added < 0) {
      const message = `repeats must name at least the ${String(x.shape.length)} dimensions of \`x\`, not ${String(repeats.length)}`;
      return reject({ kind: "attribute", attribute: "repeats", message });
    }
    const negative = repeats.find(({ size }) => typeof size === "number" && size < 0);
    if (negative !== undefined) {
      const message = `repeats cannot be negative, as ${formatSize(negative.size)} is`;
      return reject({ kind: "attribute", attribute: "repeats", message });
    }
    const shape = repeats.map((times, position) => {
      const own = x.shape[position - added];
      if (own === undefined) return times;
      return times.size === 1 ? own : { size: multiplySizes(times.size, own.size), origin: undefined };
    });
    return { shape, dtype: x.dtype };
  },
  forward({ inputs: { x }, attributes: { repeats }, output }) {
    const strides = stridesOf(x.shape);
    const tiles = tiledShape(x.shape, repeats);
    const view = copyView(x, {
      shape: tiles,
      // Each dimension is a pair: which copy, which reads the same elements, and the place in it.
      strides: tiles.map((_, k) =>
        k % 2 === 0 ? 0 : (strides[(k - 1) / 2 - repeats.length + strides.length] ?? 0),
      ),
      offset: 0,
    });
    return { ...view, shape: output.shape };
  },
  vjp: {
    // Each element is read once for each copy, so the copies' cotangents add up.
    x: ({ build, inputs: { x }, attributes: { repeats }, cotangent }) => {
      if (repeats.length === 0) return cotangent;
      const copies = repeats.map((_, k) => 2 * k);
      return build.reshape(
        build.sum(build.reshape(cotangent, tiledShape(x.shape, repeats)), copies),
        x.shape,
      );
    },
  },
  jvp: { x: ({ build, attributes, tangent }) => build.apply("repeat", [tangent], attributes) },
  samples: [
    { inputs: { x: { shape: [2, 2] } }, attributes: { repeats: [1, 3] } },
    { inputs: { x: { shape: [2, 3] } }, attributes: { repeats: [2, 2, 1] } },
    { inputs: { x: { shape: [] } }, attributes: { repeats: [2, 2] } },
    { inputs: { x: { shape: [] } }, attributes: { repeats: [] } },
    { inputs: { x: { shape: [2, 3] } }, attributes: { repeats: [0, 1] } },
    { inputs: { x: { shape: [2, 1, 3] } }, attributes: { repeats: [2, 1, 1, 2, 2] } },
  ],
  refused: [
    { inputs: { x: { shape: [2, 3] } }, attributes: { repeats: [2] } },
    { inputs: { x: { shape: [2, 3] } }, attributes: { repeats: [2, -1] } },
  ],
});

/** [r₀, n₀, r₁, n₁, …]: copies and sizes in turn, with size 1 for dimensions that are new. */
function tiledShape(shape: Shape, repeats: readonly number[]): number[] {
  const added = repeats.length - shape.length;
  return repeats.flatMap((times, position) => [times, shape[position - added] ?? 1]);
}
