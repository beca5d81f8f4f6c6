/**
 * Owns live runs: the last run of a document is repeated as one types, a moment after the last key, as long as it is
 * quick. A run that somebody started is never disturbed, and nothing waits for a live one.
 */
import * as vscode from "vscode";
import type { DocumentResults } from "./document-results";
import { isQuick, liveLimit, type LiveMode } from "./live-rule";
import type { ResultsStore } from "./results-store";
import type { Runs } from "./runs";

export class LiveRuns implements vscode.Disposable {
  readonly #runs: Runs;
  readonly #results: ResultsStore;
  readonly #subscription: vscode.Disposable;
  /** By document: what will repeat its run. */
  readonly #timers = new Map<string, ReturnType<typeof setTimeout>>();

  constructor(runs: Runs, results: ResultsStore) {
    this.#runs = runs;
    this.#results = results;
    this.#subscription = vscode.Disposable.from(
      vscode.workspace.onDidChangeTextDocument(({ document, contentChanges }) => {
        if (document.languageId === "nnspec" && contentChanges.length > 0) this.#edited(document);
      }),
      vscode.workspace.onDidCloseTextDocument(({ uri }) => this.#forget(uri.toString())),
      vscode.workspace.onDidChangeConfiguration((event) => {
        if (event.affectsConfiguration("nnspec.live")) this.#stopUnwanted();
      }),
    );
  }

  dispose(): void {
    this.#subscription.dispose();
    for (const timer of this.#timers.values()) clearTimeout(timer);
  }

  /** Every document whose results come from this text: itself, and those that import it. */
  #edited(document: vscode.TextDocument): void {
    const changed = document.uri.toString();
    for (const results of this.#results.all()) {
      const { uri } = results;
      if (uri !== changed && !results.targets().some(({ files }) => changed in files)) continue;
      if (results.running !== undefined || !isLive(results)) continue;
      results.repeating = true;
      clearTimeout(this.#timers.get(uri));
      this.#timers.set(
        uri,
        setTimeout(() => void this.#repeat(uri), delay()),
      );
    }
  }

  async #repeat(uri: string): Promise<void> {
    this.#timers.delete(uri);
    const results = this.#results.known(uri);
    if (results?.last === undefined || results.running !== undefined) return;
    try {
      const document = vscode.Uri.parse(uri);
      await this.#runs.repeat(document, results.last, liveLimit[liveMode(document)]);
    } finally {
      if (!this.#timers.has(uri)) {
        results.repeating = false;
        this.#results.changed(uri);
      }
    }
  }

  #forget(uri: string): void {
    clearTimeout(this.#timers.get(uri));
    this.#timers.delete(uri);
  }

  #stopUnwanted(): void {
    for (const uri of [...this.#timers.keys()]) {
      if (liveMode(vscode.Uri.parse(uri)) !== "off") continue;
      this.#forget(uri);
      const results = this.#results.known(uri);
      if (results !== undefined) results.repeating = false;
      this.#results.changed(uri);
    }
  }
}

/** Whether the document's last run repeats as one types. */
export function isLive({ uri, last }: DocumentResults): boolean {
  return last !== undefined && isQuick(liveMode(vscode.Uri.parse(uri)), last);
}

function liveMode(uri: vscode.Uri): LiveMode {
  return vscode.workspace.getConfiguration("nnspec", uri).get<LiveMode>("live", "auto");
}

/** Turns live runs off, or back to what they are by default. */
export async function toggleLive(): Promise<LiveMode> {
  const configuration = vscode.workspace.getConfiguration("nnspec");
  const next: LiveMode = configuration.get<LiveMode>("live", "auto") === "off" ? "auto" : "off";
  const inspected = configuration.inspect<LiveMode>("live");
  const target =
    inspected?.workspaceValue === undefined
      ? vscode.ConfigurationTarget.Global
      : vscode.ConfigurationTarget.Workspace;
  await configuration.update("live", next, target);
  return next;
}

function delay(): number {
  const wanted = vscode.workspace.getConfiguration("nnspec").get<number>("liveDelay", 200);
  return Math.min(5000, Math.max(50, wanted));
}
