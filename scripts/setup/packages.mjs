// Owns the npm packages of the checkout: are they those of the lock file, and if not, install them.
import { existsSync, readFileSync } from "node:fs";
import path from "node:path";
import { runCommand } from "./run-command.mjs";
import { firstLines, SetupProblem, step } from "./progress.mjs";

/** @typedef {{ packages: Record<string, { version?: string, optional?: boolean, dev?: boolean }> }} Lock */

/** @param {string} file @returns {Lock} */
function readLock(file) {
  /** @type {unknown} */
  const parsed = JSON.parse(readFileSync(file, "utf8"));
  // npm wrote the file, in a form that it documents.
  return /** @type {Lock} */ (parsed);
}

/**
 * True when every package of the lock file stands in node_modules in its version. Optional ones may be
 * missing: they are other platforms' binaries.
 * @param {string} root
 */
function packagesAreCurrent(root) {
  const installedList = path.join(root, "node_modules/.package-lock.json");
  if (!existsSync(installedList)) return false;
  const installed = readLock(installedList).packages;
  return Object.entries(readLock(path.join(root, "package-lock.json")).packages).every(
    ([place, wanted]) =>
      place === "" ||
      (installed[place] === undefined
        ? wanted.optional === true
        : installed[place].version === wanted.version && existsSync(path.join(root, place, "package.json"))),
  );
}

/** @param {string} root */
export async function ensurePackages(root) {
  const [major = 0] = process.versions.node.split(".").map(Number);
  if (major < 20) throw new SetupProblem(`Node 20 or newer is needed; this is ${process.version}.`);
  if (packagesAreCurrent(root)) return;
  await step("installing npm packages", async () => {
    const args = ["ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"];
    const { code, output } = await runCommand("npm", args, { cwd: root, timeoutSeconds: 600 });
    if (code !== 0) throw new SetupProblem(`npm ci failed (exit code ${code}):\n${firstLines(output)}`);
  });
}
