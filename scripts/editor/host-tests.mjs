// Owns one run of a Mocha suite inside a real extension host of code-server, in Node or in a web worker; gives its exit code.
import { mkdirSync } from "node:fs";
import path from "node:path";
import { launchBrowser } from "./browser.mjs";
import { loadAsWebExtension } from "./web-extension.mjs";
import { startWorkbenchServer } from "./workbench-server.mjs";

/**
 * @param {object} options
 * @param {"node" | "web"} options.host the kind of extension host
 * @param {readonly string[]} options.extensions folders of the extensions under development
 * @param {string} options.tests module whose `run()` runs the suite
 * @param {string} options.folder workspace to open
 * @param {number} options.timeoutSeconds
 * @param {string} options.pictures folder for a screenshot when the suite fails
 * @param {(level: string, line: string) => void} options.onLine the extension host's console
 * @returns {Promise<number>} 0: all passed; 124: the host did not finish in time
 */
export async function runHostTests({ host, extensions, tests, folder, timeoutSeconds, pictures, onLine }) {
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
      files = await loadAsWebExtension(page, { authority: server.authority, root, tests: suites });
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
