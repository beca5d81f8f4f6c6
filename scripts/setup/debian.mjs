// Owns the installing of Debian's packages, where that is possible and allowed.
import { accessSync, constants } from "node:fs";
import path from "node:path";
import { lastLines, SetupProblem, step } from "./progress.mjs";
import { runCommand } from "./run-command.mjs";

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

/**
 * @param {object} wanted
 * @param {string} wanted.name What people call it.
 * @param {readonly string[]} wanted.packages
 * @param {string} [wanted.instead] What they may do as well: a clause.
 */
export async function installDebianPackages({ name, packages, instead }) {
  const apt = findOnPath(["apt-get"]);
  const howTo = `install it with: apt-get install ${packages.join(" ")} (as root)${instead === undefined ? "" : `, or ${instead}`}`;
  if (apt === undefined || process.getuid?.() !== 0)
    throw new SetupProblem(
      `The system package "${packages[0]}" is missing and may not be installed from here: ${howTo}.`,
    );
  await step(`installing ${name} (apt-get)`, async () => {
    const env = { ...process.env, DEBIAN_FRONTEND: "noninteractive" };
    for (const args of [
      ["update", "-qq"],
      ["install", "-y", "-qq", "--no-install-recommends", ...packages],
    ]) {
      const { code, output } = await runCommand(apt, args, { env, timeoutSeconds: 600 });
      if (code !== 0) throw new SetupProblem(`apt-get ${args[0]} failed; ${howTo}.\n${lastLines(output)}`);
    }
  });
}
