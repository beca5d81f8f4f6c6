/**
 * Owns the last runs of one document, so that they can be looked at again and compared: the report of each and the session
 * that holds its tensors. The oldest are given up, sooner where they are large. Knows no editor.
 */
import type { HistoryEntry } from "../../protocol";
import type { Action, Target, TargetResults } from "./document-results";

export interface PastRun extends TargetResults {
  /** Milliseconds since 1970. */
  readonly finished: number;
  /** What was run, where running it again gives the same. */
  readonly asked?: Asked;
  /** Whether no session has its tensors any more. */
  readonly asleep?: boolean;
}

export interface Asked {
  readonly action: Action;
  readonly target: Target | undefined;
}

const mostRuns = 12;
/** Elements of all kept runs together; the newest is kept however large. */
const mostElements = 100_000_000;
/** Runs that follow on one another this fast, as while one types, are one. */
const sameWithin = 2000;

export class RunHistory {
  /** Newest first. */
  #runs: readonly PastRun[] = [];
  #held: number | null = null;

  get runs(): readonly PastRun[] {
    return this.#runs;
  }

  /** Runs of an earlier life of the window come after those that there are. */
  restore(runs: readonly PastRun[]): void {
    this.#runs = this.#kept([...this.#runs, ...runs]);
  }

  add(results: TargetResults, finished: number, asked?: Asked): void {
    const { name } = results.report;
    const last = this.#runs.find(({ report }) => report.name === name);
    const isFast = last !== undefined && last.asleep !== true && finished - last.finished < sameWithin;
    const replaced = isFast && last.runId !== this.#held ? last : undefined;
    const others = this.#runs.filter((run) => run !== replaced && run.runId !== results.runId);
    const sameRun = this.#runs.filter((run) => run.runId === results.runId && run.report.name !== name);
    const added: PastRun = { ...results, finished, ...(asked === undefined ? {} : { asked }) };
    this.#runs = this.#kept([added, ...sameRun, ...others]);
  }

  /** Something of it is kept in view: it stays, however old and large. Null lets go. */
  hold(runId: number | null): void {
    this.#held = runId;
    this.#runs = this.#kept(this.#runs);
  }

  /** The sessions are gone. */
  sleep(): void {
    this.#runs = this.#runs.map((run) => ({ ...run, asleep: true }));
  }

  wake(runId: number): void {
    this.#runs = this.#runs.map((run) => (run.runId === runId ? { ...run, asleep: false } : run));
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

  #kept(runs: readonly PastRun[]): readonly PastRun[] {
    let elements = 0;
    return runs.filter((run, index) => {
      elements += run.asleep === true ? 0 : elementsOf(run);
      const isRecent = index === 0 || (index < mostRuns && elements <= mostElements);
      return isRecent || run.runId === this.#held;
    });
  }
}

/** Values and gradients. */
function elementsOf({ report }: PastRun): number {
  return report.nodes.reduce((sum, { value }) => sum + 2 * (value?.count ?? 0), 0);
}
