/**
 * Owns what is known of one document's runs: the newest report of each run, op and net, which session holds its
 * tensors, and whether the text has changed since. Knows no editor.
 */
import type { DiagnosticReport, RunOutcome, RunRequest, TargetReport } from "../../protocol";
import type { Progress } from "./engine-link";

export type Action = RunRequest["action"];
export type Target = NonNullable<RunRequest["target"]>;

/** The newest report of one target, and the sessions behind its verdicts. */
export interface TargetResults {
  readonly report: TargetReport;
  /** The session that holds its tensors. */
  readonly runId: number;
  /** The texts it was made from, by uri. */
  readonly files: Readonly<Record<string, string>>;
  /** The newest report by what was asked: a run tells nothing of a gradcheck before it. */
  readonly byAction: ReadonlyMap<Action, TargetReport>;
}

export interface RunningState {
  readonly runId: number;
  readonly action: Action;
  readonly target: Target | undefined;
  readonly progress: Progress | null;
}

export class DocumentResults {
  readonly uri: string;
  readonly #targets = new Map<string, TargetResults>();
  #problems: readonly DiagnosticReport[] = [];
  running: RunningState | undefined;
  /** How the newest run ended. */
  ending: "none" | "finished" | "cancelled" | "crashed" = "none";
  message: string | null = null;

  constructor(uri: string) {
    this.uri = uri;
  }

  /** Takes in a finished run; gives the sessions that nothing needs any more. */
  take(runId: number, request: RunRequest, outcome: RunOutcome): readonly number[] {
    const before = this.#sessions();
    if (request.target === undefined) this.#targets.clear();
    for (const report of outcome.targets) {
      const byAction = new Map(this.#targets.get(report.name)?.byAction);
      for (const action of implied(request.action)) byAction.set(action, report);
      this.#targets.set(report.name, { report, runId, files: request.files, byAction });
    }
    this.#problems = outcome.diagnostics;
    const after = this.#sessions();
    return [...before, runId].filter((session) => !after.has(session));
  }

  /** Another root was chosen: its gradients replace those before. */
  replace(runId: number, report: TargetReport): void {
    const known = this.#targets.get(report.name);
    if (known?.runId === runId) this.#targets.set(report.name, { ...known, report });
  }

  clear(): readonly number[] {
    const sessions = [...this.#sessions()];
    this.#targets.clear();
    this.#problems = [];
    return sessions;
  }

  targets(): readonly TargetResults[] {
    return [...this.#targets.values()];
  }

  target(name: string): TargetResults | undefined {
    return this.#targets.get(name);
  }

  /** What the newest run found, the checker's own diagnostics aside. */
  get problems(): readonly DiagnosticReport[] {
    return this.#problems;
  }

  /** Whether a text that a target was made from has changed; undoing the change makes it fresh again. */
  isStale(results: TargetResults, textOf: (uri: string) => string | undefined): boolean {
    return Object.entries(results.files).some(([uri, text]) => (textOf(uri) ?? text) !== text);
  }

  #sessions(): Set<number> {
    return new Set([...this.#targets.values()].map(({ runId }) => runId));
  }
}

/** A gradcheck of a target also runs it, and so does every other action; only it gives a gradcheck verdict. */
function implied(action: Action): readonly Action[] {
  return action === "run" ? ["run"] : [action];
}
