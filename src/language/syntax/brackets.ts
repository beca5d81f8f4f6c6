/**
 * What stands between brackets: lists and comprehensions, arguments, indices, and the ranges of `for`.
 * What stands in them is read by the parser of expressions that the caller hands in.
 */
import { atBracketEnd, closeBracket } from "./closing";
import type { Cursor } from "./cursor";
import { beginsExpression, missingExpression } from "./missing";
import type {
  Argument,
  ArgumentPath,
  Expression,
  Identifier,
  Index,
  IndexItem,
  List,
  Comprehension,
  Over,
} from "./tree";

/** Reads the expression at the cursor. */
export type ExpressionParser = (cursor: Cursor) => Expression;

/** `[1, 2, 3]` or `[f(i) for i in 0 to 2]`. */
export function parseList(cursor: Cursor, parseExpression: ExpressionParser): List | Comprehension {
  const open = cursor.index;
  const start = cursor.start;
  cursor.advance();
  const items: Expression[] = [];
  let height = 0;
  let over: Over | undefined;
  let loops = 0;
  parseSeparated(cursor, () => {
    items.push(parseExpression(cursor));
    height = Math.max(height, cursor.height);
    if (items.length === 1 && cursor.at("for")) over = parseOver(cursor, parseExpression);
    if (over !== undefined) loops = 1 + furtherLoops(cursor, parseExpression);
    return over === undefined;
  });
  const list: List = { kind: "list", items, ...cursor.spanFrom(start) };
  closeBracket(cursor, open, list);
  cursor.height = height + 1;
  const [item] = items;
  const span = cursor.spanFrom(start);
  return over !== undefined && item !== undefined
    ? // With a loop too many the item's names may be that loop's: it says nothing.
      {
        kind: "comprehension",
        item: loops > 1 ? { kind: "missing", start: item.start, end: item.end } : item,
        over,
        ...span,
      }
    : { ...list, ...span };
}

/** Reads further `for`s, reporting the first of them. How many there are. */
function furtherLoops(cursor: Cursor, parseExpression: ExpressionParser): number {
  let count = 0;
  for (; cursor.at("for"); count++) {
    if (count === 0) cursor.reportUnexpected("NN135", {});
    parseOver(cursor, parseExpression);
  }
  return count;
}

/** `l in 1 to L`, with its leading `for` in a comprehension. */
export function parseOver(cursor: Cursor, parseExpression: ExpressionParser): Over {
  cursor.take("for");
  const start = cursor.start;
  const outer = cursor.stopWords;
  cursor.stopWords = ["to", "downto", ...outer];
  const name = parseLoopName(cursor);
  if (!cursor.take("in")) {
    cursor.reportUnexpected("NN104", { needed: "`in`", found: cursor.found, example: "for l in 1 to L" });
  }
  const from = beginsOver(cursor) ? parseExpression(cursor) : missingExpression(cursor, "a range or a list");
  const direction = cursor.at("to") ? "to" : cursor.at("downto") ? "downto" : "list";
  if (direction !== "list") cursor.advance();
  cursor.stopWords = outer;
  const to = direction === "list" ? undefined : parseExpression(cursor);
  return { name, from, direction, to, ...cursor.spanFrom(start) };
}

function parseLoopName(cursor: Cursor): Identifier {
  if (cursor.atName && !(cursor.at("in") && cursor.peekAhead(1).text !== "in")) return cursor.takeName();
  cursor.reportUnexpected("NN109", { needed: "a name for the loop's value", found: cursor.found });
  return { name: "", ...cursor.gap };
}

function beginsOver(cursor: Cursor): boolean {
  const { text } = cursor.peek();
  // `to` may be a name, but `in to L` has lost its first bound.
  if (text !== "to" && text !== "downto") return true;
  const next = cursor.peekAhead(1);
  if (next.text === "to" || next.text === "downto") return true;
  return next.kind !== "name" && next.kind !== "number";
}

/** `(a, b = 2, W[1] = w)`. */
export function parseArguments(cursor: Cursor, parseExpression: ExpressionParser): readonly Argument[] {
  const open = cursor.index;
  cursor.advance();
  const list: Argument[] = [];
  let height = 0;
  parseSeparated(cursor, () => {
    list.push(parseArgument(cursor, parseExpression));
    height = Math.max(height, cursor.height);
    return true;
  });
  closeBracket(cursor, open);
  cursor.height = height + 1;
  return list;
}

function parseArgument(cursor: Cursor, parseExpression: ExpressionParser): Argument {
  const start = cursor.start;
  const comparing = cursor.comparing;
  cursor.comparing = false;
  const value = parseExpression(cursor);
  cursor.comparing = comparing;
  const path = cursor.at("=") ? argumentPath(value) : undefined;
  if (path === undefined) return { path, value, ...cursor.spanFrom(start) };
  cursor.advance();
  return { path, value: parseExpression(cursor), ...cursor.spanFrom(start) };
}

/** What was read as an expression, as the path of a given parameter: `W[1]`, `fc.W`. */
function argumentPath(expression: Expression): ArgumentPath | undefined {
  const { start, end } = expression;
  if (expression.kind === "name") {
    return { name: { name: expression.name, start, end }, steps: [], start, end };
  }
  if (expression.kind !== "member" && expression.kind !== "indexing") return undefined;
  const base = argumentPath(expression.base);
  if (base === undefined) return undefined;
  const step: ArgumentPath["steps"][number] =
    expression.kind === "member"
      ? { kind: "member", name: expression.name }
      : { kind: "index", index: expression.index };
  return { name: base.name, steps: [...base.steps, step], start, end };
}

/** `[0]`, `[:, 1:3]`, `[..., 0]`, `[:, None]`. */
export function parseIndex(cursor: Cursor, parseExpression: ExpressionParser): Index {
  const open = cursor.index;
  const start = cursor.start;
  cursor.advance();
  const items: IndexItem[] = [];
  let height = 0;
  if (cursor.at("]")) missingExpression(cursor, "an index");
  const trailing = parseSeparated(cursor, () => {
    items.push(parseIndexItem(cursor, parseExpression));
    height = Math.max(height, cursor.height);
    return true;
  });
  if (trailing && cursor.at("]")) missingExpression(cursor, "an index");
  closeBracket(cursor, open);
  cursor.height = height + 1;
  return { items, ...cursor.spanFrom(start) };
}

function parseIndexItem(cursor: Cursor, parseExpression: ExpressionParser): IndexItem {
  const start = cursor.start;
  cursor.height = 1;
  if (cursor.take("...")) return { kind: "ellipsis", ...cursor.spanFrom(start) };
  if (atNewAxis(cursor)) {
    cursor.advance();
    return { kind: "new-axis", ...cursor.spanFrom(start) };
  }
  const from = cursor.at(":") ? undefined : parseExpression(cursor);
  if (!cursor.take(":")) {
    const value = from ?? missingExpression(cursor, "an index");
    return { kind: "at", value, ...cursor.spanFrom(start) };
  }
  const to = atSlicePart(cursor) ? parseExpression(cursor) : undefined;
  const step = cursor.take(":") && atSlicePart(cursor) ? parseExpression(cursor) : undefined;
  return { kind: "slice", from, to, step, ...cursor.spanFrom(start) };
}

/** `None` alone between the commas. */
function atNewAxis(cursor: Cursor): boolean {
  const next = cursor.peekAhead(1).text;
  return cursor.at("None") && (next === "," || next === "]");
}

function atSlicePart(cursor: Cursor): boolean {
  return !atBracketEnd(cursor) && !cursor.at(",") && !cursor.at(":");
}

/**
 * Items with commas between them, up to the bracket's end; a trailing comma is fine. `parseItem` answers
 * whether more may follow. The answer is whether a comma stood last.
 */
export function parseSeparated(cursor: Cursor, parseItem: () => boolean): boolean {
  let trailing = false;
  while (!atBracketEnd(cursor) || (trailing && cursor.atEnd && cursor.extendOverDamagedLine())) {
    const before = cursor.index;
    const more = parseItem();
    trailing = cursor.take(",");
    if (trailing && more) continue;
    if (atBracketEnd(cursor)) break;
    if (!recoverSeparator(cursor, before)) break;
    if (cursor.index === before) cursor.advance();
  }
  return trailing;
}

/** After an item comes neither comma nor closer: reports that, and finds where the next item may begin. */
function recoverSeparator(cursor: Cursor, itemStart: number): boolean {
  if (beginsExpression(cursor)) {
    const at = cursor.gap.start;
    const fix = { title: "Write `,`", edits: [{ start: at, end: at, newText: "," }] };
    cursor.reportUnexpected("NN116", { found: cursor.found }, { fix });
    return true;
  }
  reportStrangeSeparator(cursor, itemStart);
  const depth = cursor.brackets.length;
  while (!cursor.atEnd) {
    if (cursor.brackets.length <= depth && (cursor.at(",") || atBracketEnd(cursor))) break;
    cursor.advance();
  }
  return cursor.take(",");
}

function reportStrangeSeparator(cursor: Cursor, itemStart: number): void {
  const parameters = { needed: "`,` or the closing bracket", found: cursor.found, example: "" };
  const lineStart = cursor.lineStart;
  const last = cursor.stream.tokens[lineStart - 1];
  const beginsWithName = cursor.stream.tokens[lineStart]?.kind === "name";
  if (cursor.at("=") && lineStart >= itemStart && beginsWithName && last !== undefined) {
    // `name = value` on a new line inside of an item: the item broke off on the line before.
    cursor.report("NN104", { start: last.end, end: last.end }, parameters);
  } else cursor.reportUnexpected("NN104", parameters);
}
