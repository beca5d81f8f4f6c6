// Owns the pinned VS Code that runs without a desktop: code-server and the Node it needs, both from npm, in a
// cache outside node_modules. A cache folder appears under its name only when it is complete.
import { existsSync, mkdirSync, readdirSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { homedir } from "node:os";
import path from "node:path";
import { runCommand } from "./run-command.mjs";
import { firstLines, SetupProblem, step } from "./progress.mjs";

const codeServerVersion = "4.139.1";
const nodeVersion = "24.21.0";
/** Raised when what is installed or pruned changes, so that old caches are not taken for new ones. */
const layout = 1;

const nodePackage = `node-${process.platform}-${process.arch}`;
const platforms = ["linux-x64", "linux-arm64", "darwin-arm64", "darwin-x64"];

/** What no test and no spec needs: about 300 MB of sign-in, remote and assistant parts. Relative to lib/vscode. */
const needless = [
  ...["@github", "@devcontainers", "ssh2", "@microsoft/mxc-sdk"].map((name) => `node_modules/${name}`),
  "extensions/copilot",
  "extensions/microsoft-authentication",
];
const needlessExtensions = /^(?:mermaid|github|ms-vscode\.)/;

/** @typedef {{ node: string, entry: string }} CodeServer the program, and the script it runs */

function cacheFolder() {
  const base = process.env.XDG_CACHE_HOME || path.join(homedir(), ".cache");
  return path.join(base, "nnspec");
}

/** @param {string} folder @returns {CodeServer} */
const programsIn = (folder) => ({
  node: path.join(folder, `node_modules/${nodePackage}/bin/node`),
  entry: path.join(folder, "node_modules/code-server/out/node/entry.js"),
});

/**
 * @param {string} folder
 * @param {readonly string[]} args
 */
async function npmInstall(folder, args) {
  const quiet = ["--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"];
  const { code, output } = await runCommand("npm", ["install", ...quiet, ...args], {
    cwd: folder,
    timeoutSeconds: 600,
  });
  if (code !== 0)
    throw new SetupProblem(`npm could not install code-server (exit code ${code}):\n${firstLines(output)}`);
}

/** @param {string} vscode the folder lib/vscode */
function prune(vscode) {
  const extensions = readdirSync(path.join(vscode, "extensions"))
    .filter((name) => needlessExtensions.test(name))
    .map((name) => `extensions/${name}`);
  for (const place of [...needless, ...extensions]) {
    rmSync(path.join(vscode, place), { recursive: true, force: true });
  }
}

/** Removes what an interrupted installation left behind. @param {string} cache */
function removeAbandoned(cache) {
  for (const name of readdirSync(cache)) {
    const [, owner] = /\.partial-(\d+)$/.exec(name) ?? [];
    if (owner === undefined) continue;
    try {
      process.kill(Number(owner), 0);
    } catch {
      rmSync(path.join(cache, name), { recursive: true, force: true });
    }
  }
}

/** @returns {Promise<CodeServer>} installed first where it is missing */
export async function ensureCodeServer() {
  const cache = cacheFolder();
  const folder = path.join(cache, `code-server-${codeServerVersion}-${layout}`);
  const programs = programsIn(folder);
  if (existsSync(programs.node) && existsSync(programs.entry)) return programs;
  if (!platforms.includes(`${process.platform}-${process.arch}`)) {
    throw new SetupProblem(
      `code-server has no build for ${process.platform}-${process.arch}: put desktop VS Code's "code" on the PATH.`,
    );
  }
  const partial = `${folder}.partial-${process.pid}`;
  await step("installing code-server (VS Code for the browser; about 150 MB, once)", async () => {
    mkdirSync(cache, { recursive: true });
    removeAbandoned(cache);
    rmSync(folder, { recursive: true, force: true });
    mkdirSync(partial);
    try {
      writeFileSync(path.join(partial, "package.json"), '{ "private": true }\n');
      await npmInstall(partial, [`code-server@${codeServerVersion}`, `${nodePackage}@${nodeVersion}`]);
      const vscode = path.join(partial, "node_modules/code-server/lib/vscode");
      await npmInstall(vscode, ["--omit=dev"]);
      prune(vscode);
      publish(partial, folder, programs);
    } finally {
      rmSync(partial, { recursive: true, force: true });
    }
  });
  return programs;
}

/**
 * Gives the complete installation its name; another process may have been first.
 * @param {string} partial
 * @param {string} folder
 * @param {CodeServer} programs
 */
function publish(partial, folder, programs) {
  try {
    renameSync(partial, folder);
  } catch (error) {
    if (!existsSync(programs.entry)) throw error;
  }
}
