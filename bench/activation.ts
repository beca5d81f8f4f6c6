/**
 * Measures the extension in a real extension host, in Node: how long its activation lasts, its code's loading included, and
 * when its language server is there. The editor is the one of the in-editor suite.
 */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { runTests } from "@vscode/test-electron";

const root = path.resolve(__dirname, "..");

export interface ActivationFigures {
  /** Milliseconds until the extension answers. */
  readonly activation: number;
  /** Milliseconds until its language server does. */
  readonly ready: number;
}

/** Runs in the extension host, before any spec is open. */
const suite = (result: string): string => `
exports.run = async () => {
  const extension = require("vscode").extensions.getExtension("nnspec.nnspec");
  if (extension.isActive) throw new Error("It was active before it was measured.");
  const start = performance.now();
  const { ready } = await extension.activate();
  const activation = performance.now() - start;
  await ready;
  const figures = { activation, ready: performance.now() - start };
  require("node:fs").writeFileSync(${JSON.stringify(result)}, JSON.stringify(figures));
  console.log("1 passed, 0 failed");
};
`;

/** Of some starts of the editor the one with the middle activation. */
export async function measureActivation(starts: number): Promise<ActivationFigures> {
  const folder = mkdtempSync(path.join(tmpdir(), "nnspec-activation-"));
  try {
    const figures: ActivationFigures[] = [];
    for (let i = 0; i < starts; i++) {
      const result = path.join(folder, `${i}.json`);
      const tests = path.join(folder, `suite-${i}.js`);
      writeFileSync(tests, suite(result));
      await runTests({
        vscodeExecutablePath:
          process.env["VSCODE_EXECUTABLE"] ?? path.join(root, "scripts/editor/code-shim.mjs"),
        extensionDevelopmentPath: root,
        extensionTestsPath: tests,
        launchArgs: [folder],
      });
      // The suite wrote it.
      figures.push(JSON.parse(readFileSync(result, "utf8")) as ActivationFigures);
    }
    figures.sort((a, b) => a.activation - b.activation);
    return figures[figures.length >> 1]!;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
