/**
 * Owns the diagnostics that runs find, apart from the checker's. An edit moves them with their lines and removes those
 * that it touches.
 */
import * as vscode from "vscode";
import { standardLibraryUri, type Range, type Severity } from "../../protocol";
import { problemsOf, type RunProblem } from "./run-problems";
import type { ResultsStore } from "./results-store";
import { shiftRange } from "./shift-range";
import type { DocumentResults } from "./document-results";

export class RunDiagnostics implements vscode.Disposable {
  readonly #collection = vscode.languages.createDiagnosticCollection("nnspec run");
  readonly #subscription: vscode.Disposable;
  /** The run whose problems are shown, by document, so that progress and edits do not bring old ones back. */
  readonly #shown = new Map<string, string>();
  readonly #byRun = new Map<string, ReadonlyMap<string, readonly vscode.Diagnostic[]>>();

  constructor(results: ResultsStore) {
    this.#subscription = vscode.Disposable.from(
      this.#collection,
      results.onDidChange((uri) => {
        const known = results.known(uri);
        if (known !== undefined) this.#show(known);
      }),
      vscode.workspace.onDidChangeTextDocument((event) => this.#move(event)),
      vscode.workspace.onDidChangeConfiguration((event) => {
        if (event.affectsConfiguration("nnspec.problemsFromRuns")) this.#refresh();
      }),
      vscode.workspace.onDidCloseTextDocument(({ uri }) => {
        this.#shown.delete(uri.toString());
        this.#byRun.delete(uri.toString());
        this.#refresh();
      }),
    );
  }

  dispose(): void {
    this.#subscription.dispose();
  }

  #show(results: DocumentResults): void {
    const sessions = results.targets().map(({ runId, report }) => `${String(runId)} ${report.name}`);
    const key = sessions.join("; ");
    if (this.#shown.get(results.uri) === key || results.running !== undefined) return;
    this.#shown.set(results.uri, key);
    const files = new Map<string, vscode.Diagnostic[]>();
    const reports = results.targets().map(({ report }) => report);
    for (const problem of problemsOf(reports, results.problems)) {
      const file = clientUri(problem.file ?? results.uri);
      files.set(file, [...(files.get(file) ?? []), toDiagnostic(problem, results.uri)]);
    }
    this.#byRun.set(results.uri, files);
    this.#refresh();
  }

  #refresh(): void {
    const files = new Map<string, vscode.Diagnostic[]>();
    for (const run of this.#byRun.values()) {
      for (const [file, diagnostics] of run) files.set(file, [...(files.get(file) ?? []), ...diagnostics]);
    }
    this.#collection.clear();
    for (const [file, diagnostics] of files) {
      const uri = vscode.Uri.parse(file);
      const wanted = vscode.workspace.getConfiguration("nnspec", uri).get<boolean>("problemsFromRuns", true);
      if (wanted) this.#collection.set(uri, diagnostics);
    }
  }

  #move({ document, contentChanges }: vscode.TextDocumentChangeEvent): void {
    const file = document.uri.toString();
    let moved = false;
    for (const [run, files] of this.#byRun) {
      const diagnostics = files.get(file);
      if (diagnostics === undefined || diagnostics.length === 0 || contentChanges.length === 0) continue;
      const kept = diagnostics.flatMap((diagnostic) => afterEdits(diagnostic, contentChanges) ?? []);
      this.#byRun.set(run, new Map([...files, [file, kept]]));
      moved = true;
    }
    if (moved) this.#refresh();
  }
}

function afterEdits(
  diagnostic: vscode.Diagnostic,
  changes: readonly vscode.TextDocumentContentChangeEvent[],
): vscode.Diagnostic | undefined {
  let range: Range | undefined = diagnostic.range;
  for (const { range: edited, text } of changes) range = range && shiftRange(range, { range: edited, text });
  if (range === undefined) return undefined;
  const moved = new vscode.Diagnostic(toVscodeRange(range), diagnostic.message, diagnostic.severity);
  if (diagnostic.source !== undefined) moved.source = diagnostic.source;
  if (diagnostic.code !== undefined) moved.code = diagnostic.code;
  if (diagnostic.relatedInformation !== undefined) moved.relatedInformation = diagnostic.relatedInformation;
  return moved;
}

const severities: Readonly<Record<Severity, vscode.DiagnosticSeverity>> = {
  error: vscode.DiagnosticSeverity.Error,
  warning: vscode.DiagnosticSeverity.Warning,
  information: vscode.DiagnosticSeverity.Information,
  hint: vscode.DiagnosticSeverity.Hint,
};

function toDiagnostic(problem: RunProblem, uri: string): vscode.Diagnostic {
  const diagnostic = new vscode.Diagnostic(
    toVscodeRange(problem.range),
    problem.message,
    severities[problem.severity],
  );
  diagnostic.source = "nnspec run";
  diagnostic.code = problem.code;
  diagnostic.relatedInformation = problem.related.map(({ file, range, message }) => {
    const location = new vscode.Location(vscode.Uri.parse(clientUri(file ?? uri)), toVscodeRange(range));
    return new vscode.DiagnosticRelatedInformation(location, message);
  });
  return diagnostic;
}

export function toVscodeRange({ start, end }: Range): vscode.Range {
  return new vscode.Range(start.line, start.character, end.line, end.character);
}

/** The engine names the standard library by its import. */
export function clientUri(file: string): string {
  return file === "std" ? standardLibraryUri : file;
}
