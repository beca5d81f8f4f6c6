// Owns what the in-editor suite needs before it can start: its bundle, and a copy of its workspace, into which it may write.
import { cpSync, existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";

export const root = path.resolve(import.meta.dirname, "../..");

/** The suite's module for a kind of extension host, without `.js`. Ends the process where it was not built. */
export function suiteBundle(/** @type {"node" | "web"} */ host) {
  const tests = path.join(root, `dist/test-${host}/index`);
  if (existsSync(`${tests}.js`)) return tests;
  console.error(`${tests}.js is missing: run "npm run build" first`);
  console.log("0 passed, 1 failed");
  process.exit(1);
}

/** A folder that is removed with the process. */
export function suiteWorkspace() {
  const workspace = mkdtempSync(path.join(tmpdir(), "nnspec-workspace-"));
  process.on("exit", () => rmSync(workspace, { recursive: true, force: true }));
  cpSync(path.join(root, "test/editor/workspace"), workspace, { recursive: true });
  return workspace;
}

/** How long an attempt at the suite may take, and where a picture of its failure goes. */
export const suiteLimits = {
  timeoutSeconds: Number(process.env.NNSPEC_EDITOR_TIMEOUT ?? 150),
  pictures: path.join(root, "test/e2e/out"),
};
