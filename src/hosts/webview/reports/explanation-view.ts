/** An explanation with its evidence: what fits, how well, and the runner-up. Stateless. */
import { css, html, nothing, type TemplateResult } from "lit";
import type { Explanation } from "../../../protocol";
import { codedText } from "../look/coded-text";
import { shortNumber, trimmedNumber } from "../look/number-format";

export function explanationView(explanation: Explanation): TemplateResult {
  const { message, factor, expression, fit, runnerUp, kind } = explanation;
  return html`<div class="explanation">
    <p>${codedText(message)}</p>
    <dl class="evidence">
      ${
        expression === null || message.includes("too much")
          ? nothing
          : pair(
              message.includes("missing") ? "missing" : "belongs there",
              html`<span class="code">${expression}</span>`,
            )
      }
      ${factor === null ? nothing : pair("factor", html`<span class="number">${trimmedNumber(factor)}</span>`)}
      ${kind === "unknown" ? nothing : pair("fit error", html`<span class="number">${shortNumber(fit, 3)}</span>`)}
      ${
        runnerUp === null
          ? nothing
          : pair(
              "runner-up",
              html`${runnerUp.kind} <span class="number">(${shortNumber(runnerUp.fit, 3)})</span>`,
            )
      }
    </dl>
  </div>`;
}

function pair(term: string, value: TemplateResult): TemplateResult {
  return html`<div>
    <dt>${term}</dt>
    <dd>${value}</dd>
  </div>`;
}

export const explanationStyles = css`
  .explanation p {
    margin: 4px 0;
  }
  .evidence {
    display: flex;
    flex-wrap: wrap;
    gap: 2px 18px;
    margin: 4px 0 0;
  }
  .evidence > div {
    display: flex;
    align-items: baseline;
    gap: 6px;
  }
  .evidence dt {
    color: var(--vscode-descriptionForeground);
  }
  .evidence dd {
    margin: 0;
  }
`;
