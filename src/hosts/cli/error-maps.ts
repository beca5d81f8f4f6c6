/**
 * The errors of failed gradient checks by entry, small enough to be drawn in a terminal: read from the session in the thread
 * that has it, and found again by the report's leaf. Knows no paint.
 */
import type { Session } from "../../engine";
import type { GradcheckReport, LeafReport } from "../../protocol";

export interface ErrorMap {
  /** Which leaf of which report it is of: `leafKey`. */
  readonly leaf: string;
  /** Of the picture; each cell is the largest error of what it stands for. */
  readonly rows: number;
  readonly columns: number;
  readonly data: Float64Array;
}

const most = { rows: 12, columns: 48 };
const everything = { from: 0, to: Number.MAX_SAFE_INTEGER };

export function failedErrorMaps(session: Session): readonly ErrorMap[] {
  return session.outcome.targets.flatMap(({ gradchecks }) =>
    gradchecks.flatMap((report) => [...ofReport(session, report), ...ofReport(session, report.secondOrder)]),
  );
}

function ofReport(session: Session, report: GradcheckReport | undefined): readonly ErrorMap[] {
  const maps = report?.leaves.map((leaf) => ofLeaf(session, report, leaf)) ?? [];
  return maps.filter((map) => map !== undefined);
}

/** Of a tensor of more than two dimensions the matrix that has its worst entry. */
function ofLeaf(session: Session, report: GradcheckReport, leaf: LeafReport): ErrorMap | undefined {
  const { errors, verdict, worst, entries } = leaf;
  if (errors === undefined || verdict !== "failed" || worst === null || entries < 2) return undefined;
  const slice = session.slice({
    ...{ node: errors, of: "value", root: null },
    leading: worst.index.slice(0, -2),
    rows: everything,
    columns: everything,
    limit: most.rows * most.columns,
    pooled: true,
  });
  if (slice === undefined) return undefined;
  const { rows, columns, data } = slice;
  return { leaf: leafKey(report, leaf), rows, columns, data };
}

/** Tells a leaf of a report from all others of its file. */
export function leafKey(
  { range, at }: Pick<GradcheckReport, "range" | "at">,
  { name, worst }: Pick<LeafReport, "name" | "worst">,
): string {
  return JSON.stringify([range, at, name, worst]);
}
