/** What amax, amin, max, min, argmax and argmin share: NumPy's order with NaN beyond every number, ties, and their rules. */
import { allocate, type Dim, type Tensor } from "../../tensor";
import type { Builder, Ref } from "../builder";
import { reject, type Rejected } from "../rejection";
import {
  groupsOf,
  keepDims,
  oneDimension,
  type ReductionAttributes,
  reductionAxes,
  resolveReduction,
  sumGroups,
} from "./groups";

/** Which end of the order is looked for. */
export type End = "largest" | "smallest";

/** The position of the first extreme element; a NaN wins over everything. -1 of nothing. */
export function firstExtreme(values: Float64Array, end: End): number {
  let best = -1;
  let extreme = NaN;
  for (let i = 0; i < values.length; i++) {
    const value = values[i] ?? 0;
    if (Number.isNaN(value)) return i;
    if (best < 0 || (end === "largest" ? value > extreme : value < extreme)) {
      best = i;
      extreme = value;
    }
  }
  return best;
}

export function extremeValue(values: Float64Array, end: End): number {
  return values[firstExtreme(values, end)] ?? NaN;
}

/** Refuses a reduction over nothing, which has no extreme element. */
export function refuseEmpty(shape: readonly Dim[], { dim }: ReductionAttributes): Rejected | undefined {
  const axes = resolveReduction(dim, shape.length);
  if (!Array.isArray(axes)) return axes;
  for (const axis of axes) {
    const empty = shape[axis];
    if (empty?.size === 0) {
      return reject({
        kind: "size",
        at: { input: "x", axis, dim: empty },
        needs: "at least 1 element",
      });
    }
  }
  return undefined;
}

/** Whether a NaN counts as reaching a result of NaN: not in `amax`, so that the gradient there is NaN; in `max` it does. */
export type NanTies = "reach" | "miss";

/** x̄ = ȳ · mask / (number of ties): ties share equally. */
export function shareAmongTies(
  build: Builder,
  x: Ref,
  output: Ref,
  { dim }: ReductionAttributes,
  cotangent: Ref,
  nan: NanTies,
): Ref {
  const { mask, count } = ties(build, x, output, dim, nan);
  return build.div(build.mul(keepDims(build, cotangent, x, dim), mask), count);
}

/** ẏ = Σ mask · ẋ / (number of ties). */
export function averageOfTies(
  build: Builder,
  x: Ref,
  output: Ref,
  attributes: ReductionAttributes,
  tangent: Ref,
  nan: NanTies,
): Ref {
  const { mask, count } = ties(build, x, output, attributes.dim, nan);
  return sumGroups(build, build.div(build.mul(tangent, mask), count), attributes);
}

/** What a rule of `max` or `min` sees. */
interface SelectionContext {
  readonly build: Builder;
  readonly inputs: { readonly x: Ref };
  readonly output: Ref;
  readonly attributes: { readonly dim: number | undefined; readonly keepdim: boolean };
}

/** The vjp of `max` and `min`: along a dimension to the first extreme element, over all to the ties equally. */
export function returnToExtreme(
  { build, inputs: { x }, output, attributes, cotangent }: SelectionContext & { readonly cotangent: Ref },
  position: "argmax" | "argmin",
): Ref {
  const { dim } = attributes;
  if (dim === undefined)
    return shareAmongTies(build, x, output, oneDimension(attributes), cotangent, "reach");
  const index = build.apply(position, [x], { dim, keepdim: true });
  return build.apply("scatter_add", [build.zerosLike(x), index, keepDims(build, cotangent, x, [dim])], {
    dim,
  });
}

/** The jvp of `max` and `min`. */
export function readExtreme(
  { build, inputs: { x }, output, attributes, tangent }: SelectionContext & { readonly tangent: Ref },
  position: "argmax" | "argmin",
): Ref {
  const { dim } = attributes;
  if (dim === undefined) return averageOfTies(build, x, output, oneDimension(attributes), tangent, "reach");
  const index = build.apply(position, [x], { dim, keepdim: true });
  return build.reshape(build.apply("gather", [tangent, index], { dim }), output.shape);
}

/** For each group the position of its extreme element; where several share it, a number of their own. */
export function extremeBranch(x: Tensor, { dim }: ReductionAttributes, end: End): Tensor {
  const { starts, offsets } = groupsOf(x.shape, reductionAxes(dim, x.shape.length));
  const data = allocate("int", starts.length);
  const values = new Float64Array(offsets.length);
  for (let i = 0; i < starts.length; i++) {
    for (let j = 0; j < offsets.length; j++) values[j] = x.data[(starts[i] ?? 0) + (offsets[j] ?? 0)] ?? 0;
    const first = firstExtreme(values, end);
    const extreme = values[first];
    const tied = values.reduce((count, value) => count + Number(value === extreme), 0);
    data[i] = tied > 1 ? -1 - first : first;
  }
  return { dtype: "int", shape: [starts.length], data };
}

/** Where the extreme is reached (1 or 0 in x's dtype) and how often in each group (its dimensions kept as 1). */
function ties(
  build: Builder,
  x: Ref,
  output: Ref,
  dim: readonly number[] | undefined,
  nan: NanTies,
): { mask: Ref; count: Ref } {
  const equal = build.equal(x, keepDims(build, output, x, dim));
  // One NaN makes the result NaN, so that where any is, only they reach it.
  const reached = nan === "miss" ? equal : build.or(equal, build.isnan(x));
  const mask = build.cast(reached, x.dtype);
  return { mask, count: sumGroups(build, mask, { dim, keepdim: true }) };
}
