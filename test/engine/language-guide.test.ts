/** Every snippet of the language guide runs, and every check in it holds. */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import path from "node:path";
import { execute } from "../../src/engine";
import { memoryFile, type DataFile, type Refusal } from "../../src/engine/data";
import { fixtureBytes } from "./data/fixtures";
import { hostFor, troubles } from "./run-text";

const guide = readFileSync(path.resolve(__dirname, "../../docs/language.md"), "utf8");

interface Snippet {
  readonly heading: string;
  readonly text: string;
  /** Marked as waiting for a hole. */
  readonly pending: boolean;
}

/** The files beside the snippets: tables as the guide shows them, and one that text cannot show. */
function openFile(_: string, name: string): DataFile | Refusal {
  if (name === "weights.safetensors") return memoryFile(fixtureBytes(name));
  const table = [...guide.matchAll(/```csv (\S+)\n([\s\S]*?)```/gu)].find((match) => match[1] === name);
  if (table === undefined) return { problem: "missing", detail: name };
  return memoryFile(Buffer.from(table[2] ?? "", "utf8"));
}

function snippets(): Snippet[] {
  const found: Snippet[] = [];
  for (const match of guide.matchAll(/```nnspec\n([\s\S]*?)```/gu)) {
    const before = guide.slice(0, match.index);
    const heading = /(?:^|\n)#+ ([^\n]*)(?![\s\S]*\n#+ )/u.exec(before)?.[1] ?? "";
    found.push({ heading, text: match[1] ?? "", pending: before.trimEnd().endsWith("<!-- pending -->") });
  }
  return found;
}

suite("the language guide", () => {
  test("has snippets for every part of the language", () => {
    assert.ok(snippets().length >= 17);
    const text = snippets()
      .map((snippet) => snippet.text)
      .join("\n");
    const words = [
      "import",
      "const",
      "op",
      "net",
      "run",
      "param",
      "iterate",
      "return",
      "vjp",
      "jvp",
      "sample",
      "for",
      "seed",
      "dtype",
      "check",
      "gradcheck",
      "show",
      "plot",
    ];
    for (const word of words)
      assert.match(text, new RegExp(`(^|\\s)${word}\\s`, "mu"), `no snippet shows ${word}`);
  });
  for (const [index, { heading, text, pending }] of snippets().entries()) {
    test(`snippet ${String(index + 1)}, ${heading}, holds`, async () => {
      const session = await execute(
        { ...hostFor(), data: { open: openFile } },
        { id: path.resolve(__dirname, "../../docs/guide.nnspec"), text, version: 1 },
        { action: "run", target: undefined },
      );
      const found = troubles(session);
      if (!pending) assert.deepEqual(found, []);
      else assert.ok(found.length > 0 && found.every((line) => line.includes("pending")), found.join("\n"));
      assert.deepEqual(
        session.outcome.diagnostics.filter(({ severity }) => severity === "warning"),
        [],
      );
      assert.ok((session.outcome.report.runs ?? []).length > 0);
    });
  }
});
