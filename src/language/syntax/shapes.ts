/**
 * Shapes as written: `[N, 3]`, `int[N]`, `[..., n]`. Knows nothing of what the sizes are.
 */
import { parseSeparated } from "./brackets";
import { closeBracket } from "./closing";
import type { Cursor } from "./cursor";
import { parseExpression } from "./expressions";
import type { Ellipsis, Expression, Type } from "./tree";

/** The shape at the cursor, or undefined with a problem reported. */
export function parseType(cursor: Cursor): Type | undefined {
  const start = cursor.start;
  const word = cursor.peek().text;
  const named = word === "int" || word === "float" || word === "bool";
  if (named && cursor.peekAhead(1).text === "[") cursor.advance();
  if (!cursor.at("[")) {
    const token = cursor.peek();
    const fix = {
      title: `Write \`${word}[]\``,
      edits: [{ start: token.end, end: token.end, newText: "[]" }],
    };
    cursor.reportUnexpected("NN121", { found: cursor.found }, named ? { fix } : {});
    if (named) cursor.advance();
    return undefined;
  }
  const dims = parseDims(cursor);
  return { element: named ? word : "float", dims, ...cursor.spanFrom(start) };
}

function parseDims(cursor: Cursor): readonly (Expression | Ellipsis)[] {
  const open = cursor.index;
  cursor.advance();
  const dims: (Expression | Ellipsis)[] = [];
  parseSeparated(cursor, () => {
    const token = cursor.peek();
    if (cursor.take("...")) dims.push({ kind: "ellipsis", start: token.start, end: token.end });
    else dims.push(parseExpression(cursor));
    return true;
  });
  closeBracket(cursor, open);
  return dims;
}
