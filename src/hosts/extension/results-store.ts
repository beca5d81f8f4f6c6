/** Owns the results of every document, and tells when they change or become stale. */
import * as vscode from "vscode";
import { DocumentResults, isStale, type Dated } from "./document-results";
import type { PastRun } from "./run-history";

export class ResultsStore implements vscode.Disposable {
  readonly #documents = new Map<string, DocumentResults>();
  readonly #changed = new vscode.EventEmitter<string>();
  readonly #subscription: vscode.Disposable;
  readonly #remembered: (uri: string) => readonly PastRun[];
  /** The document's results, or whether they are stale, may be different now. */
  readonly onDidChange = this.#changed.event;

  /** `remembered` gives the runs of a document from before the window was reloaded. */
  constructor(remembered: (uri: string) => readonly PastRun[] = () => []) {
    this.#remembered = remembered;
    this.#subscription = vscode.Disposable.from(
      this.#changed,
      vscode.workspace.onDidChangeTextDocument(({ document, contentChanges }) => {
        if (document.languageId !== "nnspec" || contentChanges.length === 0) return;
        for (const results of this.#documents.values())
          if (this.#uses(results, document)) this.changed(results.uri);
      }),
    );
  }

  of(uri: string): DocumentResults {
    let results = this.#documents.get(uri);
    if (results === undefined) {
      results = new DocumentResults(uri);
      results.history.restore(this.#remembered(uri));
      this.#documents.set(uri, results);
    }
    return results;
  }

  known(uri: string): DocumentResults | undefined {
    return this.#documents.get(uri);
  }

  all(): readonly DocumentResults[] {
    return [...this.#documents.values()];
  }

  changed(uri: string): void {
    this.#changed.fire(uri);
  }

  /** Whether the texts that a report was made from are not what the editor shows. */
  isStale(dated: Dated): boolean {
    return isStale(dated, openText);
  }

  dispose(): void {
    this.#subscription.dispose();
  }

  #uses(results: DocumentResults, document: vscode.TextDocument): boolean {
    const uri = document.uri.toString();
    return results.uri === uri || results.targets().some(({ files }) => uri in files);
  }
}

/** The text of an open document; closed ones count as unchanged. */
function openText(uri: string): string | undefined {
  return vscode.workspace.textDocuments.find((document) => document.uri.toString() === uri)?.getText();
}
