/** Checks, gradchecks, show and plot: planned while elaborating, carried out by the engine. */
import { isFloat } from "../../runtime/tensor";
import type { Check, Comparison, Expression, Gradcheck, Plot, Show, Span, Tolerance } from "../syntax";
import { problems } from "./diagnostics/catalogue";
import { placeOf, textOf, type Elaboration } from "./elaboration";
import { applyNamed } from "./apply-named";
import type { Frame } from "./frame";
import type { Condition, NamedValue, TolerancePlan } from "./record";
import { formatElement, formatType } from "./describe";
import { toTensor } from "./tensors";
import { passesIn } from "./gradients";
import { ratesIn } from "./user-ops";
import { describeKind, isBlank, unknown, type PendingValue, type Value } from "./value";

/** PyTorch's `isclose`. */
const defaultTolerance: TolerancePlan = { absolute: 1e-8, relative: 1e-5 };

export function planCheck(e: Elaboration, frame: Frame, statement: Check): void {
  const tolerance = statement.within === undefined ? undefined : readTolerance(e, frame, statement.within);
  if (statement.within !== undefined && !hasClose(statement.condition))
    e.report(frame, problems.withinNeedsClose(), statement.within);
  const known = tolerance === undefined || "kind" in tolerance ? defaultTolerance : tolerance;
  const planned = planCondition(e, frame, statement.condition, known);
  const place = placeOf(frame, statement);
  // With a tolerance that has an error, or is a hole, there is no verdict.
  const condition: Condition =
    statement.within !== undefined && (tolerance === undefined || "kind" in tolerance)
      ? { kind: "truth", value: tolerance ?? unknown, place }
      : planned;
  frame.record?.checks.push({
    label: statement.label?.value,
    place,
    turn: frame.turn,
    condition,
    rates: () => ratesIn(frame.scope),
    passes: () => passesIn(frame.scope),
  });
}

function hasClose(expression: Expression): boolean {
  switch (expression.kind) {
    case "comparison":
      return expression.operators.some(({ operator }) => operator === "~=");
    case "parenthesized":
      return hasClose(expression.inner);
    case "unary":
      return hasClose(expression.operand);
    case "binary":
      return hasClose(expression.left) || hasClose(expression.right);
    default:
      return false;
  }
}

function readTolerance(
  e: Elaboration,
  frame: Frame,
  within: Tolerance,
): TolerancePlan | PendingValue | undefined {
  const read = (expression: Expression): number | PendingValue | undefined => {
    const value = e.evaluate(frame, expression);
    if (value.kind === "pending") return value;
    if (value.kind === "number" && !(Number(value.value) < 0 || Number.isNaN(value.value)))
      return value.value;
    if (value.kind === "number")
      e.report(
        frame,
        problems.attribute(`a tolerance is at least 0, not ${String(value.value)}`),
        expression,
      );
    else if (!isBlank(value))
      e.report(
        frame,
        problems.expected("a number known before anything runs", describeKind(value)),
        expression,
      );
    return undefined;
  };
  const absolute = read(within.absolute);
  const relative = within.relative === within.absolute ? absolute : read(within.relative);
  if (absolute === undefined || relative === undefined) return undefined;
  if (typeof absolute !== "number") return absolute;
  return typeof relative === "number" ? { absolute, relative } : relative;
}

/** In a check each comparison is reduced with `all` before `and or not`. */
function planCondition(
  e: Elaboration,
  frame: Frame,
  expression: Expression,
  tolerance: TolerancePlan,
): Condition {
  switch (expression.kind) {
    case "parenthesized":
      return planCondition(e, frame, expression.inner, tolerance);
    case "unary":
      if (expression.operator === "not") {
        return {
          kind: "not",
          operand: planCondition(e, frame, expression.operand, tolerance),
          place: placeOf(frame, expression),
        };
      }
      break;
    case "binary":
      if (expression.operator === "and" || expression.operator === "or") {
        const left = planCondition(e, frame, expression.left, tolerance);
        return {
          kind: expression.operator,
          left,
          right: planCondition(e, frame, expression.right, tolerance),
        };
      }
      break;
    case "comparison":
      return planComparison(e, frame, expression, tolerance);
    default:
      break;
  }
  return { kind: "truth", value: truth(e, frame, expression), place: placeOf(frame, expression) };
}

/** What is no comparison must hold truth values. */
function truth(e: Elaboration, frame: Frame, expression: Expression): Value {
  const value = e.evaluate(frame, expression);
  if (value.kind === "boolean" || isBlank(value)) return value;
  const tensor = value.kind === "tensor" || value.kind === "instance" || value.kind === "list";
  const found = tensor ? toTensor(e, frame, value, expression) : value;
  if (isBlank(found) || (found.kind === "tensor" && found.dtype === "bool")) return found;
  const what =
    found.kind === "tensor"
      ? `${formatElement(found.dtype)} ${formatType({ ...found, dtype: "float64" })}`
      : describeKind(found);
  e.report(frame, problems.expected("a condition, as in `a == b`,", what), expression);
  return unknown;
}

/** A chain `a < b < c` holds where each of its parts does. */
function planComparison(
  e: Elaboration,
  frame: Frame,
  comparison: Comparison,
  tolerance: TolerancePlan,
): Condition {
  const values = comparison.operands.map((operand) => e.evaluate(frame, operand));
  let condition: Condition | undefined;
  for (const [index, { operator }] of comparison.operators.entries()) {
    const [left, right] = [values[index], values[index + 1]];
    const [leftText, rightText] = [comparison.operands[index], comparison.operands[index + 1]];
    if (left === undefined || right === undefined || leftText === undefined || rightText === undefined)
      continue;
    checkComparable(e, frame, { value: left, span: leftText }, { value: right, span: rightText }, comparison);
    const part: Condition = {
      kind: "comparison",
      operator,
      left,
      right,
      tolerance,
      place: placeOf(frame, comparison),
      expressions: [leftText, rightText],
    };
    condition = condition === undefined ? part : { kind: "and", left: condition, right: part };
  }
  return condition ?? { kind: "truth", value: { kind: "unknown" }, place: placeOf(frame, comparison) };
}

/** Reports sides that are no tensors or cannot be broadcast together. */
function checkComparable(
  e: Elaboration,
  frame: Frame,
  left: { value: Value; span: Span },
  right: { value: Value; span: Span },
  span: Span,
): void {
  if (isBlank(left.value) || isBlank(right.value)) return;
  const x = { ...left, text: textOf(frame, left.span) };
  const y = { ...right, text: textOf(frame, right.span) };
  applyNamed(e, { ...frame, machine: undefined }, "equal", { x, y }, span);
}

export function planGradcheck(e: Elaboration, frame: Frame, statement: Gradcheck): void {
  const tolerance = statement.within === undefined ? undefined : readTolerance(e, frame, statement.within);
  const of = e.evaluate(frame, statement.of);
  const wrt = statement.wrt.map((expression) => leaf(e, frame, expression));
  if (!isBlank(of) && !["tensor", "instance", "op", "net"].includes(of.kind)) {
    e.report(
      frame,
      problems.expected("a node, an instance, or the name of an op or net", describeKind(of)),
      statement.of,
    );
    return;
  }
  if (!isDifferentiable(e, frame, of, statement.of)) return;
  const pendingTolerance = tolerance !== undefined && "kind" in tolerance;
  frame.record?.gradchecks.push({
    text: textOf(frame, statement.of),
    of: pendingTolerance ? tolerance : of,
    wrt,
    tolerance: pendingTolerance ? undefined : tolerance,
    place: placeOf(frame, statement),
    turn: frame.turn,
  });
}

/** What a gradcheck is with respect to. */
function leaf(e: Elaboration, frame: Frame, expression: Expression): NamedValue {
  const named = namedValue(e, frame, expression);
  const { value } = named;
  if (isBlank(value)) return named;
  if (!["tensor", "instance", "layer", "family"].includes(value.kind)) {
    e.report(
      frame,
      problems.expected("a node, a family, a layer or an instance", describeKind(value)),
      expression,
    );
    return { ...named, value: unknown };
  }
  return isDifferentiable(e, frame, value, expression) ? named : { ...named, value: unknown };
}

function isDifferentiable(e: Elaboration, frame: Frame, value: Value, expression: Expression): boolean {
  if (value.kind !== "tensor" || isFloat(value.dtype)) return true;
  e.report(
    frame,
    problems.notDifferentiable(`\`${textOf(frame, expression)}\``, formatElement(value.dtype)),
    expression,
  );
  return false;
}

function namedValue(e: Elaboration, frame: Frame, expression: Expression): NamedValue {
  return {
    name: textOf(frame, expression),
    place: placeOf(frame, expression),
    turn: frame.turn,
    value: e.evaluate(frame, expression),
  };
}

export function planShow(e: Elaboration, frame: Frame, statement: Show): void {
  for (const expression of statement.values) frame.record?.shown.push(shownValue(e, frame, expression));
}

export function planPlot(e: Elaboration, frame: Frame, statement: Plot): void {
  const series = statement.values.map((expression) => shownValue(e, frame, expression));
  frame.record?.plots.push({ place: placeOf(frame, statement), turn: frame.turn, series });
}

const withoutNumbers: ReadonlySet<Value["kind"]> = new Set<Value["kind"]>([
  "builtin",
  "operator",
  "op",
  "net",
  "optimizer",
  "batches",
  "string",
]);

function shownValue(e: Elaboration, frame: Frame, expression: Expression): NamedValue {
  const named = namedValue(e, frame, expression);
  if (!withoutNumbers.has(named.value.kind)) return named;
  e.report(frame, problems.expected("a value", describeKind(named.value)), expression);
  return { ...named, value: unknown };
}
