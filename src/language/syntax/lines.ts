/**
 * The lines of a formatted file: their indentation, their blank lines and the columns of their comments. The
 * spaces inside of a line are the business of the spacing.
 */
import { lineStarts } from "./positions";
import { rolesOf, spaceBetween, type Roles } from "./spacing";
import type { File, Token } from "./tree";
import { walk } from "./walk";

const INDENT = 2;
const CONTINUATION = 2;
const TAB_WIDTH = 4;

/** The text of a file in its one form. */
export function formatLines(file: File): string {
  const writer = new LineWriter(file);
  const written: string[] = [];
  let blank = true;
  for (const line of linesOf(file)) {
    const text = writer.write(line);
    if (text === "") {
      if (!blank) written.push("");
      blank = true;
      continue;
    }
    const { solid } = line;
    if (solid[0]?.text === "}" && written[written.length - 1] === "" && !writer.isVerbatim(line))
      written.pop();
    written.push(text);
    blank = solid[solid.length - 1]?.text === "{" && !writer.isVerbatim(line);
  }
  while (written[written.length - 1] === "") written.pop();
  const newline = file.text.includes("\r\n") ? "\r\n" : "\n";
  return written.map((line) => line + newline).join("");
}

interface Line {
  readonly number: number;
  readonly start: number;
  readonly end: number;
  /** Its tokens but for spaces; a comment is the last. */
  readonly solid: readonly Token[];
}

function linesOf(file: File): readonly Line[] {
  const lines: Line[] = [];
  let solid: Token[] = [];
  let start = 0;
  for (const token of file.tokens) {
    if (token.kind === "newline" || token.kind === "end") {
      lines.push({ number: lines.length, start, end: token.start, solid });
      solid = [];
      start = token.end;
    } else if (token.kind !== "space") solid.push(token);
  }
  return lines;
}

/** Where a statement's first token is in the output, and the brackets open in it, each by its line. */
interface OpenStatement {
  readonly column: number;
  readonly brackets: number[];
}

/** Lives for one formatting; its lines are written in order. */
class LineWriter {
  private readonly file: File;
  private readonly roles: Roles;
  private readonly starts: ReadonlySet<number>;
  private readonly blockBraces: ReadonlySet<number>;
  private readonly verbatim: ReadonlySet<number>;
  private readonly pendingDepth: readonly number[];
  private depth = 0;
  private statement: OpenStatement = { column: 0, brackets: [] };

  constructor(file: File) {
    this.file = file;
    this.roles = rolesOf(file);
    const starts = new Set<number>();
    const braces = new Set<number>();
    walk(file, ({ kind, node }) => {
      if ("documentation" in node) starts.add(node.start);
      const whole =
        file.text[node.start] === "{" && file.text[node.end - 1] === "}" && node.end > node.start + 1;
      if (kind === "block" && whole) braces.add(node.start).add(node.end - 1);
    });
    this.starts = starts;
    this.blockBraces = braces;
    this.verbatim = verbatimLines(file);
    this.pendingDepth = this.depthsOfComments();
  }

  isVerbatim(line: Line): boolean {
    return this.verbatim.has(line.number);
  }

  write(line: Line): string {
    const [first] = line.solid;
    if (this.isVerbatim(line)) {
      for (const token of line.solid) this.note(token, line, 0);
      return this.file.text.slice(line.start, line.end);
    }
    if (first === undefined) return "";
    const indentation = this.indentationOf(line, first);
    let text = " ".repeat(indentation);
    let previous: Token | undefined;
    for (const token of line.solid) {
      if (token.kind === "comment" && previous !== undefined) {
        text += " ".repeat(this.commentColumn(line, token, previous, { text, indentation }) - text.length);
      } else if (previous !== undefined) text += this.space(previous, token);
      this.note(token, line, text.length);
      text += token.text;
      previous = token;
    }
    return text;
  }

  private space(left: Token, right: Token): string {
    const inBraces = left.text === "{" || right.text === "}";
    return inBraces && !(left.text === "{" && right.text === "}")
      ? " "
      : spaceBetween(left, right, this.roles);
  }

  private indentationOf(line: Line, first: Token): number {
    if (first.kind === "comment") return INDENT * (this.pendingDepth[line.number] ?? 0);
    if (this.starts.has(first.start)) return INDENT * this.depth;
    if (first.text === "}" && this.blockBraces.has(first.start)) return INDENT * (this.depth - 1);
    // A continuation: deeper by one step for each line on which a bracket is still open.
    const open = [...this.statement.brackets];
    let closing = false;
    for (const token of line.solid) {
      if (token.text !== ")" && token.text !== "]" && token.text !== "}") break;
      open.pop();
      closing = true;
    }
    const steps = new Set(open).size;
    return this.statement.column + CONTINUATION * (closing ? steps : Math.max(1, steps));
  }

  /** Keeps account of what is open behind a token. */
  private note(token: Token, line: Line, column: number): void {
    if (this.starts.has(token.start) && token.kind !== "comment") this.statement = { column, brackets: [] };
    if (this.blockBraces.has(token.start)) {
      this.depth += token.text === "{" ? 1 : token.text === "}" ? -1 : 0;
      return;
    }
    const { brackets } = this.statement;
    if (token.kind !== "punctuation") return;
    if (token.text === "(" || token.text === "[" || token.text === "{") brackets.push(line.number);
    else if (token.text === ")" || token.text === "]" || token.text === "}") brackets.pop();
  }

  /** A comment behind code keeps its column where it was set off by two spaces or more, so that columns stay. */
  private commentColumn(
    line: Line,
    comment: Token,
    previous: Token,
    written: { readonly text: string; readonly indentation: number },
  ): number {
    const nearest = written.text.length + 2;
    if (comment.start - previous.end < 2) return nearest;
    const first = line.solid[0]?.start ?? line.start;
    const shift = written.indentation - this.columnOf(line, first);
    return Math.max(nearest, this.columnOf(line, comment.start) + shift);
  }

  private columnOf(line: Line, offset: number): number {
    let column = 0;
    for (let i = line.start; i < offset; i++) {
      column += this.file.text.charCodeAt(i) === 9 ? TAB_WIDTH - (column % TAB_WIDTH) : 1;
    }
    return column;
  }

  /** The depth of each line as far as comments go: they belong to the code below them, inside of its body. */
  private depthsOfComments(): readonly number[] {
    const depths: number[] = [];
    let depth = 0;
    for (const line of linesOf(this.file)) {
      depths.push(depth);
      for (const token of line.solid) {
        if (this.blockBraces.has(token.start)) depth += token.text === "{" ? 1 : token.text === "}" ? -1 : 0;
      }
    }
    return depths;
  }
}

/** The lines of declarations with a problem, and lines with a problem outside of any. */
function verbatimLines(file: File): ReadonlySet<number> {
  const lines = new Set<number>();
  if (file.errors.length === 0) return lines;
  const starts = lineStarts(file.text);
  const lineOf = (offset: number): number => starts.findLastIndex((start) => start <= offset);
  for (const error of file.errors) {
    const around = file.declarations.filter(({ start, end }) => start <= error.start && error.start <= end);
    const first = Math.min(error.start, ...around.map(({ start }) => start));
    const last = Math.max(error.end, ...around.map(({ end }) => end));
    for (let line = lineOf(first); line <= lineOf(last); line++) lines.add(line);
  }
  return lines;
}
