/**
 * Owns the hints at what a file's tests would miss, and the actions that add what would catch it. An edit moves hints with their
 * lines and removes those that it touches.
 */
import * as vscode from "vscode";
import type { FileStrength, MutantReport, Range } from "../../protocol";
import { toVscodeRange } from "./run-diagnostics";
import { shiftRange } from "./shift-range";

interface Hint {
  readonly range: Range;
  readonly mutant: MutantReport;
}

export const strengthSource = "nnspec strength";

export class StrengthHints implements vscode.Disposable, vscode.CodeActionProvider {
  readonly #collection = vscode.languages.createDiagnosticCollection(strengthSource);
  readonly #hints = new Map<string, readonly Hint[]>();
  readonly #subscription: vscode.Disposable;

  constructor() {
    this.#subscription = vscode.Disposable.from(
      this.#collection,
      vscode.languages.registerCodeActionsProvider({ language: "nnspec" }, this, {
        providedCodeActionKinds: [vscode.CodeActionKind.QuickFix],
      }),
      vscode.workspace.onDidChangeTextDocument(({ document, contentChanges }) =>
        this.#move(document.uri, contentChanges),
      ),
      vscode.workspace.onDidCloseTextDocument(({ uri }) => this.#set(uri, [])),
    );
  }

  dispose(): void {
    this.#subscription.dispose();
  }

  show(uri: vscode.Uri, { subjects }: FileStrength): void {
    const missed = subjects.flatMap(({ mutants }) => mutants.filter(({ outcome }) => outcome === "missed"));
    this.#set(
      uri,
      missed.map((mutant) => ({ range: mutant.range, mutant })),
    );
  }

  provideCodeActions(document: vscode.TextDocument, range: vscode.Range): vscode.CodeAction[] {
    const hints = this.#hints.get(document.uri.toString()) ?? [];
    const actions = new Map<string, vscode.CodeAction>();
    for (const hint of hints) {
      const { suggestion } = hint.mutant;
      if (suggestion === null || toVscodeRange(hint.range).intersection(range) === undefined) continue;
      const edit = additionOf(document, suggestion);
      if (edit === undefined || actions.has(suggestion.text)) continue;
      const title = `Add \`${suggestion.text.split("\n").join(" ").replaceAll(/\s+/gu, " ")}\``;
      const action = new vscode.CodeAction(title, vscode.CodeActionKind.QuickFix);
      action.diagnostics = [toDiagnostic(hint)];
      action.edit = new vscode.WorkspaceEdit();
      action.edit.insert(document.uri, edit.at, edit.text);
      actions.set(suggestion.text, action);
    }
    return [...actions.values()];
  }

  #set(uri: vscode.Uri, hints: readonly Hint[]): void {
    this.#hints.set(uri.toString(), hints);
    this.#collection.set(uri, hints.map(toDiagnostic));
  }

  #move(uri: vscode.Uri, changes: readonly vscode.TextDocumentContentChangeEvent[]): void {
    const hints = this.#hints.get(uri.toString()) ?? [];
    if (hints.length === 0 || changes.length === 0) return;
    const moved = hints.flatMap((hint) => {
      let range: Range | undefined = hint.range;
      for (const { range: changed, text } of changes)
        range = range && shiftRange(range, { range: changed, text });
      return range === undefined ? [] : [{ ...hint, range }];
    });
    this.#set(uri, moved);
  }
}

function toDiagnostic({ range, mutant: { title, suggestion } }: Hint): vscode.Diagnostic {
  const way = suggestion === null ? "" : ` ${suggestion.title}`;
  const message = `No test of this file would notice ${title}.${way}`;
  const diagnostic = new vscode.Diagnostic(
    toVscodeRange(range),
    message,
    vscode.DiagnosticSeverity.Information,
  );
  diagnostic.source = strengthSource;
  diagnostic.code = "missed";
  return diagnostic;
}

/** A statement goes to the end of the run that is named, a new run to the end of the file; a changed run is for the report alone. */
function additionOf(
  document: vscode.TextDocument,
  { title, text }: NonNullable<MutantReport["suggestion"]>,
): { readonly at: vscode.Position; readonly text: string } | undefined {
  const all = document.getText();
  const own = /^run (\S+) \{/u.exec(text)?.[1];
  if (own !== undefined) {
    if (new RegExp(`^run ${own}\\b`, "mu").test(all)) return undefined;
    return { at: document.positionAt(all.length), text: `${all.endsWith("\n") ? "" : "\n"}\n${text}\n` };
  }
  const run = /in run (\S+) would/u.exec(title)?.[1];
  const start = run === undefined ? -1 : all.search(new RegExp(`^run ${run}\\b`, "mu"));
  const end = start < 0 ? -1 : all.indexOf("\n}", start);
  return end < 0 ? undefined : { at: document.positionAt(end + 1), text: `  ${text}\n` };
}
