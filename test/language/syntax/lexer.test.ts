import assert from "node:assert/strict";
import fc from "fast-check";
import { tokenize, type Token } from "../../../src/language/syntax";

function kinds(text: string): readonly string[] {
  return tokenize(text)
    .filter(({ kind }) => kind !== "space" && kind !== "end")
    .map(({ kind, text: token }) => `${kind} ${token}`);
}

suite("lexer", () => {
  const cases: readonly (readonly [string, readonly string[]])[] = [
    ["λ₁' _x1 ŷ", ["name λ₁'", "name _x1", "name ŷ"]],
    [
      "1_000 1e-3 2.5E+2 .5 1. 0xFF",
      ["number 1_000", "number 1e-3", "number 2.5E+2", "number .5", "number 1.", "number 0xFF"],
    ],
    ["1..2", ["number 1", "punctuation .", "number .2"]],
    ["x[1...]", ["name x", "punctuation [", "number 1", "punctuation ...", "punctuation ]"]],
    ["1.T x.5", ["number 1", "punctuation .", "name T", "name x", "punctuation .", "number 5"]],
    ["2x 1e", ["number 2", "name x", "number 1", "name e"]],
    [
      "->==~=!=<=>=**",
      [
        "punctuation ->",
        "punctuation ==",
        "punctuation ~=",
        "punctuation !=",
        "punctuation <=",
        "punctuation >=",
        "punctuation **",
      ],
    ],
    ["a=-b", ["name a", "punctuation =", "punctuation -", "name b"]],
    ["a--b", ["name a", "punctuation -", "punctuation -", "name b"]],
    [String.raw`"a\"b" "\\" "c`, [String.raw`string "a\"b"`, String.raw`string "\\"`, 'string "c']],
    ['"a\n"', ['string "a', "newline \n", 'string "']],
    ["x # y\r\nz", ["name x", "comment # y", "newline \r\n", "name z"]],
    ["'a b' '", ["unknown 'a b'", "unknown '"]],
    ["∂ 𝛼 ²", ["unknown ∂", "name 𝛼", "unknown ²"]],
  ];
  for (const [text, expected] of cases)
    test(JSON.stringify(text), () => assert.deepEqual(kinds(text), expected));

  test("tokens joined are the text, each where it says it is, whatever the text", () => {
    const check = (text: string): void => {
      const tokens: Token[] = tokenize(text);
      assert.equal(tokens.map((token) => token.text).join(""), text);
      for (const { start, end, text: token } of tokens) assert.equal(text.slice(start, end), token);
    };
    fc.assert(fc.property(fc.string({ unit: "binary" }), check), { seed: 42 });
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom(...Array.from("a1.\"'\\ \n\r#=*∂λ\u0301")) }), check),
      {
        seed: 42,
      },
    );
  });
});
