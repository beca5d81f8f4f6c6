/**
 * The significant tokens of a text (no spaces, no comments) with where they stand: line, column, first on the
 * line. It is what layout and parser read. Knows nothing of the grammar.
 */
import { tokenize } from "./lexer";
import type { Token } from "./tree";

/** Columns count a tab as reaching the next multiple of this. */
const TAB_WIDTH = 4;

export interface Line {
  /** Index of the first significant token on the line, and of the first one after it. */
  readonly start: number;
  readonly end: number;
  readonly column: number;
  /** Number of the physical line in the text. */
  readonly number: number;
}

export interface TokenStream {
  readonly text: string;
  readonly all: readonly Token[];
  /** Without trivia and without the end token. */
  readonly tokens: readonly Token[];
  /** The position in `all` of each significant token. */
  readonly positionInAll: readonly number[];
  /** The physical lines that hold a significant token. */
  readonly lines: readonly Line[];
  /** Index into `lines` of each significant token. */
  readonly lineOf: readonly number[];
}

export function tokenStream(text: string): TokenStream {
  const all = tokenize(text);
  const tokens: Token[] = [];
  const positionInAll: number[] = [];
  const lineOf: number[] = [];
  const lines: Line[] = [];
  let number = 0;
  let lineStart = 0;
  let firstOfLine = 0;
  const finishLine = (): void => {
    const first = tokens[firstOfLine];
    if (first !== undefined) {
      const column = columnOf(text, lineStart, first.start);
      lines.push({ start: firstOfLine, end: tokens.length, column, number });
    }
    firstOfLine = tokens.length;
  };
  for (let i = 0; i < all.length; i++) {
    const token = all[i] as Token; // i is within bounds
    if (token.kind === "newline" || token.kind === "end") {
      finishLine();
      number++;
      lineStart = token.end;
    } else if (token.kind !== "space" && token.kind !== "comment") {
      tokens.push(token);
      positionInAll.push(i);
      lineOf.push(lines.length);
    }
  }
  return { text, all, tokens, positionInAll, lines, lineOf };
}

/** The column of any significant token. */
export function tokenColumn(stream: TokenStream, index: number): number {
  const line = stream.lines[stream.lineOf[index] ?? -1];
  const token = stream.tokens[index];
  const first = line === undefined ? undefined : stream.tokens[line.start];
  if (line === undefined || token === undefined || first === undefined) return 0;
  return line.column + token.start - first.start;
}

/** Whether a token is the first on its line. */
export function isFirstOnLine(stream: TokenStream, index: number): boolean {
  return index === 0 || stream.lineOf[index] !== stream.lineOf[index - 1];
}

/** The comment lines directly above a token that is the first on its line, without their '#'. */
export function documentationAbove(stream: TokenStream, index: number): string {
  const lines: string[] = [];
  let position = stream.positionInAll[index] ?? 0;
  if (stream.all[position - 1]?.kind === "space") position--;
  while (stream.all[position - 1]?.kind === "newline") {
    const comment = stream.all[position - 2];
    if (comment?.kind !== "comment") break;
    let start = position - 2;
    if (stream.all[start - 1]?.kind === "space") start--;
    if (start > 0 && stream.all[start - 1]?.kind !== "newline") break;
    lines.push(comment.text.replace(/^# ?/, ""));
    position = start;
  }
  return lines.reverse().join("\n");
}

function columnOf(text: string, lineStart: number, position: number): number {
  let column = 0;
  for (let i = lineStart; i < position; i++) {
    column = text.charCodeAt(i) === 9 ? column + TAB_WIDTH - (column % TAB_WIDTH) : column + 1;
  }
  return column;
}
