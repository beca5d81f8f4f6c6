/** `lsp`: starts the language server beside this program, on this program's own streams. */
import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import path from "node:path";
import { exitCodes } from "./report/exit-code";
import type { Terminal } from "./terminal";

/** Ends when the server ends, with its exit code. */
export function languageServerCommand(program: string, terminal: Terminal): Promise<number> {
  const server = path.join(path.dirname(program), "server.js");
  if (!existsSync(server)) {
    terminal.warn(`nnspec: the language server is missing: ${server}`);
    return Promise.resolve(exitCodes.bug);
  }
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [server, "--stdio"], { stdio: "inherit" });
    const forward = (signal: NodeJS.Signals) => child.kill(signal);
    process.on("SIGTERM", forward).on("SIGHUP", forward);
    child.on("error", reject);
    child.on("exit", (code, signal) =>
      resolve(code ?? (signal === "SIGINT" ? exitCodes.cancelled : exitCodes.bug)),
    );
  });
}
