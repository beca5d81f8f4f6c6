/**
 * How the nodes in view differ from those of another run: which run that is, and what the engine tells. Owns the answers
 * until the panel shows other results. No DOM.
 */
import type { HistoryEntry, NodeDifference, PanelState, TargetReport } from "../../../protocol";
import { AskedAnswers } from "./asked-answers";
import { clockText } from "./panel-phase";
import type { Ask } from "./questions";

/** No run, the one before that in view, or a certain one. */
export type ComparedRun = "none" | "before" | number;

export interface Differences {
  readonly run: number;
  /** When it was: `14:03:22`. */
  readonly title: string;
  readonly of: ReadonlyMap<number, NodeDifference>;
  /** Whether the engine has said anything yet, and whether it could. */
  readonly condition: "asked" | "known" | "gone";
}

const nothing: ReadonlyMap<number, NodeDifference> = new Map();

export class RunDifferences {
  private readonly answers: AskedAnswers<"differences">;
  private last: { readonly rows: readonly NodeDifference[]; readonly of: Differences["of"] } | null = null;

  constructor(changed: () => void) {
    this.answers = new AskedAnswers(changed);
  }

  clear(): void {
    this.answers.clear();
    this.last = null;
  }

  /** Null where nothing is compared. */
  get(ask: Ask, state: PanelState, target: TargetReport, wanted: ComparedRun): Differences | null {
    const entry = comparedEntry(state, wanted);
    if (entry === null) return null;
    const known = { run: entry.runId, title: runTitle(entry, state) };
    const question = {
      kind: "differences",
      target: target.name,
      run: entry.runId,
      root: target.root,
    } as const;
    const answer = this.answers.get(ask, question);
    if (answer === undefined) return { ...known, of: nothing, condition: "asked" };
    if (answer === null) return { ...known, of: nothing, condition: "gone" };
    // The same rows make the same table, so that it is not sorted anew for nothing.
    if (this.last?.rows !== answer.rows)
      this.last = { rows: answer.rows, of: new Map(answer.rows.map((row) => [row.node, row])) };
    return { ...known, of: this.last.of, condition: "known" };
  }
}

/** The entry of the run that is compared with; null where there is none. */
export function comparedEntry({ history = [], runId }: PanelState, wanted: ComparedRun): HistoryEntry | null {
  if (wanted === "none") return null;
  if (wanted !== "before")
    return history.find((entry) => entry.runId === wanted && entry.runId !== runId) ?? null;
  const inView = history.findIndex((entry) => entry.runId === runId);
  return inView < 0 ? null : (history[inView + 1] ?? null);
}

function runTitle({ finished }: HistoryEntry, { history = [] }: PanelState): string {
  return clockText(finished, history[0]?.finished);
}

/** The runs that the one in view can be held against, newest first. */
export function otherRuns(state: PanelState): readonly { readonly runId: number; readonly title: string }[] {
  return (state.history ?? [])
    .filter(({ runId }) => runId !== state.runId)
    .map((entry) => ({ runId: entry.runId, title: runTitle(entry, state) }));
}
