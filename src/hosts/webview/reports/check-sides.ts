/**
 * What a failed check compared, as the tensor view takes it: one side as a node, the other as a tensor that is pinned
 * beside it. Owns what the engine tells of the sides. No DOM.
 */
import type { AnswerOf, CheckReport, NodeSummary, TargetReport, TensorRef } from "../../../protocol";
import { AskedAnswers } from "../state/asked-answers";
import type { Ask } from "../state/questions";
import type { PinnedTensor } from "../tensor/tensor-panes";

export interface ComparedSides {
  /** A target of nothing but that node. */
  readonly target: TargetReport;
  readonly node: NodeSummary;
  readonly pinned: PinnedTensor;
}

export class CheckSides {
  private readonly answers: AskedAnswers<"check">;
  /** The same for the same answer, so that a view keeps what it has made of it. */
  private readonly made = new WeakMap<AnswerOf<"check">, ComparedSides>();

  constructor(changed: () => void) {
    this.answers = new AskedAnswers(changed);
  }

  /** Another run: nothing that was told holds any more. */
  clear(): void {
    this.answers.clear();
  }

  /** Null: there are none. Undefined: not yet. */
  get(ask: Ask, target: TargetReport, run: number, index: number): ComparedSides | null | undefined {
    const answer = this.answers.get(ask, { kind: "check", target: target.name, index });
    const check = target.run?.checks[index];
    if (!answer || check === undefined) return answer && null;
    const sides = this.made.get(answer) ?? comparedSides(target, check, run, answer);
    this.made.set(answer, sides);
    return sides;
  }
}

function comparedSides(
  target: TargetReport,
  check: CheckReport,
  run: number,
  { actual, expected }: AnswerOf<"check">,
): ComparedSides {
  const node: NodeSummary = {
    id: actual.node,
    name: "left side",
    group: "",
    role: "value",
    op: "",
    parents: [],
    range: check.range,
    file: null,
    at: check.at,
    dims: [],
    value: actual.summary,
    // Nothing is to be said of gradients.
    gradient: "zero",
    fault: null,
  };
  const ref: TensorRef = { node: expected.node, of: "value", root: null };
  const { name } = target;
  const pinned = { run, target: name, ref, title: "right side", moment: null, summary: expected.summary };
  // Without a root and other nodes there is no gradient beside it, and nothing to choose.
  return { target: { ...target, nodes: [node], roots: [], root: null, gradchecks: [] }, node, pinned };
}
