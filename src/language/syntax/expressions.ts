/**
 * Expressions, by precedence climbing. Where an operand is missing the tree gets a `missing` node and reading
 * goes on. Knows nothing of statements.
 */
import { parseArguments, parseIndex, parseList } from "./brackets";
import { abandonNesting, missingExpression } from "./missing";
import { HEIGHT_LIMIT, NESTING_LIMIT, type Cursor } from "./cursor";
import { foreignValue, replacement } from "./foreign-words";
import { isTerminatedString, normalizedName, stringValue } from "./lexer";
import { closeBracket } from "./closing";
import type {
  Binary,
  Comparison,
  ComparisonOperator,
  Expression,
  List,
  Name,
  Parenthesized,
  Span,
  Token,
} from "./tree";

export function parseExpression(cursor: Cursor): Expression {
  return parseLevel(cursor, OR);
}

// Binding strength, loosest first. Python's, with `^` for power.
const OR = 1;
const AND = 2;
const NOT = 3;
const COMPARE = 4;
const SUM = 5;
const TERM = 6;
const UNARY = 7;
const POWER = 8;

const strengths: ReadonlyMap<string, number> = new Map([
  ["or", OR],
  ["||", OR],
  ["|", OR],
  ["and", AND],
  ["&&", AND],
  ["&", AND],
  ...["==", "~=", "!=", "<", "<=", ">", ">=", "=", "===", "!==", "<>", "≈", "≠", "≤", "≥"].map(
    (text): [string, number] => [text, COMPARE],
  ),
  ["+", SUM],
  ["-", SUM],
  ["−", SUM],
  ...["*", "/", "@", "//", "%", "×", "·", "⋅", "∗", "⊙", "∘", "÷"].map((text): [string, number] => [
    text,
    TERM,
  ]),
  ["^", POWER],
  ["**", POWER],
]);

// What an operator of another language is read as, so that the tree is what was meant.
const meant: ReadonlyMap<string, string> = new Map([
  ["||", "or"],
  ["|", "or"],
  ["&&", "and"],
  ["&", "and"],
  ["=", "=="],
  ["===", "=="],
  ["!==", "!="],
  ["<>", "!="],
  ["−", "-"],
  ["//", "/"],
  ["%", "/"],
  ...["×", "·", "⋅", "∗", "⊙", "∘"].map((text): [string, string] => [text, "*"]),
  ["÷", "/"],
  ["≈", "~="],
  ["≠", "!="],
  ["≤", "<="],
  ["≥", ">="],
  ["**", "^"],
]);

function parseLevel(cursor: Cursor, level: number): Expression {
  if (cursor.depth >= NESTING_LIMIT) return abandonNesting(cursor, NESTING_LIMIT);
  cursor.depth++;
  const start = cursor.start;
  let left = parsePrefix(cursor, level);
  for (;;) {
    const token = cursor.peek();
    const strength = operatorStrength(cursor, token);
    if (strength < level) break;
    if (cursor.height >= HEIGHT_LIMIT) {
      left = abandonNesting(cursor, HEIGHT_LIMIT);
      break;
    }
    left =
      strength === COMPARE
        ? parseComparison(cursor, left, start)
        : parseBinary(cursor, left, strength, start);
  }
  cursor.depth--;
  return left;
}

function operatorStrength(cursor: Cursor, token: Token): number {
  if (token.kind !== "punctuation" && token.kind !== "name" && token.kind !== "unknown") return 0;
  const strength = strengths.get(token.text);
  if (strength === undefined) return 0;
  // `=` is read as `==` only where the statement says that it compares; elsewhere it is left to the caller.
  return token.text === "=" && !cursor.comparing ? 0 : strength;
}

function parseBinary(cursor: Cursor, left: Expression, strength: number, start: number): Binary {
  const height = cursor.height;
  const token = cursor.peek();
  takeOperator(cursor, token);
  // Power is the only operator that groups to the right, and its right side may have a sign: 2^-1.
  const right = parseLevel(cursor, strength === POWER ? UNARY : strength + 1);
  cursor.height = Math.max(height, cursor.height) + 1;
  const operator = (meant.get(token.text) ?? token.text) as Binary["operator"]; // by the table of strengths
  const operatorSpan = { start: token.start, end: token.end };
  return { kind: "binary", operator, left, right, operatorSpan, ...cursor.spanFrom(start) };
}

function parseComparison(cursor: Cursor, first: Expression, start: number): Comparison {
  const operands = [first];
  const operators: { operator: ComparisonOperator; span: Span }[] = [];
  let height = cursor.height;
  for (;;) {
    const token = cursor.peek();
    if (operatorStrength(cursor, token) !== COMPARE) break;
    takeOperator(cursor, token);
    const operator = (meant.get(token.text) ?? token.text) as ComparisonOperator; // by the table of strengths
    operators.push({ operator, span: { start: token.start, end: token.end } });
    operands.push(parseLevel(cursor, SUM));
    height = Math.max(height, cursor.height);
  }
  cursor.height = height + 1;
  return { kind: "comparison", operands, operators, ...cursor.spanFrom(start) };
}

function takeOperator(cursor: Cursor, token: Token): void {
  if (token.text === "**") cursor.reportPower(token);
  else if (token.text === "=") cursor.report("NN111", token, {}, { fix: replacement(token, "==") });
  else if (meant.has(token.text)) cursor.reportForeign();
  cursor.advance();
}

function parsePrefix(cursor: Cursor, level: number): Expression {
  const token = cursor.peek();
  if (token.text === "not" && token.kind === "name") return parseNot(cursor, token, level);
  if ((token.text === "!" || token.text === "~" || token.text === "¬") && token.kind !== "string") {
    cursor.reportForeign();
    return parseNot(cursor, token, NOT);
  }
  if (token.kind === "punctuation" && (token.text === "-" || token.text === "+"))
    return parseSign(cursor, token.text);
  if (token.text === "−") {
    cursor.reportForeign();
    return parseSign(cursor, "-");
  }
  return parsePostfix(cursor);
}

function parseSign(cursor: Cursor, operator: "-" | "+"): Expression {
  const start = cursor.start;
  cursor.advance();
  const operand = parseLevel(cursor, UNARY);
  cursor.height++;
  return { kind: "unary", operator, operand, ...cursor.spanFrom(start) };
}

function parseNot(cursor: Cursor, token: Token, level: number): Expression {
  const start = cursor.start;
  // As in Python, `a == not b` needs brackets.
  if (level > NOT)
    cursor.report("NN103", token, { needed: "an operand", found: `\`${token.text}\` without brackets` });
  cursor.advance();
  const operand = parseLevel(cursor, NOT);
  cursor.height++;
  return { kind: "unary", operator: "not", operand, ...cursor.spanFrom(start) };
}

function parsePostfix(cursor: Cursor): Expression {
  const start = cursor.start;
  let base = parseAtom(cursor);
  for (;;) {
    const text = cursor.peek().text;
    if (text !== "(" && text !== "[" && text !== ".") return base;
    if (text !== "." && !canBeApplied(base)) return base;
    if (cursor.height >= HEIGHT_LIMIT) return abandonNesting(cursor, HEIGHT_LIMIT);
    const height = cursor.height;
    if (text === "(") {
      const list = parseArguments(cursor, parseExpression);
      base = { kind: "call", callee: base, arguments: list, ...cursor.spanFrom(start) };
    } else if (text === "[") {
      const index = parseIndex(cursor, parseExpression);
      base = { kind: "indexing", base, index, ...cursor.spanFrom(start) };
    } else {
      cursor.advance();
      const name = cursor.peek().kind === "name" ? cursor.takeName() : missingMember(cursor);
      base = { kind: "member", base, name, ...cursor.spanFrom(start) };
    }
    cursor.height = Math.max(height, cursor.height) + 1;
  }
}

/** Numbers and strings are neither called nor indexed: what follows one in a bracket lacks a comma before it. */
function canBeApplied(base: Expression): boolean {
  return base.kind !== "number" && base.kind !== "string" && base.kind !== "missing";
}

function missingMember(cursor: Cursor): { name: string; start: number; end: number } {
  cursor.reportUnexpected("NN109", { needed: "a name after `.`", found: cursor.found });
  return { name: "", ...cursor.gap };
}

function parseAtom(cursor: Cursor): Expression {
  const token = cursor.peek();
  cursor.height = 1;
  if (token.kind === "number") return parseNumber(cursor);
  if (token.kind === "string") return parseStringLiteral(cursor);
  if (token.kind === "name" && cursor.atName) return parseName(cursor);
  if (token.kind === "punctuation") {
    if (token.text === "(") return parseParenthesized(cursor);
    if (token.text === "[") return parseList(cursor, parseExpression);
    if (token.text === "?") {
      cursor.advance();
      return { kind: "hole", start: token.start, end: token.end };
    }
  }
  return missingExpression(cursor);
}

function parseNumber(cursor: Cursor): Expression {
  const token = cursor.advance();
  const malformed = /_(?![0-9a-fA-F])|[.eEbBxXoO]_/.test(token.text);
  if (malformed) cursor.report("NN125", token, { text: token.text });
  const plain = token.text.replaceAll("_", "");
  const whole = /^(?:0[xXbBoO][0-9a-fA-F]+|[0-9]+)$/.test(plain);
  const value = Number(plain);
  if (Number.isNaN(value)) cursor.report("NN125", token, { text: token.text });
  return { kind: "number", value, whole, start: token.start, end: token.end };
}

/** The string at the cursor, which the caller has seen. */
export function parseStringLiteral(cursor: Cursor): {
  kind: "string";
  value: string;
  start: number;
  end: number;
} {
  const token = cursor.peek();
  if (!isTerminatedString(token.text)) cursor.report("NN102", token, { text: token.text });
  cursor.advance();
  return { kind: "string", value: stringValue(token.text), start: token.start, end: token.end };
}

function parseName(cursor: Cursor): Name {
  const token = cursor.peek();
  const foreign = foreignValue(token);
  if (foreign !== undefined) cursor.reportProblem(foreign);
  cursor.advance();
  return { kind: "name", name: normalizedName(token.text), start: token.start, end: token.end };
}

function parseParenthesized(cursor: Cursor): Parenthesized | List {
  const open = cursor.index;
  const start = cursor.start;
  cursor.advance();
  const inner = parseExpression(cursor);
  if (cursor.at(",")) return parseTuple(cursor, open, start, inner);
  closeBracket(cursor, open, inner);
  cursor.height++;
  return { kind: "parenthesized", inner, ...cursor.spanFrom(start) };
}

/** `(2, 3)`, as Python has it, is read as the list that is meant. */
function parseTuple(cursor: Cursor, open: number, start: number, first: Expression): List {
  const items = [first];
  let { height } = cursor;
  while (cursor.take(",") && !cursor.at(")")) {
    items.push(parseExpression(cursor));
    height = Math.max(height, cursor.height);
  }
  const closed = cursor.at(")");
  const close = cursor.peek();
  const span = { start, end: closed ? close.end : cursor.spanFrom(start).end };
  const edits = [
    { start, end: start + 1, newText: "[" },
    { start: close.start, end: close.end, newText: "]" },
  ];
  cursor.report("NN136", span, {}, closed ? { fix: { title: "Write `[ ]`", edits } } : {});
  closeBracket(cursor, open);
  cursor.height = height + 1;
  return { kind: "list", items, ...cursor.spanFrom(start) };
}
