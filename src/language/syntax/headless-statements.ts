/**
 * Statements that begin with no head word: assignments, misspelt heads, those of other languages, and
 * expressions alone. Knows nothing of bodies.
 */
import type { Cursor } from "./cursor";
import { parseExpression } from "./expressions";
import { foreignHead, replacement } from "./foreign-words";
import { headWords } from "./heads";
import { closestWord } from "./spelling";
import { parseAssignment, parseHeadStatement } from "./statements";
import { isFirstOnLine } from "./token-stream";
import type { Identifier, Statement, Token } from "./tree";

export function parseHeadlessStatement(
  cursor: Cursor,
  start: number,
  documentation: string,
): Statement | undefined {
  const meant = headMeant(cursor);
  if (meant !== undefined) return parseHeadStatement(cursor, meant, documentation);
  passWhatBeginsNoStatement(cursor);
  if (!cursor.atName) return undefined;
  const next = cursor.peekAhead(1).text;
  if (next === "(" || next === ".") return parseBareExpression(cursor, start, documentation);
  return parseAssignment(cursor, start, documentation, "none");
}

/** A misspelt head, or one of another language: reported, and read as what was meant. */
function headMeant(cursor: Cursor): string | undefined {
  const token = cursor.peek();
  if (token.kind !== "name" || !cursor.atName) return undefined;
  const next = cursor.peekAhead(1);
  if (isFirstOnLine(cursor.stream, cursor.index + 1)) return undefined;
  const foreign = foreignHead(token.text);
  const called = next.text === "(" && foreign?.head !== undefined;
  const beginsOperand = next.kind === "name" || next.kind === "string" || next.kind === "number";
  if (!called && (!beginsOperand || next.text === "and" || next.text === "or")) return undefined;
  if (foreign !== undefined) return reportForeignHead(cursor, token, foreign);
  const head = closestWord(token.text, headWords);
  if (head === undefined || headsWithBodies.has(head)) return undefined;
  cursor.report("NN128", token, { word: token.text, instead: head }, { fix: replacement(token, head) });
  return head;
}

const headsWithBodies: ReadonlySet<string> = new Set(["import", "op", "net", "run", "for"]);

function reportForeignHead(
  cursor: Cursor,
  token: Token,
  foreign: NonNullable<ReturnType<typeof foreignHead>>,
): string | undefined {
  const word = { start: token.start, end: cursor.peekAhead(1).start };
  const extras =
    foreign.head !== undefined
      ? { fix: replacement(token, foreign.head) }
      : foreign.needless === true
        ? { fix: replacement(word, "") }
        : {};
  cursor.report("NN113", token, { word: token.text, instead: foreign.instead }, extras);
  if (foreign.head === undefined) cursor.advance();
  return foreign.head === undefined || headsWithBodies.has(foreign.head) ? undefined : foreign.head;
}

function passWhatBeginsNoStatement(cursor: Cursor): void {
  if (cursor.atName) return;
  const token = cursor.peek();
  if (token.text === ")" || token.text === "]") {
    const open = token.text === ")" ? "(" : "[";
    cursor.report("NN106", token, { close: token.text, open }, { fix: replacement(token, "") });
  } else cursor.reportUnexpected("NN110", { found: cursor.found });
  cursor.advance();
}

/** `relu(x)` alone: its value is kept in the tree under no name, so that the editor still knows what it reads. */
function parseBareExpression(cursor: Cursor, start: number, documentation: string): Statement {
  const { start: place } = cursor.peek();
  const name: Identifier = { name: "", start: place, end: place };
  const problems = cursor.problems.length;
  const damaged = cursor.damaged;
  const value = parseExpression(cursor);
  if (!damaged && cursor.problems.length === problems) {
    const found = cursor.at("=") ? "a part of something, which cannot be assigned" : "an expression alone";
    cursor.report("NN110", value, { found });
  }
  const target = { name, indices: [], start: place, end: place };
  const span = cursor.spanFrom(start);
  return { kind: "assignment", constant: false, target, type: undefined, value, ...span, documentation };
}
