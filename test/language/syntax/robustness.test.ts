/** No text makes the parser throw, overflow its stack, or read slowly. */
import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { format, parse, syntaxMessage, walk, type File } from "../../../src/language/syntax";

const folder = join(__dirname, "../../../examples");
const examples = readdirSync(folder)
  .filter((name) => name.endsWith(".nnspec"))
  .map((name) => readFileSync(join(folder, name), "utf8"));

const MUTANTS = 100_000;
/** Enough of a spec to have several declarations' beginnings, short enough for 100,000 of them. */
const WINDOW = 500;

suite("robustness", function () {
  this.timeout(120_000);

  test(`${MUTANTS} random mutants of the examples are read without an exception, losslessly`, () => {
    const random = randomNumbers(42);
    for (let i = 0; i < MUTANTS; i++) {
      const text = mutant(random);
      const file = parse(text);
      // What is proved of each one must be cheap; every hundredth is looked at closely.
      assert.equal(file.tokens[file.tokens.length - 1]?.end, text.length);
      if (i % 100 === 0) checkTree(file);
    }
  });

  test("texts of any characters are read without an exception", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary", maxLength: 200 }), (text) => checkTree(parse(text))),
      { seed: 42, numRuns: 2000 },
    );
  });

  const repeated: readonly (readonly [string, (times: number) => string])[] = [
    ["brackets", (n) => `run r {\n  x = ${"(".repeat(n)}1${")".repeat(n)}\n}`],
    ["open brackets", (n) => `run r {\n  x = ${"[".repeat(n)}\n}`],
    ["calls", (n) => `run r {\n  x = ${"f(".repeat(n)}\n}`],
    ["calls of calls", (n) => `run r {\n  x = f${"()".repeat(n)}\n}`],
    ["members", (n) => `run r {\n  x = a${".b".repeat(n)}\n}`],
    ["indices", (n) => `run r {\n  x${"[0]".repeat(n)} = a${"[0]".repeat(n)}\n}`],
    ["sums", (n) => `run r {\n  x = 1${" + 1".repeat(n)}\n}`],
    ["powers", (n) => `run r {\n  x = 1${"^1".repeat(n)}\n}`],
    ["signs", (n) => `run r {\n  x = ${"-".repeat(n)}1\n}`],
    ["nots", (n) => `run r {\n  check ${"not ".repeat(n)}a\n}`],
    ["comparisons", (n) => `run r {\n  check 1${" < 1".repeat(n)}\n}`],
    ["bodies", (n) => `run r {\n${"for i in 1 to 2 {\n".repeat(n)}${"}\n".repeat(n)}}`],
    ["open bodies", (n) => "for i in 1 to 2 {\n".repeat(n)],
    ["runs", (n) => "run r {".repeat(n)],
    ["closing braces", (n) => "}".repeat(n)],
    ["lines of closing braces", (n) => "}\n".repeat(n)],
    ["comprehensions", (n) => `run r {\n  x = ${"[".repeat(n)}i${" for i in 1 to 2]".repeat(n)}\n}`],
    ["quotes", (n) => `run r {\n  x = ${'"'.repeat(n)}\n}`],
    ["shapes", (n) => `net N(x: ${"[".repeat(n)}`],
    ["semicolons", (n) => `run r {${";".repeat(n)}`],
  ];
  for (const [name, make] of repeated) {
    test(`20,000 ${name} in a row are read, and may be gone through`, () => {
      const file = parse(make(20_000));
      checkTree(file);
      assert.ok(file.errors.length <= 20_001);
    });
  }

  test("nesting within the limit is fine, beyond it is one problem that says the limit", () => {
    const nested = (times: number): string => `run r {\n  x = ${"(".repeat(times)}1${")".repeat(times)}\n}`;
    assert.deepEqual(parse(nested(150)).errors, []);
    const { errors } = parse(nested(500));
    assert.deepEqual(
      errors.map(({ code }) => code),
      ["NN122"],
    );
    assert.match(syntaxMessage(errors[0] ?? assert.fail()), /200 levels/);
    assert.deepEqual(parse(`run r {\n  x = 1${" + 1".repeat(900)}\n}`).errors, []);
  });

  test("a large file is read at more than 1 MB a second, a damaged one too", () => {
    const sound = examples.join("\n").repeat(60);
    const damaged = sound.replace(/[)\]}]/g, (closer, at: number) => (at % 7 === 0 ? "" : closer));
    for (const text of [sound, damaged]) {
      const seconds = Math.min(...Array.from({ length: 5 }, () => secondsOf(() => parse(text))));
      const rate = text.length / 1e6 / seconds;
      console.log(`      ${(text.length / 1e6).toFixed(1)} MB at ${rate.toFixed(1)} MB/s`);
      assert.ok(rate > 1, `${rate.toFixed(2)} MB/s`);
    }
  });

  test("formatting keeps to its promises on mutants too", () => {
    const random = randomNumbers(7);
    for (let i = 0; i < 2000; i++) {
      const text = mutant(random);
      const once = format(text);
      assert.equal(once.replace(/\s+/g, ""), text.replace(/\s+/g, ""));
      assert.equal(format(once), once, JSON.stringify(text));
    }
  });
});

/** Processor time, not the clock's, so that what else the machine does counts for little. */
function secondsOf(work: () => void): number {
  const before = process.cpuUsage();
  work();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1e6;
}

function checkTree(file: File): void {
  assert.equal(file.tokens.map(({ text }) => text).join(""), file.text);
  walk(file, ({ node }) => {
    assert.ok(node.start >= 0 && node.start <= node.end && node.end <= file.text.length);
  });
  for (const error of file.errors) {
    assert.ok(error.start >= 0 && error.start <= error.end && error.end <= file.text.length);
    assert.ok(syntaxMessage(error).length > 20);
  }
}

const pieces = [
  "(",
  ")",
  "[",
  "]",
  "{",
  "}",
  '"',
  "'",
  "#",
  ";",
  ",",
  ":",
  "=",
  "==",
  ".",
  "..",
  "?",
  "\n",
  "\n  ",
  " ",
  "\t",
];
const words = [
  "for",
  "in",
  "to",
  "net",
  "op",
  "run",
  "import",
  "check",
  "within",
  "not",
  "x",
  "1",
  "λ",
  "**",
  "$",
  "\u0000",
  "\uD800",
];
const inserted = [...pieces, ...words];

/** A piece of an example with one to five random deletions, insertions and moved pieces. */
function mutant(random: (below: number) => number): string {
  const example = examples[random(examples.length)] ?? "";
  const from = random(Math.max(1, example.length - WINDOW));
  let text = example.slice(from, from + WINDOW);
  for (let edits = 1 + random(5); edits > 0; edits--) {
    const at = random(text.length + 1);
    const length = random(3) === 0 ? random(40) : 1;
    const kind = random(3);
    if (kind === 0) text = text.slice(0, at) + text.slice(at + length);
    else if (kind === 1)
      text = text.slice(0, at) + (inserted[random(inserted.length)] ?? "") + text.slice(at);
    else {
      const to = random(text.length + 1);
      text = text.slice(0, to) + text.slice(at, at + length) + text.slice(to);
    }
  }
  return text;
}

/** Whole numbers below a bound, the same ones for the same seed. */
function randomNumbers(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
}
