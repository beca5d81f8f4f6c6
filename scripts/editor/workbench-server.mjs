// Owns one running code-server: its throw-away folders, its settings, its address and its end. It uses only
// Node's own modules, because `npm start` needs no browser driver.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import path from "node:path";
import { ensureCodeServer } from "../setup/code-server.mjs";
import { lastLines } from "../setup/progress.mjs";
import { runCommand, startProgram, stopGroup } from "../setup/run-command.mjs";

/** User settings for a quiet window that contacts nobody. */
export const quietSettings = {
  "workbench.startupEditor": "none",
  "workbench.tips.enabled": false,
  "workbench.enableExperiments": false,
  "workbench.secondarySideBar.defaultVisibility": "hidden",
  "workbench.welcomePage.walkthroughs.openOnInstall": false,
  "security.workspace.trust.enabled": false,
  "telemetry.telemetryLevel": "off",
  "update.mode": "none",
  "update.showReleaseNotes": false,
  "extensions.autoUpdate": false,
  "extensions.autoCheckUpdates": false,
  "extensions.ignoreRecommendations": true,
  "git.enabled": false,
  "chat.disableAIFeatures": true,
};

/** @returns {Promise<number>} */
function freePort() {
  return new Promise((resolve, reject) => {
    const probe = createServer().once("error", reject);
    probe.listen(0, "127.0.0.1", () => {
      const address = probe.address();
      const port = typeof address === "object" && address !== null ? address.port : 0;
      probe.close(() => resolve(port));
    });
  });
}

/**
 * Throw-away folders with the user settings written into them.
 * @param {Record<string, unknown>} settings
 */
export function createProfile(settings) {
  const folder = mkdtempSync(path.join(tmpdir(), "nnspec-profile-"));
  const profile = { folder, data: path.join(folder, "data"), extensions: path.join(folder, "extensions") };
  mkdirSync(path.join(profile.data, "User"), { recursive: true });
  mkdirSync(profile.extensions);
  const text = JSON.stringify({ ...quietSettings, ...settings }, null, 2);
  writeFileSync(path.join(profile.data, "User/settings.json"), text);
  return profile;
}

/** @param {{ folder: string }} profile */
export function removeProfile(profile) {
  rmSync(profile.folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 });
}

/**
 * @typedef {object} WorkbenchServer
 * @property {string} origin where it answers
 * @property {string} authority host and port
 * @property {(options: OpenOptions) => string} url
 * @property {(file: string) => string} remoteUri the URI under which the window knows a file of this machine
 * @property {Promise<number | null>} exited
 * @property {() => Promise<void>} stop ends it, its processes and its folders
 *
 * @typedef {object} OpenOptions
 * @property {string} folder the workspace: a folder, or a .code-workspace file
 * @property {readonly string[]} [extensions] folders of extensions under development
 * @property {string} [tests] module with the test suite
 * @property {string} [file] file to open, or the uri of one
 */

/**
 * @param {object} [options]
 * @param {Record<string, unknown>} [options.settings]
 * @param {string} [options.install] a .vsix to install before the workbench starts
 * @returns {Promise<WorkbenchServer>}
 */
export async function startWorkbenchServer({ settings = {}, install } = {}) {
  const program = await ensureCodeServer();
  const profile = createProfile(settings);
  const removeOnExit = () => removeProfile(profile);
  process.once("exit", removeOnExit);
  const port = await freePort();
  const authority = `127.0.0.1:${port}`;
  const config = path.join(profile.folder, "config.yaml");
  writeFileSync(config, "");
  const folders = ["--user-data-dir", profile.data, "--extensions-dir", profile.extensions];
  const environment = {
    ...process.env,
    VSCODE_PROXY_URI: "",
    // No look-ups in a marketplace.
    EXTENSIONS_GALLERY: '{"serviceUrl":""}',
    XDG_CONFIG_HOME: profile.folder,
    XDG_DATA_HOME: profile.folder,
  };
  if (install !== undefined) {
    const args = [program.entry, "--config", config, ...folders, "--install-extension", install];
    const options = { env: environment, timeoutSeconds: 60 };
    const { code, output } = await runCommand(program.node, args, options);
    if (code !== 0) {
      removeOnExit();
      throw new Error(`the extension could not be installed (exit code ${code}):\n${lastLines(output)}`);
    }
  }
  const child = startProgram(
    program.node,
    [
      program.entry,
      ...["--config", config, "--auth", "none", "--bind-addr", authority],
      ...folders,
      ...["--disable-telemetry", "--disable-update-check", "--disable-workspace-trust"],
      ...["--disable-getting-started-override", "--ignore-last-opened"],
      // Without it a built workbench ignores extensions under development and their tests.
      ...["--vscode-option", "enable-smoke-test-driver"],
    ],
    { env: environment },
  );
  let log = "";
  for (const stream of [child.stdout, child.stderr]) {
    stream?.setEncoding("utf8").on("data", (/** @type {string} */ text) => {
      log = (log + text).slice(-20_000);
      if (process.env.VERBOSE) process.stderr.write(text);
    });
  }
  /** @type {Promise<number | null>} */
  const exited = new Promise((resolve) => child.once("exit", resolve));
  const stop = async () => {
    await stopGroup(child);
    process.off("exit", removeOnExit);
    removeProfile(profile);
  };
  try {
    await untilHealthy(`http://${authority}/healthz`, () => child.exitCode !== null);
  } catch (error) {
    await stop();
    throw new Error(`code-server did not start: ${String(error)}\n${lastLines(log)}`, { cause: error });
  }
  const remoteUri = (/** @type {string} */ file) => `vscode-remote://${authority}${file}`;
  return {
    origin: `http://${authority}`,
    authority,
    remoteUri,
    url: (options) => workbenchUrl(authority, options),
    exited,
    stop,
  };
}

/**
 * @param {string} url
 * @param {() => boolean} hasExited
 */
async function untilHealthy(url, hasExited) {
  for (const deadline = Date.now() + 60_000; ;) {
    if (hasExited()) throw new Error("it ended by itself");
    const answer = await fetch(url).catch(() => undefined);
    if (answer?.ok) return;
    if (Date.now() > deadline) throw new Error("no answer within 60 s");
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

/**
 * @param {string} authority
 * @param {OpenOptions} options
 */
function workbenchUrl(authority, { folder, extensions = [], tests, file }) {
  const remote = (/** @type {string} */ place) => `vscode-remote://${authority}${place}`;
  const payload = [
    ["skipWelcome", "true"],
    ["skipReleaseNotes", "true"],
    ...extensions.map((place) => ["extensionDevelopmentPath", remote(place)]),
    ...(tests === undefined ? [] : [["extensionTestsPath", remote(tests)]]),
    ...(file === undefined ? [] : [["openFile", file.includes("://") ? file : remote(file)]]),
  ];
  const kind = folder.endsWith(".code-workspace") ? "workspace" : "folder";
  const query = new URLSearchParams({ [kind]: folder, payload: JSON.stringify(payload) });
  return `http://${authority}/?${query.toString()}`;
}
