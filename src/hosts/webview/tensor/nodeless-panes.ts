/**
 * Tensors that stand beside a node's own and are no node's themselves: the error at each entry, where a gradient check
 * compared them, and the parts that a gradient is the sum of. Owns what the engine tells of them. No DOM.
 */
import type { GradcheckReport, TensorRef, TensorSummary } from "../../../protocol";
import { AskedAnswers } from "../state/asked-answers";
import { gradchecksOf } from "../look/verdict-order";
import type { ShownPass } from "../state/kept-passes";
import { leafNode } from "../state/node-rows";
import type { Ask } from "../state/questions";
import { gradientTitle, type Pane, type PaneContext } from "./tensor-panes";
import { leadingIndices } from "./tensor-axes";

/** More parts than this are listed where the gradient is taken apart. */
const mostParts = 12;

type Context = Pick<PaneContext, "target" | "node" | "source" | "wished">;

export class NodelessPanes {
  private readonly parts: AskedAnswers<"contributions">;
  private readonly tensors: AskedAnswers<"tensor">;

  constructor(changed: () => void) {
    this.parts = new AskedAnswers(changed);
    this.tensors = new AskedAnswers(changed);
  }

  /** Another run: nothing that was told holds any more. */
  clear(): void {
    this.parts.clear();
    this.tensors.clear();
  }

  /** One for each gradient check that compared the node. */
  errors(ask: Ask, context: Context): readonly Pane[] {
    return errorMapsOf(context).flatMap(({ id, of }, i) => {
      const title = `error of ∂${of}/∂${context.node.name}`;
      const known = { key: `error-${String(i)}`, name: "Error", title, colors: "error" } as const;
      return this.pane(ask, context, id, known);
    });
  }

  /** The parts of the gradient in view; none where it has only one. */
  contributions(ask: Ask, context: Context): readonly Pane[] {
    const { target, node } = context;
    if (target.root === null || node.gradient === null || typeof node.gradient === "string") return [];
    const question = {
      kind: "contributions",
      target: target.name,
      root: target.root,
      node: node.id,
    } as const;
    const parts = this.parts.get(ask, question)?.parts ?? [];
    if (parts.length < 2) return [];
    return parts.slice(0, mostParts).flatMap(({ tensor, through, equation }, i) => {
      if (tensor === null) return [];
      // Two paths through one node differ in what they carry.
      const isOnlyOne = parts.filter((part) => part.through === through).length === 1;
      const which = isOnlyOne ? "" : `: ${equation.text}`;
      const title = `${gradientTitle(target, node.name)} by way of ${through ?? "the cotangent"}${which}`;
      const known = { key: `part-${String(i)}`, name: "Contribution", title, colors: "gradient" } as const;
      return this.pane(ask, context, tensor, known);
    });
  }

  /** What the passes that are kept have at the node. */
  passes({ node, source, wished }: Context, passes: readonly ShownPass[]): readonly Pane[] {
    return passes.flatMap(({ kept, begun, fresh }) => {
      const row = fresh ? begun?.rows.find((each) => each.node === node.id) : undefined;
      if (begun === null || row === undefined || row.value === "pending") return [];
      const isBackward = kept.direction === "backward";
      const ref: TensorRef = { node: node.id, of: "gradient", root: begun.report.pass };
      return [
        {
          key: `pass-${String(kept.id)}`,
          name: isBackward ? "Gradient of a pass" : "Tangent of a pass",
          title: `${kept.name} at ${node.name}`,
          colors: isBackward ? "gradient" : "tangent",
          summary: row.value,
          subject: { ...ref, leading: leadingIndices(row.value.shape, wished) },
          source,
          ref,
        },
      ];
    });
  }

  private pane(
    ask: Ask,
    { target, source, wished }: Context,
    id: number,
    known: Pick<Pane, "key" | "name" | "title" | "colors">,
  ): readonly Pane[] {
    const ref: TensorRef = { node: id, of: "value", root: null };
    const summary: TensorSummary | undefined = this.tensors.get(ask, {
      kind: "tensor",
      target: target.name,
      tensor: ref,
    })?.summary;
    if (summary === undefined) return [];
    const leading = leadingIndices(summary.shape, wished);
    return [{ ...known, summary, subject: { ...ref, leading }, source, ref }];
  }
}

interface ErrorMap {
  readonly id: number;
  /** The result whose gradient was checked. */
  readonly of: string;
}

/** The error maps of a node, one for each gradient check that compared it. */
export function errorMapsOf({ target, node }: Pick<Context, "target" | "node">): readonly ErrorMap[] {
  const found = (report: GradcheckReport | undefined): readonly ErrorMap[] =>
    (report?.leaves ?? []).flatMap(({ name, errors }) =>
      errors !== undefined && leafNode(target, name)?.id === node.id
        ? [{ id: errors, of: report?.of ?? "" }]
        : [],
    );
  return gradchecksOf(target).flatMap((report) => [...found(report), ...found(report.secondOrder)]);
}
