/**
 * `parse`: a text into its tree and its syntax problems. It never throws, whatever the text. Knows the order of
 * the passes and nothing of the grammar.
 */
import { Cursor } from "./cursor";
import { parseDeclarations } from "./declarations";
import type { File } from "./tree";

/** The tree of a text. Offsets are UTF-16 positions; the tokens joined are the text. */
export function parse(text: string): File {
  const cursor = new Cursor(text);
  const declarations = parseDeclarations(cursor);
  return {
    text,
    tokens: cursor.stream.all,
    declarations,
    errors: [...cursor.problems].sort((a, b) => a.start - b.start),
    start: 0,
    end: text.length,
  };
}
