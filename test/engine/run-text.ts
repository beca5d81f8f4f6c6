/** Runs a text through the whole engine, as the command line and the editor do. */
import { existsSync, readFileSync } from "node:fs";
import path from "node:path";
import { execute, type EngineHost, type Session } from "../../src/engine";
import { standardLibrary } from "../../src/language/std";

export const examples = path.resolve(__dirname, "../../examples");

export function hostFor(files: Readonly<Record<string, string>> = {}): EngineHost {
  return {
    resolve: (_, wanted) => {
      if (wanted === "std") return { id: "std", text: standardLibrary() };
      const given = files[wanted];
      if (given !== undefined) return { id: wanted, text: given };
      const file = path.join(examples, wanted);
      return existsSync(file) ? { id: file, text: readFileSync(file, "utf8") } : undefined;
    },
    data: undefined,
    now: () => performance.now(),
  };
}

export function runText(
  text: string,
  action: "run" | "gradcheck" = "run",
  files: Readonly<Record<string, string>> = {},
): Promise<Session> {
  return execute(
    hostFor(files),
    { id: path.join(examples, "test.nnspec"), text, version: 1 },
    { action, target: undefined },
  );
}

/** The problems, failed checks and verdicts of a run in a line each: empty where all is well. */
export function troubles(session: Session): string[] {
  const { report, diagnostics } = session.outcome;
  const lines = diagnostics
    .filter(({ severity }) => severity === "error")
    .map(({ code, message, range }) => `${String(range.start.line + 1)} ${code} ${message}`);
  for (const run of report.runs ?? []) {
    for (const check of run.checks) {
      if (check.status !== "passed")
        lines.push(
          `${run.name}:${String(check.range.start.line + 1)} ${check.label ?? ""} ${check.status} ${check.message}`,
        );
    }
    for (const { of, verdict, reason } of run.gradchecks)
      if (verdict !== "passed") lines.push(`${run.name}: gradcheck ${of} ${verdict} ${reason ?? ""}`);
  }
  return lines;
}
