/**
 * Owns runs from the click to the results: the texts are asked of the server, the work is done in the worker, progress
 * shows when it lasts, and a newer run of the same document replaces an older one.
 */
import * as vscode from "vscode";
import type { RunRequest, SourcesReply } from "../../protocol";
import type { DataFiles } from "./data-files";
import type { Action, Target } from "./document-results";
import { EngineLink, type Progress, type Running, type RunResult } from "./engine-link";
import type { LanguageServer } from "./language-client";
import type { Platform } from "./platform";
import type { ResultsStore } from "./results-store";
import { isBroken, type LastRun } from "./live-rule";
import { outcomeLine } from "./outcome-line";
import type { PastRun } from "./run-history";

/** The engine is started so long after the extension, which has more urgent things to do at first. */
const preparationMilliseconds = 1500;

/** What lasts longer shows its progress. */
const patienceMilliseconds = 300;

/** What a run may be told beside what is run. */
export type RunOptions = Pick<RunRequest, "resume" | "full" | "secondOrder">;

export class Runs implements vscode.Disposable {
  readonly #server: LanguageServer;
  readonly #results: ResultsStore;
  readonly #output: vscode.LogOutputChannel;
  readonly #engine: EngineLink;
  readonly #underWay = new Map<string, Running>();
  /** Those among them that nobody asked for. */
  readonly #live = new WeakSet<Running>();

  readonly #data: DataFiles;
  readonly #opensFiles: boolean;
  readonly #preparation: ReturnType<typeof setTimeout>;

  constructor(
    platform: Platform,
    data: DataFiles,
    server: LanguageServer,
    results: ResultsStore,
    output: vscode.LogOutputChannel,
  ) {
    this.#data = data;
    this.#opensFiles = platform.opensFiles;
    this.#server = server;
    this.#results = results;
    this.#output = output;
    this.#engine = new EngineLink({
      start: platform.startWorker,
      onDidRestart: (cause, detail) => this.#restarted(cause, detail),
    });
    this.#preparation = setTimeout(() => this.#engine.prepare(), preparationMilliseconds);
  }

  get engine(): EngineLink {
    return this.#engine;
  }

  /** Runs a target of the document, or all of it; the same as a click on a lens. */
  async start(
    uri: vscode.Uri,
    action: Action,
    target: Target | undefined,
    options: RunOptions = {},
  ): Promise<RunResult["kind"]> {
    const document = await vscode.workspace.openTextDocument(uri);
    const sources = await this.#server.sources(document.uri);
    if (sources === null) throw new Error(`${uri.toString()} is not open as an nnspec document.`);
    const key = document.uri.toString();
    const request = { ...(await this.#request(document.uri, sources, action, target)), ...options };
    this.cancel(key);
    const results = this.#results.of(key);
    const progress = new vscode.EventEmitter<Progress>();
    const running = this.#engine.run(request, (told) => {
      if (results.running?.runId !== running.runId) return;
      const { trainings } = results.running;
      const grown = told.training === undefined ? trainings : [...trainings, told.training];
      results.running = { ...results.running, progress: told, trainings: grown };
      progress.fire(told);
      this.#results.changed(key);
    });
    this.#underWay.set(key, running);
    results.running = { runId: running.runId, action, target, progress: null, trainings: [] };
    this.#told();
    this.#results.changed(key);
    const end = showProgress(
      running,
      `${actionNames[action]} ${target?.name ?? fileName(uri)}`,
      progress.event,
    );
    const result = await running.result;
    end();
    progress.dispose();
    this.#take(key, running.runId, request, result);
    return result.kind;
  }

  /**
   * Repeats a run for a text that has changed, without a word: what it gives replaces what was there, unless the text is
   * half-typed. It ends itself when it lasts too long.
   */
  async repeat(uri: vscode.Uri, { action, target }: LastRun, limit: number): Promise<void> {
    const key = uri.toString();
    const sources = await this.#server.sources(uri);
    if (sources === null) return;
    const request = await this.#request(uri, sources, action, target);
    const before = this.#underWay.get(key);
    if (before !== undefined) {
      if (!this.#live.has(before)) return;
      before.cancel();
      await before.result;
      if (this.#underWay.get(key) !== before) return;
    }
    // Looking for fixes takes longer than most runs that are repeated.
    const running = this.#engine.run({ ...request, fixes: false }, () => undefined);
    this.#underWay.set(key, running);
    this.#live.add(running);
    let late = false;
    const timer = setTimeout(() => {
      late = true;
      running.cancel();
    }, limit);
    const result = await running.result;
    clearTimeout(timer);
    if (this.#underWay.get(key) !== running) this.#engine.forget(running.runId);
    else this.#takeLive(key, running.runId, request, result, { late });
  }

  #takeLive(
    key: string,
    runId: number,
    request: RunRequest,
    result: RunResult,
    { late }: { readonly late: boolean },
  ): void {
    this.#underWay.delete(key);
    const results = this.#results.of(key);
    if (result.kind === "finished" && !isBroken(result.outcome, results.problems)) {
      results.ending = "finished";
      for (const session of results.take(runId, request, result.outcome)) this.#engine.forget(session);
      results.last = results.last && { ...results.last, warm: true };
    } else this.#engine.forget(runId);
    // What crashed or took too long is not tried again before somebody runs it.
    if (late || result.kind === "crashed") results.last = undefined;
    if (late)
      this.#output.info(
        `${fileName(vscode.Uri.parse(key))}: live runs pause, because this one took too long.`,
      );
    if (result.kind === "crashed") {
      this.#output.error(outcomeLine(request, result));
      this.#tellCrash();
    }
    this.#results.changed(key);
  }

  /** Makes the session of a run anew, from its own texts. */
  async again(
    uri: string,
    runId: number,
    { asked, files }: Required<Pick<PastRun, "asked" | "files">>,
  ): Promise<RunResult> {
    const texts = await this.textsOf(vscode.Uri.parse(uri));
    const request = { ...texts, ...asked, files, fixes: false };
    return this.#engine.run(request, () => undefined, runId).result;
  }

  /** The texts of a document and all that they need, as they are now. */
  async textsOf(uri: vscode.Uri): Promise<Omit<RunRequest, "action" | "target">> {
    const document = await vscode.workspace.openTextDocument(uri);
    const sources = await this.#server.sources(document.uri);
    if (sources === null) throw new Error(`${uri.toString()} is not open as an nnspec document.`);
    const request = await this.#request(document.uri, sources, "run", undefined);
    const { action: _action, target: _target, ...texts } = request;
    return texts;
  }

  /** Everything that the worker needs, as it is now. */
  async #request(
    document: vscode.Uri,
    { uri, version, files, data }: SourcesReply,
    action: Action,
    target: Target | undefined,
  ): Promise<RunRequest> {
    const sent = data.filter((each) => !this.#opensFiles || !each.startsWith("file:"));
    const workspace = (vscode.workspace.workspaceFolders ?? []).map((folder) => folder.uri.toString());
    const inWorkspace = vscode.workspace.getWorkspaceFolder(document) !== undefined;
    const folders = inWorkspace ? workspace : [vscode.Uri.joinPath(document, "..").toString()];
    return {
      uri,
      version,
      action,
      target,
      files,
      ...(sent.length === 0 ? {} : { data: await this.#data.forRun(sent) }),
      ...(vscode.workspace.isTrusted ? {} : { folders }),
    };
  }

  /** The training under way ends with what it has. */
  stopTraining(uri: string): void {
    this.#underWay.get(uri)?.stopTraining();
  }

  cancel(uri: string): void {
    this.#underWay.get(uri)?.cancel();
  }

  cancelAll(): void {
    for (const running of this.#underWay.values()) running.cancel();
  }

  /** The document is closed and nobody looks at its results: its tensors need not be kept. */
  forget(uri: string): void {
    const results = this.#results.known(uri);
    if (results === undefined || results.running !== undefined) return;
    for (const session of results.clear()) this.#engine.forget(session);
    this.#results.changed(uri);
  }

  dispose(): void {
    clearTimeout(this.#preparation);
    this.#engine.dispose();
  }

  #take(key: string, runId: number, request: RunRequest, result: RunResult): void {
    const results = this.#results.of(key);
    const line = outcomeLine(request, result);
    if (result.kind === "crashed") this.#output.error(line);
    else this.#output.info(line);
    if (this.#underWay.get(key)?.runId !== runId) {
      this.#engine.forget(runId); // a newer run has taken its place
      return;
    }
    this.#underWay.delete(key);
    results.running = undefined;
    results.ending = result.kind;
    results.message = result.kind === "crashed" ? result.message : null;
    if (result.kind === "finished") {
      for (const session of results.take(runId, request, result.outcome)) this.#engine.forget(session);
    } else if (result.kind === "crashed") this.#tellCrash();
    this.#told();
    this.#results.changed(key);
  }

  #told(): void {
    void vscode.commands.executeCommand("setContext", "nnspec.running", this.#underWay.size > 0);
  }

  #tellCrash(): void {
    const show = "Show Output";
    void vscode.window
      .showErrorMessage("The nnspec engine failed on this run. The details are in the output.", show)
      .then((chosen) => {
        if (chosen === show) this.#output.show(true);
      });
  }

  #restarted(cause: "died" | "unresponsive", detail: string): void {
    for (const { history } of this.#results.all()) history.sleep();
    this.#output.warn(`The engine was restarted: ${detail}`);
    if (cause === "died") return; // the crashed run is told by itself
    void vscode.window.showInformationMessage(
      "The cancelled run did not stop by itself, so its engine was restarted.",
    );
  }
}

const actionNames: Readonly<Record<Action, string>> = {
  run: "Running",
  gradcheck: "Checking the gradients of",
  forward: "Evaluating",
  backward: "Differentiating",
  inspect: "Evaluating",
};

export function fileName(uri: vscode.Uri): string {
  return uri.path.slice(uri.path.lastIndexOf("/") + 1);
}

/** Shows a cancellable progress once patience has run out. Returns what ends it. */
function showProgress(running: Running, title: string, onDidProgress: vscode.Event<Progress>): () => void {
  let finish: (() => void) | undefined;
  const finished = new Promise<void>((resolve) => (finish = resolve));
  const timer = setTimeout(() => {
    const options = { location: vscode.ProgressLocation.Notification, title, cancellable: true };
    void vscode.window.withProgress(options, async (progress, token) => {
      token.onCancellationRequested(() => running.cancel());
      let shown = 0;
      const listening = onDidProgress(({ done, total, what }) => {
        const percent = total > 0 ? Math.min(100, (100 * done) / total) : 0;
        progress.report({ message: what, increment: Math.max(0, percent - shown) });
        shown = Math.max(shown, percent);
      });
      await finished;
      listening.dispose();
    });
  }, patienceMilliseconds);
  return () => {
    clearTimeout(timer);
    finish?.();
  };
}
