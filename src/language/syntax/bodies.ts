/**
 * Bodies in `{ }`: statement after statement, each recovering by itself, and `for` with its own body. Knows
 * the extents that the layout found, and nothing of declarations.
 */
import { NESTING_LIMIT, type Cursor } from "./cursor";
import { missingHere } from "./missing";
import { foreignHead, replacement } from "./foreign-words";
import { headAt, looksLikeStatement } from "./heads";
import type { BlockExtent } from "./layout";
import { parseHeadlessStatement } from "./headless-statements";
import { parseAssignment, parseForHead, parseHeadStatement } from "./statements";
import { documentationAbove, isFirstOnLine, tokenColumn } from "./token-stream";
import type { Block, For, Over, Statement } from "./tree";

/** Reads the head of something with a body and then the body; the problems of the head are one statement's. */
export function parseWithBody<Head>(
  cursor: Cursor,
  extent: BlockExtent,
  word: string,
  parseHead: () => Head,
): { readonly head: Head; readonly body: Block } {
  const outerLimit = cursor.limit;
  cursor.limit = extent.open ?? extent.bodyStart;
  const head = parseHead();
  finishHead(cursor, extent, word);
  cursor.limit = extent.bodyEnd;
  const body = parseBody(cursor, extent, word);
  cursor.limit = outerLimit;
  return { head, body };
}

/** What is left of a head is one problem; so is a missing `{`. */
function finishHead(cursor: Cursor, extent: BlockExtent, word: string): void {
  if (extent.headKind === "orphan") {
    cursor.index = extent.bodyStart;
    return;
  }
  if (!cursor.atEnd || cursor.index < cursor.limit) {
    const needed = word === "op" || word === "net" ? "`->` and the result's shape, or `{`," : "`{`";
    cursor.reportUnexpected("NN104", { needed, found: cursor.found, example: "" });
  } else if (extent.open === undefined) {
    const fix = { title: "Write `{`", edits: [{ ...cursor.gap, newText: " {" }] };
    cursor.report("NN117", cursor.gap, { head: word, found: cursor.found }, { fix });
  }
  cursor.index = extent.bodyStart;
}

function parseBody(cursor: Cursor, extent: BlockExtent, word: string): Block {
  const start = cursor.stream.tokens[extent.open ?? extent.bodyStart]?.start ?? cursor.previousEnd;
  const headDamaged = cursor.damaged;
  const outer = cursor.statement();
  cursor.depth++;
  const statements = parseStatements(cursor, extent);
  cursor.depth--;
  cursor.index = extent.bodyEnd;
  cursor.restoreStatement(outer);
  if (extent.close === undefined) {
    if (extent.open !== undefined && !headDamaged) reportUnclosedBody(cursor, extent, word);
  } else cursor.index = extent.close + 1;
  return { statements, start: Math.min(start, cursor.previousEnd), end: cursor.previousEnd };
}

function reportUnclosedBody(cursor: Cursor, extent: BlockExtent, word: string): void {
  const open = cursor.stream.tokens[extent.open ?? 0];
  // A `}` that stands where it ends nothing was meant to be this one, and has been reported.
  const last = cursor.problems[cursor.problems.length - 1];
  if (last?.code === "NN119" && last.parameters["brace"] === "}" && last.start > (open?.start ?? 0)) return;
  const related = open === undefined ? [] : [{ start: open.start, end: open.end, message: "`{` opens here" }];
  cursor.report("NN118", cursor.gap, { head: word }, { related });
}

function parseStatements(cursor: Cursor, extent: BlockExtent): readonly Statement[] {
  const statements: Statement[] = [];
  let fence = 0;
  let muted = false;
  passSeparators(cursor);
  while (cursor.index < extent.bodyEnd) {
    const before = cursor.index;
    const problems = cursor.problems.length;
    // What stands behind a damaged statement on its line was most likely part of it: no problem of its own.
    if (!muted) fence = tokenColumn(cursor.stream, before);
    const statement = parseStatement(cursor, extent, { fence, muted });
    const again = cursor.problems.length > problems ? betterFence(cursor, extent, before, fence) : fence;
    const read = again === fence ? statement : parseAgain(cursor, extent, { before, problems, fence, again });
    if (read !== undefined) statements.push(read);
    if (cursor.index === before) cursor.index++;
    const joined =
      cursor.problems[cursor.problems.length - 1]?.code === "NN130" && cursor.problems.length > problems;
    const separated = passSeparators(cursor);
    const cutOff =
      separated === "below" &&
      cursor.index < extent.bodyEnd &&
      tokenColumn(cursor.stream, cursor.index) > fence;
    muted = joined || ((separated === "beside" || cutOff) && (muted || cursor.problems.length > problems));
  }
  return statements;
}

/**
 * Where the fence of a damaged statement more likely is: where its neighbours stand, or where its line begins.
 */
function betterFence(cursor: Cursor, extent: BlockExtent, start: number, fence: number): number {
  if (isFirstOnLine(cursor.stream, start)) return usualColumn(cursor, extent);
  const line = cursor.stream.lines[cursor.stream.lineOf[start] ?? -1];
  return line === undefined || line.start < extent.bodyStart ? fence : line.column;
}

interface SecondReading {
  readonly before: number;
  readonly problems: number;
  readonly fence: number;
  readonly again: number;
}

function parseAgain(cursor: Cursor, extent: BlockExtent, reading: SecondReading): Statement | undefined {
  const { before, problems, fence, again } = reading;
  cursor.problems.length = problems;
  cursor.index = before;
  const statement = parseStatement(cursor, extent, { fence: again, muted: false });
  if (cursor.problems.length > problems) return statement;
  // Sound where its neighbours stand, but it stands left of them, and layout makes them its continuation.
  if (again > fence) cursor.reportAlone("NN131", before);
  return statement;
}

/** Passes `;`; answers whether there was any, and where the statement behind it is. */
export function passSeparators(cursor: Cursor): "none" | "beside" | "below" {
  const before = cursor.index;
  while (cursor.index < cursor.limit && cursor.stream.tokens[cursor.index]?.text === ";") cursor.index++;
  if (cursor.index === before) return "none";
  return cursor.index < cursor.limit && !isFirstOnLine(cursor.stream, cursor.index) ? "beside" : "below";
}

/** The column at which most lines of a body begin, the bodies inside of it left out. */
function usualColumn(cursor: Cursor, extent: BlockExtent): number {
  const counts = new Map<number, number>();
  let index = extent.bodyStart;
  while (index < extent.bodyEnd) {
    const line = cursor.stream.lines[cursor.stream.lineOf[index] ?? -1];
    if (line === undefined) break;
    if (line.start >= extent.bodyStart) counts.set(line.column, (counts.get(line.column) ?? 0) + 1);
    const inner = cursor.extents.get(line.start);
    index = Math.max(
      line.end,
      inner === undefined || inner === extent ? 0 : (inner.close ?? inner.bodyEnd - 1) + 1,
    );
  }
  const most = Math.max(...counts.values());
  const usual = [...counts.keys()].filter((column) => counts.get(column) === most);
  const expected = tokenColumn(cursor.stream, extent.head) + cursor.usualStep;
  return usual.find((column) => column === expected) ?? usual[0] ?? 0;
}

/** How a statement is read: its layout fence, and whether its problems have been reported already. */
interface Reading {
  readonly fence: number;
  readonly muted: boolean;
}

/** One statement, or undefined where nothing of one is left. */
export function parseStatement(
  cursor: Cursor,
  body: BlockExtent | undefined,
  { fence, muted }: Reading,
): Statement | undefined {
  const outer = cursor.beginStatement(fence);
  cursor.damaged = muted;
  if (cursor.depth >= NESTING_LIMIT) cursor.report("NN122", cursor.peek(), { limit: String(NESTING_LIMIT) });
  passStrayBraces(cursor);
  const statement = cursor.atEnd ? undefined : parseOneStatement(cursor, body);
  // A `for` ends with its `}`; whatever follows is another statement.
  if (statement?.kind !== "for") finishStatement(cursor);
  cursor.restoreStatement(outer);
  return statement;
}

/** A brace that fits nowhere is reported and passed; what follows on its line is a statement like any other. */
function passStrayBraces(cursor: Cursor): void {
  for (;;) {
    const token = cursor.stream.tokens[cursor.index];
    if (cursor.index >= cursor.limit || (token?.text !== "}" && token?.text !== "{")) return;
    cursor.report("NN119", token, { brace: token.text }, { fix: replacement(token, "") });
    cursor.index++;
    const sameLine = cursor.index < cursor.limit && !isFirstOnLine(cursor.stream, cursor.index);
    cursor.beginStatement();
    cursor.damaged = true;
    if (!sameLine) {
      cursor.endStatement();
      return;
    }
  }
}

function parseOneStatement(cursor: Cursor, body: BlockExtent | undefined): Statement | undefined {
  const first = isFirstOnLine(cursor.stream, cursor.index);
  const documentation = first ? documentationAbove(cursor.stream, cursor.index) : "";
  const extent = cursor.extents.get(cursor.index);
  const word = headAt(cursor.stream, cursor.index);
  if (extent !== undefined && extent !== body) {
    if (extent.headKind !== "word" || word === "for") return parseFor(cursor, extent, documentation);
    passInnerDeclaration(cursor, extent);
    return undefined;
  }
  const start = cursor.start;
  const known = word === undefined ? undefined : parseHeadStatement(cursor, word, documentation);
  if (known !== undefined) return known;
  return parseHeadlessStatement(cursor, start, documentation);
}

/** What is left of a statement that is complete is one problem. */
export function finishStatement(cursor: Cursor): void {
  if (cursor.atEnd) return;
  const token = cursor.peek();
  if (cursor.onNewLine && isStatementByItself(cursor)) {
    cursor.report("NN130", token, { word: `\`${token.text}\`` });
    return;
  }
  if (cursor.onNewLine && token.text === "=") cursor.report("NN110", token, { found: "`=`" });
  reportLeftover(cursor);
  passLeftover(cursor);
}

/** Passes the rest of a damaged statement, but no line that is a sound one by itself. */
function passLeftover(cursor: Cursor): void {
  while (!cursor.atEnd && !(cursor.onNewLine && isStatementByItself(cursor))) cursor.advance();
}

/** Whether the line at the cursor, which layout makes part of the statement above, is a sound one of its own. */
function isStatementByItself(cursor: Cursor): boolean {
  if (!looksLikeStatement(cursor.stream, cursor.index)) return false;
  const { index, height } = cursor;
  if (headAt(cursor.stream, index) !== undefined) return true;
  const problems = cursor.problems.length;
  // Its own lines go on as deep as those of the statement above would.
  const outer = cursor.beginStatement(cursor.statement().fence);
  parseAssignment(cursor, cursor.start, "", "none");
  const sound = cursor.atEnd && cursor.problems.length === problems;
  cursor.problems.length = problems;
  cursor.index = index;
  cursor.height = height;
  cursor.restoreStatement(outer);
  return sound;
}

function reportLeftover(cursor: Cursor): void {
  const { text } = cursor.peek();
  const place = text === ")" || text === "]" || text === "," || text === "=" ? cursor.brokenLine : undefined;
  if (place !== undefined) cursor.report("NN108", place, { found: cursor.found });
  else if (text === ")" || text === "]") {
    const token = cursor.peek();
    const parameters = { close: text, open: text === ")" ? "(" : "[" };
    cursor.report("NN106", token, parameters, { fix: replacement(token, "") });
  } else if (text === "{" || text === "}") cursor.report("NN119", cursor.peek(), { brace: text });
  else cursor.reportUnexpected("NN108", { found: cursor.found });
}

/** A declaration in a body is one problem, and passed as a whole. */
function passInnerDeclaration(cursor: Cursor, extent: BlockExtent): void {
  const token = cursor.peek();
  cursor.report("NN134", token, { word: token.text });
  cursor.index = extent.close === undefined ? extent.bodyEnd : extent.close + 1;
  cursor.endStatement();
}

// ── for ────────────────────────────────────────────────────────────────────────────────────────────────────

function parseFor(cursor: Cursor, extent: BlockExtent, documentation: string): For | undefined {
  const start = cursor.start;
  if (cursor.depth >= NESTING_LIMIT) {
    cursor.index = (extent.close ?? extent.bodyEnd - 1) + 1;
    return undefined;
  }
  const { head: over, body } = parseWithBody(cursor, extent, "for", () => parseForLine(cursor, extent));
  return { kind: "for", over, body, ...cursor.spanFrom(start), documentation };
}

function parseForLine(cursor: Cursor, extent: BlockExtent): Over {
  if (extent.headKind === "orphan") {
    reportOrphan(cursor);
    return emptyOver(cursor);
  }
  if (extent.headKind === "damaged") {
    const token = cursor.peek();
    const foreign = foreignHead(token.text);
    const instead = foreign === undefined ? "" : foreign.instead;
    if (foreign !== undefined) cursor.report("NN113", token, { word: token.text, instead });
    else cursor.reportUnexpected("NN129", { found: cursor.found });
    if (!passTo(cursor, "for") && token.kind === "name" && cursor.peekAhead(1).text !== "in")
      cursor.advance();
  }
  return parseForHead(cursor);
}

/** A body's head is missing on the line above it. */
export function reportOrphan(cursor: Cursor): void {
  const { text } = cursor.stream;
  let start = cursor.start;
  while (start > 0 && text[start] !== "\n" && text[start] !== "\r") start--;
  if (text[start] === "\n" && text[start - 1] === "\r") start--;
  cursor.report("NN133", { start, end: start }, {});
}

/** Moves to a word that stands within the first tokens of a damaged head. */
export function passTo(cursor: Cursor, word: string): boolean {
  for (let distance = 0; distance < 3; distance++) {
    if (cursor.peekAhead(distance).text !== word) continue;
    for (let i = 0; i < distance; i++) cursor.advance();
    return true;
  }
  return false;
}

function emptyOver(cursor: Cursor): Over {
  const name = { name: "", ...cursor.gap };
  return { name, from: missingHere(cursor), direction: "list", to: undefined, ...cursor.gap };
}
