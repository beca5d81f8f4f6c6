#!/usr/bin/env node
// Stands in for VS Code's `code` where VS Code cannot be downloaded: it understands the part of the command
// line that @vscode/test-electron uses, and runs the suite in code-server and Chromium instead.
//   code-shim [folder] --extensionDevelopmentPath=P --extensionTestsPath=T    (other switches have no meaning here)
import path from "node:path";
import { stopAllOnExit } from "../setup/run-command.mjs";
import { runHostTests } from "./host-tests.mjs";
import { printHostLine } from "./host-console.mjs";
import { suiteLimits } from "./suite-workspace.mjs";

/** @param {readonly string[]} args */
function readArguments(args) {
  /** @type {{ extensions: string[], tests: string | undefined, folder: string | undefined }} */
  const found = { extensions: [], tests: undefined, folder: undefined };
  for (const argument of args) {
    const [, key, value = ""] = /^--([\w-]+)(?:=(.*))?$/s.exec(argument) ?? [];
    if (key === "extensionDevelopmentPath") found.extensions.push(path.resolve(value));
    else if (key === "extensionTestsPath") found.tests = path.resolve(value);
    else if (key === undefined && !argument.startsWith("-")) found.folder = path.resolve(argument);
  }
  return found;
}

stopAllOnExit();
const { extensions, tests, folder } = readArguments(process.argv.slice(2));
if (tests === undefined || folder === undefined) {
  console.error("code-shim needs a folder and --extensionTestsPath");
  process.exit(2);
}
process.exit(
  await runHostTests({
    ...suiteLimits,
    host: "node",
    extensions,
    tests,
    folder,
    onLine: printHostLine,
  }),
);
