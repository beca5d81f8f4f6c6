// The core configuration keeps Node, the DOM and VS Code out of everything outside src/hosts: a planted use of
// each must be rejected, and the same file without it accepted.
import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import ts from "typescript";

const root = path.resolve(__dirname, "../..");

/** The errors of one file judged by tsconfig.core.json's options, as it stands in the repository. */
function errorsOf(source: string): readonly string[] {
  const folder = mkdtempSync(path.join(tmpdir(), "nnspec-core-gate-"));
  try {
    // What is installed must be reachable, or a planted import would fail for the wrong reason.
    symlinkSync(path.join(root, "node_modules"), path.join(folder, "node_modules"));
    const file = path.join(folder, "src/engine/planted.ts");
    mkdirSync(path.dirname(file), { recursive: true });
    writeFileSync(file, source);
    const configFile = path.join(root, "tsconfig.core.json");
    const parsed = ts.getParsedCommandLineOfConfigFile(configFile, undefined, {
      ...ts.sys,
      onUnRecoverableConfigFileDiagnostic: (diagnostic) =>
        assert.fail(ts.flattenDiagnosticMessageText(diagnostic.messageText, "\n")),
    });
    assert.ok(parsed);
    const program = ts.createProgram([file], parsed.options);
    return ts
      .getPreEmitDiagnostics(program)
      .map((diagnostic) => ts.flattenDiagnosticMessageText(diagnostic.messageText, "\n"));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

suite("gate: the core tsconfig", () => {
  test("plain TypeScript passes", () => {
    assert.deepEqual(errorsOf("export const half = (x: number): number => x / 2;\n"), []);
  });

  for (const [what, source, complaint] of [
    [
      "Node's modules",
      'import { readFileSync } from "node:fs";\nexport const f = readFileSync;\n',
      /node:fs/,
    ],
    ["Node's globals", "export const f = process.argv;\n", /'process'/],
    ["the DOM", "export const f = document.title;\n", /'document'/],
    ["the console", 'export const f = (): void => console.log("x");\n', /'console'/],
  ] as const) {
    test(`a planted use of ${what} is rejected`, () => {
      const errors = errorsOf(source);
      assert.equal(errors.length, 1);
      assert.match(errors[0] ?? "", complaint);
    });
  }

  test("it covers every file of src outside the hosts", () => {
    const config = ts.readConfigFile(path.join(root, "tsconfig.core.json"), (file) => ts.sys.readFile(file));
    const { include, exclude, compilerOptions } = config.config as Record<string, unknown>;
    assert.deepEqual(include, ["src/**/*.ts"]);
    assert.deepEqual(exclude, ["src/hosts/**"]);
    assert.deepEqual(compilerOptions, { lib: ["ES2023"], types: [] });
  });
});
