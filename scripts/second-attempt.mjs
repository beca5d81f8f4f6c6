// Owns what a second attempt means for tests that drive a whole workbench, and so depend on a machine's timing: a file that
// failed is run once more from nothing, and what passes then is told as flaky, with what it failed of at first. Knows nothing
// of how they run.

/**
 * One file's part of a run, as scripts/mocha-reporter.cjs writes it.
 * @typedef {{ file: string, passed: number, failures: { title: string, error: string }[] }} FileResult
 */

/** Where more files than this fail, it is not by chance. */
const mostFiles = 3;

/**
 * The files that have a second attempt.
 * @param {readonly FileResult[]} first
 * @returns {readonly string[]}
 */
export function filesToRepeat(first) {
  const failed = first.filter(({ failures }) => failures.length > 0).map(({ file }) => file);
  return failed.length > mostFiles ? [] : failed;
}

/**
 * Both attempts as one: a file that was repeated counts as it ended.
 * @param {readonly FileResult[]} first
 * @param {readonly FileResult[]} second
 * @returns {{ passed: number, failed: number, flaky: string[] }}
 */
export function bothAttempts(first, second) {
  const repeated = new Map(second.map((result) => [result.file, result]));
  const ended = first.map((result) => repeated.get(result.file) ?? result);
  const failedAgain = new Set(second.flatMap(({ failures }) => failures.map(({ title }) => title)));
  const flaky = first
    .filter(({ file }) => repeated.has(file))
    .flatMap(({ failures }) => failures)
    .filter(({ title }) => !failedAgain.has(title))
    .map(({ title, error }) => flakyLine(title, error));
  return {
    passed: ended.reduce((sum, { passed }) => sum + passed, 0),
    failed: ended.reduce((sum, { failures }) => sum + failures.length, 0),
    flaky,
  };
}

/** @param {string} title @param {string} error */
function flakyLine(title, error) {
  const [line = ""] = error.split("\n");
  return `flaky: ${title} failed first (${line}), passed at the second attempt`;
}

/**
 * A whole suite in two attempts, where files cannot be run one by one; gives the exit code.
 * @typedef {object} Attempt
 * @property {number} code
 * @property {readonly { title: string, error: string }[]} failures
 * @property {string | undefined} counts the report's last line, where it came to its end
 *
 * @param {(isSecond: boolean) => Promise<Attempt>} attempt
 * @param {(line: string) => void} say
 */
export async function inTwoAttempts(attempt, say) {
  const first = await attempt(false);
  if (first.code === 0) return 0;
  say("second attempt, in a fresh workbench");
  const { code, failures, counts } = await attempt(true);
  const failedAgain = new Set(failures.map(({ title }) => title));
  const ended = [{ title: "the suite", error: `exit code ${first.code}` }];
  for (const { title, error } of first.failures.length > 0 ? first.failures : ended)
    if (counts !== undefined && !failedAgain.has(title)) say(flakyLine(title, error));
  say(counts ?? "0 passed, 1 failed");
  return code;
}
