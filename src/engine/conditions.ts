/** Carries out checks: each comparison is reduced with `all`, the worst element told. Knows nothing of hosts. */
import type { CheckPlan, Condition, TolerancePlan, Value } from "../language/check";
import type { CheckReport } from "../protocol";
import type { Evaluator } from "../runtime/interpret";
import {
  broadcastShapes,
  broadcastTo,
  cast,
  formatNumber,
  formatShape,
  type Tensor,
} from "../runtime/tensor";
import { evaluateValue } from "./values";

type Status = CheckReport["status"];

export interface ConditionOutcome {
  readonly status: Status;
  readonly message: string;
  readonly worst: CheckReport["worst"];
  /** The comparison at fault, for its explanation. */
  readonly comparison: Extract<Condition, { kind: "comparison" }> | undefined;
}

export function carryOutCheck(evaluator: Evaluator, plan: CheckPlan): ConditionOutcome {
  return carryOut(evaluator, plan.condition);
}

function carryOut(evaluator: Evaluator, condition: Condition): ConditionOutcome {
  switch (condition.kind) {
    case "comparison":
      return compare(evaluator, condition);
    case "and": {
      const left = carryOut(evaluator, condition.left);
      if (left.status === "failed" || left.status === "error") return left;
      const right = carryOut(evaluator, condition.right);
      return right.status === "passed" ? left : right;
    }
    case "or": {
      const left = carryOut(evaluator, condition.left);
      if (left.status === "passed") return left;
      const right = carryOut(evaluator, condition.right);
      return right.status === "failed" ? left : right;
    }
    case "not": {
      const inner = carryOut(evaluator, condition.operand);
      if (inner.status === "passed") return outcome("failed", `It holds, but must not: ${inner.message}`);
      return inner.status === "failed" ? outcome("passed", inner.message) : inner;
    }
    case "truth": {
      const value = evaluateValue(evaluator, condition.value);
      if (value.kind !== "tensor") return blank(value);
      const wrong = value.tensor.data.findIndex((element) => element === 0);
      return wrong === -1 ? outcome("passed", "true") : outcome("failed", `false${at(value.tensor, wrong)}`);
    }
  }
}

function outcome(status: Status, message: string): ConditionOutcome {
  return { status, message, worst: null, comparison: undefined };
}

function blank(
  value: { readonly kind: "fault"; readonly message: string } | { readonly kind: "pending" | "error" },
): ConditionOutcome {
  switch (value.kind) {
    case "fault":
      return outcome("error", value.message);
    case "pending":
      return outcome("pending", "It depends on a hole.");
    case "error":
      return outcome("error", "It depends on something that has an error.");
  }
}

/** Both sides of a comparison, in the shape in which they are compared. */
export interface Sides {
  readonly actual: Tensor;
  readonly expected: Tensor;
}

/** The sides of the comparison that a check fails of; undefined where it does not, or compares nothing. */
export function sidesAtFault(evaluator: Evaluator, plan: CheckPlan): Sides | undefined {
  const { comparison } = carryOutCheck(evaluator, plan);
  const sides = comparison && sidesOf(evaluator, comparison);
  return sides !== undefined && "actual" in sides ? sides : undefined;
}

function compare(
  evaluator: Evaluator,
  condition: Extract<Condition, { kind: "comparison" }>,
): ConditionOutcome {
  const sides = sidesOf(evaluator, condition);
  return "actual" in sides ? judge(condition, sides.actual, sides.expected) : sides;
}

/** Or why there are none. */
function sidesOf(
  evaluator: Evaluator,
  condition: Extract<Condition, { kind: "comparison" }>,
): Sides | ConditionOutcome {
  const left = evaluateValue(evaluator, condition.left);
  const right = evaluateValue(evaluator, condition.right);
  const stuck = [left, right].flatMap((side) => (side.kind === "tensor" ? [] : [side]));
  const worst = stuck.find(({ kind }) => kind !== "pending") ?? stuck[0];
  if (worst !== undefined) return blank(worst);
  if (left.kind !== "tensor" || right.kind !== "tensor") return blank({ kind: "error" });
  const shape = broadcastShapes(left.tensor.shape, right.tensor.shape);
  if (shape === undefined) {
    return outcome(
      "error",
      `${formatShape(left.tensor.shape)} cannot be compared with ${formatShape(right.tensor.shape)}.`,
    );
  }
  const actual = broadcastTo(asCompared(condition.left, left.tensor, right.tensor), shape);
  const expected = broadcastTo(asCompared(condition.right, right.tensor, left.tensor), shape);
  return { actual, expected };
}

/** Literals are rounded on entering a comparison with float32, as PyTorch rounds them. */
function asCompared(value: Value, tensor: Tensor, other: Tensor): Tensor {
  const literal = value.kind === "number" || value.kind === "list";
  return literal && other.dtype === "float32" && tensor.dtype === "float64"
    ? cast(tensor, "float32")
    : tensor;
}

/** How far an element is from holding: 0 where it holds, else positive. NaN compares with nothing. */
function excess(operator: string, a: number, b: number, tolerance: TolerancePlan): number {
  if (holds(operator, a, b, tolerance)) return 0;
  const miss =
    Math.abs(a - b) / (operator === "~=" ? Math.max(allowance(b, tolerance), Number.MIN_VALUE) : 1);
  return Number.isNaN(miss) ? Infinity : Math.max(miss, Number.MIN_VALUE);
}

function holds(operator: string, a: number, b: number, tolerance: TolerancePlan): boolean {
  switch (operator) {
    case "~=":
      // Equal infinities are close; what is infinitely far apart is not, however large the allowance.
      return a === b || (Math.abs(a - b) <= allowance(b, tolerance) && Math.abs(a - b) !== Infinity);
    case "==":
      return a === b;
    case "<":
      return a < b;
    case "<=":
      return a <= b;
    case ">":
      return a > b;
    case ">=":
      return a >= b;
    default:
      throw new Error(`no comparison ${operator}`);
  }
}

function allowance(b: number, { absolute, relative }: TolerancePlan): number {
  return absolute + relative * Math.abs(b);
}

function judge(
  condition: Extract<Condition, { kind: "comparison" }>,
  actual: Tensor,
  expected: Tensor,
): ConditionOutcome {
  const { operator, tolerance } = condition;
  const count = actual.data.length;
  // In a check `a != b` says that not all elements are equal.
  if (operator === "!=") {
    const differs = actual.data.some((element, i) => element !== expected.data[i]);
    return differs
      ? outcome("passed", "They differ.")
      : outcome("failed", "They are equal in every element.");
  }
  let worst = -1;
  let most = 0;
  let wrong = 0;
  for (let i = 0; i < count; i++) {
    const miss = excess(operator, actual.data[i] ?? 0, expected.data[i] ?? 0, tolerance);
    if (miss === 0) continue;
    wrong += 1;
    if (miss > most) {
      most = miss;
      worst = i;
    }
  }
  if (worst === -1)
    return {
      status: "passed",
      message: passedMessage(operator, actual, expected),
      worst: null,
      comparison: undefined,
    };
  const [a, b] = [actual.data[worst] ?? 0, expected.data[worst] ?? 0];
  const allowed = operator === "~=" ? allowance(b, tolerance) : 0;
  const of = count === 1 ? "" : `, ${String(wrong)} of ${String(count)} elements`;
  const isTruth = actual.dtype === "bool" || expected.dtype === "bool";
  const [left, right] = [a, b].map((element) => elementText(element, isTruth)) as [string, string];
  const message = `${left} ${failedSign(operator, a, b)} ${right}${at(actual, worst)}${of}`;
  const element = {
    index: indexOf(actual.shape, worst),
    actual: a,
    expected: b,
    difference: Math.abs(a - b),
    tolerance: allowed,
  };
  return { status: "failed", message, worst: element, comparison: condition };
}

const failedSigns: Readonly<Record<string, string>> = { "<": "≥", ">": "≤", "<=": ">", ">=": "<" };

/** What holds instead; of NaN nothing does. */
function failedSign(operator: string, a: number, b: number): string {
  if (operator === "~=") return "≉";
  if (operator === "==") return "≠";
  return Number.isNaN(a) || Number.isNaN(b)
    ? `not ${operator}`
    : (failedSigns[operator] ?? `not ${operator}`);
}

function elementText(element: number, isTruth: boolean): string {
  return isTruth && (element === 0 || element === 1) ? String(element === 1) : formatNumber(element, 8);
}

function passedMessage(operator: string, actual: Tensor, expected: Tensor): string {
  if (operator !== "~=" && operator !== "==") return "It holds.";
  let largest = 0;
  for (let i = 0; i < actual.data.length; i++) {
    const difference = Math.abs((actual.data[i] ?? 0) - (expected.data[i] ?? 0));
    if (difference > largest) largest = difference;
  }
  return largest === 0 ? "Equal." : `Within ${formatNumber(largest, 2)}.`;
}

function at(value: Tensor, flat: number): string {
  return value.shape.length === 0 ? "" : ` at [${indexOf(value.shape, flat).join(", ")}]`;
}

/** The index of a flat position. */
export function indexOf(shape: readonly number[], flat: number): number[] {
  const index: number[] = [];
  let rest = flat;
  for (let axis = shape.length - 1; axis >= 0; axis--) {
    const size = shape[axis] ?? 1;
    index.unshift(rest % size);
    rest = Math.floor(rest / size);
  }
  return index;
}
