/** Comparisons: elementwise on tensors, at once on compile-time values. */
import type { Comparison, ComparisonOperator, Span } from "../syntax";
import { applyNamed, operandOf } from "./apply-named";
import { problems } from "./diagnostics/catalogue";
import type { Elaboration } from "./elaboration";
import type { Frame } from "./frame";
import type { Operand } from "./operator-application";
import { unknown, type Value } from "./value";

const comparisonOperators: Readonly<Record<Exclude<ComparisonOperator, "~=">, string>> = {
  "==": "equal",
  "!=": "not_equal",
  "<": "less",
  "<=": "less_equal",
  ">": "greater",
  ">=": "greater_equal",
};

/** Elementwise comparison; a chain is the `and` of its parts. */
export function evaluateComparison(e: Elaboration, frame: Frame, expression: Comparison): Value {
  const values = expression.operands.map((operand) => e.evaluate(frame, operand));
  let result: Value | undefined;
  for (const [index, { operator, span }] of expression.operators.entries()) {
    const [left, right] = [values[index], values[index + 1]];
    const [leftText, rightText] = [expression.operands[index], expression.operands[index + 1]];
    if (left === undefined || right === undefined || leftText === undefined || rightText === undefined)
      return unknown;
    if (operator === "~=") {
      e.report(frame, problems.closeNeedsTolerance(), span);
      return unknown;
    }
    const part = compareValues(
      e,
      frame,
      operator,
      operandOf(frame, leftText, left),
      operandOf(frame, rightText, right),
      expression,
    );
    if (result === undefined) result = part;
    else if (result.kind === "boolean" && part.kind === "boolean") {
      const both =
        result.value === undefined || part.value === undefined ? undefined : result.value && part.value;
      result = { kind: "boolean", value: both };
    } else {
      const sides = { x: operandOf(frame, expression, result), y: operandOf(frame, expression, part) };
      result = applyNamed(e, frame, "logical_and", sides, expression);
    }
  }
  return result ?? unknown;
}

function compareValues(
  e: Elaboration,
  frame: Frame,
  operator: Exclude<ComparisonOperator, "~=">,
  left: Operand,
  right: Operand,
  span: Span,
): Value {
  const [a, b] = [left.value, right.value];
  if (a.kind === "unknown" || b.kind === "unknown") return unknown;
  if (a.kind === "number" && b.kind === "number") {
    if (a.value === undefined || b.value === undefined) return { kind: "boolean", value: undefined };
    return { kind: "boolean", value: compareNumbers(operator, a.value, b.value) };
  }
  if (a.kind === "string" && b.kind === "string" && (operator === "==" || operator === "!=")) {
    return { kind: "boolean", value: (a.value === b.value) === (operator === "==") };
  }
  return applyNamed(e, frame, comparisonOperators[operator], { x: left, y: right }, span);
}

function compareNumbers(operator: Exclude<ComparisonOperator, "~=">, a: number, b: number): boolean {
  switch (operator) {
    case "==":
      return a === b;
    case "!=":
      return a !== b;
    case "<":
      return a < b;
    case "<=":
      return a <= b;
    case ">":
      return a > b;
    case ">=":
      return a >= b;
  }
}
