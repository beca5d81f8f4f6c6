/** The highlighting grammar, read by the tokenizer that VS Code itself uses, against the parser's own tokens. */
import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { createOnigScanner, createOnigString, loadWASM } from "vscode-oniguruma";
import { INITIAL, parseRawGrammar, Registry, type IGrammar } from "vscode-textmate";
import { lineMap, parse, walk } from "../../../src/language/syntax";

const root = join(__dirname, "../../..");
const examples = readdirSync(join(root, "examples")).filter((name) => name.endsWith(".nnspec"));

suite("highlighting grammar", () => {
  let grammar: IGrammar;

  suiteSetup(async () => {
    await loadWASM(readFileSync(require.resolve("vscode-oniguruma/release/onig.wasm")));
    const file = join(root, "syntaxes/nnspec.tmLanguage.json");
    const registry = new Registry({
      onigLib: Promise.resolve({ createOnigScanner, createOnigString }),
      loadGrammar: () => Promise.resolve(parseRawGrammar(readFileSync(file, "utf8"), file)),
    });
    const loaded = await registry.loadGrammar("source.nnspec");
    assert.ok(loaded);
    grammar = loaded;
  });

  /** The scopes of each character of a text, the file's own scope left out. */
  function scopesOf(text: string): (offset: number) => string {
    const lines = text.split("\n");
    const tokens: { readonly start: number; readonly end: number; readonly scopes: readonly string[] }[][] =
      [];
    let state = INITIAL;
    for (const line of lines) {
      const result = grammar.tokenizeLine(line, state);
      tokens.push(
        result.tokens.map(({ startIndex, endIndex, scopes }) => ({
          start: startIndex,
          end: endIndex,
          scopes,
        })),
      );
      state = result.ruleStack;
    }
    const { positionAt } = lineMap(text);
    return (offset) => {
      const { line, character } = positionAt(offset);
      const token = tokens[line]?.find(({ start, end }) => start <= character && character < end);
      return (token?.scopes ?? []).filter((scope) => scope !== "source.nnspec").join(" ");
    };
  }

  for (const name of examples) {
    test(`every token of ${name} has a scope of its own, and names and words have theirs`, () => {
      const text = readFileSync(join(root, "examples", name), "utf8");
      const scopeAt = scopesOf(text);
      const file = parse(text);
      const names = new Map<number, string>();
      walk(file, ({ kind, node }) => {
        if (kind === "identifier" || kind === "name") names.set(node.start, node.name);
      });
      for (const token of file.tokens) {
        if (token.kind === "space" || token.kind === "newline" || token.kind === "end") continue;
        for (let at = token.start; at < token.end; at++) {
          assert.notEqual(scopeAt(at), "", `${name}: \`${token.text}\` at ${lineOf(text, at)} has no scope`);
        }
        const scope = scopeAt(token.start);
        const where = `${name}: \`${token.text}\` at ${lineOf(text, token.start)} is ${scope}`;
        assert.doesNotMatch(scope, /invalid/, where);
        if (token.kind === "comment") assert.match(scope, /comment\.line\.number-sign/, where);
        else if (token.kind === "string") assert.match(scope, /string\.quoted\.double/, where);
        else if (token.kind === "number") assert.match(scope, /constant\.numeric/, where);
        else if (token.kind === "punctuation")
          assert.match(scope, /punctuation|keyword\.operator|constant/, where);
        else if (names.has(token.start)) assert.match(scope, /variable|function|constant\.language/, where);
        else assert.match(scope, /keyword|storage|support/, where);
      }
    });
  }

  const cases: readonly (readonly [string, string])[] = [
    ["⟦net⟧ F(n)(x: [N, n]) -> [] {", "storage.type"],
    ["net ⟦F⟧(n)(x: [N, n]) -> [] {", "entity.name.function"],
    ["net F(⟦n⟧)(x: [N, n]) -> [] {", "variable.parameter"],
    ["net F(n)(⟦x⟧: [N, n]) -> [] {", "variable.parameter"],
    ["net F(n)(x: ⟦int⟧[N, n]) -> [] {", "support.type"],
    ["net F(n)(x: [N, n]) ⟦->⟧ [] {", "keyword.operator"],
    ["  ⟦param⟧ W: [n] = zeros()", "storage.type"],
    ["  param W: [n] = ⟦zeros⟧()", "support.function"],
    ["  y = ⟦my_op⟧(x)", "entity.name.function"],
    ["  ⟦do⟧ = backward(m.o)", "variable.other"],
    ["  check ⟦do⟧ ~= x within 1", "variable.other"],
    ["  check do ~= x ⟦within⟧ 1", "keyword.control"],
    ["  ⟦seed⟧ = 3", "variable.other"],
    ["  ⟦seed⟧ torch 3", "keyword.control"],
    ["  ⟦to⟧[0] = x", "variable.other"],
    ["  for l in 1 ⟦to⟧ L {", "keyword.control"],
    ["  ⟦for⟧ l in 1 to L {", "keyword.control"],
    ["  x = [f(i) ⟦for⟧ i in 0 to 3]", "keyword.control"],
    ["  iterate y = x ⟦while⟧ norm(y) < 3 do y * 2", "keyword.control"],
    ["  iterate y = x while norm(y) < 3 ⟦do⟧ y * 2", "keyword.control"],
    ["  x = sum(y, ⟦dim⟧ = 0)", "variable.parameter"],
    ["  x = m.⟦W⟧[1]", "variable.other.member"],
    ["  vjp W[l](⟦u⟧) = u", "variable.parameter"],
    ['  check "a # b": x == ⟦1_000.5e-3⟧', "constant.numeric"],
    ['  check "a ⟦#⟧ b": x == 1', "string.quoted.double"],
    ["  z = ⟦?⟧", "constant.language"],
    ["  z = x[:, ⟦None⟧]", "constant.language"],
    ["  z = x[⟦None⟧, ...]", "constant.language"],
    ["  ∂ = 1; x ⟦**⟧ 2", "invalid.illegal"],
    ["  ⟦λ₁'⟧ = 2", "variable.other"],
    ['import { a ⟦as⟧ b } from "std"', "keyword.control"],
    ['import { a as b } ⟦from⟧ "std"', "keyword.control"],
  ];
  for (const [marked, scope] of cases) {
    test(`${marked} is ${scope}`, () => {
      const start = marked.indexOf("⟦");
      const end = marked.indexOf("⟧") - 1;
      const scopeAt = scopesOf(marked.replace(/[⟦⟧]/g, ""));
      for (let at = start; at < end; at++) {
        assert.ok(
          scopeAt(at)
            .split(" ")
            .some((each) => each.startsWith(scope)),
          `${at}: ${scopeAt(at)}`,
        );
      }
    });
  }
});

function lineOf(text: string, offset: number): string {
  return `line ${lineMap(text).positionAt(offset).line + 1}`;
}
