/** A tensor's statistics in a line: μ, σ, range, zeros, NaN and infinities. Stateless. */
import { css, html, nothing, type TemplateResult } from "lit";
import type { TensorSummary } from "../../../protocol";
import { countText, percentText, shortNumber } from "../look/number-format";

export function summaryFigures(summary: TensorSummary): TemplateResult {
  const { count, zeros, nan, infinite } = summary;
  return html`<dl class="figures">
    ${figure("μ", "mean", shortNumber(summary.mean))}
    ${figure("σ", "standard deviation", shortNumber(summary.deviation))}
    ${figure("min", "", shortNumber(summary.min))} ${figure("max", "", shortNumber(summary.max))}
    ${figure("zeros", "", percentText(zeros, count))}
    ${nan > 0 ? figure("NaN", "", countText(nan), "special") : nothing}
    ${infinite > 0 ? figure("∞", "infinite", countText(infinite), "special") : nothing}
    ${figure("elements", "", countText(count))}
  </dl>`;
}

function figure(sign: string, meaning: string, value: string, className = ""): TemplateResult {
  return html`<div class=${className}>
    <dt>${meaning === "" ? sign : html`<abbr title=${meaning}>${sign}</abbr>`}</dt>
    <dd class="number">${value}</dd>
  </div>`;
}

export const figureStyles = css`
  .figures {
    display: flex;
    flex-wrap: wrap;
    gap: 4px 16px;
    margin: 8px 0 0;
  }
  .figures > div {
    display: flex;
    align-items: baseline;
    gap: 5px;
  }
  .figures dt {
    color: var(--vscode-descriptionForeground);
  }
  .figures dd {
    margin: 0;
  }
  .figures abbr {
    text-decoration: none;
  }
  .figures .special dt,
  .figures .special dd {
    color: var(--error-text);
    font-weight: bold;
  }
`;
