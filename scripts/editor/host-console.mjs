// Owns what of an extension host's console is shown: Mocha's report, and warnings that are not the workbench's own chatter.

/** The workbench's own chatter before and after the suite. */
const chatter =
  /^(?:Updating additional builtin|Ignoring fetching|\[AccountPolicyGate\]|\[AgentHost|\[DefaultAccount\]|\[chat-stt\]|Timed out waiting for authentication provider|Creation of workbench contribution|Creating a socket|Resolv(?:ed|ing) connection|Started local extension host)/;
/** Two native modules that are never compiled here; VS Code logs their absence and does without. */
const absentModules = /@vscode[/\\](?:spdlog|native-watchdog)/;

/** @param {string} level @param {string} line */
export function printHostLine(level, line) {
  const report = /^\[mocha\] ?(.*)$/s.exec(line);
  if (report) process.stdout.write(`${report[1] ?? ""}\n`);
  else if (process.env.VERBOSE) process.stderr.write(`${line}\n`);
  else if (level === "error" || level === "warn") {
    if (!chatter.test(line) && !absentModules.test(line)) process.stderr.write(`${line}\n`);
  }
}
