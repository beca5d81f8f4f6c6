/** Checks and gradient checks in the order of interest, and the words for their verdicts. No DOM. */
import type { CheckReport, GradcheckReport, LeafReport, Status, TargetReport } from "../../../protocol";

const urgency: Readonly<Record<Status, number>> = {
  error: 0,
  failed: 1,
  pending: 2,
  undecided: 3,
  passed: 4,
};

/** What needs attention first; equals stay in source order. */
export function checksInOrder(checks: readonly CheckReport[]): readonly CheckReport[] {
  return [...checks].sort((a, b) => urgency[a.status] - urgency[b.status]);
}

export function gradchecksInOrder(reports: readonly GradcheckReport[]): readonly GradcheckReport[] {
  return [...reports].sort((a, b) => urgency[a.verdict] - urgency[b.verdict]);
}

export function leavesInOrder(leaves: readonly LeafReport[]): readonly LeafReport[] {
  return [...leaves].sort((a, b) => urgency[a.verdict] - urgency[b.verdict]);
}

/** Every gradient check of a target, once, wherever the report holds it. */
export function gradchecksOf(target: TargetReport): readonly GradcheckReport[] {
  const all = [
    ...target.gradchecks,
    ...(target.run?.gradchecks ?? []),
    ...(target.sampled === null ? [] : [target.sampled.gradcheck]),
  ];
  const seen = new Set<string>();
  return all.filter((report) => {
    const key = JSON.stringify([report.of, report.range, report.at]);
    if (seen.has(key)) return false;
    seen.add(key);
    return true;
  });
}

/** `2 failed, 1 pending, 20 passed`: the worst first, what there is none of left out. */
export function tallyText(statuses: readonly Status[]): string {
  const counts = new Map<Status, number>();
  for (const status of statuses) counts.set(status, (counts.get(status) ?? 0) + 1);
  return [...counts]
    .sort(([a], [b]) => urgency[a] - urgency[b])
    .map(([status, count]) => `${String(count)} ${wordFor(status, count)}`)
    .join(", ");
}

function wordFor(status: Status, count: number): string {
  return status === "error" ? (count === 1 ? "error" : "errors") : status;
}

/**
 * Whether one of the four answers stands apart from central finite differences, so that it deserves a mark: beyond
 * the default tolerances of a gradient check, widened for the rounding of the difference quotient.
 */
export function standsApart(answer: number, finiteDifference: number): boolean {
  if (Object.is(answer, finiteDifference)) return false;
  return !(Math.abs(answer - finiteDifference) <= 1e-7 + 1e-5 * Math.abs(finiteDifference));
}
