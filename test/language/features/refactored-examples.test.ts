// What refactorings make of the examples: no error more than before, and every comment kept.
import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { makeLibrary } from "../../../src/engine";
import { checkModule, ModuleLoader, type CheckedModule } from "../../../src/language/check";
import { refactoringsIn, type Refactoring } from "../../../src/language/features";
import { standardLibrary } from "../../../src/language/std";
import { tokenize, walk, type Span } from "../../../src/language/syntax";

const examples = path.resolve(__dirname, "../../../examples");
const library = makeLibrary(undefined);
const read = (name: string): string => readFileSync(path.join(examples, name), "utf8");
const loader = new ModuleLoader((_, name) => ({
  id: name,
  text: name === "std" ? standardLibrary() : read(name),
}));

function check(name: string, text: string): CheckedModule {
  return checkModule(loader.load(name, text), { library });
}

/** What is told but for hints. */
function troubles({ diagnostics }: CheckedModule): readonly string[] {
  return diagnostics.flatMap(({ severity, code, message }) =>
    severity === "error" || severity === "warning" ? [`${code} ${message}`] : [],
  );
}

function commentsOf(text: string): readonly string[] {
  return tokenize(text)
    .flatMap((token) => (token.kind === "comment" ? [token.text] : []))
    .sort();
}

/** Every refactoring that is offered anywhere: for each node as a selection, and for a cursor at its beginning. */
function everywhere(checked: CheckedModule): readonly Refactoring[] {
  const found = new Map<string, Refactoring>();
  const ask = (span: Span): void => {
    for (const each of refactoringsIn(checked, span)) found.set(JSON.stringify(each), each);
  };
  walk(checked.module.file, ({ node: { start, end } }) => {
    ask({ start, end });
    ask({ start, end: start });
  });
  return [...found.values()];
}

suite("features: refactored examples", () => {
  for (const name of readdirSync(examples).filter((file) => file.endsWith(".nnspec")))
    test(name, () => {
      const text = read(name);
      const before = check(name, text);
      // One of several is enough to find a kind of expression that cannot be moved, and much quicker than all.
      for (const { title, edits } of everywhere(before).filter((_, i) => i % 7 === 0)) {
        const after = [...edits]
          .sort((a, b) => b.start - a.start || b.end - a.end)
          .reduce(
            (sofar, { start, end, newText }) => sofar.slice(0, start) + newText + sofar.slice(end),
            text,
          );
        assert.deepEqual(troubles(check(name, after)), troubles(before), `${title}\n${after}`);
        assert.deepEqual(commentsOf(after), commentsOf(text), title);
      }
    }).timeout(30_000);
});
