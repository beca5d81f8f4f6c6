/** The command line as users get it: bundled once into a temporary folder, and started as a process. */
import { spawn, type ChildProcess } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { build } from "esbuild";

export const root = path.resolve(__dirname, "../../..");

export interface Outcome {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface Program {
  readonly folder: string;
  /** Starts the program; `watch` may talk to the process. */
  readonly start: (args: readonly string[], options?: StartOptions) => Promise<Outcome>;
  readonly remove: () => void;
}

export interface StartOptions {
  readonly cwd?: string;
  readonly environment?: Readonly<Record<string, string>>;
  readonly input?: string;
  readonly watch?: (child: ChildProcess) => void;
}

/** Built as esbuild.js builds it, the language server beside it. */
export async function buildProgram(): Promise<Program> {
  const folder = mkdtempSync(path.join(tmpdir(), "nnspec-program-"));
  await build({
    absWorkingDir: root,
    entryPoints: [
      { in: "src/hosts/cli/main.ts", out: "cli" },
      { in: "src/hosts/server/main-node.ts", out: "server" },
    ],
    outdir: folder,
    bundle: true,
    platform: "node",
    format: "cjs",
    target: "node20",
    mainFields: ["module", "main"],
    loader: { ".nnspec": "text" },
    logLevel: "silent",
  });
  return {
    folder,
    start: (args, options = {}) => start(path.join(folder, "cli.js"), args, options),
    remove: () => rmSync(folder, { recursive: true }),
  };
}

function start(
  program: string,
  args: readonly string[],
  { cwd = root, environment = {}, input, watch }: StartOptions,
): Promise<Outcome> {
  const { NO_COLOR: _no, FORCE_COLOR: _force, ...env } = process.env;
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [program, ...args], { cwd, env: { ...env, ...environment } });
    const output = { stdout: "", stderr: "" };
    child.stdout.setEncoding("utf8").on("data", (text: string) => (output.stdout += text));
    child.stderr.setEncoding("utf8").on("data", (text: string) => (output.stderr += text));
    child.on("error", reject);
    child.on("close", (code) => resolve({ code, ...output }));
    watch?.(child);
    if (watch === undefined) child.stdin.end(input);
  });
}
