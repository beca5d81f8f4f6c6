/** How far every node's value and gradient are from those of another run: nodes are the same that have one name and turn. */
import type {
  DifferencesReport,
  NodeDifference,
  Question,
  TensorDifference,
  TensorRef,
} from "../../protocol";
import { isFloat, type Tensor } from "../../runtime/tensor";
import { summarize } from "../summaries";
import type { Target } from "../target";
import { distanceOf } from "./compare";

export function answerDifferences(
  target: Target,
  { root }: Question<"differences">,
  other: Target,
): DifferencesReport {
  const own = titlesOf(target);
  const theirs = new Map(titlesOf(other).map((title, i) => [title, other.idAt(i)]));
  const rootTitle = own.find((_, i) => target.idAt(i) === root);
  const otherRoot = rootTitle === undefined ? undefined : theirs.get(rootTitle);
  const rows = target.rows.flatMap(({ node }, i): readonly NodeDifference[] => {
    const id = target.idAt(i);
    const counterpart = theirs.get(own[i]!);
    const refOf = (of: TensorRef["of"], from: number | null | undefined): TensorRef | undefined =>
      counterpart === undefined || from === undefined ? undefined : { node: counterpart, of, root: from };
    const value = target.tensor({ node: id, of: "value", root: null });
    if (value === undefined) return [];
    const gradient = isFloat(node.dtype) ? gradientOf(target, id, root) : undefined;
    return [
      {
        node: id,
        value: differenceFrom(other, refOf("value", null), value),
        gradient:
          gradient === undefined ? null : differenceFrom(other, refOf("gradient", otherRoot), gradient),
      },
    ];
  });
  return { rows };
}

/** Undefined where there is none, or it is zero because nothing depends on the node. */
function gradientOf(target: Target, node: number, root: number | null): Tensor | undefined {
  const ref: TensorRef = { node, of: "gradient", root };
  return root === null || target.source(ref) === undefined ? undefined : target.tensor(ref);
}

function differenceFrom(other: Target, ref: TensorRef | undefined, value: Tensor): TensorDifference {
  const theirs = ref && other.tensor(ref);
  if (ref === undefined || theirs === undefined) return "new";
  if (theirs.shape.join() !== value.shape.join()) return "reshaped";
  return { other: ref, summary: summarize(theirs), ...distanceOf(value, theirs) };
}

/** Of several nodes that are called the same, the first is the first's counterpart, and so on. */
function titlesOf(target: Target): readonly string[] {
  const seen = new Map<string, number>();
  return target.rows.map((row) => {
    const title = JSON.stringify([target.nameOf(row), row.named.turn]);
    const before = seen.get(title) ?? 0;
    seen.set(title, before + 1);
    return `${title} ${String(before)}`;
  });
}
