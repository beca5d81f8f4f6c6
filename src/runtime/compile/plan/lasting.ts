/**
 * Which values are computed once and not at every run: those that depend on nothing that changes between runs, where that saves
 * work. Knows nothing of steps or memory.
 */
import type { Intrinsic, ScalarExpression } from "../../ops";
import type { Program } from "../program/program";
import { operandsOf, type Value } from "../program/value";
import { isAligned, loopShape, type Usage } from "./usage";

/** By value. */
export function lastingValues({ values, constants }: Program, usage: Usage): readonly boolean[] {
  const isConstant = values.map(() => false);
  for (const [index, value] of values.entries()) {
    isConstant[index] =
      value.kind === "source"
        ? constants.has(value.slot)
        : operandsOf(value).every((access) => isConstant[access.value]);
  }
  const isLasting = values.map(() => false);
  for (let index = values.length - 1; index >= 0; index--) {
    const value = values[index]!;
    if (!isConstant[index] || !usage.isAlive[index]) continue;
    if (value.kind === "source" || value.kind === "constant") continue;
    isLasting[index] =
      usage.isWanted[index]! ||
      isDear(value) ||
      usage.uses[index]!.some(
        ({ consumer, access }) =>
          isLasting[consumer]! || loopShape(values[consumer]!) === undefined || !isAligned(access, value),
      );
  }
  return isLasting;
}

/** What costs less than to read it from memory is computed anew within the loops that read it. */
function isDear(value: Value): boolean {
  return value.kind !== "elementwise" || hasFunctions(value.expression);
}

const cheap: ReadonlySet<Intrinsic> = new Set<Intrinsic>([
  "add",
  "sub",
  "mul",
  "neg",
  "abs",
  "sign",
  "square",
  "floor",
  "ceil",
  "round",
  "maximum",
  "minimum",
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
  "where",
]);

function hasFunctions(expression: ScalarExpression): boolean {
  if (expression.kind !== "intrinsic") return false;
  return !cheap.has(expression.name) || expression.operands.some(hasFunctions);
}
