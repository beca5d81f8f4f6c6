/** `expand`: dimensions of size 1 repeated, and new ones in front. */
import { compareSizes, type Dim, formatDims, formatSize, stridesOf } from "../../tensor";
import { defineOp } from "../define-op";
import { any, sizes } from "../parameters";
import { reject, type Rejected } from "../rejection";
import { copyView } from "./strided-copy";

export const expand = defineOp({
  name: "expand",
  inputs: { x: any() },
  attributes: { shape: sizes() },
  doc: "`x` broadcast to `shape`: dimensions of size 1 are repeated, new ones are added in front, -1 keeps a size.",
  formula: "y[…, i, …] = x[…, 0, …] along each stretched dimension",
  derivative: "x̄ = Σ ȳ over the stretched dimensions",
  shape({ inputs: { x }, sizes: { shape = [] } }) {
    const target = expandedShape(x.shape, shape);
    return Array.isArray(target) ? { shape: target, dtype: x.dtype } : target;
  },
  forward({ inputs: { x }, output }) {
    const added = output.shape.length - x.shape.length;
    const strides = stridesOf(x.shape).map((stride, axis) => (x.shape[axis] === 1 ? 0 : stride));
    return copyView(x, {
      shape: output.shape,
      strides: [...new Array<number>(added).fill(0), ...strides],
      offset: 0,
    });
  },
  // Each element is read at several places, so their cotangents add up.
  vjp: { x: ({ build, inputs: { x }, cotangent }) => build.sumTo(cotangent, x.shape) },
  jvp: { x: ({ build, output, tangent }) => build.expand(tangent, output.shape) },
  samples: [
    { inputs: { x: { shape: [2, 1] } }, attributes: { shape: [2, 3] } },
    { inputs: { x: { shape: [3] } }, attributes: { shape: [2, 4, -1] } },
    { inputs: { x: { shape: [1, 3, 1] } }, attributes: { shape: [2, 1, 4, 3, 2] } },
    { inputs: { x: { shape: [] } }, attributes: { shape: [2, 2] } },
    { inputs: { x: { shape: [1, 3] } }, attributes: { shape: [0, 3] } },
  ],
  refused: [
    { inputs: { x: { shape: [2, 3] } }, attributes: { shape: [4, 3] } },
    { inputs: { x: { shape: [2, 3] } }, attributes: { shape: [3] } },
    { inputs: { x: { shape: [2, 3] } }, attributes: { shape: [-1, 2, 3] } },
    { inputs: { x: { shape: [1, 3] } }, attributes: { shape: [-2, 3] } },
  ],
});

function expandedShape(shape: readonly Dim[], target: readonly Dim[]): Dim[] | Rejected {
  const refuse = (message: string): Rejected => reject({ kind: "attribute", attribute: "shape", message });
  const added = target.length - shape.length;
  if (added < 0) {
    return refuse(`shape must have at least the ${String(shape.length)} dimensions of ${formatDims(shape)}`);
  }
  const expanded: Dim[] = [];
  for (const [position, wanted] of target.entries()) {
    const axis = position - added;
    const own = shape[axis];
    if (typeof wanted.size === "number" && wanted.size < 0 && (wanted.size !== -1 || own === undefined)) {
      return refuse(
        wanted.size === -1
          ? "-1 in shape keeps a size, and a new dimension has none"
          : `shape cannot have the size ${formatSize(wanted.size)}`,
      );
    }
    if (own === undefined) {
      expanded.push(wanted);
    } else if (wanted.size === -1 || compareSizes(own.size, wanted.size) === "equal") {
      expanded.push(own);
    } else if (
      compareSizes(own.size, wanted.size) === "different" &&
      compareSizes(own.size, 1) === "different"
    ) {
      return reject({
        kind: "size",
        at: { input: "x", axis, dim: own },
        needs: `1 or ${formatSize(wanted.size)}`,
      });
    } else {
      expanded.push(wanted);
    }
  }
  return expanded;
}
