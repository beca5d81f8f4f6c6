// Runs the in-editor suite (test/editor) in a real VS Code through @vscode/test-electron. Its executable is the
// code-server shim; VSCODE_EXECUTABLE=/path/to/code names a desktop VS Code, VSCODE_DESKTOP=1 downloads one.
import path from "node:path";
import { runTests } from "@vscode/test-electron";
import { stopAllOnExit } from "../setup/run-command.mjs";
import { root, suiteBundle, suiteWorkspace } from "./suite-workspace.mjs";

const tests = suiteBundle("node");
stopAllOnExit();
const workspace = suiteWorkspace();
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
