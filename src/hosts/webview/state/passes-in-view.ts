/**
 * What of the kept passes the panel shows: which are begun in the run in view, and the run's report with them among its
 * roots. The root or pass whose gradients people chose to see is found again by its name in every run, for a new run comes
 * with its own first root. No DOM.
 */
import type { PanelState, TargetReport } from "../../../protocol";
import { KeptPasses, passesOf, type ShownPass, withPassRoots } from "./kept-passes";
import type { Ask } from "./questions";
import type { SavedState } from "./saved-state";

export interface InView {
  readonly target: TargetReport;
  readonly passes: readonly ShownPass[];
}

export class PassesInView {
  private readonly passes: KeptPasses;
  /** The last report that was made with passes: views tell by it that nothing is new. */
  private made: { readonly of: TargetReport; readonly key: string; readonly target: TargetReport } | null =
    null;
  /** What was asked last, so that nothing is asked for ever. */
  private asked = "";

  constructor(changed: () => void) {
    this.passes = new KeptPasses(changed);
  }

  clear(): void {
    this.passes.clear();
  }

  of(ask: Ask, state: PanelState, target: TargetReport, saved: SavedState): InView {
    const { tab, beside, root, passes } = saved;
    const own = passesOf(passes, { document: state.uri, target: target.name });
    const isRoot =
      own.some(({ name }) => name === root) || target.roots.every(({ id }) => id !== target.root);
    // Nobody waits for what nobody sees.
    const areShown = tab === "derive" || (tab === "tensor" && beside) || isRoot;
    if (own.length === 0 || !areShown) return { target, passes: [] };
    const shown = this.passes.of(ask, passes, state.uri, target);
    return { target: this.withRoots(target, shown), passes: shown };
  }

  /** The root to be asked for; null where the right one is in view, or on its way, or not there. */
  wantedRoot(state: PanelState, target: TargetReport, name: string | null): number | null {
    const now = target.roots.find(({ id }) => id === target.root)?.name;
    if (name === null || name === now) return null;
    const root = target.roots.find((each) => each.name === name);
    const key = JSON.stringify([state.uri, state.runId, target.name, name]);
    if (root === undefined || key === this.asked) return null;
    this.asked = key;
    return root.id;
  }

  /** Another choice: what was asked before may be asked again. */
  chooseAnew(): void {
    this.asked = "";
  }

  private withRoots(target: TargetReport, passes: readonly ShownPass[]): TargetReport {
    const named = withPassRoots(target, passes);
    const key = JSON.stringify(named.roots);
    if (this.made?.of !== target || this.made.key !== key) this.made = { of: target, key, target: named };
    return this.made.target;
  }
}
