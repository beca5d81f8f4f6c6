// Owns the browser that the in-editor and end-to-end tests drive: finding it, or installing Debian's.
import { existsSync } from "node:fs";
import { findOnPath, installDebianPackages } from "./debian.mjs";
import { SetupProblem } from "./progress.mjs";

const names = ["chromium", "chromium-browser", "google-chrome-stable", "google-chrome"];
/** The browser, and fonts with Greek, mathematical signs and arrows for the pictures. */
const debianPackages = ["chromium", "fonts-dejavu-core", "fonts-liberation"];

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
  const instead = "set CHROMIUM to a Chromium or Chrome";
  await installDebianPackages({ name: "Chromium", packages: debianPackages, instead });
  const installed = findChromium();
  if (installed === undefined)
    throw new SetupProblem(`Chromium was installed but is not on the PATH: ${instead}.`);
  return installed;
}
