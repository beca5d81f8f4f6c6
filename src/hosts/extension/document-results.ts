/**
 * Owns what is known of one document's runs: the newest report of each run, op and net, which session holds its
 * tensors, and whether the text has changed since. Knows no editor.
 */
import type {
  DiagnosticReport,
  RunOutcome,
  RunRequest,
  TargetReport,
  TrainingProgress,
} from "../../protocol";
import { lastRunOf, type LastRun } from "./live-rule";
import { mergeReports } from "./merge-reports";
import type { Progress } from "./engine-link";
import { RunHistory } from "./run-history";

export type Action = RunRequest["action"];
export type Target = NonNullable<RunRequest["target"]>;

/** A report and the texts it was made from, by uri. */
export interface Dated {
  readonly report: TargetReport;
  readonly files: Readonly<Record<string, string>>;
}

/** The newest report of one target. */
export interface TargetResults extends Dated {
  /** The session that holds its tensors. */
  readonly runId: number;
  /** The newest report by what was asked: a run tells nothing of a gradcheck before it. */
  readonly byAction: ReadonlyMap<Action, Dated>;
}

export interface RunningState {
  readonly runId: number;
  readonly action: Action;
  readonly target: Target | undefined;
  readonly progress: Progress | null;
  /** What its trainings have told, in order. */
  readonly trainings: readonly TrainingProgress[];
}

export class DocumentResults {
  readonly uri: string;
  readonly #targets = new Map<string, TargetResults>();
  readonly history = new RunHistory();
  /** The run that is looked at; the newest where it is undefined. */
  earlierRun: number | undefined;
  #problems: readonly DiagnosticReport[] = [];
  running: RunningState | undefined;
  /** The last finished run, which a live run repeats. */
  last: LastRun | undefined;
  /** The text has changed and a live run will tell soon: until then what is shown stands. */
  repeating = false;
  /** How the newest run ended. */
  ending: "none" | "finished" | "cancelled" | "crashed" = "none";
  message: string | null = null;

  constructor(uri: string) {
    this.uri = uri;
  }

  /** Takes in a finished run; gives the sessions that nothing needs any more. */
  take(runId: number, request: RunRequest, outcome: RunOutcome): readonly number[] {
    this.last = lastRunOf(request, outcome);
    const before = this.#sessions();
    // What is no longer in the file has no results either.
    if (request.target === undefined) this.#forgetMissing(request.action, outcome.targets);
    for (const report of outcome.targets) {
      const { files } = request;
      const earlier = this.#targets.get(report.name);
      const merged =
        earlier !== undefined && sameTexts(earlier.files, files)
          ? mergeReports(earlier.report, report)
          : report;
      const byAction = new Map(earlier?.byAction).set(request.action, { report, files });
      const taken = { report: merged, files, runId, byAction };
      this.#targets.set(report.name, taken);
      // A training that went on cannot be repeated by itself.
      const asked =
        request.resume === undefined ? { action: request.action, target: request.target } : undefined;
      this.history.add(taken, Date.now(), asked);
    }
    this.earlierRun = undefined;
    this.#problems = outcome.diagnostics;
    const after = this.#sessions();
    return [...before, runId].filter((session) => !after.has(session));
  }

  /** Another root was chosen: its gradients replace those before. */
  replace(runId: number, report: TargetReport): void {
    const known = this.#targets.get(report.name);
    const past = this.history.find(runId, report.name);
    if (past !== undefined) this.history.replace(runId, mergeReports(past.report, report));
    if (known?.runId !== runId) return;
    this.#targets.set(report.name, { ...known, report: mergeReports(known.report, report) });
  }

  clear(): readonly number[] {
    const sessions = [...this.#sessions()];
    this.#targets.clear();
    this.history.clear();
    this.earlierRun = undefined;
    this.#problems = [];
    this.ending = "none";
    this.last = undefined;
    return sessions;
  }

  targets(): readonly TargetResults[] {
    return [...this.#targets.values()];
  }

  target(name: string): TargetResults | undefined {
    return this.#targets.get(name);
  }

  /** The target as it is looked at: of the earlier run, where one was chosen that has it. */
  looked(results: TargetResults): TargetResults {
    const { earlierRun } = this;
    return (
      (earlierRun === undefined ? undefined : this.history.find(earlierRun, results.report.name)) ?? results
    );
  }

  /** What the newest run found, the checker's own diagnostics aside. */
  get problems(): readonly DiagnosticReport[] {
    return this.#problems;
  }

  /** A run of the file reports all runs; only a gradcheck of it reports all ops and nets too. */
  #forgetMissing(action: Action, reports: readonly TargetReport[]): void {
    const names = new Set(reports.map(({ name }) => name));
    for (const [name, { report }] of [...this.#targets]) {
      const wouldBeThere = report.kind === "run" || action === "gradcheck";
      if (wouldBeThere && !names.has(name)) this.#targets.delete(name);
    }
  }

  #sessions(): Set<number> {
    return new Set([...[...this.#targets.values()].map(({ runId }) => runId), ...this.history.sessions()]);
  }
}

function sameTexts(a: Dated["files"], b: Dated["files"]): boolean {
  const uris = Object.keys(a);
  return uris.length === Object.keys(b).length && uris.every((uri) => a[uri] === b[uri]);
}

/** Whether a text that a report was made from has changed; undoing the change makes it fresh again. */
export function isStale({ files }: Dated, textOf: (uri: string) => string | undefined): boolean {
  return Object.entries(files).some(([uri, text]) => (textOf(uri) ?? text) !== text);
}
