// Owns the browser that the in-editor and end-to-end tests drive: finding it, or installing Debian's.
import { accessSync, constants, existsSync } from "node:fs";
import path from "node:path";
import { runCommand } from "./run-command.mjs";
import { lastLines, SetupProblem, step } from "./progress.mjs";

const names = ["chromium", "chromium-browser", "google-chrome-stable", "google-chrome"];
/** The browser, and fonts with Greek, mathematical signs and arrows for the pictures. */
const debianPackages = ["chromium", "fonts-dejavu-core", "fonts-liberation"];

/**
 * The first of these programs on the PATH.
 * @param {readonly string[]} programs
 */
export function findOnPath(programs) {
  const folders = (process.env.PATH ?? "").split(path.delimiter).filter((folder) => folder !== "");
  return folders
    .flatMap((folder) => programs.map((program) => path.join(folder, program)))
    .find((file) => {
      try {
        accessSync(file, constants.X_OK);
        return true;
      } catch {
        return false;
      }
    });
}

/** The browser's path: `CHROMIUM` from the environment, else the first one on the PATH. */
export function findChromium() {
  const chosen = process.env.CHROMIUM;
  if (chosen !== undefined && chosen !== "") {
    if (!existsSync(chosen)) throw new SetupProblem(`CHROMIUM is set to ${chosen}, which does not exist.`);
    return chosen;
  }
  return findOnPath(names);
}

/** @returns {Promise<string>} the browser's path, installed first where that is possible and allowed */
export async function ensureChromium() {
  const present = findChromium();
  if (present !== undefined) return present;
  const apt = findOnPath(["apt-get"]);
  const howTo = `install it with: apt-get install ${debianPackages.join(" ")} (as root), or set CHROMIUM to a Chromium or Chrome`;
  if (apt === undefined || process.getuid?.() !== 0) {
    throw new SetupProblem(
      `The system package "chromium" is missing and may not be installed from here: ${howTo}.`,
    );
  }
  await step("installing Chromium (apt-get)", async () => {
    const env = { ...process.env, DEBIAN_FRONTEND: "noninteractive" };
    for (const args of [
      ["update", "-qq"],
      ["install", "-y", "-qq", "--no-install-recommends", ...debianPackages],
    ]) {
      const { code, output } = await runCommand(apt, args, { env, timeoutSeconds: 600 });
      if (code !== 0) {
        throw new SetupProblem(`apt-get ${args[0]} failed; ${howTo}.\n${lastLines(output)}`);
      }
    }
  });
  const installed = findChromium();
  if (installed === undefined)
    throw new SetupProblem(`Chromium was installed but is not on the PATH: ${howTo}.`);
  return installed;
}
