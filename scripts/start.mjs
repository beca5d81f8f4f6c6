// Owns `npm start`: installs and builds what is missing, then opens the examples with the extension running, a
// spec open and its inspector beside it: in desktop VS Code if `code` is on the PATH, else in code-server.
// ctrl-C ends everything that was started. NNSPEC_START=browser asks for code-server in any case.
import path from "node:path";
import { findOnPath } from "./setup/debian.mjs";
import { ensurePackages } from "./setup/packages.mjs";
import { lastLines, say, SetupProblem, step } from "./setup/progress.mjs";
import { runCommand, startProgram, stopAllOnExit } from "./setup/run-command.mjs";
import { createProfile, removeProfile, startWorkbenchServer } from "./editor/workbench-server.mjs";

const root = path.resolve(import.meta.dirname, "..");
const folder = path.join(root, "examples");
const file = path.join(folder, "weight-decay.nnspec");
const settings = { "nnspec.openInspectorOnStart": true };

async function build() {
  const { code, output } = await runCommand(process.execPath, ["esbuild.js"], { cwd: root });
  if (code !== 0) throw new SetupProblem(`The build failed:\n${lastLines(output, 60)}`);
}

/** Desktop VS Code's `code`, unless there is no screen or it is a remote terminal's stand-in. */
function findDesktop() {
  if (process.env.NNSPEC_START === "browser" || process.env.VSCODE_IPC_HOOK_CLI !== undefined)
    return undefined;
  const hasScreen =
    process.platform !== "linux" ||
    process.env.DISPLAY !== undefined ||
    process.env.WAYLAND_DISPLAY !== undefined;
  return hasScreen ? findOnPath(["code", "code.cmd"]) : undefined;
}

/** @param {string} code */
async function openDesktop(code) {
  const profile = createProfile(settings);
  process.once("exit", () => removeProfile(profile));
  const window = startProgram(
    code,
    [
      ...["--wait", "--new-window", "--disable-workspace-trust"],
      ...["--user-data-dir", profile.data, "--extensions-dir", profile.extensions],
      ...(process.getuid?.() === 0 ? ["--no-sandbox"] : []),
      `--extensionDevelopmentPath=${root}`,
      folder,
      file,
    ],
    { stdio: "inherit" },
  );
  say("VS Code is open with examples/weight-decay.nnspec; ctrl-C or closing the window ends it");
  await new Promise((resolve, reject) => window.once("exit", resolve).once("error", reject));
}

async function openBrowser() {
  const server = await step("starting code-server", () => startWorkbenchServer({ settings }));
  const url = server.url({ folder, extensions: [root], file });
  console.log(`\nOpen this address in a browser (ctrl-C ends it):\n\n  ${url}\n`);
  const code = await server.exited;
  console.error(`code-server ended by itself (exit code ${code ?? "none"})`);
  process.exitCode = 1;
}

stopAllOnExit();
try {
  await ensurePackages(root);
  await step("building", build);
  const desktop = findDesktop();
  await (desktop === undefined ? openBrowser() : openDesktop(desktop));
} catch (error) {
  console.error(error instanceof SetupProblem ? error.message : error);
  process.exitCode = 1;
}
