// Runs the in-editor suite (test/editor) in a real VS Code through @vscode/test-electron. Its executable is the
// code-server shim; VSCODE_EXECUTABLE=/path/to/code names a desktop VS Code, VSCODE_DESKTOP=1 downloads one.
import { cpSync, existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { runTests } from "@vscode/test-electron";
import { stopAllOnExit } from "../setup/run-command.mjs";

const root = path.resolve(import.meta.dirname, "../..");
const tests = path.join(root, "dist/test-node/index");
if (!existsSync(`${tests}.js`)) {
  console.error(`${tests}.js is missing: run "npm run build" first`);
  console.log("0 passed, 1 failed");
  process.exit(1);
}

stopAllOnExit();
// Suites may write into their workspace: they get a copy.
const workspace = mkdtempSync(path.join(tmpdir(), "nnspec-workspace-"));
process.on("exit", () => rmSync(workspace, { recursive: true, force: true }));
cpSync(path.join(root, "test/editor/workspace"), workspace, { recursive: true });

const shim = path.join(import.meta.dirname, "code-shim.mjs");
const chosen = process.env.VSCODE_EXECUTABLE ?? (process.env.VSCODE_DESKTOP ? undefined : shim);
try {
  await runTests({
    ...(chosen === undefined ? {} : { vscodeExecutablePath: chosen }),
    version: process.env.VSCODE_VERSION ?? "stable",
    extensionDevelopmentPath: root,
    extensionTestsPath: tests,
    launchArgs: [workspace],
  });
} catch (error) {
  console.error(String(error));
  process.exitCode = 1;
}
