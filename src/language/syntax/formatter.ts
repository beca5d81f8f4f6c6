/**
 * The formatter. It changes white space only, and proves it: the output is read again, and where any token,
 * comment or node differs the input is returned untouched. Line breaks stay where they are. A declaration with
 * a syntax problem stays as it is.
 */
import { formatLines } from "./lines";
import { parse } from "./parser";
import type { File, Span } from "./tree";

/** The text in its one form; the text itself where it cannot be formatted safely. */
export function format(text: string): string {
  const file = parse(text);
  const formatted = formatLines(file);
  return formatted === text || means(file, parse(formatted)) ? formatted : text;
}

export interface Edit extends Span {
  readonly newText: string;
}

/** The changes of white space that format a text, in order; all else keeps its place in the editor. */
export function formatEdits(text: string): readonly Edit[] {
  const formatted = format(text);
  if (formatted === text) return [];
  const before = solid(parse(text));
  const after = solid(parse(formatted));
  const edits: Edit[] = [];
  let [from, fromNew] = [0, 0];
  for (let i = 0; i <= before.length; i++) {
    const [token, newToken] = [before[i], after[i]];
    const start = token?.start ?? text.length;
    const newText = formatted.slice(fromNew, newToken?.start ?? formatted.length);
    if (text.slice(from, start) !== newText) edits.push({ start: from, end: start, newText });
    [from, fromNew] = [token?.end ?? start, newToken?.end ?? formatted.length];
  }
  return edits;
}

/** Whether two files have the same tokens, comments, tree and problems, all places aside. */
function means(before: File, after: File): boolean {
  const [tokens, newTokens] = [solid(before), solid(after)];
  if (tokens.length !== newTokens.length) return false;
  if (tokens.some((token, i) => token.text !== newTokens[i]?.text)) return false;
  return withoutPlaces(before) === withoutPlaces(after);
}

function solid(file: File): File["tokens"] {
  return file.tokens.filter(({ kind }) => kind !== "space" && kind !== "newline" && kind !== "end");
}

function withoutPlaces(file: File): string {
  const content = { declarations: file.declarations, errors: file.errors.map(({ code }) => code) };
  return JSON.stringify(content, (key, value: unknown) =>
    key === "start" || key === "end" ? undefined : value,
  );
}
