/** Owns the status bar item: what runs in the spec that is being edited, or how its last run ended. */
import * as vscode from "vscode";
import { worstStatus, type Status } from "../../protocol";
import type { DocumentResults } from "./document-results";
import type { ResultsStore } from "./results-store";

const icons: Readonly<Record<Status, string>> = {
  passed: "$(pass)",
  failed: "$(error)",
  error: "$(error)",
  pending: "$(circle-outline)",
  undecided: "$(question)",
};

export class StatusItem implements vscode.Disposable {
  readonly #item = vscode.window.createStatusBarItem("nnspec.status", vscode.StatusBarAlignment.Left, 10);
  readonly #results: ResultsStore;
  readonly #subscription: vscode.Disposable;

  constructor(results: ResultsStore) {
    this.#results = results;
    this.#item.name = "nnspec";
    this.#subscription = vscode.Disposable.from(
      this.#item,
      results.onDidChange(() => this.refresh()),
      vscode.window.onDidChangeActiveTextEditor(() => this.refresh()),
    );
  }

  refresh(): void {
    const { activeTextEditor, visibleTextEditors } = vscode.window;
    // Where the inspector has the keyboard no editor is active: the spec beside it counts.
    const editors = activeTextEditor === undefined ? visibleTextEditors : [activeTextEditor];
    const spec = editors.find(({ document }) => document.languageId === "nnspec");
    const busy = this.#results.all().find(({ running }) => running !== undefined);
    if (spec !== undefined) this.#show(this.#results.known(spec.document.uri.toString()));
    else if (busy !== undefined) this.#show(busy);
    else this.#item.hide();
  }

  dispose(): void {
    this.#subscription.dispose();
  }

  #show(results: DocumentResults | undefined): void {
    const running = results?.running;
    if (running !== undefined) {
      const { progress, action, target } = running;
      const percent =
        progress === null || progress.total <= 0
          ? ""
          : ` ${String(Math.floor((100 * progress.done) / progress.total))} %`;
      this.#item.text = `$(loading~spin) nnspec: ${action}${percent}`;
      this.#item.tooltip = `${action} ${target?.name ?? ""} is under way. Click to cancel it.`;
      this.#item.command = "nnspec.cancel";
    } else {
      const reports = results?.targets().map(({ report }) => report) ?? [];
      const status = worstStatus(reports.map((report) => report.status));
      this.#item.text = reports.length === 0 ? "$(beaker) nnspec" : `${icons[status]} nnspec`;
      this.#item.tooltip =
        reports.length === 0
          ? "Nothing has run yet. Click to open the inspector."
          : `${reports.map((report) => `${report.name}: ${report.status}`).join("\n")}\nClick to open the inspector.`;
      this.#item.command = "nnspec.inspect";
    }
    this.#item.show();
  }
}
