/** The meaning of each form of expression. */
import { callableOperators } from "../../runtime/ops";
import type { Call, Comprehension, Expression, Name, NumberLiteral } from "../syntax";
import { evaluateBinary, evaluateUnary } from "./arithmetic";
import { builtins, isBuiltin } from "./builtins";
import { evaluateComparison } from "./comparisons";
import { resolveNamed } from "./declared-names";
import { placeOf, textOf, type Elaboration } from "./elaboration";
import type { Frame } from "./frame";
import { evaluateIndexing } from "./indexing";
import { loopValues, someIndex, turnFrame } from "./loops";
import { evaluateMember } from "./members";
import { reportUnknownName } from "./unknown-names";
import { listValue, numberValue, unknown, type NumberValue, type Value } from "./value";

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
      e.facts.hole({
        place: placeOf(frame, expression),
        scope: frame.scope,
        shape: frame.expectedShape,
        inRule: false,
        own: frame.assigning,
      });
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
  const binding = frame.scope.lookup(expression.name);
  if (binding !== undefined) {
    const { role, place, value } = binding;
    e.facts.refer({
      name: expression.name,
      place: placeOf(frame, expression),
      definition: { kind: "binding", role, place, value },
    });
    return value;
  }
  const standard = frame.module.standardNames.get(expression.name);
  const name = standard !== undefined && isBuiltin(standard) ? standard : expression.name;
  const named = name === expression.name ? resolveNamed(e, frame, expression) : undefined;
  if (named !== undefined) return named;
  const op = callableOperators.get(name);
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

function evaluateComprehension(e: Elaboration, frame: Frame, { item, over }: Comprehension): Value {
  const values = loopValues(e, frame, over);
  if (values === undefined) {
    e.evaluate(turnFrame(e, frame, over, someIndex(frame, over)), item); // its mistakes show before any run
    return unknown;
  }
  const items: Value[] = [];
  for (const value of values) {
    if (!e.spend(frame, over)) return unknown;
    items.push(e.evaluate(turnFrame(e, frame, over, value), item));
  }
  return listValue(items);
}
