/**
 * The space between two tokens of one line, in the form that the formatter gives to a file. Knows the tree and
 * single tokens, and nothing of lines.
 */
import type { File, Index, Token } from "./tree";
import { walk } from "./walk";

/** Which tokens are what, by their offsets; a token's text alone does not say. */
export interface Roles {
  /** Names, as opposed to the words of the language. */
  readonly names: ReadonlySet<number>;
  /** Operators between two operands, `^` excepted. */
  readonly spacedOperators: ReadonlySet<number>;
  /** Operators that stand without spaces: `^`, and the sum in `z[l-1]`. */
  readonly tightOperators: ReadonlySet<number>;
  /** Colons of slices. */
  readonly sliceColons: ReadonlySet<number>;
}

export function rolesOf(file: File): Roles {
  const names = new Set<number>();
  const spacedOperators = new Set<number>();
  const tightOperators = new Set<number>();
  const sliceColons = new Set<number>();
  const tightSums = new Set<unknown>();
  walk(file, ({ kind, node }) => {
    if (kind === "identifier" || kind === "name") {
      if (node.end > node.start) names.add(node.start);
    } else if (kind === "type") names.add(node.start);
    else if (kind === "index") noteIndex(node, tightSums);
    else if (kind === "slice") noteColons(file, node.start, node.end, sliceColons);
    else if (kind === "binary") {
      const tight = node.operator === "^" || tightSums.has(node);
      (tight ? tightOperators : spacedOperators).add(node.operatorSpan.start);
    } else if (kind === "comparison") for (const { span } of node.operators) spacedOperators.add(span.start);
  });
  return { names, spacedOperators, tightOperators, sliceColons };
}

/** The spaces between two tokens that follow one another on a line. */
export function spaceBetween(left: Token, right: Token, roles: Roles): "" | " " {
  if (right.text === "," || right.text === ";") return "";
  if (left.text === "," || left.text === ";") return closes(right) ? "" : " ";
  if (left.kind !== "punctuation" && right.kind !== "punctuation") return " ";
  if (left.text === "{" && right.text === "}") return "";
  if (opens(left) || closes(right)) return "";
  if (left.text === "." || right.text === ".") return "";
  if (right.text === ":") return "";
  if (left.text === ":") return roles.sliceColons.has(left.start) ? "" : " ";
  if (roles.tightOperators.has(left.start) || roles.tightOperators.has(right.start)) return "";
  if (isSign(left, roles)) return "";
  if (opens(right)) return endsOperand(left, roles) ? "" : " ";
  return " ";
}

/** In an index, a sum of two plain names or numbers is written close: `z[l-1]`, `x[i:i+1]`. */
function noteIndex(index: Index, tightSums: Set<unknown>): void {
  for (const item of index.items) {
    if (item.kind === "ellipsis" || item.kind === "new-axis") continue;
    const parts = item.kind === "at" ? [item.value] : [item.from, item.to, item.step];
    for (const part of parts) {
      if (part?.kind !== "binary" || (part.operator !== "+" && part.operator !== "-")) continue;
      if (isPlain(part.left.kind) && isPlain(part.right.kind)) tightSums.add(part);
    }
  }
}

function isPlain(kind: string): boolean {
  return kind === "name" || kind === "number";
}

/** The colons of a slice itself: those of slices inside of its brackets are noted by their own visit. */
function noteColons(file: File, start: number, end: number, colons: Set<number>): void {
  let depth = 0;
  for (let i = firstTokenAt(file.tokens, start); i < file.tokens.length; i++) {
    const token = file.tokens[i];
    if (token === undefined || token.start >= end) return;
    if (opens(token)) depth++;
    else if (closes(token)) depth--;
    else if (token.text === ":" && depth === 0) colons.add(token.start);
  }
}

function firstTokenAt(tokens: readonly Token[], offset: number): number {
  let low = 0;
  let high = tokens.length - 1;
  while (low < high) {
    const middle = Math.floor((low + high) / 2);
    if ((tokens[middle]?.start ?? 0) < offset) low = middle + 1;
    else high = middle;
  }
  return low;
}

function opens(token: Token): boolean {
  return token.text === "(" || token.text === "[";
}

function closes(token: Token): boolean {
  return token.text === ")" || token.text === "]";
}

/** A `+` or `-` that is no operator between operands. */
function isSign(token: Token, roles: Roles): boolean {
  return (token.text === "-" || token.text === "+") && !roles.spacedOperators.has(token.start);
}

function endsOperand(token: Token, roles: Roles): boolean {
  if (token.kind === "name") return roles.names.has(token.start);
  return token.kind === "number" || token.kind === "string" || closes(token) || token.text === "?";
}
