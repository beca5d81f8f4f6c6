import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { format, formatEdits, parse, tokenize } from "../../../src/language/syntax";

const folder = join(__dirname, "../../../examples");
const examples = readdirSync(folder).filter((name) => name.endsWith(".nnspec"));
const read = (name: string): string => readFileSync(join(folder, name), "utf8");

/** All that is not white space. */
function solid(text: string): readonly string[] {
  const blank = new Set(["space", "newline", "end"]);
  return tokenize(text)
    .filter(({ kind }) => !blank.has(kind))
    .map((token) => token.text);
}

function tree(text: string): string {
  return JSON.stringify(parse(text).declarations, (key, value: unknown) =>
    key === "start" || key === "end" ? 0 : value,
  );
}

function checkFormat(before: string, after: string): void {
  assert.equal(format(before), after);
  assert.equal(format(after), after);
}

suite("formatter", () => {
  for (const name of examples) {
    test(`${name} is formatted as it stands`, () => assert.equal(format(read(name)), read(name)));
  }

  test("spaces stand around operators and =, behind commas and colons, and nowhere inside of brackets", () => {
    checkFormat(
      "run r{\n x=f( a,k=- 1 ) [ 0 ] @b.T+c ^ - 2\n y : int[ 3 ]=[1,2 , ]\n}",
      "run r {\n  x = f(a, k = -1)[0] @ b.T + c^-2\n  y: int[3] = [1, 2,]\n}\n",
    );
  });

  test("sums of plain names are close inside of an index, and slices have no spaces", () => {
    checkFormat(
      "run r {\n  z[l + 1] = x[ : , 1 : 3,i : i + 1, ... ] + n[ 2 * l - 1 ]\n}",
      "run r {\n  z[l+1] = x[:, 1:3, i:i+1, ...] + n[2 * l - 1]\n}\n",
    );
  });

  test("words have spaces around them", () => {
    checkFormat(
      'run r {\n  check"a" :not(a)and-b~=c within( 1,2 )\n  show[ a ],( b )\n  for f in[relu]{ y[ f ]=[ g( i )for i in-1 to n ] }\n}',
      'run r {\n  check "a": not (a) and -b ~= c within (1, 2)\n  show [a], (b)\n  for f in [relu] { y[f] = [g(i) for i in -1 to n] }\n}\n',
    );
  });

  test("declarations", () => {
    checkFormat(
      'import{a,b  as c}from"x"\nconst  k=3\nop f(x:[ ... ],s=0.1)->[...]{return x*s}\nnet  N( n )( x:[N,n] )->[ ] {}\n',
      'import { a, b as c } from "x"\nconst k = 3\nop f(x: [...], s = 0.1) -> [...] { return x * s }\nnet N(n)(x: [N, n]) -> [] {}\n',
    );
  });

  test("bodies are indented by two, continuations by two more for each line that holds an open bracket", () => {
    checkFormat(
      "run r {\nx = 1\nfor l in 1 to 2 {\nz[l] = f(l,\n        2)\ny[l] = chain([\n    g(\n  1\n   ),\n  ])(\n    X)\n}\n}",
      "run r {\n  x = 1\n  for l in 1 to 2 {\n    z[l] = f(l,\n      2)\n    y[l] = chain([\n      g(\n        1\n      ),\n    ])(\n      X)\n  }\n}\n",
    );
  });

  test("comments belong to the code below them; those behind code keep their column", () => {
    checkFormat(
      "run r {\n# above\n    x = 1      # kept\n    yy   = 2   # kept too\n    z = 3 # near\n      # last\n}\n   # outside",
      "run r {\n  # above\n  x = 1      # kept\n  yy = 2     # kept too\n  z = 3  # near\n  # last\n}\n# outside\n",
    );
  });

  test("at most one blank line, none at the ends of bodies and of the file", () => {
    checkFormat(
      "\n\nrun r {\n\n  x = 1\n\n\n\n  y = 2\n\n}\n\n\n\nrun s {\n}\n\n\n",
      "run r {\n  x = 1\n\n  y = 2\n}\n\nrun s {\n}\n",
    );
  });

  test("the file's own line ends stay", () => {
    checkFormat("run r {\r\n x=1\r\n}", "run r {\r\n  x = 1\r\n}\r\n");
  });

  test("a declaration with a problem stays as it is, the others are formatted", () => {
    checkFormat(
      "run r {\n x=1\n}\n\nrun s {\n x  =  )\n}\n",
      "run r {\n  x = 1\n}\n\nrun s {\n x  =  )\n}\n",
    );
  });

  test("a continuation stays deeper than its own statement, where that one begins in the middle of a line", () => {
    checkFormat(
      "run r {\n a = 1;b = f(\n                  2)\n}",
      "run r {\n  a = 1; b = f(\n           2)\n}\n",
    );
  });

  test("edits make the formatted text, and touch white space only", () => {
    const text = "run r {\n x=f( 1 ,2 )\n\n\n\n   # c\n}";
    const edits = [...formatEdits(text)].reverse();
    for (const { start, end } of edits) assert.match(text.slice(start, end), /^\s*$/);
    const result = edits.reduce(
      (all, { start, end, newText }) => all.slice(0, start) + newText + all.slice(end),
      text,
    );
    assert.equal(result, format(text));
    assert.deepEqual(formatEdits(format(text)), []);
  });

  test("examples with their white space shaken are formatted, keep their tokens and trees, and stay formatted", () => {
    const shaken = fc.record({ name: fc.constantFrom(...examples), seed: fc.integer() });
    const check = ({ name, seed }: { readonly name: string; readonly seed: number }): void => {
      const text = shake(read(name), seed);
      const once = format(text);
      assert.deepEqual(solid(once), solid(text));
      assert.equal(tree(once), tree(text));
      assert.equal(format(once), once);
      assert.deepEqual(solid(text), solid(read(name)));
      assert.equal(tree(once), tree(read(name)), "shaking spaces inside of lines changes no tree");
      assert.equal(withoutCommentColumns(once), withoutCommentColumns(read(name)));
    };
    fc.assert(fc.property(shaken, check), { seed: 42, numRuns: 60 });
  });

  test("any text keeps its tokens, and is formatted once and for all", () => {
    const pieces = fc.constantFrom(
      ...'run r {,x,=,1,\n,  ,},(,),[,],net N(,) -> [] {,# c,;,for i in 0 to 2 {,"s",+,:'.split(","),
    );
    const check = (parts: readonly string[]): void => {
      const text = parts.join(" ");
      const once = format(text);
      assert.deepEqual(solid(once), solid(text));
      assert.equal(format(once), once);
    };
    fc.assert(fc.property(fc.array(pieces, { maxLength: 40 }), check), { seed: 42, numRuns: 1000 });
  });
});

/** The same text with other spaces between the tokens of its lines, and its lines indented by three, not two. */
function shake(text: string, seed: number): string {
  let state = seed >>> 0;
  const random = (below: number): number => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
  const tokens = tokenize(text);
  return tokens
    .map((token, i) => {
      const before = tokens[i - 1];
      if (token.kind !== "space") return token.text;
      if (before === undefined || before.kind === "newline") return " ".repeat((token.text.length / 2) * 3);
      const next = tokens[i + 1];
      const needed = [before, next].every((each) => each?.kind !== "punctuation") || next?.kind === "comment";
      return " ".repeat((needed ? 1 : 0) + random(3));
    })
    .join("");
}

function withoutCommentColumns(text: string): string {
  return text.replace(/(\S) +#/g, "$1 #");
}
