// Half-typed examples in every way a file may be written: whatever is asked at a place, what is answered lies in the text.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import path from "node:path";
import { startSession, uriOf } from "./session";

const examples = path.resolve(__dirname, "../../../examples");

/** How a text may be written besides the way of the examples. */
const styles: Readonly<Record<string, (text: string) => string>> = {
  "lines end in CR LF": (text) => text.replace(/\n/g, "\r\n"),
  "lines end in CR": (text) => text.replace(/\n/g, "\r"),
  "indented by tabs": (text) => text.replace(/^(?: {2})+/gm, (blanks) => "\t".repeat(blanks.length / 2)),
  "a byte order mark, and no line at the end": (text) => `\ufeff${text.trimEnd()}`,
  "characters of two units": (text) =>
    text
      .replace(/\n/g, (_, at: number) => (at % 3 === 0 ? " # 🎉𝒙\n" : "\n"))
      .replace(/check "/g, 'check "🧮𝒙 '),
};

const options = { tabSize: 2, insertSpaces: true };
const asks: readonly (readonly [method: string, params: (position: Position) => object])[] = [
  ...["hover", "definition", "documentHighlight", "signatureHelp", "completion", "prepareRename"].map(
    (name) => [name, (position: Position) => ({ position })] as const,
  ),
  ["references", (position) => ({ position, context: { includeDeclaration: true } })],
  ["rename", (position) => ({ position, newName: "renamed" })],
  ["selectionRange", (position) => ({ positions: [position] })],
  [
    "codeAction",
    (position) => ({
      range: { start: { ...position, character: 0 }, end: position },
      context: { diagnostics: [] },
    }),
  ],
  ["onTypeFormatting", (position) => ({ position, ch: "\n", options })],
  ["inlayHint", (end) => ({ range: { start: { line: 0, character: 0 }, end } })],
  ...["codeLens", "documentSymbol", "foldingRange", "documentLink"].map(
    (name) => [name, () => ({})] as const,
  ),
  ["formatting", () => ({ options })],
];

interface Position {
  readonly line: number;
  readonly character: number;
}

/** Every position in an answer, but for those in other files. */
function positionsIn(answer: unknown, uri: string): readonly Position[] {
  if (answer === null || typeof answer !== "object") return [];
  if (Array.isArray(answer)) return answer.flatMap((each) => positionsIn(each, uri));
  const record = answer as Readonly<Record<string, unknown>>;
  if (typeof record["line"] === "number" && typeof record["character"] === "number")
    return [{ line: record["line"], character: record["character"] }];
  const home = record["uri"] ?? record["targetUri"];
  if (typeof home === "string" && home !== uri) return [];
  return Object.entries(record).flatMap(([key, value]) =>
    key === "command" || (key.startsWith("memory:") && key !== uri) ? [] : positionsIn(value, uri),
  );
}

function isInside(lines: readonly string[], { line, character }: Position): boolean {
  const text = lines[line];
  if (text === undefined) return line === lines.length && character === 0;
  const isHalf =
    /[\ud800-\udbff]$/.test(text.slice(0, character)) && /^[\udc00-\udfff]/.test(text.slice(character));
  return character >= 0 && character <= text.length && !isHalf;
}

suite("language server: places in texts of every kind", () => {
  for (const [style, written] of Object.entries(styles))
    test(style, async () => {
      const session = await startSession();
      let seen = 0;
      for (const name of ["lib.nnspec", "weight-decay.nnspec", "any-depth.nnspec"]) {
        const text = written(readFileSync(path.join(examples, name), "utf8"));
        session.disk.set(uriOf(name), text);
        await session.open(name, text);
        const separator = /\r\n|\r|\n/.exec(text)?.[0] ?? "\n";
        const whole = text.split(separator);
        for (let line = 3; line < whole.length; line += 11) {
          const [typed] = /^.{0,24}(?<![\ud800-\udbff])/.exec(whole[line] ?? "") ?? [""];
          const lines = whole.with(line, typed);
          await session.change(name, lines.join(separator));
          const position = { line, character: typed.length };
          for (const [method, params] of asks) {
            const asked = { textDocument: { uri: uriOf(name) }, ...params(position) };
            const answer = await session.request(`textDocument/${method}`, asked).catch((error: unknown) => {
              assert.match(
                String(error),
                /no name here|cannot be renamed|is used|already/i,
                `${method} at ${name}:${String(line)}`,
              );
            });
            const places = positionsIn(answer, uriOf(name));
            seen += places.length;
            for (const place of places)
              assert.ok(
                isInside(lines, place),
                `${method} at ${name}:${String(line)}: ${JSON.stringify(place)}`,
              );
          }
        }
        await session.close(name);
      }
      assert.ok(seen > 1000, `only ${String(seen)} places were answered`);
    }).timeout(30_000);
});
