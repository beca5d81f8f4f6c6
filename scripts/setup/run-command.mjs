// Owns running one program as a child that never outlives us; it knows nothing of what the program does.
import { spawn } from "node:child_process";

/** @type {Set<import("node:child_process").ChildProcess>} Children in process groups of their own, still running. */
const running = new Set();

/**
 * Starts a program in its own process group, which `stopAll` and `stopGroup` end as a whole.
 * @param {string} program
 * @param {readonly string[]} args
 * @param {import("node:child_process").SpawnOptions} [options]
 */
export function startProgram(program, args, options = {}) {
  const child = spawn(program, args, { stdio: ["ignore", "pipe", "pipe"], detached: true, ...options });
  running.add(child);
  child.once("exit", () => running.delete(child));
  child.once("error", () => running.delete(child));
  return child;
}

/**
 * @param {import("node:child_process").ChildProcess} child
 * @param {NodeJS.Signals} signal
 */
function signalGroup(child, signal) {
  if (child.pid === undefined) return;
  try {
    process.kill(-child.pid, signal);
  } catch {
    // The group is gone already.
  }
}

/**
 * Ends a program and everything it started: politely first, then by force.
 * @param {import("node:child_process").ChildProcess} child
 */
export async function stopGroup(child) {
  if (child.exitCode === null && child.signalCode === null && child.pid !== undefined) {
    const exited = new Promise((resolve) => child.once("exit", resolve));
    signalGroup(child, "SIGTERM");
    const force = setTimeout(() => signalGroup(child, "SIGKILL"), 5000);
    await exited;
    clearTimeout(force);
  }
  signalGroup(child, "SIGKILL");
  running.delete(child);
}

/** Ends every program still running, at once: for the way out of the process. */
export function stopAll() {
  for (const child of running) signalGroup(child, "SIGKILL");
  running.clear();
}

/** Makes ctrl-C, a closed terminal and a plain exit end everything that was started. */
export function stopAllOnExit() {
  process.on("exit", stopAll);
  for (const [signal, code] of /** @type {const} */ ([
    ["SIGINT", 130],
    ["SIGTERM", 143],
    ["SIGHUP", 129],
  ])) {
    process.once(signal, () => process.exit(code));
  }
}

/**
 * Runs a program to its end and gives its exit code and output (both streams, as they came).
 * @param {string} program
 * @param {readonly string[]} args
 * @param {{ cwd?: string, env?: NodeJS.ProcessEnv, timeoutSeconds?: number, onText?: (text: string) => void }} [options]
 * @returns {Promise<{ code: number, output: string }>} 127: it could not be started; 124: it ran out of time
 */
export function runCommand(program, args, options = {}) {
  const { timeoutSeconds, onText, ...spawnOptions } = options;
  return new Promise((resolve) => {
    const child = startProgram(program, args, spawnOptions);
    let output = "";
    let timedOut = false;
    const timer =
      timeoutSeconds === undefined
        ? undefined
        : setTimeout(() => {
            timedOut = true;
            signalGroup(child, "SIGKILL");
          }, timeoutSeconds * 1000);
    for (const stream of [child.stdout, child.stderr]) {
      stream?.setEncoding("utf8").on("data", (/** @type {string} */ text) => {
        output += text;
        onText?.(text);
      });
    }
    child.once("error", (error) => {
      clearTimeout(timer);
      resolve({ code: 127, output: `${program}: ${error.message}` });
    });
    child.once("close", (code) => {
      clearTimeout(timer);
      if (timedOut) output += `\nstopped: not finished after ${timeoutSeconds} s\n`;
      resolve({ code: timedOut ? 124 : (code ?? 1), output });
    });
  });
}
