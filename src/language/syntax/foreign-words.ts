/**
 * What people write out of habit from Python, C or a paper, and what the language has instead. Knows single
 * tokens and their neighbours only.
 */
import { syntaxProblem } from "./problems";
import { isFirstOnLine, type TokenStream } from "./token-stream";
import type { Span, SyntaxProblem, Token } from "./tree";

/** The problem that a token is by itself wherever it stands, if it is one. */
export function foreignAt(stream: TokenStream, index: number): SyntaxProblem | undefined {
  const token = stream.tokens[index];
  if (token === undefined) return undefined;
  if (token.kind === "unknown") return unknownToken(token);
  if (token.kind === "name") return foreignName(stream, index, token);
  if (token.kind !== "punctuation") return undefined;
  if (token.text === "//" && isFirstOnLine(stream, index)) {
    const parameters = { operator: "//", instead: "a comment begins with `#`" };
    return syntaxProblem("NN114", token, parameters, { fix: replacement(token, "#") });
  }
  if (assigning.has(token.text)) {
    const fix = token.text === ":=" ? { fix: replacement(token, "=") } : {};
    return syntaxProblem("NN112", token, { operator: token.text }, fix);
  }
  const operator = operators.get(token.text);
  if (operator === undefined) return undefined;
  const extras = operator.fix === undefined ? {} : { fix: replacement(token, operator.fix) };
  return syntaxProblem("NN114", token, { operator: token.text, instead: operator.instead }, extras);
}

/** `True`, `False`, `None` as values: the parser reports them where a name is read as one. */
export function foreignValue(token: Token): SyntaxProblem | undefined {
  const value = values.get(token.text);
  if (value === undefined) return undefined;
  const extras = value.fix === undefined ? {} : { fix: replacement(token, value.fix) };
  return syntaxProblem("NN113", token, { word: token.text, instead: value.instead }, extras);
}

/** What a word of another language at the head of a statement should be. */
export function foreignHead(word: string): Head | undefined {
  return heads.get(word);
}

/** The edit that writes something else in the place of a span. */
export function replacement(span: Span, newText: string, title?: string): NonNullable<SyntaxProblem["fix"]> {
  const text = title ?? (newText === "" ? "Delete it" : `Write \`${newText}\``);
  return { title: text, edits: [{ start: span.start, end: span.end, newText }] };
}

interface Instead {
  readonly instead: string;
  readonly fix?: string;
}

const assigning: ReadonlySet<string> = new Set([
  ":=",
  "+=",
  "-=",
  "*=",
  "/=",
  "@=",
  "^=",
  "%=",
  "**=",
  "//=",
]);

const operators: ReadonlyMap<string, Instead> = new Map<string, Instead>([
  ["&&", { instead: "write `and`", fix: "and" }],
  ["||", { instead: "write `or`", fix: "or" }],
  ["&", { instead: "write `and`", fix: "and" }],
  ["|", { instead: "write `or`", fix: "or" }],
  ["!", { instead: "write `not`", fix: "not " }],
  ["~", { instead: "write `not` (`~=` means close to)" }],
  ["===", { instead: "write `==`", fix: "==" }],
  ["!==", { instead: "write `!=`", fix: "!=" }],
  ["<>", { instead: "write `!=`", fix: "!=" }],
  ["=>", { instead: "`>=` compares, `->` stands before a result's shape" }],
  ["%", { instead: "write `remainder(a, b)`" }],
  ["//", { instead: "write `floor(a / b)` for whole division; a comment begins with `#`" }],
  ["++", { instead: "a name gets its value once" }],
  ["--", { instead: "a name gets its value once" }],
]);

const values: ReadonlyMap<string, Instead> = new Map<string, Instead>([
  ["True", { instead: "write `true`", fix: "true" }],
  ["False", { instead: "write `false`", fix: "false" }],
  ["None", { instead: "leave the argument out, or write `?` for what is not known yet" }],
]);

const heads: ReadonlyMap<string, Head> = new Map<string, Head>([
  ...["def", "function", "func", "fn"].map((word): [string, Head] => [
    word,
    { head: "op", instead: "write `op`" },
  ]),
  ["class", { head: "net", instead: "write `net`" }],
  ["model", { head: "net", instead: "write `net`" }],
  ["assert", { head: "check", instead: "write `check`" }],
  ["print", { head: "show", instead: "write `show`" }],
  ...["let", "var", "val", "auto"].map((word): [string, Head] => [
    word,
    { head: undefined, instead: "`name = value` is enough", needless: true },
  ]),
  ["if", { head: undefined, instead: "choose between values by `where(condition, a, b)`" }],
  ["else", { head: undefined, instead: "choose between values by `where(condition, a, b)`" }],
  ["elif", { head: undefined, instead: "choose between values by `where(condition, a, b)`" }],
  ["while", { head: undefined, instead: "repeat by `iterate y = first while condition do next`" }],
  ["from", { head: undefined, instead: 'imports are written `import { name } from "file.nnspec"`' }],
]);

interface Head {
  readonly head: string | undefined;
  readonly instead: string;
  /** The statement is sound without the word. */
  readonly needless?: boolean;
}

const lookAlikes: ReadonlyMap<string, string> = new Map([
  ...[...["−", "–", "—"].map((text): [string, string] => [text, "-"])],
  ["×", "*"],
  ["·", "*"],
  ["⋅", "*"],
  ["∗", "*"],
  ["⊙", "*"],
  ["∘", "*"],
  ["÷", "/"],
  ["≤", "<="],
  ["≥", ">="],
  ["≠", "!="],
  ["≈", "~="],
  ["→", "->"],
  ["…", "..."],
  ["“", '"'],
  ["”", '"'],
  ["„", '"'],
  ["∞", "inf"],
  ["¬", "not "],
  ["∧", "and"],
  ["∨", "or"],
  ["²", "^2"],
  ["³", "^3"],
]);

function unknownToken(token: Token): SyntaxProblem {
  if (token.text.length > 1 && token.text.startsWith("'")) {
    const quoted = `"${token.text.slice(1, -1).replace(/"/g, '\\"')}"`;
    return syntaxProblem("NN126", token, { text: token.text }, { fix: replacement(token, quoted) });
  }
  const instead = lookAlikes.get(token.text);
  if (instead === undefined) return syntaxProblem("NN101", token, { text: token.text });
  return syntaxProblem("NN127", token, { text: token.text, instead }, { fix: replacement(token, instead) });
}

/** Python's anonymous functions and conditional expressions, where a name is not expected. */
function foreignName(stream: TokenStream, index: number, token: Token): SyntaxProblem | undefined {
  if (token.text === "if" || token.text === "else") {
    return syntaxProblem("NN113", token, { word: token.text, instead: heads.get(token.text)?.instead ?? "" });
  }
  const before = stream.tokens[index - 1];
  if (before?.text !== "lambda" || isFirstOnLine(stream, index)) return undefined;
  return syntaxProblem("NN115", { start: before.start, end: token.end }, {});
}
