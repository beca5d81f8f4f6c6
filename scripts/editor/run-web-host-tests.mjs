// Runs the in-editor suite (test/editor) in the web extension host: a web worker of code-server's workbench.
import { stopAllOnExit } from "../setup/run-command.mjs";
import { printHostLine } from "./host-console.mjs";
import { runHostTests } from "./host-tests.mjs";
import { root, suiteBundle, suiteLimits, suiteWorkspace } from "./suite-workspace.mjs";

const tests = suiteBundle("web");
stopAllOnExit();
const folder = suiteWorkspace();
process.exit(
  await runHostTests({
    ...suiteLimits,
    host: "web",
    extensions: [root],
    tests,
    folder,
    onLine: printHostLine,
  }),
);
