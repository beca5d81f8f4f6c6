// Owns `npm run package`: the .vsix that ships. It is built for production in a folder of its own, so that dist/ and its test
// bundles stay as they are; a bundle above its budget is an error.
import { cpSync, mkdtempSync, readFileSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { createVSIX } from "@vscode/vsce";
import { runCommand, stopAllOnExit } from "./setup/run-command.mjs";

const root = path.resolve(import.meta.dirname, "..");
/** @type {unknown} */
const manifest = JSON.parse(readFileSync(path.join(root, "package.json"), "utf8"));
const { name, version } = /** @type {{ name: string, version: string }} */ (manifest);

/** What ships beside the bundles. */
const shipped = [
  ...["package.json", ".vscodeignore", "README.md", "CHANGELOG.md", "LICENSE", "language-configuration.json"],
  ...["syntaxes", "snippets", "media", "examples"],
];

/** KiB that a bundle may have. ARCHITECTURE.md says where the figures come from. */
const budgets = {
  "extension.js": 550,
  "web/extension.js": 550,
  "server.js": 450,
  "web/server.js": 450,
  "server-data.js": 60,
  "server-equations.js": 50,
  "server-common.js": 20,
  "server-features.js": 50,
  "server-graph.js": 40,
  "server-library.js": 20,
  "server-operators.js": 100,
  "worker.js": 330,
  "web/worker.js": 330,
  "worker-compile.js": 200,
  "worker-gradcheck.js": 100,
  "worker-explanations.js": 170,
  "worker-studies.js": 80,
  "worker-data.js": 60,
  "worker-answers.js": 40,
  "worker-common.js": 50,
  "worker-library.js": 20,
  "worker-rare.js": 155,
  "worker-training.js": 25,
  "worker-samples.js": 20,
  "worker-checks.js": 20,
  "worker-mistakes.js": 30,
  "webview/inspector.js": 300,
};

/** @param {string} dist */
function measure(dist) {
  let tooLarge = 0;
  for (const [file, budget] of Object.entries(budgets)) {
    const size = statSync(path.join(dist, file)).size / 1024;
    const verdict = size <= budget ? "ok" : "TOO LARGE";
    if (size > budget) tooLarge++;
    console.log(`${file.padEnd(22)} ${size.toFixed(0).padStart(5)} of ${budget} KiB  ${verdict}`);
  }
  return tooLarge;
}

stopAllOnExit();
const stage = mkdtempSync(path.join(tmpdir(), "nnspec-package-"));
process.on("exit", () => rmSync(stage, { recursive: true, force: true }));
for (const place of shipped) {
  cpSync(path.join(root, place), path.join(stage, place), { recursive: true });
}
const dist = path.join(stage, "dist");
const arguments_ = ["esbuild.js", "--production", `--outdir=${dist}`];
const { code, output } = await runCommand(process.execPath, arguments_, { cwd: root, timeoutSeconds: 120 });
if (code !== 0) {
  console.error(output);
  process.exit(1);
}
if (measure(dist) > 0) process.exitCode = 1;
const packagePath = path.join(root, `${name}-${version}.vsix`);
await createVSIX({
  cwd: stage,
  packagePath,
  dependencies: false,
  allowMissingRepository: true,
  rewriteRelativeLinks: false,
  skipLicense: false,
});
console.log(`${path.basename(packagePath)}: ${(statSync(packagePath).size / 1024).toFixed(0)} KiB`);
