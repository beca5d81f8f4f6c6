/** Marked snippets: `⟦…⟧` is where a diagnostic must stand. */
import assert from "node:assert/strict";
import { checkModule, ModuleLoader, type Diagnostic } from "../../../src/language/check";
import { standardLibrary } from "../../../src/language/std";
import { makeLibrary } from "../../../src/engine";

export interface Marked {
  readonly text: string;
  readonly ranges: readonly { readonly start: number; readonly end: number }[];
}

export function readMarks(marked: string): Marked {
  const ranges: { start: number; end: number }[] = [];
  const open: number[] = [];
  let text = "";
  for (const character of marked) {
    if (character === "⟦") open.push(text.length);
    else if (character === "⟧") ranges.push({ start: open.pop() ?? 0, end: text.length });
    else text += character;
  }
  return { text, ranges };
}

/** The diagnostics of a text; `files` are what it may import. */
export function diagnose(text: string, files: Readonly<Record<string, string>> = {}): readonly Diagnostic[] {
  const loader = new ModuleLoader((_, path) => {
    const found = path === "std" ? standardLibrary() : files[path];
    return found === undefined ? undefined : { id: path, text: found };
  });
  return checkModule(loader.load("main.nnspec", text), { library: makeLibrary(undefined) }).diagnostics;
}

/** Holds the diagnostics of a marked text against [code, part of the message], one for each mark in order of place. */
export function checkDiagnostics(
  marked: string,
  expected: readonly (readonly [code: string, message: string | RegExp])[],
  files?: Readonly<Record<string, string>>,
): void {
  const { text, ranges } = readMarks(marked);
  const found = diagnose(text, files).filter(
    ({ severity }) => severity === "error" || severity === "warning",
  );
  const told = found
    .map(({ code, message, place }) => `${code} «${text.slice(place.start, place.end)}» ${message}`)
    .join("\n");
  assert.equal(
    found.length,
    expected.length,
    `expected ${String(expected.length)} diagnostics, found:\n${told}`,
  );
  const sorted = [...ranges].sort((a, b) => a.start - b.start || a.end - b.end);
  found.forEach((diagnostic, index) => {
    const [code, message] = expected[index]!;
    assert.equal(diagnostic.code, code, told);
    if (typeof message === "string")
      assert.ok(diagnostic.message.includes(message), `«${diagnostic.message}» should say «${message}»`);
    else assert.match(diagnostic.message, message);
    const { start, end } = diagnostic.place;
    assert.deepEqual({ start, end }, sorted[index], `the range of ${told}`);
  });
}

/** The text after the first fix whose title matches. */
export function applyFix(text: string, title: RegExp, files?: Readonly<Record<string, string>>): string {
  for (const { fixes } of diagnose(text, files)) {
    const fix = fixes.find((each) => title.test(each.title));
    if (fix === undefined) continue;
    return [...fix.edits]
      .sort((a, b) => b.start - a.start)
      .reduce(
        (result, { start, end, newText }) => result.slice(0, start) + newText + result.slice(end),
        text,
      );
  }
  return assert.fail(`no fix ${String(title)}`);
}
