/**
 * What stands where an expression is needed and none is, and where one is nested too deeply to be read.
 * Knows single tokens only.
 */
import type { Cursor } from "./cursor";
import type { Missing } from "./tree";

/** Whether a token can begin an expression, the words that end one in this statement excepted. */
export function beginsExpression(cursor: Cursor): boolean {
  const token = cursor.peek();
  if (token.kind === "number" || token.kind === "string") return true;
  if (token.kind === "name") return cursor.atName && !cursor.stopWords.includes(token.text);
  return token.text === "(" || token.text === "[" || token.text === "?";
}

/** A `missing` node where an expression is needed, with its problem. */
export function missingExpression(cursor: Cursor, needed = "an expression"): Missing {
  cursor.reportUnexpected("NN103", { needed, found: cursor.found });
  return missingHere(cursor);
}

/** A `missing` node alone, where a problem has been reported already. */
export function missingHere(cursor: Cursor): Missing {
  cursor.height = 1;
  return { kind: "missing", ...cursor.gap };
}

/** Leaves the rest of the statement where it is nested too deeply to be read. */
export function abandonNesting(cursor: Cursor, limit: number): Missing {
  cursor.report("NN122", cursor.unexpectedSpan, { limit: String(limit) });
  while (!cursor.atEnd) cursor.advance();
  return missingHere(cursor);
}
