/**
 * Owns that runs of before can be looked at: one whose tensors are gone, after a reload or with the engine, is repeated
 * from its own texts when something of it is asked for; one that is compared with is kept; and all are remembered.
 */
import type { FromPanel } from "../../protocol";
import type { HistoryMemory } from "./history-memory";
import type { ResultsStore } from "./results-store";
import type { Runs } from "./runs";

/** A run that lasted longer is not repeated for a look at it. */
const mostMilliseconds = 10_000;
/** While one types, not every run is written down. */
const calmMilliseconds = 2000;

/** What repeats a run. */
type Repeats = Pick<Runs, "again">;
interface Documents extends Pick<ResultsStore, "all" | "known" | "changed"> {
  onDidChange: (listener: (uri: string) => void) => { dispose(): void };
}

export class PastRuns {
  readonly #runs: Repeats;
  readonly #results: Documents;
  readonly #memory: HistoryMemory;
  readonly #waking = new Map<number, Promise<void>>();
  readonly #subscription: { dispose(): void };
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(runs: Repeats, results: Documents, memory: HistoryMemory) {
    this.#runs = runs;
    this.#results = results;
    this.#memory = memory;
    this.#subscription = results.onDidChange((uri) => {
      if (results.known(uri)?.running !== undefined) return;
      clearTimeout(this.#timer);
      this.#timer = setTimeout(() => this.#remember(), calmMilliseconds);
    });
  }

  /** Of all runs this one is kept, whatever comes; null lets go. */
  hold(uri: string, runId: number | null): void {
    for (const results of this.#results.all()) results.history.hold(results.uri === uri ? runId : null);
  }

  /** Resolves when the engine has the tensors that a message is about, as far as it can have them. */
  async ready(uri: string, inView: number | undefined, message: FromPanel): Promise<void> {
    for (const runId of runsOf(inView, message)) {
      const run = this.#results.known(uri)?.history.runs.find((each) => each.runId === runId);
      if (run?.asleep !== true) continue;
      let waking = this.#waking.get(runId);
      if (waking === undefined) {
        waking = this.#wake(uri, runId).finally(() => this.#waking.delete(runId));
        this.#waking.set(runId, waking);
      }
      await waking;
    }
  }

  dispose(): void {
    clearTimeout(this.#timer);
    this.#subscription.dispose();
    this.#remember();
  }

  async #wake(uri: string, runId: number): Promise<void> {
    const results = this.#results.known(uri);
    const run = results?.history.runs.find((each) => each.runId === runId);
    // What fails is not tried again.
    results?.history.wake(runId);
    if (run?.asked === undefined || run.report.milliseconds > mostMilliseconds) return;
    const { asked, files } = run;
    const result = await this.#runs.again(uri, runId, { asked, files });
    if (result.kind !== "finished") return;
    for (const report of result.outcome.targets) results?.replace(runId, report);
    this.#results.changed(uri);
  }

  #remember(): void {
    void this.#memory.keep(this.#results.all());
  }
}

/** The runs that a message asks for tensors of. */
function runsOf(inView: number | undefined, message: FromPanel): readonly number[] {
  const own = inView === undefined ? [] : [inView];
  switch (message.type) {
    case "slice":
      return message.slice.run === undefined ? own : [message.slice.run];
    case "ask": {
      const { question } = message;
      const other =
        question.kind === "compare"
          ? question.with.run
          : question.kind === "differences"
            ? question.run
            : null;
      return other === null ? own : [...own, other];
    }
    case "choose-root":
    case "save-tensor":
      return own;
    default:
      return [];
  }
}
