// The layering gate must reject what it exists to reject: one planted violation of each kind in a small tree,
// judged by the repository's own rules, and the same tree without it accepted.
import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import path from "node:path";
import type { ICruiseOptions, ICruiseResult, IFlattenedRuleSet } from "dependency-cruiser";

const root = path.resolve(__dirname, "../..");
const { options, ...ruleSet } = createRequire(__filename)(
  path.join(root, ".dependency-cruiser.cjs"),
) as IFlattenedRuleSet & { options: ICruiseOptions };

/** A tree in which every arrow is allowed. */
const sound: Readonly<Record<string, string>> = {
  "src/runtime/tensor/shape.ts": "export const rank = 2;\n",
  "src/runtime/tensor/index.ts": 'export { rank } from "./shape";\n',
  "src/runtime/ops/index.ts": 'export { rank } from "../tensor";\n',
  "src/runtime/graph/index.ts": 'export { rank } from "../ops";\n',
  "src/language/syntax/index.ts": "export const parse = 1;\n",
  "src/engine/index.ts":
    'export { rank } from "../runtime/graph";\nexport { parse } from "../language/syntax";\n',
  "src/protocol/index.ts": 'export type { rank } from "../runtime/tensor";\n',
  "src/hosts/worker/main-node.ts":
    'import "node:fs";\nexport { rank } from "../../engine";\nexport * from "../../protocol";\n',
  "src/hosts/server/main-node.ts":
    'import "vscode-languageserver-protocol/node";\nexport * from "../../protocol";\n',
  "src/hosts/extension/main-node.ts":
    'import * as vscode from "vscode";\nexport * from "../../protocol";\nexport { vscode };\n',
  "src/hosts/webview/main.ts": 'import "lit";\nexport * from "../../protocol";\n',
  "src/hosts/webview/index.ts": 'export * from "./main";\n',
  "test/setup.ts": "export const ready = true;\n",
};

/** The names of the rules that the sound tree breaks once these files are added or replaced. */
async function brokenRules(planted: Readonly<Record<string, string>>): Promise<readonly string[]> {
  const folder = mkdtempSync(path.join(tmpdir(), "nnspec-layering-gate-"));
  try {
    symlinkSync(path.join(root, "node_modules"), path.join(folder, "node_modules"));
    for (const [name, source] of Object.entries({ ...sound, ...planted })) {
      mkdirSync(path.dirname(path.join(folder, name)), { recursive: true });
      writeFileSync(path.join(folder, name), source);
    }
    // Offered to ES modules only.
    const { cruise } = await import("dependency-cruiser");
    const { output } = await cruise(["src"], { ...options, baseDir: folder, validate: true, ruleSet });
    const { summary } = output as ICruiseResult;
    return [...new Set(summary.violations.map((violation) => violation.rule.name))].sort();
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

suite("gate: layering", () => {
  test("a tree whose arrows are all allowed passes", async () => {
    assert.deepEqual(await brokenRules({}), []);
  });

  const plantedViolations: readonly (readonly [what: string, file: string, source: string, rule: string])[] =
    [
      [
        "an arrow pointing down",
        "src/runtime/tensor/a.ts",
        'import "../graph";\n',
        "arrows-of-runtime-tensor",
      ],
      [
        "a type-only arrow pointing down",
        "src/runtime/tensor/a.ts",
        'export type { rank } from "../../engine";\n',
        "arrows-of-runtime-tensor",
      ],
      [
        "an import past a room's index",
        "src/runtime/ops/a.ts",
        'import "../tensor/shape";\n',
        "rooms-through-their-index",
      ],
      [
        "numbers in the parser",
        "src/language/syntax/a.ts",
        'import "../../runtime/ops";\n',
        "arrows-of-language-syntax",
      ],
      [
        "a host importing another host",
        "src/hosts/server/a.ts",
        'import "../webview";\n',
        "arrows-of-hosts-server",
      ],
      [
        "the extension reaching into the engine",
        "src/hosts/extension/a.ts",
        'import "../../engine";\n',
        "arrows-of-hosts-extension",
      ],
      [
        "the webview reaching into the engine",
        "src/hosts/webview/a.ts",
        'import "../../engine";\n',
        "arrows-of-hosts-webview",
      ],
      ["the protocol knowing the engine", "src/protocol/a.ts", 'import "../engine";\n', "arrows-of-protocol"],
      ["a circle", "src/runtime/tensor/shape.ts", 'export { rank } from "./index";\n', "no-circular"],
      ["a Node module outside the hosts", "src/engine/a.ts", 'import "node:fs";\n', "no-node-outside-hosts"],
      ["a Node module by its old name", "src/engine/a.ts", 'import "fs";\n', "no-node-outside-hosts"],
      [
        "a Node module in the panel",
        "src/hosts/webview/a.ts",
        'import "node:fs";\n',
        "no-node-in-browser-hosts",
      ],
      [
        "a Node module in a web entry",
        "src/hosts/server/main-web.ts",
        'import "node:fs";\n',
        "no-node-in-browser-hosts",
      ],
      ["vscode outside the extension", "src/engine/a.ts", 'import "vscode";\n', "package-vscode"],
      ["vscode in the panel", "src/hosts/webview/a.ts", 'import "vscode";\n', "package-vscode"],
      ["a DOM library outside the panel", "src/engine/a.ts", 'import "lit";\n', "package-lit"],
      [
        "the language server library in the engine",
        "src/engine/a.ts",
        'import "vscode-languageserver-protocol/node";\n',
        "package-vscode-languageserver-protocol",
      ],
      [
        "some other package outside the hosts",
        "src/engine/a.ts",
        'import "mocha";\n',
        "no-packages-outside-hosts",
      ],
      ["a file outside every room", "src/shared/a.ts", 'import "../engine";\n', "every-file-in-a-room"],
      ["an import that leads nowhere", "src/engine/a.ts", 'import "./nowhere";\n', "no-unresolved"],
      ["an import of the tests", "src/engine/a.ts", 'import "../../test/setup";\n', "no-test-code"],
    ];
  for (const [what, file, source, rule] of plantedViolations) {
    test(`planted: ${what} is rejected`, async () => {
      assert.deepEqual(await brokenRules({ [file]: source }), [rule]);
    });
  }
});
