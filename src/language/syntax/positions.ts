/**
 * Offsets and positions: where an offset is as line and character, both counted from 0 in UTF-16 units, and
 * back. Lines end at \n, \r\n or \r, as in the language server protocol. Knows no tokens.
 */

export interface Position {
  readonly line: number;
  readonly character: number;
}

export interface LineMap {
  readonly lineStarts: readonly number[];
  /** An offset beyond the text is its end. */
  readonly positionAt: (offset: number) => Position;
  /** A character beyond its line is the line's end; a line beyond the text is the text's end. */
  readonly offsetAt: (position: Position) => number;
}

/** The offset at which each line begins; a text has at least one. */
export function lineStarts(text: string): readonly number[] {
  const starts = [0];
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (code === 13 && text.charCodeAt(i + 1) === 10) i++;
    if (code === 10 || code === 13) starts.push(i + 1);
  }
  return starts;
}

export function lineMap(text: string): LineMap {
  const starts = lineStarts(text);
  return {
    lineStarts: starts,
    positionAt: (offset) => {
      const clamped = Math.min(Math.max(0, offset), text.length);
      const line = lineOf(starts, clamped);
      return { line, character: clamped - (starts[line] ?? 0) };
    },
    offsetAt: ({ line, character }) => {
      if (line < 0) return 0;
      const start = starts[line];
      if (start === undefined) return text.length;
      const end = lineEnd(text, starts[line + 1]);
      return Math.min(start + Math.max(0, character), end);
    },
  };
}

/** The last line that begins at or before an offset. */
function lineOf(starts: readonly number[], offset: number): number {
  let low = 0;
  let high = starts.length - 1;
  while (low < high) {
    const middle = Math.ceil((low + high) / 2);
    if ((starts[middle] ?? 0) <= offset) low = middle;
    else high = middle - 1;
  }
  return low;
}

/** Where a line's own characters end, given where the next one begins. */
function lineEnd(text: string, next: number | undefined): number {
  if (next === undefined) return text.length;
  return text.charCodeAt(next - 1) === 10 && text.charCodeAt(next - 2) === 13 ? next - 2 : next - 1;
}
