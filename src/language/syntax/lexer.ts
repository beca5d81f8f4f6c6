/**
 * The lexer: text into tokens, every character kept, comments and spaces included. It never fails: what belongs
 * to no token becomes an "unknown" one. Knows nothing of statements or layout.
 */
import type { Token } from "./tree";

/** The tokens of a text in order; their texts joined are the text. The last is the empty "end" token. */
export function tokenize(text: string): Token[] {
  const tokens: Token[] = [];
  let position = 0;
  while (position < text.length) {
    const token = readToken(text, position, tokens[tokens.length - 1]);
    tokens.push(token);
    position = token.end;
  }
  tokens.push({ kind: "end", text: "", start: position, end: position });
  return tokens;
}

/** Whether a string token has its closing quote; without one it runs to the end of its line. */
export function isTerminatedString(text: string): boolean {
  return text.length >= 2 && stringEnd(text, 0) === text.length && text.endsWith('"') && !endsInEscape(text);
}

/** The value of a string token: `\"` and `\\` are unescaped, any other backslash stands for itself. */
export function stringValue(text: string): string {
  const inner = text.slice(1, isTerminatedString(text) ? -1 : undefined);
  return inner.includes("\\") ? inner.replace(/\\(["\\])/g, "$1") : inner;
}

/** The form in which names are compared. */
export function normalizedName(text: string): string {
  return isAscii(text) ? text : text.normalize("NFC");
}

// What an ASCII character may begin or continue.
const NAME_START = 1;
const DIGIT = 2;
const SPACE = 4;
const NAME_PART = 8;

const asciiClass: Uint8Array = (() => {
  const classes = new Uint8Array(128);
  for (let code = 0; code < 128; code++) {
    const character = String.fromCharCode(code);
    if (/[A-Za-z_]/.test(character)) classes[code] = NAME_START | NAME_PART;
    else if (/[0-9]/.test(character)) classes[code] = DIGIT | NAME_PART;
    else if (/[ \t\v\f]/.test(character)) classes[code] = SPACE;
    else if (character === "'") classes[code] = NAME_PART;
  }
  return classes;
})();

// Longest first, so that the first match is the token. Those the language lacks (`**`, `&&`, `:=`, …) are
// recognised too, so that the parser can say what to write instead.
const punctuation: readonly string[] = [
  ...[
    "...",
    "===",
    "!==",
    "**=",
    "//=",
    "&&",
    "||",
    "->",
    "=>",
    "==",
    "~=",
    "!=",
    "<=",
    ">=",
    "<>",
    "**",
    "//",
  ],
  ...[":=", "+=", "-=", "*=", "/=", "@=", "^=", "%=", "++", "--"],
  ...["(", ")", "[", "]", "{", "}", ",", ";", ":", ".", "=", "+", "-", "*", "/", "@", "^", "<", ">", "?"],
  ...["!", "%", "&", "|", "~"],
];

const punctuationByFirst: ReadonlyMap<number, readonly string[]> = (() => {
  const table = new Map<number, string[]>();
  for (const text of punctuation) {
    const first = text.charCodeAt(0);
    const others = table.get(first);
    if (others === undefined) table.set(first, [text]);
    else others.push(text);
  }
  return table;
})();

function readToken(text: string, start: number, previous: Token | undefined): Token {
  const code = text.charCodeAt(start);
  if (code >= 128) return readNonAscii(text, start);
  const characterClass = asciiClass[code] ?? 0;
  if (characterClass & SPACE) return make("space", text, start, spaceEnd(text, start + 1));
  if (characterClass & NAME_START) return make("name", text, start, nameEnd(text, start + 1));
  if (characterClass & DIGIT) return make("number", text, start, numberEnd(text, start));
  if (code === 10) return make("newline", text, start, start + 1);
  if (code === 13)
    return make("newline", text, start, text.charCodeAt(start + 1) === 10 ? start + 2 : start + 1);
  if (code === 35) return make("comment", text, start, lineEnd(text, start));
  if (code === 34) return make("string", text, start, stringEnd(text, start));
  if (code === 39) return make("unknown", text, start, quotedEnd(text, start));
  if (code === 46 && isDigit(text, start + 1) && !endsOperand(previous)) {
    return make("number", text, start, numberEnd(text, start));
  }
  return readPunctuation(text, start, code);
}

function readPunctuation(text: string, start: number, code: number): Token {
  for (const candidate of punctuationByFirst.get(code) ?? []) {
    if (candidate.length === 1 || text.startsWith(candidate, start)) {
      // `a--b` and `a++b` are two signs; only a statement's `i++` is the foreign operator.
      if (
        (candidate === "++" || candidate === "--") &&
        !/^[ \t]*(?:[\r\n;}#]|$)/.test(text.slice(start + 2, start + 40))
      )
        continue;
      return { kind: "punctuation", text: candidate, start, end: start + candidate.length };
    }
  }
  return make("unknown", text, start, start + 1);
}

const letter = /^\p{L}/u;
const namePart = /^[\p{L}\p{M}\p{Nd}₀-₉]/u;
const unicodeSpace = /^[\p{Zs}\uFEFF]/u;

function readNonAscii(text: string, start: number): Token {
  const character = String.fromCodePoint(text.codePointAt(start) ?? 0);
  const end = start + character.length;
  if (letter.test(character)) return make("name", text, start, nameEnd(text, end));
  if (unicodeSpace.test(character)) return make("space", text, start, spaceEnd(text, end));
  return make("unknown", text, start, end);
}

function nameEnd(text: string, from: number): number {
  let position = from;
  while (position < text.length) {
    const code = text.charCodeAt(position);
    if (code < 128) {
      if (!((asciiClass[code] ?? 0) & NAME_PART)) break;
      position++;
    } else {
      const character = String.fromCodePoint(text.codePointAt(position) ?? 0);
      if (!namePart.test(character)) break;
      position += character.length;
    }
  }
  return position;
}

function spaceEnd(text: string, from: number): number {
  let position = from;
  while (position < text.length) {
    const code = text.charCodeAt(position);
    if (code < 128 ? !((asciiClass[code] ?? 0) & SPACE) : !unicodeSpace.test(text.charAt(position))) break;
    position++;
  }
  return position;
}

/** Numbers as in Python: 1_000, 0.5, .5, 1., 1e-3, 0xff. A dot before a name or another dot is not the number's. */
function numberEnd(text: string, start: number): number {
  const prefixed = /^0[xXbBoO][0-9a-fA-F_]+/.exec(text.slice(start, start + 40));
  if (prefixed !== null) return start + prefixed[0].length;
  let position = digitsEnd(text, start);
  if (text[position] === "." && fractionFollows(text, position + 1)) position = digitsEnd(text, position + 1);
  if (text[position] === "e" || text[position] === "E") {
    const sign = text[position + 1];
    const exponent = position + (sign === "+" || sign === "-" ? 2 : 1);
    if (isDigit(text, exponent)) position = digitsEnd(text, exponent);
  }
  return position;
}

function fractionFollows(text: string, position: number): boolean {
  const code = text.charCodeAt(position);
  if (Number.isNaN(code)) return true;
  if (code === 46) return false;
  if (code >= 128) return !letter.test(String.fromCodePoint(text.codePointAt(position) ?? 0));
  return (
    !((asciiClass[code] ?? 0) & NAME_START) || /^[eE][+-]?[0-9]/.test(text.slice(position, position + 3))
  );
}

function digitsEnd(text: string, from: number): number {
  let position = from;
  while (isDigit(text, position) || text.charCodeAt(position) === 95) position++;
  return position;
}

function isDigit(text: string, position: number): boolean {
  const code = text.charCodeAt(position);
  return code >= 48 && code <= 57;
}

/** Whether a dot directly behind this token reads a member rather than beginning a number. */
function endsOperand(token: Token | undefined): boolean {
  return token !== undefined && (token.kind === "name" || token.text === ")" || token.text === "]");
}

function stringEnd(text: string, start: number): number {
  let position = start + 1;
  while (position < text.length) {
    const code = text.charCodeAt(position);
    if (code === 10 || code === 13) return position;
    if (code === 34) return position + 1;
    if (code === 92 && (text[position + 1] === '"' || text[position + 1] === "\\")) position++;
    position++;
  }
  return position;
}

function endsInEscape(text: string): boolean {
  return /(?:^.|[^\\])(?:\\\\)*\\"$/s.test(text);
}

/** A text in single quotes, which the language lacks, as one token; a lone quote is one too. */
function quotedEnd(text: string, start: number): number {
  const end = lineEnd(text, start);
  const close = text.indexOf("'", start + 1);
  return close === -1 || close >= end ? start + 1 : close + 1;
}

function lineEnd(text: string, from: number): number {
  let position = from;
  while (position < text.length && text.charCodeAt(position) !== 10 && text.charCodeAt(position) !== 13)
    position++;
  return position;
}

function make(kind: Token["kind"], text: string, start: number, end: number): Token {
  return { kind, text: text.slice(start, end), start, end };
}

function isAscii(text: string): boolean {
  for (let i = 0; i < text.length; i++) if (text.charCodeAt(i) >= 128) return false;
  return true;
}
