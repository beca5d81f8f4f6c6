/** A gradient as the sum of what arrives over its paths: a bar, a picture and an equation each. Stateless. */
import { css, html, nothing, type TemplateResult } from "lit";
import type { ContributionPart, ContributionsReport } from "../../../protocol";
import { plural, trimmedNumber } from "../look/number-format";
import { sharedLimit } from "../replay/thumb-nail";

export interface ContributionChoices {
  /** The part that is taken away to see the rest. */
  readonly removed: number | null;
  readonly remove: (part: number | null) => void;
}

export function contributionsList(
  report: ContributionsReport,
  gradient: string,
  { removed, remove }: ContributionChoices,
): TemplateResult {
  const { parts, total } = report;
  if (parts.length === 0)
    return html`<p class="faint">Nothing arrives at it: the gradient is a structural zero.</p>`;
  const without = removed === null ? null : (parts[removed]?.rest ?? null);
  const shown = removed === null ? total : without;
  const limit = sharedLimit([total, ...parts.map(({ value }) => value)]);
  return html`<p class="faint">
      ${parts.length === 1 ? "It has one part." : `${plural(parts.length, "part")}; shares are ⟨part, whole⟩ / ‖whole‖² and sum to 100 %.`}
    </p>
    <ol class="parts">
      ${parts.map((part, i) => item(part, { limit, isAlone: parts.length === 1, isRemoved: removed === i, flip: () => remove(removed === i ? null : i) }))}
    </ol>
    ${
      shown === null || parts.length === 1
        ? nothing
        : html`<div class="whole">
            <span class="code">${gradient}</span>
            <span class="faint">${removed === null ? "whole" : `without ${wayOf(parts[removed])}`}</span>
            <nnspec-thumb .picture=${shown} .label=${gradient} .limit=${limit}></nnspec-thumb>
          </div>`
    }`;
}

function item(
  part: ContributionPart,
  {
    limit,
    isAlone,
    isRemoved,
    flip,
  }: {
    readonly limit: number;
    readonly isAlone: boolean;
    readonly isRemoved: boolean;
    readonly flip: () => void;
  },
): TemplateResult {
  const { share, equation, value, rule } = part;
  const way = wayOf(part);
  const width = share === null ? 0 : Math.min(Math.abs(share), 1) * 100;
  return html`<li class=${isRemoved ? "removed" : ""}>
    <div class="line">
      ${
        isAlone
          ? nothing
          : html`<button
              class="tool"
              aria-pressed=${isRemoved}
              title="See the rest without this part"
              @click=${flip}
            >
              ${isRemoved ? "Put back" : "Take away"}
            </button>`
      }
      <span
        >${part.through === null ? "the pass begins here" : html`by way of <span class="code">${way}</span>`}</span
      >
      ${rule === null ? nothing : html`<span class="badge role" title="A hand-written rule">${rule}</span>`}
      <span class="spring"></span>
      <span class="number">${share === null ? "–" : `${trimmedNumber(share * 100, 3)} %`}</span>
    </div>
    <svg
      class="bar ${share !== null && share < 0 ? "against" : ""}"
      viewBox="0 0 100 4"
      preserveAspectRatio="none"
      aria-hidden="true"
    >
      <rect width=${width} height="4"></rect>
    </svg>
    <nnspec-equation .tex=${equation.tex} .text=${equation.text}></nnspec-equation>
    ${value === null ? nothing : html`<nnspec-thumb .picture=${value} .label=${`The part by way of ${way}`} .limit=${limit}></nnspec-thumb>`}
  </li>`;
}

function wayOf(part: ContributionPart | undefined): string {
  return part?.through ?? "the cotangent";
}

export const contributionsStyles = css`
  .parts {
    display: grid;
    gap: 12px;
    margin: 8px 0;
    padding: 0;
    list-style: none;
  }
  .parts li {
    display: grid;
    gap: 4px;
    min-width: 0;
  }
  .parts li.removed nnspec-equation,
  .parts li.removed nnspec-thumb {
    opacity: 0.4;
  }
  .line,
  .whole {
    display: flex;
    flex-wrap: wrap;
    align-items: center;
    gap: 8px;
  }
  .bar {
    width: 100%;
    height: 4px;
    background: var(--vscode-editorWidget-border, var(--vscode-panel-border));
  }
  .bar rect {
    fill: var(--vscode-charts-blue);
  }
  .bar.against rect {
    fill: var(--gradient-ink);
  }
  nnspec-thumb {
    justify-self: start;
  }
`;
