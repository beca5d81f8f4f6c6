// The snippets of the manifest: each, filled in as it stands, is formatted, runs, and passes or waits for its holes.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import path from "node:path";
import { completionsAt } from "../../../src/language/features";
import { format } from "../../../src/language/syntax";
import { troubles, runText } from "../../engine/run-text";
import { check } from "../../language/features/marked";

interface ManifestSnippet {
  readonly prefix: string;
  readonly description: string;
  readonly body: readonly string[];
}

const root = path.resolve(__dirname, "../../..");
const manifest = JSON.parse(readFileSync(path.join(root, "package.json"), "utf8")) as {
  readonly contributes: {
    readonly snippets: readonly { readonly language: string; readonly path: string }[];
  };
};
const snippets = manifest.contributes.snippets.flatMap(({ language, path: file }) => {
  assert.equal(language, "nnspec");
  const texts = JSON.parse(readFileSync(path.join(root, file), "utf8")) as Readonly<
    Record<string, ManifestSnippet>
  >;
  return Object.entries(texts);
});

/** What stands there when nobody types anything: the default of each tab stop, the first of its choices. */
function filledIn({ body }: ManifestSnippet): string {
  return body
    .join("\n")
    .replaceAll(/\$\{\d+\|([^,|]*)[^}]*\|\}/g, "$1")
    .replaceAll(/\$\{\d+:([^}]*)\}/g, "$1")
    .replaceAll(/\$0/g, "")
    .replace(/\n+$/, "\n");
}

/** A hole is left open on purpose. */
function unexpected(found: readonly string[], text: string): readonly string[] {
  return text.includes("?") ? found.filter((line) => !line.includes("pending")) : found;
}

suite("extension: snippets of the manifest", () => {
  for (const [name, snippet] of snippets) {
    test(`${name} runs as it stands`, async () => {
      const text = filledIn(snippet);
      assert.ok(!text.includes("$"), text);
      assert.equal(format(text), text);
      const session = await runText(text);
      assert.deepEqual(unexpected(troubles(session), text), []);
      const gradchecked = await runText(text, "gradcheck");
      assert.deepEqual(unexpected(troubles(gradchecked), text), []);
    });
  }

  test("each has a prefix of its own, which no completion has", () => {
    const prefixes = snippets.map(([, { prefix }]) => prefix);
    assert.equal(new Set(prefixes).size, prefixes.length);
    for (const marked of [
      "‸",
      "run r {\n  ‸\n}\n",
      "net M(n)(X: [N, n]) -> [] {\n  ‸\n}\n",
      "op f(x: [n]) -> [n] {\n  ‸\n}\n",
    ]) {
      const { checked, cursor } = check(marked);
      const labels = completionsAt(checked, cursor).map(({ label }) => label);
      assert.deepEqual(
        labels.filter((label, i) => labels.indexOf(label) !== i),
        [],
        `offered twice at ${marked}`,
      );
      assert.deepEqual(
        labels.filter((label) => prefixes.includes(label)),
        [],
      );
    }
  });

  test("each says what it writes", () => {
    for (const [, { description }] of snippets) assert.match(description, /^[A-Z].*\.$/);
  });
});
