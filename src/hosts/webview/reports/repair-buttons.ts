/** What can be done about a failure from the panel: make a fix's edits, or copy the smallest spec that fails so. Stateless. */
import { css, html, nothing, type TemplateResult } from "lit";
import type { Explanation, FailureTarget, FixReport, GradcheckReport, TargetReport } from "../../../protocol";
import { codedText } from "../look/coded-text";
import { icon } from "../look/icons";
import type { PanelActions } from "../state/panel-actions";

export function fixButtons(
  explanation: Explanation | null,
  actions: PanelActions,
): (TemplateResult | typeof nothing)[] {
  return [explanation?.fix, explanation?.otherFix].map((fix) =>
    fix === undefined
      ? nothing
      : html`<button class="repair" @click=${() => actions.repair({ type: "apply-fix", fix })}>
          ${icon("check")} <span>Fix${inFile(fix)}: ${codedText(fix.title)}</span>
        </button>`,
  );
}

/** " in rules.nnspec" where it is another file that is edited. */
function inFile({ file }: FixReport): string {
  return file === undefined ? "" : ` in ${decodeURIComponent(file.slice(file.lastIndexOf("/") + 1))}`;
}

export function reproduceButton(of: FailureTarget, actions: PanelActions): TemplateResult {
  return html`<button
    class="repair"
    title="The smallest spec found that fails in the same way"
    @click=${() => actions.repair({ type: "reproduce", of })}
  >
    ${icon("copy")} <span>Copy minimal reproduction</span>
  </button>`;
}

/** How a gradcheck of the target in view is asked about. */
export function failureOf(
  { kind, name, run, gradchecks }: TargetReport,
  report: GradcheckReport,
): FailureTarget {
  if (kind !== "run") return { kind, name, index: 0 };
  const known = run?.gradchecks ?? gradchecks;
  const same = known.findIndex(
    ({ of, range, at }) =>
      JSON.stringify([of, range, at]) === JSON.stringify([report.of, report.range, report.at]),
  );
  return { kind: "gradcheck", name, index: Math.max(0, same) };
}

export const repairStyles = css`
  .repairs {
    display: flex;
    flex-wrap: wrap;
    gap: 6px;
    margin: 8px 0 2px;
  }
  .repair {
    display: inline-flex;
    align-items: center;
    gap: 4px;
    min-height: 24px;
    padding: 2px 8px;
    border: 1px solid var(--vscode-button-border, var(--vscode-contrastBorder, transparent));
    border-radius: 2px;
    color: var(--vscode-button-secondaryForeground);
    background: var(--vscode-button-secondaryBackground);
    font: inherit;
    text-align: start;
    overflow-wrap: anywhere;
    cursor: pointer;
  }
  .repair:hover {
    background: var(--vscode-button-secondaryHoverBackground);
  }
  .repair:focus-visible {
    outline: 1px solid var(--vscode-focusBorder);
    outline-offset: 1px;
  }
`;
