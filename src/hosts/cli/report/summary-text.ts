/** What all files came to, counted. */
import type { Report, Status } from "../../../protocol";
import type { Page } from "./page";
import { inks, plural } from "./wording";

/** In the order in which they are told. */
const order: readonly Status[] = ["passed", "failed", "error", "pending", "undecided"];

export function summaryText({ paint }: Page, { files }: Report): string[] {
  const runs = files.flatMap((file) => file.runs ?? []);
  const sampled = files.flatMap((file) => [...(file.ops ?? []), ...(file.nets ?? [])]);
  const checks = runs.flatMap((run) => run.checks.map(({ status }): Status => status));
  const gradchecks = [...runs.flatMap((run) => run.gradchecks), ...sampled.map(({ gradcheck }) => gradcheck)];
  const stopped = runs.filter(({ error }) => error !== null).length;
  const diagnostics = files.flatMap((file) => file.diagnostics);
  const errors = diagnostics.filter(({ severity }) => severity === "error").length;
  const warnings = diagnostics.filter(({ severity }) => severity === "warning").length;

  const counts = (statuses: readonly Status[]): string =>
    order
      .map((status) => ({ status, count: statuses.filter((each) => each === status).length }))
      .filter(({ count }) => count > 0)
      .map(({ status, count }) =>
        paint(inks[status], `${String(count)} ${status === "error" ? "in error" : status}`),
      )
      .join(", ");

  const lines: string[] = [];
  const problems = [
    ...(errors > 0 ? [paint("failed", plural(errors, "error"))] : []),
    ...(warnings > 0 ? [paint("warning", plural(warnings, "warning"))] : []),
  ];
  if (problems.length > 0) lines.push(`problems    ${problems.join(", ")}`);
  if (stopped > 0)
    lines.push(
      `runs        ${paint("failed", `${String(stopped)} of ${String(runs.length)} with an error`)}`,
    );
  if (checks.length > 0) lines.push(`checks      ${counts(checks)}`);
  if (gradchecks.length > 0) lines.push(`gradchecks  ${counts(gradchecks.map(({ verdict }) => verdict))}`);
  if (lines.length > 0) return lines;
  const what = runs.length > 0 ? plural(runs.length, "run") : plural(files.length, "file");
  return [`${paint("passed", "✓")} ${what}, no problems`];
}
