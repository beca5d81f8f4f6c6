/** Quick fixes of what runs found wrong: offered at the run's problems for as long as the text is the one that was run. */
import * as vscode from "vscode";
import type { Explanation, FixReport, Range, TargetReport } from "../../protocol";
import type { ResultsStore } from "./results-store";
import { toVscodeRange } from "./run-diagnostics";
import { gradchecksOf } from "./verdict-text";

interface OfferedFix {
  /** Where the problem is shown. */
  readonly range: Range;
  readonly fix: FixReport;
}

export class FixActions implements vscode.Disposable, vscode.CodeActionProvider {
  readonly #results: ResultsStore;
  readonly #registration: vscode.Disposable;

  constructor(results: ResultsStore) {
    this.#results = results;
    this.#registration = vscode.languages.registerCodeActionsProvider({ language: "nnspec" }, this, {
      providedCodeActionKinds: [vscode.CodeActionKind.QuickFix],
    });
  }

  dispose(): void {
    this.#registration.dispose();
  }

  provideCodeActions(
    { uri }: vscode.TextDocument,
    range: vscode.Range,
    { diagnostics }: vscode.CodeActionContext,
  ): vscode.CodeAction[] {
    return this.offered(uri.toString()).flatMap(({ range: place, fix }) => {
      const shown = toVscodeRange(place);
      if (shown.intersection(range) === undefined) return [];
      const action = new vscode.CodeAction(fix.title, vscode.CodeActionKind.QuickFix);
      action.diagnostics = diagnostics.filter(
        (each) => each.source === "nnspec run" && each.range.isEqual(shown),
      );
      action.edit = editOf(uri, fix);
      action.isPreferred = true;
      return [action];
    });
  }

  /** The fixes of the newest reports, each once; none of a text that has changed since. */
  offered(uri: string): readonly OfferedFix[] {
    const found = new Map<string, OfferedFix>();
    for (const results of this.#results.known(uri)?.targets() ?? []) {
      if (this.#results.isStale(results)) continue;
      for (const offered of fixesIn(results.report)) found.set(JSON.stringify(offered.fix), offered);
    }
    return [...found.values()];
  }

  /** Makes the edits of a fix that is offered; false where it is none. */
  async apply(uri: string, fix: FixReport): Promise<boolean> {
    const wanted = JSON.stringify(fix);
    const known = this.offered(uri).find((offered) => JSON.stringify(offered.fix) === wanted);
    if (known === undefined) return false;
    return vscode.workspace.applyEdit(editOf(vscode.Uri.parse(uri), known.fix));
  }
}

function editOf(uri: vscode.Uri, { edits }: FixReport): vscode.WorkspaceEdit {
  const edit = new vscode.WorkspaceEdit();
  for (const { range, newText } of edits) edit.replace(uri, toVscodeRange(range), newText);
  return edit;
}

export function fixesIn(report: TargetReport): OfferedFix[] {
  const offer = (range: Range, explanation: Explanation | null): OfferedFix[] =>
    explanation?.fix === undefined ? [] : [{ range, fix: explanation.fix }];
  return [
    ...(report.run?.checks ?? []).flatMap(({ range, explanation }) => offer(range, explanation)),
    ...gradchecksOf(report).flatMap(({ blame }) =>
      blame.flatMap(({ range, explanation }) => offer(range, explanation)),
    ),
  ];
}
