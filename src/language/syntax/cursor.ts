/**
 * Where the parser stands: the current token behind the layout fence, the brackets open in the statement, and
 * the problems found. Holds the two rules that make half-typed code recover: a statement never looks past its
 * fence, and it reports one problem only. Knows no grammar.
 */
import { foreignAt } from "./foreign-words";
import { headAt, looksLikeStatement } from "./heads";
import { isTerminatedString, normalizedName } from "./lexer";
import { blockExtents, type BlockExtent } from "./layout";
import { syntaxProblem, type SyntaxCode, type SyntaxParameters } from "./problems";
import { isFirstOnLine, tokenColumn, tokenStream, type TokenStream } from "./token-stream";
import type { Identifier, Span, SyntaxProblem, Token } from "./tree";

/** Recursion and tree height are bounded so that no text overflows a stack, here or in a reader of the tree. */
export const NESTING_LIMIT = 200;
export const HEIGHT_LIMIT = 1000;

/** What a statement changes of the cursor, kept while a statement inside its body is read. */
export interface StatementState {
  readonly start: number;
  readonly fence: number;
  readonly brackets: readonly number[];
  readonly damaged: boolean;
  readonly stopWords: readonly string[];
  readonly comparing: boolean;
}

type Extras = Pick<SyntaxProblem, "fix" | "related">;

/** Lives for one parse of one text. */
export class Cursor {
  readonly stream: TokenStream;
  readonly extents: ReadonlyMap<number, BlockExtent>;
  readonly problems: SyntaxProblem[] = [];
  /** Index of the current token. */
  index = 0;
  /** Exclusive end of what may be read: the end of the body, or the `{` of the head. */
  limit: number;
  /** Nesting of expressions and bodies at this moment. */
  depth = 0;
  /** Height of the expression parsed last. */
  height = 0;
  /** Words that end an expression in this statement, such as `within`, and so cannot follow one by mistake. */
  stopWords: readonly string[] = [];
  /** The statement compares, so that `=` in it must have been meant as `==`. */
  comparing = false;
  /** Indices of the brackets open in the current statement. */
  brackets: number[] = [];
  /** A problem of this statement has been reported. */
  damaged = false;
  private statementStart = 0;
  private fence = -1;
  /** Index of a token that is read as part of the statement though layout ends it there. */
  private extendedLine = -1;
  private step: number | undefined;
  private readonly endOfFile: Token;

  constructor(text: string) {
    this.stream = tokenStream(text);
    this.extents = blockExtents(this.stream);
    this.limit = this.stream.tokens.length;
    this.endOfFile = this.stream.all[this.stream.all.length - 1] as Token; // the lexer always adds it
  }

  // ── Tokens ─────────────────────────────────────────────────────────────────────────────────────────────

  /** The current token, or the end token where the statement ends. */
  peek(): Token {
    const token = this.stream.tokens[this.index];
    return token === undefined || this.endsAt(this.index) ? this.endOfFile : token;
  }

  /** The token so many further on, or the end token where the statement ends before it. */
  peekAhead(distance: number): Token {
    for (let i = 0; i <= distance; i++) if (this.endsAt(this.index + i)) return this.endOfFile;
    return this.stream.tokens[this.index + distance] ?? this.endOfFile;
  }

  /** Like `peekAhead`, for a caller that has looked at every token before. */
  tokenAhead(distance: number): Token | undefined {
    const index = this.index + distance;
    return this.endsAt(index) ? undefined : this.stream.tokens[index];
  }

  get atEnd(): boolean {
    return this.endsAt(this.index);
  }

  at(text: string): boolean {
    const token = this.stream.tokens[this.index];
    return token?.text === text && !this.endsAt(this.index);
  }

  /** At a name that may be used as one: not `and`, `or`, `not`. */
  get atName(): boolean {
    const token = this.peek();
    return token.kind === "name" && token.text !== "and" && token.text !== "or" && token.text !== "not";
  }

  advance(): Token {
    const token = this.peek();
    if (token === this.endOfFile) return token;
    this.noteBracket(token.text);
    this.index++;
    return token;
  }

  take(text: string): boolean {
    if (!this.at(text)) return false;
    this.advance();
    return true;
  }

  /** The name at the cursor, which the caller has seen. */
  takeName(): Identifier {
    const token = this.advance();
    return { name: normalizedName(token.text), start: token.start, end: token.end };
  }

  /** Where the token before the cursor ended. */
  get previousEnd(): number {
    return this.stream.tokens[this.index - 1]?.end ?? 0;
  }

  get start(): number {
    return this.stream.tokens[this.index]?.start ?? this.endOfFile.start;
  }

  /** Whether the current token is on a later line than the one before it. */
  get onNewLine(): boolean {
    return this.index > 0 && isFirstOnLine(this.stream, this.index);
  }

  /** Index of the first token on the current token's line. */
  get lineStart(): number {
    return this.stream.lines[this.stream.lineOf[this.index] ?? -1]?.start ?? this.index;
  }

  /** How much deeper than their heads most bodies of the file begin. */
  get usualStep(): number {
    this.step ??= usualStepOf(this.stream, this.extents);
    return this.step;
  }

  spanFrom(start: number): Span {
    return { start, end: Math.max(start, this.previousEnd) };
  }

  /** A place of no width: where something should have been written. */
  get gap(): Span {
    return this.index === 0 ? { start: 0, end: 0 } : { start: this.previousEnd, end: this.previousEnd };
  }

  private endsAt(index: number): boolean {
    if (index >= this.limit) return true;
    const token = this.stream.tokens[index];
    if (token === undefined || token.text === ";") return true;
    return (
      index !== this.statementStart &&
      isFirstOnLine(this.stream, index) &&
      this.isBeyondFence(index, token.text)
    );
  }

  /** The layout rule. */
  private isBeyondFence(index: number, text: string): boolean {
    if (this.extents.has(index)) return true;
    if (index === this.extendedLine) return false;
    const closer = text === ")" || text === "]" || text === "}";
    if (closer && this.brackets.some((open) => closes(this.stream.tokens[open]?.text, text))) return false;
    if (text === "}") return true;
    return tokenColumn(this.stream, index) <= this.fence;
  }

  private noteBracket(text: string): void {
    if (text === "(" || text === "[" || text === "{") this.brackets.push(this.index);
    else if (text === ")" || text === "]" || text === "}") {
      const open = this.brackets.findLastIndex((index) => closes(this.stream.tokens[index]?.text, text));
      if (open >= 0) this.brackets.length = open;
    }
  }

  // ── Statements ─────────────────────────────────────────────────────────────────────────────────────────

  /** Begins a statement at the current token; the answer restores the statement around it. */
  beginStatement(fence = tokenColumn(this.stream, this.index)): StatementState {
    const outer = this.statement();
    this.statementStart = this.index;
    this.fence = fence;
    this.brackets = [];
    this.damaged = false;
    this.stopWords = [];
    this.comparing = false;
    return outer;
  }

  /** Nothing of the statement is left: whatever comes next begins another. */
  endStatement(): void {
    this.statementStart = -1;
    this.fence = Infinity;
    this.brackets = [];
  }

  statement(): StatementState {
    const { statementStart: start, fence, brackets, damaged, stopWords, comparing } = this;
    return { start, fence, brackets, damaged, stopWords, comparing };
  }

  restoreStatement(state: StatementState): void {
    this.statementStart = state.start;
    this.fence = state.fence;
    this.brackets = [...state.brackets];
    this.damaged = state.damaged;
    this.stopWords = state.stopWords;
    this.comparing = state.comparing;
  }

  // ── Problems ───────────────────────────────────────────────────────────────────────────────────────────

  report<Code extends SyntaxCode>(
    code: Code,
    span: Span,
    parameters: SyntaxParameters<Code>,
    extras: Extras = {},
  ): void {
    if (this.damaged) return;
    this.damaged = true;
    this.problems.push(syntaxProblem(code, span, parameters, extras));
  }

  /**
   * Reports that the current token is not what the grammar needs. A token that is wrong by itself (an unclosed
   * string, an operator of another language) is reported as that instead.
   */
  reportUnexpected<Code extends SyntaxCode>(
    code: Code,
    parameters: SyntaxParameters<Code>,
    extras: Extras = {},
  ): void {
    if (this.damaged) return;
    if (!this.atEnd && this.reportTokenItself()) return;
    this.report(code, this.unexpectedSpan, parameters, extras);
  }

  reportProblem(problem: SyntaxProblem): void {
    if (this.damaged) return;
    this.damaged = true;
    this.problems.push(problem);
  }

  /** Reports what concerns a whole statement, read already, by its first token. */
  reportAlone(code: "NN131", index: number): void {
    const token = this.stream.tokens[index];
    if (token !== undefined) this.problems.push(syntaxProblem(code, token, {}));
  }

  /** Reports the operator of another language that the current token is. */
  reportForeign(): void {
    const problem = foreignAt(this.stream, this.index);
    if (problem !== undefined) this.reportProblem(problem);
  }

  /** Reports `**`; the fix of a statement's first one mends them all. */
  reportPower(token: Token): void {
    const last = this.problems[this.problems.length - 1];
    const edit = { start: token.start, end: token.end, newText: "^" };
    if (!this.damaged) this.report("NN107", token, {}, { fix: { title: "Write `^`", edits: [edit] } });
    else if (last?.code === "NN107" && last.fix !== undefined) {
      const fix = { title: last.fix.title, edits: [...last.fix.edits, edit] };
      this.problems[this.problems.length - 1] = { ...last, fix };
    }
  }

  /**
   * Where the line before the current one broke off, if the statement came from there with no bracket open.
   * Few statements go on like that, so what is wrong at the current token was most likely lost up there.
   */
  get brokenLine(): Span | undefined {
    const line = this.stream.lines[this.stream.lineOf[this.index] ?? -1];
    const above = this.stream.lines[(this.stream.lineOf[this.index] ?? 0) - 1];
    if (line === undefined || above === undefined || line.start <= this.statementStart) return undefined;
    let depth = this.brackets.length;
    for (let i = line.start; i < this.index; i++) {
      const text = this.stream.tokens[i]?.text;
      if (text === "(" || text === "[") depth--;
      else if (text === ")" || text === "]") depth++;
    }
    if (depth !== 0) return undefined;
    const last = this.stream.tokens[line.start - 1];
    if (line.start === this.index || last === undefined || line.number - above.number > 1) {
      return this.stream.tokens[line.start];
    }
    return { start: last.end, end: last.end };
  }

  /** The current token, or the gap before it where it is on the next line: the damage is where the line broke off. */
  get unexpectedSpan(): Span {
    const token = this.stream.tokens[this.index];
    if (token === undefined || this.index >= this.limit) return this.gap;
    const brokeOff = this.onNewLine && this.index !== this.statementStart && !this.afterBlankLine;
    if (brokeOff && (this.atEnd || couldFollowBreak(token))) return this.gap;
    return this.atEnd && token.text !== ";" && !this.afterBlankLine ? this.gap : token;
  }

  /** Whether blank or comment lines are between the current token's line and the one before. */
  private get afterBlankLine(): boolean {
    const line = this.stream.lineOf[this.index] ?? 0;
    const above = this.stream.lines[line - 1]?.number ?? -1;
    return !this.atEnd && this.onNewLine && (this.stream.lines[line]?.number ?? 0) - above > 1;
  }

  /**
   * Takes the line after the fence into the statement, for a bracket is open and the line is nothing else: it
   * begins no statement and ends no body. A character typed before a continuation line does not cut it off.
   */
  extendOverDamagedLine(): boolean {
    const { index } = this;
    if (index >= this.limit || index === this.statementStart || !isFirstOnLine(this.stream, index))
      return false;
    if (this.stream.lineOf[index - 1] !== (this.stream.lineOf[index] ?? 0) - 1) return false;
    if (this.extents.has(index) || this.stream.tokens[index]?.text === ";") return false;
    if (looksLikeStatement(this.stream, index) || headAt(this.stream, index) !== undefined) return false;
    const next = index + 1;
    const token = this.stream.tokens[index];
    const whole = token?.kind === "string" && !isTerminatedString(token.text);
    if (!whole && (next >= this.limit || isFirstOnLine(this.stream, next))) return false;
    if (!whole && tokenColumn(this.stream, next) <= this.fence) return false;
    this.extendedLine = index;
    return true;
  }

  /** The current token in words. */
  get found(): string {
    const token = this.peek();
    if (token !== this.endOfFile) return `\`${token.text}\``;
    const next = this.stream.tokens[this.index];
    if (next === undefined) return "the end of the file";
    if (this.index < this.limit && next.text === ";") return "`;`";
    return isFirstOnLine(this.stream, this.index) ? "the end of the line" : `\`${next.text}\``;
  }

  private reportTokenItself(): boolean {
    const token = this.peek();
    if (token.kind === "string" && !isTerminatedString(token.text)) {
      this.report("NN102", token, { text: token.text });
      return true;
    }
    const problem = foreignAt(this.stream, this.index);
    if (problem === undefined) return false;
    this.reportProblem(problem);
    return true;
  }
}

function usualStepOf(stream: TokenStream, extents: ReadonlyMap<number, BlockExtent>): number {
  const counts = new Map<number, number>();
  for (const { head, bodyStart } of extents.values()) {
    if (!isFirstOnLine(stream, bodyStart)) continue;
    const step = tokenColumn(stream, bodyStart) - tokenColumn(stream, head);
    counts.set(step, (counts.get(step) ?? 0) + 1);
  }
  let usual = 0;
  for (const [step, count] of counts) if (count > (counts.get(usual) ?? 0)) usual = step;
  return usual;
}

/** Whether a line may begin with a token in the middle of a statement; any other is wrong by itself. */
function couldFollowBreak(token: Token): boolean {
  if (token.kind !== "punctuation") return token.kind !== "unknown";
  return ["(", "[", ")", "]", "?", "-", "+"].includes(token.text);
}

function closes(open: string | undefined, close: string): boolean {
  return (
    (open === "(" && close === ")") || (open === "[" && close === "]") || (open === "{" && close === "}")
  );
}
