// Owns a run of a Mocha suite inside a real extension host of code-server, in Node or in a web worker; gives its exit code. What
// fails has a second attempt (../second-attempt.mjs), in a fresh workbench.
import { cpSync, mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { inTwoAttempts } from "../second-attempt.mjs";
import { launchBrowser } from "./browser.mjs";
import { loadAsWebExtensions } from "./web-extension.mjs";
import { startWorkbenchServer } from "./workbench-server.mjs";

/**
 * @typedef {object} HostTests
 * @property {"node" | "web"} host the kind of extension host
 * @property {readonly string[]} extensions folders of the extensions under development
 * @property {string} tests module whose `run()` runs the suite
 * @property {string} folder workspace to open
 * @property {number} timeoutSeconds for each attempt
 * @property {string} pictures folder for a screenshot when the suite fails
 * @property {(level: string, line: string) => void} onLine the extension host's console
 */

/**
 * @param {HostTests} options
 * @returns {Promise<number>} 0: all passed, at the second attempt at the latest; 124: the host did not finish in time
 */
export async function runHostTests(options) {
  /** Suites write into their workspace. */
  const untouched = mkdtempSync(path.join(tmpdir(), "nnspec-untouched-"));
  cpSync(options.folder, untouched, { recursive: true });
  try {
    return await inTwoAttempts(
      (isSecond) => attempt(isSecond ? { ...options, folder: untouched } : options),
      (line) => console.log(line),
    );
  } finally {
    rmSync(untouched, { recursive: true, force: true });
  }
}

/**
 * @param {HostTests} options
 * @returns {Promise<import("../second-attempt.mjs").Attempt>}
 */
async function attempt({ onLine, ...options }) {
  /** @type {{ title: string, error: string }[]} */
  const failures = [];
  /** @type {string | undefined} */
  let counts;
  const code = await runOnce({
    ...options,
    onLine: (level, line) => {
      const [, title, error] = /^\[mocha\] ✘ (.*?) — (.*)$/.exec(line) ?? [];
      if (title !== undefined && error !== undefined) failures.push({ title, error });
      counts = /^\[mocha\] (\d+ passed, \d+ failed)$/.exec(line)?.[1] ?? counts;
      onLine(level, line);
    },
  });
  return { code, failures, counts };
}

/**
 * @param {HostTests} options
 * @returns {Promise<number>}
 */
async function runOnce({ host, extensions, tests, folder, timeoutSeconds, pictures, onLine }) {
  const server = await startWorkbenchServer();
  const [root = ""] = extensions;
  const browser = await launchBrowser().catch(async (/** @type {unknown} */ error) => {
    await server.stop();
    throw error;
  });
  /** @type {{ stop: () => Promise<void> } | undefined} */
  let files;
  try {
    const context = await browser.newContext({ viewport: { width: 1280, height: 800 } });
    const page = await context.newPage();
    page.on("pageerror", (error) => onLine("error", `[page] ${error.message}`));
    if (process.env.VERBOSE) page.on("console", (message) => console.error("[page]", message.text()));
    await page.exposeFunction(
      "codeAutomationLog",
      (/** @type {string} */ level, /** @type {unknown[]} */ parts) =>
        onLine(level, parts.map(String).join(" ")),
    );
    /** @type {Promise<number>} The host reports its end only when it ends by itself, hence the time limit. */
    const finished = new Promise((resolve) => void page.exposeFunction("codeAutomationExit", resolve));
    if (host === "node") await page.goto(server.url({ folder, extensions, tests }));
    else {
      const suites = `${path.relative(root, tests)}.js`;
      files = await loadAsWebExtensions(page, { authority: server.authority, roots: [root], tests: suites });
      await page.goto(server.url({ folder }));
    }
    /** @type {NodeJS.Timeout | undefined} */
    let timer;
    /** @type {Promise<number>} */
    const tooLate = new Promise((resolve) => {
      timer = setTimeout(resolve, timeoutSeconds * 1000, 124);
    });
    const code = await Promise.race([finished, tooLate]);
    clearTimeout(timer);
    if (code === 124) onLine("error", `the extension host did not finish within ${timeoutSeconds} s`);
    if (code !== 0) {
      mkdirSync(pictures, { recursive: true });
      await page.screenshot({ path: path.join(pictures, "editor-failure.png") }).catch(() => undefined);
    }
    return code;
  } finally {
    await browser.close();
    await files?.stop();
    await server.stop();
  }
}
