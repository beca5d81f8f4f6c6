/** The operators that take elements together along some axes. Knows nothing of programs. */
import type { AttributeValue } from "../../ops";
import type { FoldOperation } from "./value";
import { axisOf } from "./view-operators";

const operations: Readonly<Record<string, FoldOperation>> = {
  sum: "sum",
  mean: "mean",
  prod: "prod",
  amax: "max",
  max: "max",
  amin: "min",
  min: "min",
  all: "all",
  any: "any",
};

export function foldOf(op: string): FoldOperation | undefined {
  return operations[op];
}

/** For each axis whether a reduction with this `dim` runs over it; none or an empty list is every one. */
export function foldedAxes(dim: AttributeValue, rank: number): boolean[] {
  const dims = typeof dim === "number" ? [dim] : typeof dim === "object" ? dim : [];
  const axes = new Set(dims.map((each) => axisOf(each, rank)));
  return Array.from({ length: rank }, (_, axis) => dims.length === 0 || axes.has(axis));
}
