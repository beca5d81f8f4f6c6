/**
 * Statements, one function each. Every one answers a node even where it is damaged, with `missing` parts and
 * empty names, so that what it names is not lost. Knows nothing of which statement belongs where.
 */
import { parseIndex, parseOver } from "./brackets";
import type { Cursor } from "./cursor";
import { parseExpression, parseStringLiteral } from "./expressions";
import { missingExpression } from "./missing";
import { replacement } from "./foreign-words";
import { reservedWords } from "./heads";
import { parseType } from "./shapes";
import type {
  Expression,
  Identifier,
  Index,
  Over,
  Statement,
  StringLiteral,
  Target,
  Tolerance,
} from "./tree";

/** The statement that a head word begins, `for` excepted; the cursor is on the word. */
export function parseHeadStatement(
  cursor: Cursor,
  word: string,
  documentation: string,
): Statement | undefined {
  const start = cursor.start;
  cursor.advance();
  switch (word) {
    case "param":
      return parseParam(cursor, start, documentation);
    case "const":
      return parseAssignment(cursor, start, documentation, "const");
    case "iterate":
      return parseIterate(cursor, start, documentation);
    case "return":
      return { kind: "return", value: parseExpression(cursor), ...cursor.spanFrom(start), documentation };
    case "jvp":
    case "vjp":
      return parseRule(cursor, word, start, documentation);
    case "sample":
      return parseSample(cursor, start, documentation);
    case "seed":
      return parseSeed(cursor, start, documentation);
    case "dtype":
      return parseDType(cursor, start, documentation);
    case "check":
      return parseCheck(cursor, start, documentation);
    case "gradcheck":
      return parseGradcheck(cursor, start, documentation);
    case "show":
    case "plot":
      return { kind: word, values: parseValues(cursor), ...cursor.spanFrom(start), documentation };
    default:
      return undefined;
  }
}

/** `name = value`, `z[l]: [N] = value`. */
export function parseAssignment(
  cursor: Cursor,
  start: number,
  documentation: string,
  word: "const" | "none",
): Statement {
  const target = parseTarget(cursor, word === "const" ? "the name of the constant" : "a name");
  const type = cursor.take(":") ? parseType(cursor) : undefined;
  const example = word === "const" ? "const name = value" : "name = value";
  const value = parseAssigned(cursor, example);
  return {
    kind: "assignment",
    constant: word === "const",
    target,
    type,
    value,
    ...cursor.spanFrom(start),
    documentation,
  };
}

/** `for l in 1 to L`, up to its `{`. */
export function parseForHead(cursor: Cursor): Over {
  return parseOver(cursor, parseExpression);
}

/** A name at the cursor, or an empty one with a problem reported. */
export function parseIdentifier(cursor: Cursor, needed: string): Identifier {
  if (cursor.atName) return cursor.takeName();
  const word = cursor.peek().text;
  if (reservedWords.has(word) && !cursor.atEnd) {
    cursor.report("NN132", cursor.peek(), { word });
    return cursor.takeName();
  }
  cursor.reportUnexpected("NN109", { needed, found: cursor.found });
  return { name: "", ...cursor.gap };
}

export function parseTarget(cursor: Cursor, needed: string): Target {
  const start = cursor.start;
  const name = parseIdentifier(cursor, needed);
  const indices: Index[] = [];
  while (cursor.at("[")) indices.push(parseIndex(cursor, parseExpression));
  return { name, indices, ...(name.name === "" ? cursor.gap : cursor.spanFrom(start)) };
}

/** `= value`; a `==` or `:=` there is read as `=`. */
export function parseAssigned(cursor: Cursor, example: string): Expression {
  if (cursor.take("=")) return parseExpression(cursor);
  const token = cursor.peek();
  if (token.kind === "punctuation" && assigning.has(token.text)) {
    const parameters = { operator: token.text };
    const sure = token.text === "==" || token.text === ":=";
    cursor.report("NN112", token, parameters, sure ? { fix: replacement(token, "=") } : {});
    cursor.advance();
    return parseExpression(cursor);
  }
  const place = cursor.at(")") || cursor.at("]") || cursor.at(",") ? cursor.brokenLine : undefined;
  const parameters = { needed: "`=`", found: cursor.found, example };
  if (place === undefined) cursor.reportUnexpected("NN104", parameters);
  else cursor.report("NN104", place, parameters);
  return { kind: "missing", ...cursor.gap };
}

const assigning: ReadonlySet<string> = new Set([
  "==",
  ":=",
  "+=",
  "-=",
  "*=",
  "/=",
  "@=",
  "^=",
  "~=",
  "**=",
  "//=",
  "%=",
]);

function parseParam(cursor: Cursor, start: number, documentation: string): Statement {
  const target = parseTarget(cursor, "the name of the parameter");
  const type = cursor.take(":") ? parseType(cursor) : undefined;
  const complete = cursor.atEnd && type !== undefined;
  const value =
    complete || (cursor.damaged && cursor.atEnd)
      ? undefined
      : parseAssigned(cursor, "param W: [n, m] = randn()");
  return { kind: "param", target, type, value, ...cursor.spanFrom(start), documentation };
}

function parseIterate(cursor: Cursor, start: number, documentation: string): Statement {
  const example = "iterate y = first while condition do next";
  cursor.stopWords = ["while", "do"];
  const name = parseIdentifier(cursor, "the name of the value that changes");
  const initial = parseAssigned(cursor, example);
  const condition = parseClause(cursor, "while", example);
  const next = parseClause(cursor, "do", example);
  return { kind: "iterate", name, initial, condition, next, ...cursor.spanFrom(start), documentation };
}

function parseClause(cursor: Cursor, word: string, example: string): Expression {
  if (cursor.take(word)) {
    // The words after this one may be names in what follows it.
    cursor.stopWords = word === "while" ? ["do"] : [];
    return parseExpression(cursor);
  }
  cursor.reportUnexpected("NN104", { needed: `\`${word}\``, found: cursor.found, example });
  return { kind: "missing", ...cursor.gap };
}

function parseRule(cursor: Cursor, mode: "jvp" | "vjp", start: number, documentation: string): Statement {
  const target = parseTarget(cursor, "the name of the input or parameter that the rule is for");
  const open = cursor.index;
  const argument = parseRuleArgument(cursor, mode, open);
  const value = parseAssigned(cursor, `${mode} x(u) = …`);
  return { kind: "rule", mode, target, argument, value, ...cursor.spanFrom(start), documentation };
}

function parseRuleArgument(cursor: Cursor, mode: "jvp" | "vjp", open: number): Identifier {
  const needed = mode === "vjp" ? "the cotangent's name in brackets" : "the tangent's name in brackets";
  if (!cursor.take("(")) {
    cursor.reportUnexpected("NN104", { needed, found: cursor.found, example: `${mode} x(u) = …` });
    return { name: "", ...cursor.gap };
  }
  const name = parseIdentifier(cursor, needed);
  if (!cursor.at(")") && name.name !== "") {
    const fix = { title: "Write `)`", edits: [{ ...cursor.gap, newText: ")" }] };
    const extras = cursor.at("=") ? { fix } : {};
    cursor.reportUnexpected("NN105", { open: "(", close: ")", found: cursor.found }, extras);
  }
  while (!cursor.atEnd && !cursor.at("=") && cursor.brackets.includes(open)) cursor.advance();
  return name;
}

function parseSample(cursor: Cursor, start: number, documentation: string): Statement {
  const name = parseIdentifier(cursor, "the name of the input that is drawn");
  const value = parseAssigned(cursor, "sample x = randn([3])");
  return { kind: "sample", name, value, ...cursor.spanFrom(start), documentation };
}

function parseSeed(cursor: Cursor, start: number, documentation: string): Statement {
  const word = cursor.peek().text;
  const known = word === "torch" || word === "numpy";
  if (known) cursor.advance();
  else {
    cursor.reportUnexpected("NN123", { found: cursor.found });
    if (cursor.atName && cursor.peekAhead(1).kind === "number") cursor.advance();
  }
  const value = parseExpression(cursor);
  return { kind: "seed", generator: known ? word : "torch", value, ...cursor.spanFrom(start), documentation };
}

function parseDType(cursor: Cursor, start: number, documentation: string): Statement {
  const word = cursor.peek().text;
  const known = word === "float32" || word === "float64";
  if (!known) cursor.reportUnexpected("NN124", { found: cursor.found });
  cursor.advance();
  return { kind: "dtype", dtype: known ? word : "float64", ...cursor.spanFrom(start), documentation };
}

function parseCheck(cursor: Cursor, start: number, documentation: string): Statement {
  cursor.stopWords = ["within"];
  const label = parseLabel(cursor);
  cursor.comparing = true;
  const condition =
    cursor.atEnd || (cursor.at("within") && cursor.peekAhead(1).kind === "number")
      ? missingExpression(cursor, "a condition")
      : parseExpression(cursor);
  const within = parseWithin(cursor);
  return { kind: "check", label, condition, within, ...cursor.spanFrom(start), documentation };
}

function parseLabel(cursor: Cursor): StringLiteral | undefined {
  if (cursor.peek().kind !== "string") return undefined;
  const next = cursor.peekAhead(1);
  if (
    next.text !== ":" &&
    !(next.kind === "name" || next.kind === "number" || next.kind === "end" || next.text === "[")
  ) {
    return undefined;
  }
  const label = parseStringLiteral(cursor);
  if (!cursor.take(":")) {
    const fix = { title: "Write `:`", edits: [{ ...cursor.gap, newText: ":" }] };
    const parameters = {
      needed: "`:` after the label",
      found: cursor.found,
      example: 'check "label": a == b',
    };
    cursor.reportUnexpected("NN104", parameters, { fix });
  }
  return label;
}

function parseGradcheck(cursor: Cursor, start: number, documentation: string): Statement {
  cursor.stopWords = ["wrt", "within"];
  const of = parseExpression(cursor);
  let wrt: readonly Expression[] = [];
  if (cursor.take("wrt")) {
    cursor.stopWords = ["within"];
    wrt = parseValues(cursor);
  }
  const within = parseWithin(cursor);
  return { kind: "gradcheck", of, wrt, within, ...cursor.spanFrom(start), documentation };
}

function parseValues(cursor: Cursor): readonly Expression[] {
  const values = [parseExpression(cursor)];
  while (cursor.take(",")) values.push(parseExpression(cursor));
  return values;
}

/** `within t` or `within (atol, rtol)`. */
function parseWithin(cursor: Cursor): Tolerance | undefined {
  if (!cursor.at("within")) return undefined;
  const start = cursor.start;
  cursor.advance();
  cursor.stopWords = [];
  cursor.comparing = false;
  if (!isPair(cursor)) {
    const both = parseExpression(cursor);
    return { absolute: both, relative: both, ...cursor.spanFrom(start) };
  }
  cursor.advance();
  const absolute = parseExpression(cursor);
  cursor.take(",");
  const relative = cursor.at(")")
    ? missingExpression(cursor, "the relative tolerance")
    : parseExpression(cursor);
  if (!cursor.take(")")) {
    cursor.reportUnexpected("NN105", { open: "(", close: ")", found: cursor.found });
  }
  return { absolute, relative, ...cursor.spanFrom(start) };
}

/** `(a, b)` rather than an expression that begins with a bracket: a comma stands directly inside of it. */
function isPair(cursor: Cursor): boolean {
  if (!cursor.at("(")) return false;
  let depth = 0;
  for (let distance = 0; ; distance++) {
    const token = cursor.tokenAhead(distance);
    if (token === undefined) return false;
    if (token.text === "(" || token.text === "[") depth++;
    else if (token.text === ")" || token.text === "]") depth--;
    else if (token.text === "," && depth === 1) return true;
    if (depth === 0) return false;
  }
}
