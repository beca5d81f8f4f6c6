// Owns how long-running steps show on the terminal: a line when they start, a line when they end.

const started = Date.now();

/** @param {string} text */
export function say(text) {
  const seconds = ((Date.now() - started) / 1000).toFixed(0).padStart(4);
  process.stdout.write(`${seconds} s  ${text}\n`);
}

/**
 * Says what is being done, then how long it took; while it runs, a sign of life every 20 seconds.
 * @template T
 * @param {string} what
 * @param {() => Promise<T>} work
 * @returns {Promise<T>}
 */
export async function step(what, work) {
  const start = Date.now();
  const elapsed = () => `${((Date.now() - start) / 1000).toFixed(0)} s`;
  say(`${what} …`);
  const signs = setInterval(() => say(`${what} … still working (${elapsed()})`), 20_000);
  try {
    const result = await work();
    say(`${what}: done in ${elapsed()}`);
    return result;
  } finally {
    clearInterval(signs);
  }
}

/**
 * The end of a program's output, where the reason for its failure stands.
 * @param {string} output
 */
export function lastLines(output, count = 15) {
  return output.trimEnd().split("\n").slice(-count).join("\n");
}

/**
 * The beginning of npm's output: the reason for its failure stands before its advice.
 * @param {string} output
 */
export function firstLines(output, count = 15) {
  return output.trim().split("\n").slice(0, count).join("\n");
}

/** Something the person must do before we can go on; its message is the one line that says what. */
export class SetupProblem extends Error {}
