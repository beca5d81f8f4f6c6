/**
 * Declarations: `import`, `const`, `op`, `net`, `run`, and what is left of damaged ones. Knows heads and
 * bodies; statements are read elsewhere.
 */
import {
  finishStatement,
  parseStatement,
  parseWithBody,
  passSeparators,
  passTo,
  reportOrphan,
} from "./bodies";
import { closeBracket } from "./closing";
import type { Cursor } from "./cursor";
import { parseExpression, parseStringLiteral } from "./expressions";
import { foreignHead, replacement } from "./foreign-words";
import { headAt, isDeclarationHead } from "./heads";
import type { BlockExtent } from "./layout";
import { parseSeparated } from "./brackets";
import { syntaxProblem } from "./problems";
import { parseType } from "./shapes";
import { parseAssigned, parseIdentifier } from "./statements";
import { documentationAbove, isFirstOnLine, tokenColumn } from "./token-stream";
import type {
  Declaration,
  Identifier,
  Import,
  ImportedName,
  Input,
  StringLiteral,
  SyntaxProblem,
  Type,
} from "./tree";

/** All declarations from the cursor on. Statements that stand between them are reported once a group. */
export function parseDeclarations(cursor: Cursor): readonly Declaration[] {
  const declarations: Declaration[] = [];
  let amongStatements = false;
  let muted = false;
  passSeparators(cursor);
  while (cursor.index < cursor.limit) {
    const before = cursor.index;
    const problems = cursor.problems.length;
    muted = passBracesBeforeDeclaration(cursor) || muted;
    const isStatement = !atDeclaration(cursor);
    const declaration = isStatement
      ? parseStatementOutside(cursor, amongStatements || muted)
      : parseDeclaration(cursor, muted);
    if (declaration !== undefined) declarations.push(declaration);
    amongStatements = isStatement;
    if (cursor.index === before) cursor.index++;
    muted = passSeparators(cursor) === "beside" && (muted || cursor.problems.length > problems);
  }
  return declarations;
}

function atDeclaration(cursor: Cursor): boolean {
  return cursor.extents.has(cursor.index) || isDeclarationHead(headAt(cursor.stream, cursor.index));
}

/** Braces that fit nowhere, on the line of a declaration: answers whether there were any. */
function passBracesBeforeDeclaration(cursor: Cursor): boolean {
  let index = cursor.index;
  while (isBrace(cursor, index) && !isFirstOnLine(cursor.stream, index + 1)) index++;
  const token = cursor.stream.tokens[cursor.index];
  if (index === cursor.index || token === undefined) return false;
  const head = headAt(cursor.stream, index);
  if (!cursor.extents.has(index) && !isDeclarationHead(head)) return false;
  const fix = replacement(token, "");
  cursor.problems.push(syntaxProblem("NN119", token, { brace: token.text }, { fix }));
  cursor.index = index;
  return true;
}

function isBrace(cursor: Cursor, index: number): boolean {
  const text = cursor.stream.tokens[index]?.text;
  return text === "{" || text === "}";
}

function parseDeclaration(cursor: Cursor, reportedBefore: boolean): Declaration | undefined {
  const outer = cursor.beginStatement();
  cursor.damaged = reportedBefore;
  const first = isFirstOnLine(cursor.stream, cursor.index);
  const documentation = first ? documentationAbove(cursor.stream, cursor.index) : "";
  const word = headAt(cursor.stream, cursor.index);
  const extent = cursor.extents.get(cursor.index);
  let declaration: Declaration | undefined;
  if (extent !== undefined) declaration = parseBlockDeclaration(cursor, extent, word, documentation);
  else if (word === "import") declaration = parseImport(cursor, documentation);
  else declaration = parseConst(cursor, documentation);
  if (extent === undefined) finishStatement(cursor);
  cursor.restoreStatement(outer);
  return declaration;
}

// ── import, const ──────────────────────────────────────────────────────────────────────────────────────────

const importForm = 'import { name } from "file.nnspec"';

function parseImport(cursor: Cursor, documentation: string): Import {
  const start = cursor.start;
  cursor.advance();
  const open = cursor.index;
  const names: ImportedName[] = [];
  const opened = cursor.take("{");
  if (!opened && cursor.atName && !cursor.at("from")) {
    const instead = `operators such as \`exp\` need no import, and a file's names have \`${importForm}\``;
    cursor.report("NN113", cursor.peek(), { word: cursor.peek().text, instead });
  } else if (!opened) {
    cursor.reportUnexpected("NN104", { needed: "`{`", found: cursor.found, example: importForm });
  }
  if (opened || (cursor.atName && !cursor.at("from"))) {
    cursor.stopWords = ["from"];
    parseSeparated(cursor, () => {
      const before = cursor.index;
      const name = parseImportedName(cursor);
      if (name.local.name !== "") names.push(name);
      return cursor.index > before;
    });
    cursor.stopWords = [];
    if (opened) closeBracket(cursor, open);
    else cursor.take("}");
  }
  const from = parseImportSource(cursor);
  return { kind: "import", names, from, ...cursor.spanFrom(start), documentation };
}

function parseImportedName(cursor: Cursor): ImportedName {
  const start = cursor.start;
  const imported = parseIdentifier(cursor, "a name to import");
  const local = cursor.take("as") ? parseIdentifier(cursor, "the name it gets in this file") : imported;
  return { imported, local, ...cursor.spanFrom(start) };
}

function parseImportSource(cursor: Cursor): StringLiteral | undefined {
  if (!cursor.take("from")) {
    cursor.reportUnexpected("NN104", { needed: "`from`", found: cursor.found, example: importForm });
  }
  if (cursor.peek().kind === "string") return parseStringLiteral(cursor);
  cursor.reportUnexpected("NN104", {
    needed: "a file in double quotes",
    found: cursor.found,
    example: importForm,
  });
  return undefined;
}

function parseConst(cursor: Cursor, documentation: string): Declaration {
  const start = cursor.start;
  cursor.advance();
  const name = parseIdentifier(cursor, "the name of the constant");
  const value = parseAssigned(cursor, "const name = value");
  return { kind: "const", name, value, ...cursor.spanFrom(start), documentation };
}

// ── op, net, run ───────────────────────────────────────────────────────────────────────────────────────────

interface Head {
  readonly kind: "op" | "net" | "run";
  readonly name: Identifier;
  readonly lists: readonly (readonly Input[])[];
  readonly result: Type | undefined;
}

function parseBlockDeclaration(
  cursor: Cursor,
  extent: BlockExtent,
  word: string | undefined,
  documentation: string,
): Declaration {
  const start = cursor.start;
  const shown = word ?? "this";
  const { head, body } = parseWithBody(cursor, extent, shown, () => parseHead(cursor, extent, word));
  const { name } = head;
  const rest = { body, ...cursor.spanFrom(start), documentation };
  const lists = head.lists;
  if (head.kind === "run") return { kind: "run", name, ...rest };
  if (head.kind === "op") return { kind: "op", name, inputs: lists.flat(), result: head.result, ...rest };
  const two = lists.length > 1;
  const inputs = lists[two ? 1 : 0] ?? [];
  return {
    kind: "net",
    name,
    hyperparameters: two ? lists[0] : undefined,
    inputs,
    result: head.result,
    ...rest,
  };
}

function parseHead(cursor: Cursor, extent: BlockExtent, word: string | undefined): Head {
  if (extent.headKind !== "word") return parseDamagedHead(cursor, extent);
  if (word === "for") {
    cursor.report("NN120", cursor.peek(), { found: "`for`" });
    return { ...noHead(cursor, extent), kind: "run" };
  }
  cursor.advance();
  const kind = word === "op" || word === "net" ? word : "run";
  return parseHeadFrom(cursor, kind);
}

function parseHeadFrom(cursor: Cursor, kind: Head["kind"]): Head {
  const name = parseIdentifier(cursor, `the name of the ${kind}`);
  if (kind === "run") return { kind, name, lists: [], result: undefined };
  const lists: (readonly Input[])[] = [];
  if (!cursor.at("(")) {
    const example = kind === "op" ? "op name(x: [N]) -> [N] {" : "net Name(n)(x: [N, n]) -> [] {";
    cursor.reportUnexpected("NN104", {
      needed: "a list of inputs in brackets",
      found: cursor.found,
      example,
    });
    passTo(cursor, "(");
  }
  const most = kind === "op" ? 1 : 2;
  while (cursor.at("(") && lists.length < most) lists.push(parseInputs(cursor));
  let result: Type | undefined;
  if (cursor.take("->")) result = parseType(cursor);
  else if (cursor.at("[")) {
    const fix = { title: "Write `->`", edits: [{ ...cursor.gap, newText: " ->" }] };
    cursor.report("NN104", cursor.gap, { needed: "`->`", found: cursor.found, example: "" }, { fix });
    result = parseType(cursor);
  }
  return { kind, name, lists, result };
}

function parseInputs(cursor: Cursor): readonly Input[] {
  const open = cursor.index;
  cursor.advance();
  const inputs: Input[] = [];
  parseSeparated(cursor, () => {
    const before = cursor.index;
    const input = parseInput(cursor);
    if (input.name.name !== "") inputs.push(input);
    return cursor.index > before;
  });
  closeBracket(cursor, open);
  return inputs;
}

function parseInput(cursor: Cursor): Input {
  const start = cursor.start;
  const name = parseIdentifier(cursor, "the name of an input");
  const type = takeColon(cursor) ? parseType(cursor) : undefined;
  const value = cursor.take("=") ? parseExpression(cursor) : undefined;
  return { name, type, default: value, ...cursor.spanFrom(start) };
}

/** `:`, or the beginning of a shape where only it is missing. */
function takeColon(cursor: Cursor): boolean {
  if (cursor.take(":")) return true;
  const word = cursor.peek().text;
  const named = word === "int" || word === "float" || word === "bool";
  if (word !== "[" && !(named && cursor.peekAhead(1).text === "[")) return false;
  const fix = { title: "Write `:`", edits: [{ ...cursor.gap, newText: ":" }] };
  cursor.report("NN104", cursor.gap, { needed: "`:`", found: cursor.found, example: "x: [N, 3]" }, { fix });
  return true;
}

// ── Damaged heads ──────────────────────────────────────────────────────────────────────────────────────────

/** A line that must be a head, for a body follows it: its word is guessed, its name and inputs are kept. */
function parseDamagedHead(cursor: Cursor, extent: BlockExtent): Head {
  if (extent.headKind === "orphan") {
    reportOrphan(cursor);
    return noHead(cursor, extent);
  }
  const token = cursor.peek();
  const joined = /^(net|op|run)(.+)$/su.exec(token.text);
  const next = cursor.peekAhead(1);
  if (token.kind === "name" && joined?.[1] !== undefined && next.kind !== "name") {
    const kind = joined[1] as Head["kind"]; // by the pattern
    const nameStart = token.start + kind.length;
    const fix = replacement({ start: nameStart, end: nameStart }, " ", "Write a space");
    cursor.report(
      "NN104",
      token,
      { needed: `a space after \`${kind}\``, found: `\`${token.text}\``, example: "" },
      { fix },
    );
    return {
      ...parseHeadFrom(cursor, kind),
      name: { ...parseJoinedName(token.text, kind), start: nameStart, end: token.end },
    };
  }
  return parseMisspeltHead(cursor, extent);
}

function parseJoinedName(text: string, kind: string): { readonly name: string } {
  return { name: text.slice(kind.length).normalize("NFC") };
}

function parseMisspeltHead(cursor: Cursor, extent: BlockExtent): Head {
  const token = cursor.peek();
  for (const kind of ["net", "op", "run"] as const) {
    if (!passTo(cursor, kind)) continue;
    reportHead(cursor, token.start, kind);
    cursor.advance();
    return parseHeadFrom(cursor, kind);
  }
  const kind = kindOf(cursor, extent);
  const foreign = token.kind === "name" ? foreignHead(token.text) : undefined;
  if (foreign?.head === kind || token.kind === "name") {
    const parameters = { word: token.text, instead: `write \`${kind}\`` };
    if (cursor.peekAhead(1).kind === "name") {
      cursor.report("NN113", token, parameters, { fix: replacement(token, kind) });
      cursor.advance();
    } else cursor.reportUnexpected("NN129", { found: cursor.found });
  } else {
    cursor.reportUnexpected("NN129", { found: cursor.found });
    while (!cursor.atEnd && !cursor.atName) cursor.advance();
    if (cursor.peekAhead(1).kind === "name") cursor.advance();
  }
  return cursor.atName ? parseHeadFrom(cursor, kind) : noHead(cursor, extent);
}

function reportHead(cursor: Cursor, start: number, kind: string): void {
  const end = cursor.start;
  const before = { start, end: Math.max(start, cursor.previousEnd) };
  const fix = replacement({ start, end }, "", "Delete it");
  cursor.report(
    "NN104",
    before,
    { needed: `\`${kind}\` at the beginning of the line`, found: "something else", example: "" },
    { fix },
  );
}

/** What a body without a head word is: by its head's shape, else by its statements. */
function kindOf(cursor: Cursor, extent: BlockExtent): Head["kind"] {
  const foreign = foreignHead(cursor.peek().text)?.head;
  if (foreign === "op" || foreign === "net") return foreign;
  const headEnd = extent.open ?? extent.bodyStart;
  for (let i = extent.head; i < headEnd; i++) {
    const text = cursor.stream.tokens[i]?.text;
    if (text === "(") return /^[op]{1,2}$|op/.test(cursor.peek().text) ? "op" : "net";
  }
  for (let i = extent.bodyStart; i < extent.bodyEnd; i++) {
    const text = cursor.stream.tokens[i]?.text;
    if ((text === "param" || text === "return") && headAt(cursor.stream, i) !== undefined) return "net";
  }
  return "run";
}

function noHead(cursor: Cursor, extent: BlockExtent): Head {
  return { kind: kindOf(cursor, extent), name: { name: "", ...cursor.gap }, lists: [], result: undefined };
}

// ── Statements outside ─────────────────────────────────────────────────────────────────────────────────────

/** A statement where only declarations stand. `name = value` is kept as the constant it could be. */
function parseStatementOutside(cursor: Cursor, reportedBefore: boolean): Declaration | undefined {
  const outer = cursor.statement();
  const token = cursor.stream.tokens[cursor.index];
  const problems = cursor.problems.length;
  const statement = parseStatement(cursor, undefined, {
    fence: tokenColumn(cursor.stream, cursor.index),
    muted: reportedBefore,
  });
  cursor.restoreStatement(outer);
  if (reportedBefore) cursor.problems.length = problems;
  else if (cursor.problems.length === problems && token !== undefined) {
    const found = `\`${token.text}\``;
    const fix = statement?.kind === "assignment" && !statement.constant ? constantFix(token.start) : {};
    cursor.problems.push(syntaxProblem("NN120", token, { found }, fix));
  }
  if (statement?.kind !== "assignment" || statement.target.indices.length > 0) return undefined;
  if (statement.target.name.name === "") return undefined;
  const { start, end, documentation, value } = statement;
  return { kind: "const", name: statement.target.name, value, start, end, documentation };
}

function constantFix(start: number): Pick<SyntaxProblem, "fix"> {
  return { fix: replacement({ start, end: start }, "const ", "Write `const`") };
}
