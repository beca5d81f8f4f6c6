/** Two reports of one target from the same texts as one: a gradcheck keeps the checks of the run before it. Knows no editor. */
import { worstStatus, type GradcheckReport, type RunReport, type TargetReport } from "../../protocol";

/** The newer report with what only the earlier one has. Its nodes and their ids are the newer one's. */
export function mergeReports(earlier: TargetReport, newer: TargetReport): TargetReport {
  if (hasError(newer) || hasError(earlier)) return newer;
  const gradchecks = mergeGradchecks(earlier.gradchecks, newer.gradchecks);
  const run = newer.run === null || earlier.run === null ? newer.run : mergeRuns(earlier.run, newer.run);
  const sampled = newer.sampled ?? earlier.sampled;
  const status = worstStatus([
    ...(run === null ? [] : [run.status]),
    ...gradchecks.map(({ verdict }) => verdict),
    ...(sampled === null ? [] : [sampled.gradcheck.verdict]),
  ]);
  return { ...newer, run, sampled, gradchecks, status };
}

function hasError({ run }: TargetReport): boolean {
  return run !== null && run.error !== null;
}

function mergeRuns(earlier: RunReport, newer: RunReport): RunReport {
  const checks = newer.checks.length > 0 ? newer.checks : earlier.checks;
  const shown = newer.shown.length > 0 ? newer.shown : earlier.shown;
  const gradchecks = mergeGradchecks(earlier.gradchecks, newer.gradchecks);
  const status = worstStatus([
    newer.status,
    ...checks.map((check) => check.status),
    ...gradchecks.map(({ verdict }) => verdict),
  ]);
  return { ...newer, checks, shown, gradchecks, status };
}

function mergeGradchecks(
  earlier: readonly GradcheckReport[],
  newer: readonly GradcheckReport[],
): readonly GradcheckReport[] {
  const key = ({ of, at }: GradcheckReport): string => JSON.stringify([of, at]);
  const known = new Set(newer.map(key));
  return [...newer, ...earlier.filter((gradcheck) => !known.has(key(gradcheck)))];
}
