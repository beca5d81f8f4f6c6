/** The exit codes, and which one results come to. */
import type { Report } from "../../../protocol";

export const exitCodes = {
  passed: 0,
  /** A check or gradient check failed or is pending; a file is not formatted. */
  failed: 1,
  /** A file or a run has errors. */
  errors: 2,
  /** Bad usage: an unknown option, a file that cannot be read. */
  usage: 3,
  /** Our own bug (EX_SOFTWARE of sysexits.h). */
  bug: 70,
  /** Ctrl-C: 128 + SIGINT. */
  cancelled: 130,
} as const;

export type ExitCode = (typeof exitCodes)[keyof typeof exitCodes];

export function exitCodeOf({ files }: Report, { strict }: { readonly strict: boolean }): ExitCode {
  const runs = files.flatMap((file) => file.runs ?? []);
  const inError =
    files.some((file) => file.diagnostics.some(({ severity }) => severity === "error")) ||
    runs.some(
      ({ error, status, checks }) =>
        error !== null || status === "error" || checks.some((check) => check.status === "error"),
    );
  if (inError) return exitCodes.errors;
  const sampled = files.flatMap((file) => [...(file.ops ?? []), ...(file.nets ?? [])]);
  const statuses = [
    ...runs.flatMap((run) => [run.status, ...run.gradchecks.map(({ verdict }) => verdict)]),
    ...sampled.map(({ gradcheck }) => gradcheck.verdict),
  ];
  const bad = statuses.some(
    (status) => status === "failed" || status === "pending" || (strict && status === "undecided"),
  );
  return bad ? exitCodes.failed : exitCodes.passed;
}
