/** Where a range of a text is after an edit. Knows no editor. */
import type { Position, Range } from "../../protocol";

export interface Edit {
  readonly range: Range;
  readonly text: string;
}

/** The moved range, or undefined where the edit touches it. */
export function shiftRange(range: Range, edit: Edit): Range | undefined {
  if (compare(edit.range.start, range.end) >= 0) return range;
  if (compare(edit.range.end, range.start) > 0) return undefined;
  return { start: shift(range.start, edit), end: shift(range.end, edit) };
}

function compare(a: Position, b: Position): number {
  return a.line - b.line || a.character - b.character;
}

/** A position behind the edit. */
function shift({ line, character }: Position, { range, text }: Edit): Position {
  const lines = text.split("\n");
  const lastLength = lines.at(-1)?.length ?? 0;
  const endLine = range.start.line + lines.length - 1;
  if (line !== range.end.line) return { line: line + endLine - range.end.line, character };
  const endCharacter = lines.length === 1 ? range.start.character + lastLength : lastLength;
  return { line: endLine, character: character - range.end.character + endCharacter };
}
