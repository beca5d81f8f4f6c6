/**
 * Owns the last runs of one document, so that they can be looked at again and compared: the report of each and the session
 * that holds its tensors. The oldest are given up, sooner where they are large. Knows no editor.
 */
import type { HistoryEntry } from "../../protocol";
import type { TargetResults } from "./document-results";

export interface PastRun extends TargetResults {
  /** Milliseconds since 1970. */
  readonly finished: number;
}

const mostRuns = 12;
/** Elements of all kept runs together; the newest is kept however large. */
const mostElements = 100_000_000;
/** Runs that follow on one another this fast, as while one types, are one. */
const sameWithin = 2000;

export class RunHistory {
  /** Newest first. */
  #runs: readonly PastRun[] = [];

  add(results: TargetResults, finished: number): void {
    const { name } = results.report;
    const last = this.#runs.find(({ report }) => report.name === name);
    const replaced = last !== undefined && finished - last.finished < sameWithin ? last : undefined;
    const others = this.#runs.filter((run) => run !== replaced && run.runId !== results.runId);
    const sameRun = this.#runs.filter((run) => run.runId === results.runId && run.report.name !== name);
    this.#runs = kept([{ ...results, finished }, ...sameRun, ...others]);
  }

  /** The entries of a target, newest first. */
  of(name: string): readonly HistoryEntry[] {
    return this.#runs
      .filter(({ report }) => report.name === name)
      .map(({ runId, finished, report }) => ({
        runId,
        finished,
        status: report.status,
        milliseconds: report.milliseconds,
      }));
  }

  find(runId: number, name: string): PastRun | undefined {
    return this.#runs.find((run) => run.runId === runId && run.report.name === name);
  }

  /** Another root was chosen in it. */
  replace(runId: number, report: TargetResults["report"]): void {
    this.#runs = this.#runs.map((run) =>
      run.runId === runId && run.report.name === report.name ? { ...run, report } : run,
    );
  }

  sessions(): readonly number[] {
    return this.#runs.map(({ runId }) => runId);
  }

  clear(): void {
    this.#runs = [];
  }
}

function kept(runs: readonly PastRun[]): readonly PastRun[] {
  let elements = 0;
  return runs.filter((run, index) => {
    elements += elementsOf(run);
    return index === 0 || (index < mostRuns && elements <= mostElements);
  });
}

/** Values and gradients. */
function elementsOf({ report }: PastRun): number {
  return report.nodes.reduce((sum, { value }) => sum + 2 * (value?.count ?? 0), 0);
}
