/** Marked texts: `⟦…⟧` are ranges in the order of their openings, `‸` is the cursor. One checked file, and others it imports. */
import assert from "node:assert/strict";
import { checkModule, ModuleLoader, type CheckedModule } from "../../../src/language/check";
import { standardLibrary } from "../../../src/language/std";

export interface MarkedText {
  readonly text: string;
  readonly ranges: readonly { readonly start: number; readonly end: number }[];
  readonly cursor: number;
}

export function readMarks(marked: string): MarkedText {
  const ranges: { start: number; end: number }[] = [];
  const open: number[] = [];
  let text = "";
  let cursor = 0;
  for (const character of marked) {
    if (character === "⟦") open.push(ranges.push({ start: text.length, end: text.length }) - 1);
    else if (character === "⟧") {
      const range = ranges[open.pop() ?? -1];
      assert.ok(range, "a ⟧ without ⟦");
      range.end = text.length;
    } else if (character === "‸") cursor = text.length;
    else text += character;
  }
  return { text, ranges, cursor };
}

export interface Case extends MarkedText {
  readonly checked: CheckedModule;
  /** Checks another file of the same texts. */
  readonly other: (name: string) => CheckedModule;
}

/** Checks `main.nnspec`; `files` are what it may import, by name. */
export function check(marked: string, files: Readonly<Record<string, string>> = {}): Case {
  const marks = readMarks(marked);
  const texts: Readonly<Record<string, string>> = {
    ...files,
    "main.nnspec": marks.text,
    std: standardLibrary(),
  };
  const loader = new ModuleLoader((_, path) => {
    const text = texts[path];
    return text === undefined ? undefined : { id: path, text };
  });
  const other = (name: string): CheckedModule =>
    checkModule(loader.load(name, texts[name] ?? assert.fail(name)));
  return { ...marks, checked: other("main.nnspec"), other };
}

/** The parts of a text that spans name, for readable comparisons. */
export function slices(
  text: string,
  spans: readonly { readonly start: number; readonly end: number }[],
): readonly string[] {
  return spans.map(({ start, end }) => text.slice(start, end));
}
