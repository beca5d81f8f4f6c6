/**
 * How brackets end: the closer where it stands, and where it does not, the place at which it most likely got
 * lost. Knows brackets and literal lists only.
 */
import { replacement } from "./foreign-words";
import type { Cursor } from "./cursor";
import type { Expression, Span, Token } from "./tree";

const closers: Readonly<Record<string, string>> = { "(": ")", "[": "]", "{": "}" };

/** Reads the closer of the bracket opened at `open`, or reports that it is missing. `content` is what it holds. */
export function closeBracket(cursor: Cursor, open: number, content?: Expression): void {
  const opener = cursor.stream.tokens[open] as Token; // the caller has read it
  const close = closers[opener.text] ?? ")";
  if (cursor.take(close)) return;
  const token = cursor.peek();
  if (isCloser(token.text) && !closesOuter(cursor, open, token.text)) {
    // `[1, 2)`: the wrong closer, for nothing around it is waiting for that one.
    const fix = replacement(token, close);
    cursor.report("NN105", token, { open: opener.text, close, found: cursor.found }, { fix });
    cursor.advance();
    return;
  }
  reportUnclosed(cursor, open, content);
  const inner = cursor.brackets.lastIndexOf(open);
  if (inner >= 0) cursor.brackets.length = inner;
}

/** Whether the cursor is where a bracket's content ends, rightly or for want of its closer. */
export function atBracketEnd(cursor: Cursor): boolean {
  const token = cursor.peek();
  return (
    cursor.atEnd || isCloser(token.text) || (token.kind === "name" && cursor.stopWords.includes(token.text))
  );
}

function isCloser(text: string): boolean {
  return text === ")" || text === "]" || text === "}";
}

function closesOuter(cursor: Cursor, open: number, closer: string): boolean {
  const outer = cursor.brackets.slice(0, Math.max(0, cursor.brackets.lastIndexOf(open)));
  return outer.some((index) => closers[cursor.stream.tokens[index]?.text ?? ""] === closer);
}

function reportUnclosed(cursor: Cursor, open: number, content: Expression | undefined): void {
  const opener = cursor.stream.tokens[open] as Token; // the caller has read it
  const close = closers[opener.text] ?? ")";
  const lost = content === undefined ? undefined : placeOfLostBracket(content);
  const span = lost ?? cursor.unexpectedSpan;
  const at = lost?.start ?? cursor.gap.start;
  const related = [{ start: opener.start, end: opener.end, message: `\`${opener.text}\` opens here` }];
  const fix = replacement({ start: at, end: at }, close, `Write \`${close}\``);
  cursor.reportUnexpected("NN105", { open: opener.text, close, found: cursor.found }, { related, fix });
  moveLastProblem(cursor, span);
}

/** A heuristic place is better than the place where reading stopped. */
function moveLastProblem(cursor: Cursor, span: Span): void {
  const last = cursor.problems[cursor.problems.length - 1];
  if (last?.code !== "NN105") return;
  cursor.problems[cursor.problems.length - 1] = { ...last, start: span.start, end: span.end };
}

/**
 * In `[[1, 2, [3, 4]]` a row lost its bracket where its items change from numbers to rows: the end of the last
 * item before the change, or the beginning of a row that is nested deeper than those before it.
 */
function placeOfLostBracket(content: Expression): Span | undefined {
  if (content.kind !== "list") return undefined;
  let before: Expression | undefined;
  for (const item of content.items) {
    if (before !== undefined && nesting(item) > nesting(before)) {
      const place = nesting(before) === 0 ? before.end : item.start;
      return { start: place, end: place };
    }
    before = item;
  }
  for (const item of content.items) {
    const place = placeOfLostBracket(item);
    if (place !== undefined) return place;
  }
  return undefined;
}

function nesting(expression: Expression): number {
  let depth = 0;
  let current: Expression | undefined = expression;
  while (current?.kind === "list" || current?.kind === "unary") {
    if (current.kind === "list") depth++;
    current = current.kind === "list" ? current.items[0] : current.operand;
  }
  return depth;
}
