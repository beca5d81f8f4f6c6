/**
 * The words that begin declarations and statements, and the rule for when they are words: at the head of a
 * statement, unless `=`, `:` or `[…] =` follows, which makes them names.
 */
import type { TokenStream } from "./token-stream";

const declarationHeads: ReadonlySet<string> = new Set(["import", "const", "op", "net", "run"]);
const statementHeads: ReadonlySet<string> = new Set([
  ...["param", "const", "iterate", "return", "jvp", "vjp", "sample", "for", "seed", "dtype"],
  ...["check", "gradcheck", "show", "plot"],
]);
const blockHeads: ReadonlySet<string> = new Set(["op", "net", "run", "for"]);
const allHeads: ReadonlySet<string> = new Set([...declarationHeads, ...statementHeads]);

/** Every head, for completion and for spelling. */
export const headWords: readonly string[] = [...allHeads];

/** `and or not`, the only words that can never be names. */
export const reservedWords: ReadonlySet<string> = new Set(["and", "or", "not"]);

/** The head word that a token is where a statement or declaration begins, if it is one there. */
export function headAt(stream: TokenStream, index: number): string | undefined {
  const token = stream.tokens[index];
  if (token?.kind !== "name" || !allHeads.has(token.text)) return undefined;
  return isNameThere(stream, index) ? undefined : token.text;
}

export function isBlockHead(word: string | undefined): boolean {
  return word !== undefined && blockHeads.has(word);
}

export function isDeclarationHead(word: string | undefined): boolean {
  return word !== undefined && declarationHeads.has(word);
}

/**
 * Whether a token reads as the beginning of a statement rather than of an expression: a head with what it
 * needs, or a name with `=` or `:` behind it. Used for recovery only.
 */
export function looksLikeStatement(stream: TokenStream, index: number): boolean {
  const token = stream.tokens[index];
  if (token?.kind !== "name" || reservedWords.has(token.text)) return false;
  const next = stream.tokens[index + 1];
  if (headAt(stream, index) !== undefined) {
    if (next === undefined) return true;
    return next.kind !== "punctuation" || ["{", "(", "[", "-", "+", "?"].includes(next.text);
  }
  const after = stream.tokens[afterIndices(stream, index + 1)];
  return after?.text === "=" || after?.text === ":";
}

/** `=`, `:` or `[…] =` behind a word: it is a name. A bracket is looked through on its own lines only. */
function isNameThere(stream: TokenStream, index: number): boolean {
  const next = stream.tokens[index + 1]?.text;
  if (next === "=" || next === ":") return true;
  if (next !== "[") return false;
  const after = stream.tokens[afterIndices(stream, index + 1)]?.text;
  return after === "=" || after === ":";
}

/** The index behind any `[…]` that begin at `index`; unbalanced ones are not passed. */
function afterIndices(stream: TokenStream, index: number): number {
  let position = index;
  while (stream.tokens[position]?.text === "[") {
    const close = matchingClose(stream, position);
    if (close === undefined) return position;
    position = close + 1;
  }
  return position;
}

/** An index is short: a search any longer than this would make reading quadratic. */
const LONGEST_INDEX = 200;

function matchingClose(stream: TokenStream, open: number): number | undefined {
  let depth = 0;
  for (let i = open; i < stream.tokens.length && i < open + LONGEST_INDEX; i++) {
    const text = stream.tokens[i]?.text;
    if (text === "[" || text === "(") depth++;
    else if (text === "]" || text === ")") {
      depth--;
      if (depth === 0) return i;
    } else if (text === "{" || text === "}" || text === ";") return undefined;
  }
  return undefined;
}
