/** Which operator of the registry each word of the elementwise builder is. */
import { operator, type Intrinsic, type OpDefinition } from "../ops";

const truthful: ReadonlySet<Intrinsic> = new Set<Intrinsic>([
  "less",
  "lessEqual",
  "greater",
  "greaterEqual",
  "equal",
  "notEqual",
  "and",
  "or",
  "not",
  "isnan",
]);

const otherNames: Partial<Readonly<Record<Intrinsic, string>>> = {
  lessEqual: "less_equal",
  greaterEqual: "greater_equal",
  notEqual: "not_equal",
  and: "logical_and",
  or: "logical_or",
  not: "logical_not",
};

export function elementwiseOperator(name: Intrinsic): OpDefinition {
  return operator(otherNames[name] ?? name);
}

/** Whether its results are truth values, whatever its operands are. */
export function givesTruth(name: Intrinsic): boolean {
  return truthful.has(name);
}
