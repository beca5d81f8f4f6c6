/** Arithmetic: compile-time numbers, symbolic sizes among them, are computed at once; everything else is an operator. */
import { toFunction, type AttributeValue, type OpDefinition } from "../../runtime/ops";
import { addSizes, multiplySizes, subtractSizes, type Size } from "../../runtime/tensor";
import type { Binary, Unary } from "../syntax";
import { applyNamed, operandOf } from "./apply-named";
import type { Elaboration } from "./elaboration";
import type { Frame } from "./frame";
import { isBlank, numberValue, sizeValue, someNumber, unknown, type NumberValue, type Value } from "./value";

export function evaluateUnary(e: Elaboration, frame: Frame, expression: Unary): Value {
  const operand = e.evaluate(
    { ...frame, expectedShape: expression.operator === "-" ? frame.expectedShape : undefined },
    expression.operand,
  );
  if (isBlank(operand)) return operand;
  if (expression.operator === "not") {
    if (operand.kind === "boolean")
      return { kind: "boolean", value: operand.value === undefined ? undefined : !operand.value };
    return applyNamed(
      e,
      frame,
      "logical_not",
      { x: operandOf(frame, expression.operand, operand) },
      expression,
    );
  }
  const number = asNumber(operand);
  if (number !== undefined) return expression.operator === "+" ? number : negate(number);
  if (expression.operator === "+") return operand;
  return applyNamed(e, frame, "neg", { x: operandOf(frame, expression.operand, operand) }, expression);
}

export function asNumber(value: Value): NumberValue | undefined {
  return value.kind === "number" ? value : value.kind === "opaque" ? someNumber : undefined;
}

function negate(number: NumberValue): NumberValue {
  return {
    kind: "number",
    value: number.value === undefined ? undefined : -number.value,
    size: number.size === undefined ? undefined : multiplySizes(-1, number.size),
    whole: number.whole,
  };
}

const binaryOperators: Readonly<Record<Binary["operator"], string>> = {
  "+": "add",
  "-": "sub",
  "*": "mul",
  "/": "div",
  "@": "matmul",
  "^": "pow",
  and: "logical_and",
  or: "logical_or",
};

export function evaluateBinary(e: Elaboration, frame: Frame, expression: Binary): Value {
  // The shape that a product must have is not that of its operands.
  const inner: Frame =
    expression.operator === "@" ? { ...frame, expectedShape: undefined, annotated: undefined } : frame;
  const left = e.evaluate(inner, expression.left);
  const right = e.evaluate(inner, expression.right);
  if (left.kind === "unknown" || right.kind === "unknown") return unknown;
  const a = asNumber(left);
  const b = asNumber(right);
  if (a !== undefined && b !== undefined) {
    const folded = foldNumbers(expression.operator, a, b);
    if (folded !== undefined) return folded;
  }
  if (
    left.kind === "boolean" &&
    right.kind === "boolean" &&
    (expression.operator === "and" || expression.operator === "or")
  ) {
    if (left.value === undefined || right.value === undefined) return { kind: "boolean", value: undefined };
    return {
      kind: "boolean",
      value: expression.operator === "and" ? left.value && right.value : left.value || right.value,
    };
  }
  const operands = {
    x: operandOf(frame, expression.left, left),
    y: operandOf(frame, expression.right, right),
  };
  return applyNamed(e, frame, binaryOperators[expression.operator], operands, expression);
}

/** Arithmetic on compile-time numbers, symbolic sizes included. */
function foldNumbers(operator: Binary["operator"], a: NumberValue, b: NumberValue): NumberValue | undefined {
  const whole = a.whole && b.whole;
  const known = a.value !== undefined && b.value !== undefined ? ([a.value, b.value] as const) : undefined;
  const symbolic = a.size !== undefined && b.size !== undefined ? ([a.size, b.size] as const) : undefined;
  const combine = (
    numbers: (x: number, y: number) => number,
    sizes: (x: Size, y: Size) => Size,
  ): NumberValue => {
    if (known !== undefined)
      return numberValue(numbers(...known), whole && Number.isInteger(numbers(...known)));
    return symbolic === undefined ? someNumber : sizeValue(sizes(...symbolic));
  };
  switch (operator) {
    case "+":
      return combine((x, y) => x + y, addSizes);
    case "-":
      return combine((x, y) => x - y, subtractSizes);
    case "*":
      return combine((x, y) => x * y, multiplySizes);
    case "/":
      if (known !== undefined)
        return numberValue(known[0] / known[1], whole && Number.isInteger(known[0] / known[1]));
      return exactQuotient(a.size, b.value) ?? someNumber;
    case "^":
      return known === undefined ? someNumber : numberValue(known[0] ** known[1], whole && known[1] >= 0);
    default:
      return undefined;
  }
}

/** A symbolic size divided by a number that divides each of its terms: `2 * d / 2` is `d`. */
function exactQuotient(size: Size | undefined, divisor: number | undefined): NumberValue | undefined {
  if (size === undefined || typeof size === "number" || divisor === undefined || divisor === 0)
    return undefined;
  if (![...size.terms.values()].every((coefficient) => coefficient % divisor === 0)) return undefined;
  return sizeValue({
    terms: new Map([...size.terms].map(([term, coefficient]) => [term, coefficient / divisor])),
  });
}

/** An elementwise operator on compile-time numbers is computed at once: `sqrt(5)`. Undefined where it is not that. */
export function foldOperator(
  op: OpDefinition,
  operands: readonly Value[],
  attributes: Readonly<Record<string, AttributeValue>>,
): NumberValue | undefined {
  const numbers = operands.map(asNumber);
  if (op.elementwise === undefined || numbers.length === 0 || numbers.some((number) => number === undefined))
    return undefined;
  const values = numbers.map((number) => number?.value);
  if (values.some((value) => value === undefined)) return someNumber;
  const compute = toFunction(op.elementwise.expression(attributes), "float64");
  const result = compute(values.map((value) => value ?? 0));
  return numberValue(result, Number.isInteger(result) && numbers.every((number) => number?.whole === true));
}
