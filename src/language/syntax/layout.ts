/**
 * Which braces belong together: the bodies of declarations and `for`, found before parsing, so that a damaged
 * head or a lost brace stays the business of its own declaration. Knows lines, columns and head words only.
 *
 * A declaration whose braces pair up is read as written, wherever its lines begin. Only one whose braces do
 * not is read a second time by its indentation.
 */
import { Indentation } from "./indentation";
import { headAt, isBlockHead, looksLikeStatement } from "./heads";
import { isFirstOnLine, tokenColumn, type Line, type TokenStream } from "./token-stream";

export interface BlockExtent {
  /** Index of the first token of what has the body; its first body token in an orphan. */
  readonly head: number;
  /** A head word, a line that must have been one, or no head at all. */
  readonly headKind: "word" | "damaged" | "orphan";
  /** Index of the `{`, or undefined where it is missing. */
  readonly open: number | undefined;
  readonly bodyStart: number;
  /** Exclusive. */
  readonly bodyEnd: number;
  /** Index of the `}`, or undefined where it is missing. */
  readonly close: number | undefined;
}

/** The extents of all bodies, by the index of their heads. */
export function blockExtents(stream: TokenStream): ReadonlyMap<number, BlockExtent> {
  const extents = new Map<number, BlockExtent>();
  const { lines } = stream;
  let from = 0;
  while (from < lines.length) {
    let to = from + 1;
    const column = lines[from]?.column ?? 0;
    while (to < lines.length && !isAnchor(stream, lines[to], column)) to++;
    let pairing = new Pairing(stream, from, to, "braces");
    pairing.read();
    if (pairing.anomalous) {
      pairing = new Pairing(stream, from, to, "indentation");
      pairing.read();
    }
    for (const extent of pairing.extents) extents.set(extent.head, extent);
    from = to;
  }
  return extents;
}

/** A line that can only begin a declaration, for no expression has two names side by side. */
function isAnchor(stream: TokenStream, line: Line | undefined, column: number): boolean {
  if (line === undefined || line.column > column) return false;
  const word = headAt(stream, line.start);
  const next = stream.tokens[line.start + 1];
  if (line.end < line.start + 2) return false;
  if (word === "import") return next?.text === "{";
  const after = stream.tokens[line.start + 2]?.text;
  return (
    (word === "net" || word === "op" || word === "run") &&
    next?.kind === "name" &&
    (after === "(" || after === "{")
  );
}

interface OpenBlock {
  readonly head: number;
  readonly headKind: BlockExtent["headKind"];
  readonly open: number | undefined;
  readonly bodyStart: number;
  /** The column of the line that its head begins. */
  readonly column: number;
  /** Index of the line that its `{` is on. */
  readonly line: number;
  /** Its lines are not indented deeper than its head, so that indentation says nothing. */
  flat: boolean;
}

/** One reading of the lines of one declaration (and what stands before the next anchor). */
class Pairing {
  readonly extents: BlockExtent[] = [];
  anomalous = false;
  private readonly stack: OpenBlock[] = [];
  /** Index of the line being read. */
  private line: number;
  /** Where the current statement's first token stands; the next line continues it if it stands deeper. */
  private statementColumn = Infinity;
  /** Where the last statement of the innermost body stands, one with a body included. */
  private siblingColumn = Infinity;
  private readonly stream: TokenStream;
  private readonly to: number;
  private readonly mode: "braces" | "indentation";
  private readonly indentation: Indentation;

  constructor(stream: TokenStream, from: number, to: number, mode: "braces" | "indentation") {
    this.stream = stream;
    this.line = from;
    this.to = to;
    this.mode = mode;
    this.indentation = new Indentation(stream, to);
  }

  read(): void {
    while (this.line < this.to) {
      if (this.anomalous && this.mode === "braces") return;
      const line = this.stream.lines[this.line] as Line; // below `to`
      this.readLine(line);
      this.line++;
    }
    while (this.stack.length > 0) this.pop(this.lineStart(this.to), undefined);
  }

  private get top(): OpenBlock | undefined {
    return this.stack[this.stack.length - 1];
  }

  private text(index: number): string {
    return this.stream.tokens[index]?.text ?? "";
  }

  private lineStart(line: number): number {
    return this.stream.lines[line]?.start ?? this.stream.tokens.length;
  }

  private readLine(line: Line): void {
    if (this.text(line.start) === "}") {
      this.readClosingLine(line);
      return;
    }
    const column = this.effectiveColumn(line);
    const continues = column > this.statementColumn && !this.beginsBlock(line);
    if (continues && !(this.mode === "indentation" && this.isOrphan(line))) {
      if (this.hasBrace(line)) this.anomalous = true;
      return;
    }
    this.noteFlat(line);
    if (this.mode === "indentation") {
      this.dedent(column, line.start);
      if (this.readDamagedHead(line, column)) return;
    }
    this.readStatements(line, line.start, column);
  }

  /** A stray brace or letter before a head on its line does not say where the line stands. */
  private effectiveColumn(line: Line): number {
    if (this.mode === "braces") return line.column;
    const second = line.start + 1;
    if (second >= line.end) return this.indentation.columnOfSwallowed(this.line) ?? line.column;
    const misplaced =
      this.text(line.start) === "{" || (isBlockHead(headAt(this.stream, second)) && this.endsInBrace(line));
    return misplaced ? tokenColumn(this.stream, second) : line.column;
  }

  private endsInBrace(line: Line): boolean {
    return this.text(line.end - 1) === "{";
  }

  /** A head with its `{` on one line begins a statement however deep it stands. */
  private beginsBlock(line: Line): boolean {
    if (!this.endsInBrace(line)) return false;
    return isBlockHead(headAt(this.stream, line.start)) || isBlockHead(headAt(this.stream, line.start + 1));
  }

  private hasBrace(line: Line): boolean {
    for (let i = line.start; i < line.end; i++) if (this.text(i) === "{" || this.text(i) === "}") return true;
    return false;
  }

  private noteFlat(line: Line): void {
    const top = this.top;
    if (top === undefined || line.start !== top.bodyStart || line.column > top.column) return;
    for (let i = this.line; i < this.indentation.ahead(this.line); i++) {
      const later = this.stream.lines[i];
      if (later === undefined || this.text(later.start) !== "}") continue;
      top.flat = later.column >= top.column;
      return;
    }
  }

  /** By indentation, a line that is no deeper than a head is outside of its body. */
  private dedent(column: number, index: number): void {
    while (this.top !== undefined && !this.top.flat && column <= this.top.column) this.pop(index, undefined);
  }

  // ── Lines that begin with } ────────────────────────────────────────────────────────────────────────────

  private readClosingLine(line: Line): void {
    let index = line.start;
    while (index < line.end && this.text(index) === "}") index++;
    const followed = index < line.end && this.text(index) !== ";";
    if (followed) this.anomalous = true;
    const stray = followed && this.mode === "indentation" && this.closesLater();
    if (!stray) for (let i = line.start; i < index; i++) this.close(i, line.column);
    if (index - line.start > 1) this.anomalous = true;
    this.statementColumn = Infinity;
    if (index < line.end) this.readStatements(line, index, tokenColumn(this.stream, index));
  }

  private close(index: number, column: number): void {
    if (this.top === undefined) {
      this.anomalous = true;
      return;
    }
    if (this.mode === "indentation") {
      const matches = this.stack.some((block) => block.column <= column);
      while (matches && this.top.column > column && this.stack.length > 1) this.pop(index, undefined);
      if (this.top.column < column && this.closesLater()) return;
    }
    this.pop(index, index);
  }

  /** The innermost body is closed by a later line at its own column. */
  private closesLater(): boolean {
    return this.top !== undefined && this.indentation.closesLater(this.line + 1, this.top.column);
  }

  private pop(bodyEnd: number, close: number | undefined): void {
    const block = this.stack.pop();
    if (block === undefined) return;
    const { head, headKind, open, bodyStart } = block;
    this.siblingColumn = block.column;
    if (close === undefined && open !== undefined) this.anomalous = true;
    this.extents.push({ head, headKind, open, bodyStart, bodyEnd: Math.max(bodyStart, bodyEnd), close });
  }

  // ── Statements ─────────────────────────────────────────────────────────────────────────────────────────

  private readStatements(line: Line, from: number, column: number): void {
    let start = from;
    let index = from;
    while (index < line.end) {
      const text = this.text(index);
      if (index === start && text !== "{" && text !== "}" && text !== ";") {
        const word = headAt(this.stream, index);
        if (word === "import") {
          this.passImport(line, index);
          return;
        }
        if (isBlockHead(word)) {
          const open = this.findOpen(line, index);
          this.push(index, "word", open, column);
          this.statementColumn = Infinity;
          if (open === undefined) return;
          const opened = this.stream.lines[this.stream.lineOf[open] ?? -1];
          if (opened === undefined) return;
          line = opened;
          index = start = open + 1;
          continue;
        }
      }
      index++;
      if (text === "{") {
        this.anomalous = true;
        if (index - 1 === start) start = index;
      } else if (text === "}") {
        this.closeOnLine(index - 1);
        start = index;
      } else if (text === ";") start = index;
    }
    this.statementColumn =
      start < line.end ? (start === from ? column : tokenColumn(this.stream, start)) : Infinity;
    if (start < line.end) this.siblingColumn = column;
  }

  private push(
    head: number,
    headKind: BlockExtent["headKind"],
    open: number | undefined,
    column: number,
  ): void {
    let line = this.line;
    let bodyStart = this.lineStart(this.line + 1);
    if (open !== undefined) {
      line = this.stream.lineOf[open] ?? line;
      bodyStart = open + 1;
      this.line = line;
    } else this.anomalous = true;
    if (headKind === "orphan") bodyStart = head;
    else if (!isFirstOnLine(this.stream, head) && this.mode === "indentation") {
      // Something strange stands before the head; the `}` below says where the line belongs.
      const closing = this.indentation.closingColumn(line + 1);
      if (closing < column && (this.top === undefined || closing > this.top.column)) column = closing;
    }
    this.siblingColumn = Infinity;
    this.stack.push({ head, headKind, open, bodyStart, column, line, flat: false });
  }

  /** A `}` behind other tokens ends a body only on the line of its `{`. */
  private closeOnLine(index: number): void {
    const top = this.top;
    const sameLine = top?.open !== undefined && top.line === this.line;
    if (!sameLine) {
      this.anomalous = true;
      return;
    }
    const last = index === (this.stream.lines[this.line]?.end ?? 0) - 1;
    if (this.mode === "indentation" && last && this.indentation.isBodyBelow(this.line, top.column)) return;
    this.pop(index, index);
  }

  /** The `{` of a head at `index`; its head may take several lines, each of which goes on with the one before. */
  private findOpen(line: Line, index: number): number | undefined {
    let depth = 0;
    let last: number | undefined;
    for (let i = index + 1; i < line.end; i++) {
      const text = this.text(i);
      if (text === "(" || text === "[") depth++;
      else if (text === ")" || text === "]") depth = Math.max(0, depth - 1);
      else if (text === ";" && isBlockHead(headAt(this.stream, i + 1))) return last;
      else if (text === "{") {
        if (depth === 0 && this.isBodyStart(line, i + 1)) return i;
        last = i;
      }
    }
    return last ?? this.findOpenBelow(line, index, depth);
  }

  private isBodyStart(line: Line, index: number): boolean {
    if (index >= line.end) return true;
    const text = this.text(index);
    if (text === "}" || text === ";") return true;
    return headAt(this.stream, index) !== undefined || looksLikeStatement(this.stream, index);
  }

  private findOpenBelow(line: Line, head: number, openBrackets: number): number | undefined {
    let depth = openBrackets;
    const column = tokenColumn(this.stream, head);
    for (let next = this.line + 1; next < this.indentation.ahead(this.line); next++) {
      const below = this.stream.lines[next];
      if (below === undefined || !this.headGoesOn(below, depth, column)) return undefined;
      for (let i = below.start; i < below.end; i++) {
        const text = this.text(i);
        if (text === "(" || text === "[") depth++;
        else if (text === ")" || text === "]") depth--;
        else if (text === "{") return depth === 0 ? i : undefined;
        else if (text === "}" || text === ";") return undefined;
        if (depth < 0) return undefined;
      }
    }
    return undefined;
  }

  private headGoesOn(line: Line, depth: number, headColumn: number): boolean {
    const first = this.text(line.start);
    const closer = first === ")" || first === "]" || first === "{";
    if (line.column <= headColumn && !closer) return false;
    if (headAt(this.stream, line.start) !== undefined && looksLikeStatement(this.stream, line.start))
      return false;
    if (depth > 0 || closer || first === "(" || first === "[" || first === "->") return true;
    const before = this.stream.tokens[line.start - 1];
    const openEnded = ["in", "to", "downto", "->", "+", "-", "*", "/", "@", "^", ","].includes(
      before?.text ?? "",
    );
    return openEnded || first === "to" || first === "downto" || first === "in";
  }

  /** The braces of an import are its own; they may take several lines. */
  private passImport(line: Line, index: number): void {
    this.statementColumn = tokenColumn(this.stream, index);
    for (let i = index; i < line.end; i++) if (this.text(i) === "}") return;
    for (let next = this.line + 1; next < this.to; next++) {
      const below = this.stream.lines[next];
      if (below === undefined) return;
      const closes = this.text(below.start) === "}";
      if (below.column <= this.statementColumn && !closes) return;
      this.line = next;
      for (let i = below.start; i < below.end; i++) if (this.text(i) === "}") return;
    }
  }

  // ── What indentation tells of damaged heads ────────────────────────────────────────────────────────────

  /** A line that must have been a head, for a body stands below it, closed at the line's own column. */
  private readDamagedHead(line: Line, column: number): boolean {
    if (this.isOrphan(line)) {
      this.push(line.start, "orphan", undefined, this.indentation.closingColumn(this.line));
      this.readStatements(line, line.start, column);
      return true;
    }
    let head = line.start;
    while (head < line.end && this.text(head) === "{") head++;
    const word = headAt(this.stream, head);
    if (isBlockHead(word) || word === "import" || this.top?.flat === true) return false;
    if (!this.endsInBrace(line) && looksLikeStatement(this.stream, head)) return false;
    const closing = this.endsInBrace(line) ? this.indentation.closingColumn(this.line + 1) : column;
    if (this.top !== undefined && closing <= this.top.column) return false;
    if (!this.indentation.isBodyBelow(this.line, closing)) return false;
    this.push(head, "damaged", this.endsInBrace(line) ? line.end - 1 : undefined, closing);
    this.statementColumn = Infinity;
    return true;
  }

  /** Lines that begin like statements, deeper than what is around them, and closed by a `}` of their own. */
  private isOrphan(line: Line): boolean {
    if (!looksLikeStatement(this.stream, line.start)) return false;
    const column = this.indentation.closingColumn(this.line);
    const outer = this.top;
    if (line.column <= column || (outer !== undefined && !outer.flat && column <= outer.column)) return false;
    if (outer === undefined ? line.column === 0 : line.column <= this.siblingColumn) return false;
    return this.indentation.isBodyBelow(this.line - 1, column);
  }
}
