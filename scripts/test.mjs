// Owns `npm test`: does all the set-up, then runs every gate and every suite, and ends with one line
// `N passed, N failed` that sums them all; a gate counts as one test. `--no-setup` (npm run check) leaves out
// installing npm packages. Until the set-up is done, only Node's own modules may be imported here.
import path from "node:path";
import { ensureChromium } from "./setup/chromium.mjs";
import { ensureCodeServer } from "./setup/code-server.mjs";
import { ensureFashionMnist } from "./setup/fashion-mnist.mjs";
import { ensurePackages } from "./setup/packages.mjs";
import { lastLines, say, SetupProblem } from "./setup/progress.mjs";
import { runCommand, stopAllOnExit } from "./setup/run-command.mjs";

const root = path.resolve(import.meta.dirname, "..");

/**
 * npm scripts with their time limits in seconds, in stages. A stage's lanes run side by side, each lane in its order: what neither
 * drives a whole workbench nor needs a free machine. `test:…` is a suite, else it is a gate.
 * @type {readonly (readonly (readonly (readonly [string, number])[])[])[]}
 */
const stages = [
  [
    [
      ["build", 60],
      ["package", 120],
    ],
  ],
  [
    [
      ["format", 90],
      ["test:faults", 300],
      ["test:panel", 480],
    ],
    [
      ["typecheck", 300],
      ["lint", 300],
      ["layering", 90],
      ["unused", 90],
      ["test:unit", 600],
    ],
  ],
  [
    [
      ["test:editor", 360],
      ["test:web", 360],
      ["test:e2e", 540],
    ],
  ],
];

/** Colours for a terminal only: some tools take CI for one. */
const { FORCE_COLOR: _forced, NO_COLOR: _plain, ...uncoloured } = process.env;
const environment = { ...uncoloured, ...(process.stdout.isTTY ? { FORCE_COLOR: "1" } : { NO_COLOR: "1" }) };

const total = { passed: 0, failed: 0 };
/** @type {string[]} */
const failures = [];

/**
 * @param {string} script
 * @param {number} timeoutSeconds
 * @param {(text: string) => void} [onText]
 */
async function runScript(script, timeoutSeconds, onText) {
  const start = Date.now();
  const result = await runCommand("npm", ["run", "--silent", script], {
    cwd: root,
    env: environment,
    timeoutSeconds,
    ...(onText === undefined ? {} : { onText }),
  });
  return { ...result, seconds: ((Date.now() - start) / 1000).toFixed(1) };
}

/** @param {string} script @param {number} timeoutSeconds */
async function runGate(script, timeoutSeconds) {
  const { code, output, seconds } = await runScript(script, timeoutSeconds);
  say(`${code === 0 ? "✔" : "✘"} ${script} (${seconds} s)`);
  if (code === 0) total.passed++;
  else {
    total.failed++;
    failures.push(script);
    console.log(lastLines(output, 200));
  }
}

/** @param {string} script @param {number} timeoutSeconds */
async function runSuite(script, timeoutSeconds) {
  say(`${script} …`);
  const { code, output, seconds } = await runScript(script, timeoutSeconds, (text) =>
    process.stdout.write(text),
  );
  const counts = [...output.matchAll(/^(\d+) passed, (\d+) failed$/gm)].at(-1);
  const passed = Number(counts?.[1] ?? 0);
  const reported = Number(counts?.[2] ?? 0);
  // A suite that crashed, ran nothing, or failed without saying so has failed once.
  const failed = reported === 0 && (code !== 0 || passed === 0) ? 1 : reported;
  total.passed += passed;
  total.failed += failed;
  if (failed > 0) failures.push(script);
  say(`${failed === 0 ? "✔" : "✘"} ${script} (${seconds} s): ${passed} passed, ${failed} failed`);
}

/** @param {readonly (readonly [string, number])[]} lane */
async function runLane(lane) {
  for (const [script, limit] of lane) {
    await (script.startsWith("test:") ? runSuite(script, limit) : runGate(script, limit));
  }
}

async function setUp() {
  if (!process.argv.includes("--no-setup")) await ensurePackages(root);
  await ensureChromium();
  await ensureCodeServer();
  await ensureFashionMnist();
}

stopAllOnExit();
try {
  await setUp();
  for (const lanes of stages) await Promise.all(lanes.map(runLane));
} catch (error) {
  total.failed++;
  failures.push("set-up");
  console.error(error instanceof SetupProblem ? error.message : error);
}
if (failures.length > 0) say(`failed: ${failures.join(", ")}`);
process.exitCode = total.failed > 0 ? 1 : 0;
console.log(`${total.passed} passed, ${total.failed} failed`);
