// A text after the edits of some fixes, as an editor would apply them.
import { isDeepStrictEqual } from "node:util";
import type { FixReport, Range } from "../../../src/protocol";

/** The text of `file`, whose edits among those of all fixes are applied, those that several fixes have once; undefined is the file that ran. */
export function applyFixes(text: string, fixes: readonly FixReport[], file?: string): string {
  const lines = text.split("\n");
  const offset = ({ line, character }: Range["start"]): number =>
    lines.slice(0, line).reduce((sum, each) => sum + each.length + 1, 0) + character;
  return fixes
    .filter((fix) => fix.file === file)
    .flatMap(({ edits }) => edits)
    .filter((edit, i, all) => all.findIndex((other) => isDeepStrictEqual(edit, other)) === i)
    .sort((a, b) => offset(b.range.start) - offset(a.range.start))
    .reduce(
      (result, { range, newText }) =>
        result.slice(0, offset(range.start)) + newText + result.slice(offset(range.end)),
      text,
    );
}
