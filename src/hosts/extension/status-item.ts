/** Owns the status bar item: what runs in the spec that is being edited, or how its last run ended. */
import * as vscode from "vscode";
import { worstStatus, type Status } from "../../protocol";
import type { DocumentResults } from "./document-results";
import { isLive } from "./live";
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
      const live = results !== undefined && isLive(results);
      this.#item.text = `${reports.length === 0 ? "$(beaker)" : icons[status]} nnspec${live ? " $(pulse)" : ""}`;
      const lines = reports.map((report) => `${report.name}: ${report.status}`);
      if (reports.length === 0) lines.push("Nothing has run yet.");
      if (live) lines.push("The last run repeats as you type.");
      this.#item.tooltip = [...lines, "Click to open the inspector."].join("\n");
      this.#item.command = "nnspec.inspect";
    }
    this.#item.show();
  }
}
