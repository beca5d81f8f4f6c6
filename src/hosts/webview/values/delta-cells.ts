/** The cells that say how far a node is from that of another run; the largest difference leads to its map. Stateless. */
import { html, type TemplateResult } from "lit";
import type { NodeDifference, NodeSummary, SizedDifference, TensorDifference } from "../../../protocol";
import { shortNumber } from "../look/number-format";
import { nodeTitle } from "../state/node-rows";
import type { Differences } from "../state/run-differences";
import { deltaColumns, type TableLayout } from "./table-layout";

export interface DeltaContext {
  readonly layout: TableLayout;
  readonly differences: Differences;
  /** Whether its buttons are reached by Tab: those of one row are. */
  readonly reachable: boolean;
  readonly open: (node: NodeSummary, difference: SizedDifference) => void;
}

export function deltaCells(node: NodeSummary, context: DeltaContext): readonly TemplateResult[] {
  const { layout, differences } = context;
  const row = differences.of.get(node.id);
  return deltaColumns(layout).map(({ of, which }, i) => {
    const edge = i === 0 ? "delta-edge" : "";
    return html`<td role="gridcell" class="figure number ${edge}">
      ${content(node, row, of, which, context)}
    </td>`;
  });
}

function content(
  node: NodeSummary,
  row: NodeDifference | undefined,
  of: "value" | "gradient",
  which: "largest" | "relative",
  { differences, reachable, open }: DeltaContext,
): TemplateResult {
  if (row === undefined)
    return html`<span class="faint">${differences.condition === "asked" ? "…" : "–"}</span>`;
  const difference = row[of];
  if (difference === null) return html`<span class="faint">–</span>`;
  if (typeof difference === "string") return told(difference, which);
  if (difference.largest === 0)
    return which === "largest"
      ? html`<span class="faint" title="Equal in every element">0</span>`
      : html`<span class="faint">0 %</span>`;
  if (which === "relative") return html`${relativeText(difference.relative)}`;
  const name = of === "value" ? nodeTitle(node) : `the gradient at ${nodeTitle(node)}`;
  const onClick = (event: Event): void => {
    event.stopPropagation();
    open(node, difference);
  };
  return html`<button
    class="link number"
    tabindex=${reachable ? 0 : -1}
    title="Show where ${name} differs (${relativeText(difference.relative)} by norm)"
    @click=${onClick}
    @dblclick=${(event: Event) => event.stopPropagation()}
  >
    ${shortNumber(difference.largest, 3)}<span class="unseen">, where ${name} differs</span>
  </button>`;
}

function told(word: TensorDifference & string, which: "largest" | "relative"): TemplateResult {
  const title = word === "new" ? "The other run has none of this name" : "It had another shape";
  return html`<span class="faint" title=${title}>${which === "largest" ? html`<i>${word}</i>` : ""}</span>`;
}

/** ‖Δ‖ beside the larger norm, in percent. */
function relativeText(share: number): string {
  if (Number.isNaN(share)) return "–";
  return `${shortNumber(100 * share, 3)} %`;
}
