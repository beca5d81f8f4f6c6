// The panel's style sheets as they ship: shorter, meaning the same, and the code around them on its lines.
import assert from "node:assert/strict";

type Slimmed = (file: string, text: string) => Promise<string>;

const source = [
  "const before = 1;",
  "export const styles = css`",
  "  /* a comment */",
  "  :host {",
  "    display: block;",
  "    color: var(--vscode-foreground, transparent);",
  '    content: "\\\\2014";',
  "  }",
  "  @media (prefers-reduced-motion: no-preference) {",
  "    .view > [preview] {",
  "      transition: filter 0.2s;",
  "    }",
  "  }",
  "`;",
  "const kept = css`${before} { color: red; }`;",
  "const after = html`<b>  two  blanks  </b>`;",
].join("\n");

suite("style sheets that ship", () => {
  test("are shortly written, and nothing else is", async () => {
    const { slimmed } = (await import("../../scripts/setup/slim-styles.mjs")) as { slimmed: Slimmed };
    const result = await slimmed("styles.ts", source);
    const lines = result.split("\n");
    assert.match(
      lines[1]!,
      /^export const styles = css`:host\{display:block;color:var\(--vscode-foreground, ?transparent\);content:"—"\}@media ?\(prefers-reduced-motion: ?no-preference\)\{\.view>\[preview\]\{transition:filter \.2s\}\}`$/,
    );
    assert.deepEqual(lines.slice(2, 13).join(""), "");
    assert.deepEqual(lines.slice(13), [";", ...source.split("\n").slice(14)], "on its own lines");
    const plain = "export const css = 1;\n";
    assert.equal(await slimmed("plain.ts", plain), plain);
  });
});
