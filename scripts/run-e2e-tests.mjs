// Runs the end-to-end suites, all of test/e2e or the files that are named, and a file that failed once more in a fresh
// workbench (second-attempt.mjs):  run-e2e-tests [--config .mocharc.json] [file…]
import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { parseArgs } from "node:util";
import { bothAttempts, filesToRepeat } from "./second-attempt.mjs";

const root = path.resolve(import.meta.dirname, "..");
const mocha = path.join(root, "node_modules/mocha/bin/mocha.js");
const { values, positionals } = parseArgs({
  options: { config: { type: "string", default: path.join(root, ".mocharc.e2e.json") } },
  allowPositionals: true,
});
const named = positionals.length > 0 ? positionals : ["test/e2e/**/*.test.ts"];
const folder = mkdtempSync(path.join(tmpdir(), "nnspec-attempts-"));
process.once("exit", () => rmSync(folder, { recursive: true, force: true }));

/**
 * @param {string} name
 * @param {readonly string[]} suites
 * @returns {{ code: number, files: readonly import("./second-attempt.mjs").FileResult[] }}
 */
function attempt(name, suites) {
  const report = path.join(folder, `${name}.json`);
  const env = { ...process.env, NNSPEC_FILE_RESULTS: report };
  const args = [mocha, "--config", values.config, ...suites];
  const { status } = spawnSync(process.execPath, args, { stdio: "inherit", env });
  // Where it crashed, nothing is known of any file.
  const text = existsSync(report) ? readFileSync(report, "utf8") : "[]";
  /** @type {unknown} The reporter's own. */
  const files = JSON.parse(text);
  return { code: status ?? 1, files: /** @type {import("./second-attempt.mjs").FileResult[]} */ (files) };
}

/** Pictures of failures are of this run. */
function removeOldPictures() {
  const pictures = path.join(root, "test/e2e/out");
  for (const name of existsSync(pictures) ? readdirSync(pictures) : [])
    if (/^(?:failure-.*|view-.*-(?:found|wanted))\.png$/.test(name)) rmSync(path.join(pictures, name));
}

if (positionals.length === 0) removeOldPictures();
const first = attempt("first", named);
const files = filesToRepeat(first.files);
if (first.code === 0 || files.length === 0) process.exitCode = Math.min(first.code, 1);
else {
  const names = files.map((file) => path.relative(root, file));
  console.log(`second attempt, in a fresh workbench: ${names.join(", ")}`);
  const second = attempt("second", files);
  const { passed, failed, flaky } = bothAttempts(first.files, second.files);
  for (const line of flaky) console.log(line);
  process.exitCode = failed > 0 || second.code !== 0 ? 1 : 0;
  console.log(`${passed} passed, ${failed} failed`);
}
