// Runs the in-editor suite (test/editor) in the web extension host: a web worker of code-server's workbench.
import { cpSync, existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { stopAllOnExit } from "../setup/run-command.mjs";
import { printHostLine } from "./host-console.mjs";
import { runHostTests } from "./host-tests.mjs";

const root = path.resolve(import.meta.dirname, "../..");
const tests = path.join(root, "dist/test-web/index");
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

process.exit(
  await runHostTests({
    host: "web",
    extensions: [root],
    tests,
    folder: workspace,
    timeoutSeconds: Number(process.env.NNSPEC_EDITOR_TIMEOUT ?? 180),
    pictures: path.join(root, "test/e2e/out"),
    onLine: printHostLine,
  }),
);
