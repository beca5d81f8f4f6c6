/**
 * What the dimensions of a named node are called: a run knows their sizes, the check of its net by itself knows their
 * symbols. Knows nothing of values.
 */
import type { Facts, NamedNode } from "../language/check";
import { formatSize, isUnknown } from "../runtime/tensor";

/** The names of a node's dimensions, null for each that has none: `N`, `n_hidden`, `2 * d`. */
export type DimensionNames = (named: NamedNode) => readonly (string | null)[];

export const noDimensionNames: DimensionNames = () => [];

/** By the facts of a checked module: the same statement, elaborated with symbols in place of sizes. */
export function dimensionNames(facts: Facts): DimensionNames {
  return ({ place, value }) => {
    const symbolic = facts.definitions.get(`${place.file}:${String(place.start)}`)?.value;
    const sizes = value.node?.shape;
    if (symbolic?.kind !== "tensor" || symbolic.shape === undefined || sizes === undefined) return [];
    if (symbolic.shape.length !== sizes.length) return [];
    return symbolic.shape.map(({ size }) =>
      typeof size === "number" || isUnknown(size) ? null : formatSize(size),
    );
  };
}
