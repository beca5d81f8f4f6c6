/**
 * What the indentation of the lines below says: where a body ends, and whether one stands there at all. Knows
 * columns and closing braces only.
 */
import { isTerminatedString } from "./lexer";
import type { Line, TokenStream } from "./token-stream";

/** How many lines indentation is looked at ahead, so that no text makes reading quadratic. */
const LOOKAHEAD = 1000;

/** Questions about the lines of one declaration, up to `to`. */
export class Indentation {
  private readonly stream: TokenStream;
  private readonly to: number;

  constructor(stream: TokenStream, to: number) {
    this.stream = stream;
    this.to = to;
  }

  /** The line up to which a question about this one is answered, exclusive. */
  ahead(line: number): number {
    return Math.min(this.to, line + LOOKAHEAD);
  }

  /** Deeper lines below a line, and then a `}` at the given column. */
  isBodyBelow(line: number, column: number): boolean {
    const next = this.stream.lines[line + 1];
    return (
      line + 1 < this.to && next !== undefined && next.column > column && this.closesLater(line + 1, column)
    );
  }

  /** Whether the first line from here on that is no deeper than a column is a `}` at that column. */
  closesLater(from: number, column: number): boolean {
    for (let i = from; i < this.ahead(from); i++) {
      const below = this.stream.lines[i];
      if (below === undefined || below.column > column) continue;
      return this.closesOnly(below) && below.column === column;
    }
    return false;
  }

  /** The column of the `}` that ends the body which a line is in, or Infinity. */
  closingColumn(from: number): number {
    const first = this.stream.lines[from]?.column ?? 0;
    for (let i = from; i < this.ahead(from); i++) {
      const below = this.stream.lines[i];
      if (below === undefined || below.column >= first) continue;
      return this.closesOnly(below) ? below.column : Infinity;
    }
    return Infinity;
  }

  /** A quote before a head makes a string of the whole line; where the head stood, the `}` below says. */
  columnOfSwallowed(number: number): number | undefined {
    const line = this.stream.lines[number];
    const token = this.stream.tokens[line?.start ?? -1];
    if (line === undefined || token?.kind !== "string" || line.end > line.start + 1) return undefined;
    const closing = isTerminatedString(token.text) ? Infinity : this.closingColumn(number + 1);
    return this.isBodyBelow(number, closing) ? closing : undefined;
  }

  /** A `}` with no statement behind it. */
  private closesOnly(line: Line): boolean {
    const next = this.stream.tokens[line.start + 1]?.text;
    const alone = line.end === line.start + 1 || next === ";" || next === "}";
    return alone && this.stream.tokens[line.start]?.text === "}";
  }
}
