/** Which lines keep a message that the editor drew at their end, after a change of the text. Knows no editor. */

export interface LineChange {
  readonly range: { readonly start: { readonly line: number }; readonly end: { readonly line: number } };
  readonly text: string;
}

/** A line that is edited loses its message; others move. Changes are told from the end of a text to its beginning, as the editor does. */
export function linesAfterChanges(
  lines: ReadonlySet<number>,
  changes: readonly LineChange[],
): ReadonlySet<number> {
  let current = [...lines];
  for (const { range, text } of changes) {
    const more = text.split("\n").length - 1 - (range.end.line - range.start.line);
    current = current
      .filter((line) => line < range.start.line || line > range.end.line)
      .map((line) => (line > range.end.line ? line + more : line));
  }
  return new Set(current);
}
