/** The meaning of each form of expression. */
import type { AttributeValue } from "../../runtime/ops";
import { operators, toFunction, type OpDefinition } from "../../runtime/ops";
import { addSizes, multiplySizes, subtractSizes, formatSize, type Size } from "../../runtime/tensor";
import type { Binary, Call, Comparison, ComparisonOperator, Comprehension, Expression, Name, NumberLiteral, Over, Span, Unary } from "../syntax";
import { builtins } from "./builtins";
import { resolveNamed } from "./declared-names";
import { problems } from "./diagnostics/catalogue";
import { placeOf, textOf, type Elaboration } from "./elaboration";
import type { Frame } from "./frame";
import { evaluateIndexing } from "./indexing";
import { evaluateMember } from "./members";
import { nearestName } from "./module";
import { applyOperator, type Operand } from "./operator-application";
import { Scope } from "./scope";
import { isBlank, listValue, numberValue, sizeValue, someNumber, unknown, describeKind, type NumberValue, type Value } from "./value";

/** Evaluates an expression; problems are reported where they stand and give a blank. */
export function evaluateExpression(e: Elaboration, frame: Frame, expression: Expression): Value {
  switch (expression.kind) {
    case "number":
      return numberLiteral(expression);
    case "string":
      return { kind: "string", value: expression.value };
    case "name":
      return evaluateName(e, frame, expression);
    case "hole":
      e.facts.hole({ place: placeOf(frame, expression), scope: frame.scope, shape: undefined });
      return { kind: "pending", shape: frame.expectedShape };
    case "list":
      return listValue(expression.items.map((item) => e.evaluate(frame, item)));
    case "comprehension":
      return evaluateComprehension(e, frame, expression);
    case "parenthesized":
      return e.evaluate(frame, expression.inner);
    case "unary":
      return evaluateUnary(e, frame, expression);
    case "binary":
      return evaluateBinary(e, frame, expression);
    case "comparison":
      return evaluateComparison(e, frame, expression);
    case "call":
      return evaluateCall(e, frame, expression);
    case "indexing":
      return evaluateIndexing(e, frame, expression);
    case "member":
      return evaluateMember(e, frame, expression);
    case "missing":
      return unknown;
  }
}

function numberLiteral({ value, whole }: NumberLiteral): NumberValue {
  return { kind: "number", value, size: whole ? value : undefined, whole };
}

const constants: Readonly<Record<string, Value>> = {
  pi: numberValue(Math.PI, false),
  inf: numberValue(Infinity, false),
  nan: numberValue(NaN, false),
  true: { kind: "boolean", value: true },
  false: { kind: "boolean", value: false },
};

function evaluateName(e: Elaboration, frame: Frame, expression: Name): Value {
  const { name } = expression;
  const binding = frame.scope.lookup(name);
  if (binding !== undefined) {
    const { role, place, value } = binding;
    e.facts.refer({ name, place: placeOf(frame, expression), definition: { kind: "binding", role, place, value } });
    return value;
  }
  const named = resolveNamed(e, frame, expression);
  if (named !== undefined) return named;
  const op = operators.get(name);
  const builtin = builtins.get(name);
  if (op !== undefined || builtin !== undefined) {
    e.facts.refer({ name, place: placeOf(frame, expression), definition: { kind: "builtin", name } });
  }
  if (builtin !== undefined) return { kind: "builtin", builtin };
  if (op !== undefined) return { kind: "operator", op };
  const constant = Object.hasOwn(constants, name) ? constants[name] : undefined;
  if (constant !== undefined) return constant;
  reportUnknownName(e, frame, expression);
  return unknown;
}

function reportUnknownName(e: Elaboration, frame: Frame, { name, start, end }: Name): void {
  const local = [...frame.scope.names()].filter((known) => !known.startsWith(" "));
  const candidates = [...local, ...frame.module.declarations.keys(), ...frame.module.imports.keys(), ...operators.keys(), ...builtins.keys()];
  const nearest = nearestName(name, candidates);
  const fixes = nearest === undefined ? [] : [{ title: `Rename to \`${nearest}\``, edits: [{ start, end, newText: nearest }] }];
  e.report(frame, problems.unknownName(name, nearest), { start, end }, { fixes });
}

function evaluateCall(e: Elaboration, frame: Frame, expression: Call): Value {
  const callee = e.evaluate({ ...frame, expectedShape: undefined }, expression.callee);
  const inner: Frame = frame.expectedShape === undefined ? frame : { ...frame, expectedShape: undefined };
  const args = expression.arguments.map((argument) => ({
    path: argument.path,
    value: e.evaluate(inner, argument.value),
    expression: argument.value,
    span: argument,
  }));
  return e.call(frame, callee, {
    span: expression,
    callee: expression.callee,
    calleeText: textOf(frame, expression.callee),
    arguments: args,
  });
}

/** The values of a loop's index in order, or undefined where they are not known before a run. */
export function loopValues(e: Elaboration, frame: Frame, over: Over): readonly Value[] | undefined {
  const from = e.evaluate(frame, over.from);
  if (over.direction === "list") {
    if (from.kind === "list") return from.items;
    if (!isBlank(from) && from.kind !== "opaque") e.report(frame, problems.expected("a list, or a range `1 to n`,", describeKind(from)), over.from);
    return undefined;
  }
  const to = over.to === undefined ? unknown : e.evaluate(frame, over.to);
  const first = wholeNumber(e, frame, from, over.from, "The start of a range");
  const last = wholeNumber(e, frame, to, over.to ?? over, "The end of a range");
  if (first === undefined || last === undefined) return undefined;
  const step = over.direction === "to" ? 1 : -1;
  const count = Math.max(0, (last - first) * step + 1);
  if (count > 100_000) {
    e.report(frame, problems.tooLarge(`A range of ${String(count)} turns`), over);
    return [];
  }
  return Array.from({ length: count }, (_, i) => numberValue(first + i * step));
}

/** A known whole number, or undefined: reported where it is a tensor or no whole number, silent where it is symbolic. */
export function wholeNumber(e: Elaboration, frame: Frame, value: Value, span: Span, use: string): number | undefined {
  if (value.kind === "number") {
    if (value.value === undefined || Number.isInteger(value.value)) return value.value;
    e.report(frame, problems.expected("a whole number", describeKind(value)), span);
    return undefined;
  }
  if (isBlank(value) || value.kind === "opaque") return undefined;
  reportNotCompileTime(e, frame, value, span, use);
  return undefined;
}

/** Says that a compile-time value is needed; where a plain name stands, its definition can become a `const`. */
export function reportNotCompileTime(e: Elaboration, frame: Frame, value: Value, span: Span, use: string): void {
  const text = textOf(frame, span);
  const binding = frame.scope.lookup(text);
  if (value.kind !== "tensor" && value.kind !== "instance") {
    e.report(frame, problems.expected("a number", describeKind(value)), span);
    return;
  }
  if (binding?.place.file !== frame.module.id || binding.role !== "value") {
    e.report(frame, problems.needsCompileTimeExpression(use), span);
    return;
  }
  const { start } = binding.place;
  e.report(frame, problems.needsCompileTime(text, use), span, {
    related: [{ place: binding.place, message: `\`${text}\` is defined here` }],
    fixes: [{ title: `Write \`const ${text}\``, edits: [{ start, end: start, newText: "const " }] }],
  });
}

function evaluateComprehension(e: Elaboration, frame: Frame, { item, over }: Comprehension): Value {
  const values = loopValues(e, frame, over);
  if (values === undefined) return unknown;
  const items: Value[] = [];
  for (const value of values) {
    if (!e.spend(frame, over)) return unknown;
    items.push(e.evaluate(turnFrame(e, frame, over, value), item));
  }
  return listValue(items);
}

/** The frame of one turn of a loop, its index bound. */
export function turnFrame(e: Elaboration, frame: Frame, over: Over, value: Value): Frame {
  const scope = new Scope(frame.scope, true);
  const { name, start, end } = over.name;
  const place = placeOf(frame, { start, end });
  scope.bind({ name, value, role: "index", place });
  e.facts.define({ name, place, role: "index", value, scope, container: "" });
  return { ...frame, scope, turn: { ...frame.turn, [name]: turnLabel(value) } };
}

function turnLabel(value: Value): number | string {
  switch (value.kind) {
    case "number":
      return value.value ?? (value.size === undefined ? "?" : formatSize(value.size));
    case "builtin":
      return value.builtin.name;
    case "operator":
      return value.op.name;
    case "op":
    case "net":
      return value.declaration.name.name;
    case "layer":
      return value.name;
    case "string":
      return value.value;
    default:
      return "…";
  }
}

function operandOf(frame: Frame, expression: Expression, value: Value): Operand {
  return { value, text: textOf(frame, expression), span: expression };
}

function evaluateUnary(e: Elaboration, frame: Frame, expression: Unary): Value {
  const operand = e.evaluate({ ...frame, expectedShape: expression.operator === "-" ? frame.expectedShape : undefined }, expression.operand);
  if (isBlank(operand)) return operand;
  if (expression.operator === "not") {
    if (operand.kind === "boolean") return { kind: "boolean", value: operand.value === undefined ? undefined : !operand.value };
    return applyNamed(e, frame, "logical_not", { x: operandOf(frame, expression.operand, operand) }, expression);
  }
  const number = asNumber(operand);
  if (number !== undefined) return expression.operator === "+" ? number : negate(number);
  if (expression.operator === "+") return operand;
  return applyNamed(e, frame, "neg", { x: operandOf(frame, expression.operand, operand) }, expression);
}

function asNumber(value: Value): NumberValue | undefined {
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

function evaluateBinary(e: Elaboration, frame: Frame, expression: Binary): Value {
  const inner = frame;
  const left = e.evaluate(inner, expression.left);
  const right = e.evaluate(inner, expression.right);
  if (left.kind === "unknown" || right.kind === "unknown") return unknown;
  const a = asNumber(left);
  const b = asNumber(right);
  if (a !== undefined && b !== undefined) {
    const folded = foldNumbers(expression.operator, a, b);
    if (folded !== undefined) return folded;
  }
  if (left.kind === "boolean" && right.kind === "boolean" && (expression.operator === "and" || expression.operator === "or")) {
    if (left.value === undefined || right.value === undefined) return { kind: "boolean", value: undefined };
    return { kind: "boolean", value: expression.operator === "and" ? left.value && right.value : left.value || right.value };
  }
  const operands = { x: operandOf(frame, expression.left, left), y: operandOf(frame, expression.right, right) };
  return applyNamed(e, frame, binaryOperators[expression.operator], operands, expression);
}

/** Arithmetic on compile-time numbers, symbolic sizes included. */
function foldNumbers(operator: Binary["operator"], a: NumberValue, b: NumberValue): NumberValue | undefined {
  const whole = a.whole && b.whole;
  const known = a.value !== undefined && b.value !== undefined ? ([a.value, b.value] as const) : undefined;
  const symbolic = a.size !== undefined && b.size !== undefined ? ([a.size, b.size] as const) : undefined;
  const combine = (numbers: (x: number, y: number) => number, sizes: (x: Size, y: Size) => Size): NumberValue => {
    if (known !== undefined) return numberValue(numbers(...known), whole && Number.isInteger(numbers(...known)));
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
      if (known !== undefined) return numberValue(known[0] / known[1], whole && Number.isInteger(known[0] / known[1]));
      return exactQuotient(a.size, b.value) ?? someNumber;
    case "^":
      return known === undefined ? someNumber : numberValue(known[0] ** known[1], whole && known[1] >= 0);
    default:
      return undefined;
  }
}

/** A symbolic size divided by a number that divides each of its terms: `2 * d / 2` is `d`. */
function exactQuotient(size: Size | undefined, divisor: number | undefined): NumberValue | undefined {
  if (size === undefined || typeof size === "number" || divisor === undefined || divisor === 0) return undefined;
  if (![...size.terms.values()].every((coefficient) => coefficient % divisor === 0)) return undefined;
  return sizeValue({ terms: new Map([...size.terms].map(([term, coefficient]) => [term, coefficient / divisor])) });
}

/** Applies the operator `name` of the registry. */
export function applyNamed(
  e: Elaboration,
  frame: Frame,
  name: string,
  operands: Readonly<Record<string, Operand | readonly Operand[]>>,
  span: Span,
  attributes: Readonly<Record<string, AttributeValue>> = {},
): Value {
  const op = operators.get(name);
  if (op === undefined) throw new Error(`No operator is named ${name}.`);
  return applyOperator(e, frame, { op, operands, attributes: withDefaults(op, attributes), sizes: {}, attributeSpans: {}, span, indefinite: false });
}

export function withDefaults(op: OpDefinition, given: Readonly<Record<string, AttributeValue>>): Record<string, AttributeValue> {
  const values: Record<string, AttributeValue> = {};
  for (const [name, attribute] of Object.entries(op.attributes)) values[name] = name in given ? given[name] : attribute.default;
  return values;
}

const comparisonOperators: Readonly<Record<Exclude<ComparisonOperator, "~=">, string>> = {
  "==": "equal",
  "!=": "not_equal",
  "<": "less",
  "<=": "less_equal",
  ">": "greater",
  ">=": "greater_equal",
};

/** Elementwise comparison; a chain is the `and` of its parts. */
function evaluateComparison(e: Elaboration, frame: Frame, expression: Comparison): Value {
  const values = expression.operands.map((operand) => e.evaluate(frame, operand));
  let result: Value | undefined;
  for (const [index, { operator, span }] of expression.operators.entries()) {
    const [left, right] = [values[index], values[index + 1]];
    const [leftText, rightText] = [expression.operands[index], expression.operands[index + 1]];
    if (left === undefined || right === undefined || leftText === undefined || rightText === undefined) return unknown;
    if (operator === "~=") {
      e.report(frame, problems.closeNeedsTolerance(), span);
      return unknown;
    }
    const part = compareValues(e, frame, operator, operandOf(frame, leftText, left), operandOf(frame, rightText, right), expression);
    if (result === undefined) result = part;
    else if (result.kind === "boolean" && part.kind === "boolean") {
      const both = result.value === undefined || part.value === undefined ? undefined : result.value && part.value;
      result = { kind: "boolean", value: both };
    } else {
      const sides = { x: operandOf(frame, expression, result), y: operandOf(frame, expression, part) };
      result = applyNamed(e, frame, "logical_and", sides, expression);
    }
  }
  return result ?? unknown;
}

function compareValues(e: Elaboration, frame: Frame, operator: Exclude<ComparisonOperator, "~=">, left: Operand, right: Operand, span: Span): Value {
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

/** An elementwise operator on compile-time numbers is computed at once: `sqrt(5)`. Undefined where it is not that. */
export function foldOperator(op: OpDefinition, operands: readonly Value[], attributes: Readonly<Record<string, AttributeValue>>): NumberValue | undefined {
  const numbers = operands.map(asNumber);
  if (op.elementwise === undefined || numbers.length === 0 || numbers.some((number) => number === undefined)) return undefined;
  const values = numbers.map((number) => number?.value);
  if (values.some((value) => value === undefined)) return someNumber;
  const compute = toFunction(op.elementwise.expression(attributes), "float64");
  const result = compute(values.map((value) => value ?? 0));
  return numberValue(result, Number.isInteger(result) && numbers.every((number) => number?.whole === true));
}
