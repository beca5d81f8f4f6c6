/**
 * How the tensor in view differs from the one that was pinned: what the engine tells of it, and the difference as slices.
 * Owns both until another tensor or another run is compared. No DOM.
 */
import type { ComparisonReport } from "../../../protocol";
import { AskedAnswers } from "../state/asked-answers";
import type { Ask } from "../state/questions";
import { DifferenceSource } from "./difference-source";
import type { SliceSource } from "./slice-store";
import {
  comparable,
  type Pane,
  type PaneContext,
  panesOf,
  type PinnedTensor,
  pinnedSubject,
} from "./tensor-panes";

export class TensorComparison {
  /** The answer for the panes that were made last. */
  report: ComparisonReport | null = null;
  private readonly answers: AskedAnswers<"compare">;
  private differences: DifferenceSource | null = null;

  constructor(changed: () => void) {
    this.answers = new AskedAnswers(changed);
  }

  reset(source: SliceSource, pinned: PinnedTensor | null, run: number): void {
    this.answers.clear();
    this.differences = pinned === null ? null : new DifferenceSource(source, pinnedSubject(pinned, run));
  }

  /** The panes of a node, those of the comparison as far as it is known. */
  panes(ask: Ask, context: Omit<PaneContext, "difference" | "differences">): readonly Pane[] {
    const alone = panesOf({ ...context, pinned: null, differences: null, difference: null });
    this.report = this.asked(ask, context, alone);
    const difference = this.report?.difference ?? null;
    return panesOf({ ...context, differences: this.differences, difference });
  }

  private asked(
    ask: Ask,
    { pinned, run, target }: Pick<PaneContext, "pinned" | "run" | "target">,
    panes: readonly Pane[],
  ): ComparisonReport | null {
    const own = panes.find(({ key }) => key === pinned?.ref.of);
    if (pinned === null || own === undefined || own.ref === null) return null;
    if (!comparable({ pinned, run, target }, own)) return null;
    const other = { ...pinned.ref, run: pinned.run === run ? null : pinned.run };
    const question = { kind: "compare", target: target.name, tensor: own.ref, with: other } as const;
    return this.answers.get(ask, question) ?? null;
  }
}
