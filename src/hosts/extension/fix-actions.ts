/** Quick fixes of what runs found wrong: offered at the run's problems for as long as the text is the one that was run. */
import * as vscode from "vscode";
import type { Explanation, FixReport, Range, TargetReport } from "../../protocol";
import type { ResultsStore } from "./results-store";
import { clientUri, toVscodeRange } from "./run-diagnostics";
import { gradchecksOf } from "./verdict-text";

interface OfferedFix {
  /** Where the problem is shown: its file, if it is another than the report's. */
  readonly file: string | undefined;
  readonly range: Range;
  readonly fix: FixReport;
  /** Of two that are as good, the first. */
  readonly isPreferred: boolean;
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
    const here = uri.toString();
    return this.#shownIn(here).flatMap(({ of, range: place, fix, isPreferred }) => {
      const shown = toVscodeRange(place);
      if (shown.intersection(range) === undefined) return [];
      const edited = clientUri(fix.file ?? of);
      const title = edited === here ? fix.title : `${fix.title} (in ${lastPart(edited)})`;
      const action = new vscode.CodeAction(title, vscode.CodeActionKind.QuickFix);
      action.diagnostics = diagnostics.filter(
        (each) => each.source === "nnspec run" && each.range.isEqual(shown),
      );
      action.edit = editOf(vscode.Uri.parse(edited), fix);
      action.isPreferred = isPreferred;
      return [action];
    });
  }

  /** What is shown in a document, by its own reports and by those of documents that import it; each once. */
  #shownIn(uri: string): readonly (OfferedFix & { readonly of: string })[] {
    const found = new Map<string, OfferedFix & { readonly of: string }>();
    for (const { uri: of } of this.#results.all())
      for (const offered of this.offered(of))
        if (clientUri(offered.file ?? of) === uri)
          found.set(JSON.stringify([offered.range, offered.fix.file ?? of, offered.fix.edits]), {
            ...offered,
            of,
          });
    return [...found.values()];
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
    return vscode.workspace.applyEdit(editOf(vscode.Uri.parse(clientUri(known.fix.file ?? uri)), known.fix));
  }
}

function editOf(uri: vscode.Uri, { edits }: FixReport): vscode.WorkspaceEdit {
  const edit = new vscode.WorkspaceEdit();
  for (const { range, newText } of edits) edit.replace(uri, toVscodeRange(range), newText);
  return edit;
}

function lastPart(uri: string): string {
  return decodeURIComponent(uri.slice(uri.lastIndexOf("/") + 1));
}

export function fixesIn(report: TargetReport): OfferedFix[] {
  const offer = (range: Range, explanation: Explanation | null, file?: string): OfferedFix[] =>
    [explanation?.fix, explanation?.otherFix].flatMap((fix, i) =>
      fix === undefined ? [] : [{ file, range, fix, isPreferred: i === 0 }],
    );
  return [
    ...(report.run?.checks ?? []).flatMap(({ range, explanation }) => offer(range, explanation)),
    ...gradchecksOf(report).flatMap(({ blame }) =>
      blame.flatMap(({ range, explanation, file }) => offer(range, explanation, file)),
    ),
  ];
}
