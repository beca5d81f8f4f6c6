/** The command line's entry: arguments in, exit code out. The same file is also the engine's thread. */
import { isMainThread } from "node:worker_threads";
import { version } from "../../../package.json";
import { parseCommandLine, type Invocation } from "./command-line";
import { serveThread } from "./engine-thread";
import { executeCommand } from "./execute-command";
import { formatCommand } from "./format-command";
import { helpText } from "./help-text";
import { languageServerCommand } from "./language-server-command";
import { exitCodes } from "./report/exit-code";
import { studyCommand } from "./study-command";
import { openTerminal, type Terminal } from "./terminal";

async function carryOut(invocation: Invocation, terminal: Terminal): Promise<number> {
  switch (invocation.kind) {
    case "help":
      await terminal.write(helpText(invocation.command));
      return exitCodes.passed;
    case "version":
      await terminal.write(`${version}\n`);
      return exitCodes.passed;
    case "usage-error": {
      const { command, message } = invocation;
      terminal.warn(`nnspec: ${message} See nnspec ${command === undefined ? "" : `${command} `}--help`);
      return exitCodes.usage;
    }
    case "command": {
      const { command, operands, options } = invocation;
      if (command === "lsp") return languageServerCommand(__filename, terminal);
      if (command === "fmt") return formatCommand({ operands, options, terminal });
      if (command === "strength" || command === "reproduce")
        return studyCommand({ action: command, operands, options, terminal, program: __filename });
      return executeCommand({ action: command, operands, options, terminal, program: __filename, version });
    }
  }
}

async function main(): Promise<void> {
  const invocation = parseCommandLine(process.argv.slice(2));
  const terminal = openTerminal(invocation.kind === "command" ? invocation.options.color : undefined);
  process.once("SIGINT", () => {
    // Results are written when they are there, and files at the very end: nothing is left half done.
    terminal.progress?.write("\r\u001b[2K");
    terminal.warn("cancelled");
    process.exit(exitCodes.cancelled);
  });
  try {
    process.exitCode = await carryOut(invocation, terminal);
  } catch (error) {
    if (isOutOfMemory(error)) {
      terminal.warn(
        "nnspec: the memory is not enough for these runs; NODE_OPTIONS=--max-old-space-size=8192 gives more",
      );
      process.exitCode = exitCodes.errors;
      return;
    }
    terminal.warn(
      `nnspec: this is a bug in nnspec, not in your file:\n${error instanceof Error ? (error.stack ?? error.message) : String(error)}`,
    );
    process.exitCode = exitCodes.bug;
  }
}

/** The engine's thread has run out of memory, and nothing else has. */
function isOutOfMemory(error: unknown): boolean {
  return error instanceof Error && "code" in error && error.code === "ERR_WORKER_OUT_OF_MEMORY";
}

void (isMainThread ? main() : serveThread());
