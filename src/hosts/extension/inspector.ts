/**
 * Owns the inspector panel: one webview beside the editor that shows the results of one document, follows the cursor
 * unless it is pinned, and comes back after a reload. Every message from it is judged before it is acted on.
 */
import * as vscode from "vscode";
import {
  nameNonFinite,
  panelProtocolVersion,
  type FromPanel,
  type PanelState,
  type Question,
  type RepairMessage,
  type TensorRef,
  type ToPanel,
} from "../../protocol";
import type { Answered } from "./engine-link";
import { fetchFile } from "./fetch-file";
import type { Target } from "./document-results";
import { findNode } from "./find-node";
import { insertLine, type NewLineMessage } from "./insert-line";
import type { LanguageServer } from "./language-client";
import { panelOptions, panelPage } from "./panel-page";
import type { PastRuns } from "./past-runs";
import { readPanelMessage } from "./read-panel-message";
import type { ResultsStore } from "./results-store";
import { revealPlace } from "./reveal-place";
import { fileName, type Runs } from "./runs";
import { reportBytes, withoutTensors } from "./report-file";
import { saveFile } from "./save-file";

export const inspectorViewType = "nnspec.inspector";
/** Where the shown document and target are kept across reloads. */
const memoryKey = "nnspec.inspector.shown";

interface Shown {
  readonly uri: string;
  readonly target: string | null;
}

export class Inspector implements vscode.Disposable {
  readonly #context: vscode.ExtensionContext;
  readonly #server: LanguageServer;
  readonly #results: ResultsStore;
  readonly #runs: Runs;
  readonly #past: PastRuns;
  readonly #subscription: vscode.Disposable;
  /** What the panel asks to have mended is done by others. */
  repair: ((message: RepairMessage, uri: string, target: Target | undefined) => Promise<void>) | undefined;
  #panel: vscode.WebviewPanel | undefined;
  #ready = false;
  #pinned = false;
  #shown: Shown | undefined;
  /** How much of which run's trainings the panel knows. */
  #passedOn = { runId: 0, count: 0 };
  #followTimer: ReturnType<typeof setTimeout> | undefined;

  constructor(
    context: vscode.ExtensionContext,
    server: LanguageServer,
    results: ResultsStore,
    runs: Runs,
    past: PastRuns,
  ) {
    this.#past = past;
    this.#context = context;
    this.#server = server;
    this.#results = results;
    this.#runs = runs;
    this.#subscription = vscode.Disposable.from(
      results.onDidChange((uri) => {
        if (uri === this.#shown?.uri) this.#postState();
      }),
      vscode.window.onDidChangeTextEditorSelection((event) => this.#cursorMoved(event)),
      vscode.window.onDidChangeActiveTextEditor((editor) => this.#editorChanged(editor)),
      vscode.window.registerWebviewPanelSerializer(inspectorViewType, {
        deserializeWebviewPanel: (panel) => this.#restore(panel),
      }),
    );
  }

  /** Whether the page has announced itself and understood us. */
  get isReady(): boolean {
    return this.#ready;
  }

  /** Whether the panel shows this document. */
  shows(uri: string): boolean {
    return this.#panel !== undefined && this.#shown?.uri === uri;
  }

  get isOpen(): boolean {
    return this.#panel !== undefined;
  }

  /** Opens the panel beside the editor, or shows it again, on a document. The keyboard stays where it is. */
  show(uri: string, target: string | null): void {
    this.#turnTo(uri, target);
    if (this.#panel === undefined) {
      const place = { viewColumn: vscode.ViewColumn.Beside, preserveFocus: true };
      const options = panelOptions(this.#context.extensionUri);
      this.#adopt(vscode.window.createWebviewPanel(inspectorViewType, "nnspec inspector", place, options));
    } else this.#panel.reveal(undefined, true);
    this.#postState();
  }

  dispose(): void {
    clearTimeout(this.#followTimer);
    this.#subscription.dispose();
    this.#panel?.dispose();
  }

  #adopt(panel: vscode.WebviewPanel): void {
    this.#panel?.dispose();
    this.#panel = panel;
    this.#ready = false;
    panel.webview.onDidReceiveMessage((value: unknown) => {
      const message = readPanelMessage(value);
      if (message !== undefined) this.#receive(message).catch((error: unknown) => this.#complain(error));
    });
    panel.onDidDispose(() => {
      if (this.#panel !== panel) return;
      this.#panel = undefined;
      this.#ready = false;
    });
    panel.webview.options = panelOptions(this.#context.extensionUri);
    panel.webview.html = panelPage(panel.webview, this.#context.extensionUri);
    this.#retitle();
  }

  /** After a reload the panel is back, but not the engine's tensors: they are made anew. */
  async #restore(panel: vscode.WebviewPanel): Promise<void> {
    const remembered = this.#context.workspaceState.get<Shown>(memoryKey);
    this.#shown = remembered;
    this.#adopt(panel);
    if (remembered === undefined) return;
    const uri = vscode.Uri.parse(remembered.uri);
    try {
      await this.#runs.start(uri, "run", undefined);
    } catch (error) {
      this.#complain(error);
    }
  }

  #turnTo(uri: string, target: string | null): void {
    const kept = this.#shown?.uri === uri ? this.#shown.target : null;
    this.#shown = { uri, target: target ?? kept };
    void this.#context.workspaceState.update(memoryKey, this.#shown);
    this.#retitle();
  }

  #retitle(): void {
    if (this.#panel === undefined || this.#shown === undefined) return;
    this.#panel.title = `Inspector: ${fileName(vscode.Uri.parse(this.#shown.uri))}`;
  }

  #post(message: ToPanel): void {
    if (this.#ready) void this.#panel?.webview.postMessage(nameNonFinite(message));
  }

  #postState(): void {
    const state = this.#state();
    if (state !== undefined) this.#post({ type: "state", state });
    this.#postTrainings();
  }

  /** What has been told of trainings and not been passed on; all of it to a panel that has just come. */
  #postTrainings(): void {
    const running = this.#shown && this.#results.known(this.#shown.uri)?.running;
    if (running === undefined || !this.#ready) return;
    const { runId, trainings } = running;
    const from = this.#passedOn.runId === runId ? this.#passedOn.count : 0;
    for (const training of trainings.slice(from)) this.#post({ type: "training", runId, training });
    this.#passedOn = { runId, count: trainings.length };
  }

  #state(): PanelState | undefined {
    const shown = this.#shown;
    if (shown === undefined) return undefined;
    const results = this.#results.of(shown.uri);
    const inView = this.#inView();
    return {
      uri: shown.uri,
      fileName: fileName(vscode.Uri.parse(shown.uri)),
      phase: results.running !== undefined ? "running" : results.ending === "none" ? "empty" : results.ending,
      stale: inView !== undefined && this.#results.isStale(inView),
      runId: inView?.runId ?? results.running?.runId ?? 0,
      progress: results.running?.progress ?? null,
      targets: results.targets().map((each) => withoutTensors(results.looked(each).report)),
      target: inView?.report.name ?? null,
      message: results.message,
      history: inView === undefined ? [] : results.history.of(inView.report.name),
      earlierRun: results.earlierRun ?? null,
      documents: this.#results
        .all()
        .filter((each) => each.targets().length > 0)
        .map(({ uri }) => ({ uri, fileName: fileName(vscode.Uri.parse(uri)) })),
    };
  }

  /** The wanted target where there is one of that name, else the first run. */
  #inView() {
    const results = this.#shown && this.#results.known(this.#shown.uri);
    const wanted = this.#shown?.target ?? null;
    const targets = results?.targets() ?? [];
    const found =
      targets.find(({ report }) => report.name === wanted) ??
      targets.find(({ report }) => report.kind === "run") ??
      targets[0];
    return found && results?.looked(found);
  }

  async #receive(message: FromPanel): Promise<void> {
    const shown = this.#shown;
    if (shown !== undefined) await this.#past.ready(shown.uri, this.#inView()?.runId, message);
    switch (message.type) {
      case "ready":
        this.#ready = true;
        this.#passedOn = { runId: 0, count: 0 };
        this.#post({ type: "hello", version: panelProtocolVersion });
        this.#postState();
        return;
      case "slice": {
        const runId = message.slice.run ?? this.#inView()?.runId;
        const reply = runId === undefined ? null : await this.#runs.engine.slice(runId, message.slice);
        this.#post({ type: "slice", requestId: message.requestId, reply });
        return;
      }
      case "ask":
        await this.#answer(message.requestId, message.question);
        return;
      case "reveal":
        if (shown !== undefined) await revealPlace(message.file ?? shown.uri, message.range);
        return;
      case "choose-target":
        if (shown !== undefined) this.#turnTo(shown.uri, message.target);
        this.#postState();
        return;
      case "apply-fix":
      case "reproduce": {
        const report = this.#inView()?.report;
        const target = report && { kind: report.kind, name: report.name };
        if (shown !== undefined) await this.repair?.(message, shown.uri, target);
        return;
      }
      case "choose-root":
        await this.#chooseRoot(message.target, message.root);
        return;
      case "run":
        await this.#run(message.action);
        return;
      case "cancel":
        if (shown !== undefined) this.#runs.cancel(shown.uri);
        return;
      case "stop-training":
        if (shown !== undefined) this.#runs.stopTraining(shown.uri);
        return;
      case "continue-training":
        await this.#run("run", this.#inView()?.runId);
        return;
      case "choose-run":
        this.#chooseRun(message.runId);
        return;
      case "keep-run":
        if (shown !== undefined) this.#past.hold(shown.uri, message.runId);
        return;
      case "choose-document":
        if (this.#results.known(message.uri) === undefined) return;
        this.#turnTo(message.uri, null);
        this.#postState();
        return;
      case "save-report":
        if (shown !== undefined) await this.#saveReport(vscode.Uri.parse(shown.uri));
        return;
      case "pin":
        this.#pinned = message.pinned;
        if (!message.pinned) this.#editorChanged(vscode.window.activeTextEditor);
        return;
      case "copy":
        await vscode.env.clipboard.writeText(message.text);
        return;
      case "insert-line":
        if (shown !== undefined) await this.#insertLine(shown.uri, message);
        return;
      case "save-tensor":
        await this.#saveTensor(message.name, message.target, message.tensor);
        return;
      case "save":
        if (shown !== undefined) await saveFile(vscode.Uri.parse(shown.uri), message.name, message.bytes);
        return;
    }
  }

  async #insertLine(uri: string, line: NewLineMessage): Promise<void> {
    const problem = await insertLine(vscode.Uri.parse(uri), line);
    if (problem !== undefined) this.#complain(new Error(problem));
  }

  /** The bytes are fetched in parts once the user has said where. */
  async #saveTensor(name: string, target: string, tensor: TensorRef | null): Promise<void> {
    const shown = this.#shown;
    const results = shown && this.#results.known(shown.uri);
    const saved = results?.target(target);
    if (shown === undefined || results === undefined || saved === undefined) return;
    const { runId } = results.looked(saved);
    const ask = (from: number, to: number): Promise<Answered> =>
      this.#runs.engine.ask(runId, { kind: "file", target, tensor, from, to });
    await saveFile(vscode.Uri.parse(shown.uri), name, () => fetchFile(ask));
  }

  async #answer(requestId: number, question: Question): Promise<void> {
    const results = this.#shown && this.#results.known(this.#shown.uri);
    const target = results?.target(question.target);
    const runId = target && results?.looked(target).runId;
    const answered = runId === undefined ? undefined : await this.#runs.engine.ask(runId, question);
    this.#post({ type: "answer", requestId, answer: answered?.answer ?? null });
    if (typeof answered?.problem === "string") this.#complain(answered.problem);
  }

  async #chooseRoot(name: string, root: number): Promise<void> {
    const shown = this.#shown;
    const results = shown && this.#results.known(shown.uri);
    const target = results?.target(name);
    if (results === undefined || target === undefined) return;
    const { runId } = results.looked(target);
    const report = await this.#runs.engine.chooseRoot(runId, name, root);
    if (report === null) return;
    results.replace(runId, report);
    this.#results.changed(results.uri);
  }

  /** The target in view again, or the whole file where there is none yet. */
  async #run(action: "run" | "gradcheck", resume?: number): Promise<void> {
    const shown = this.#shown;
    if (shown === undefined) return;
    const report = this.#inView()?.report;
    const target = report && { kind: report.kind, name: report.name };
    const sampled = action === "run" && report !== undefined && report.kind !== "run";
    await this.#runs.start(vscode.Uri.parse(shown.uri), sampled ? "inspect" : action, target, {
      ...(resume === undefined ? {} : { resume }),
    });
  }

  #chooseRun(runId: number | null): void {
    const results = this.#shown && this.#results.known(this.#shown.uri);
    if (results === undefined) return;
    const newest = this.#inView() && results.target(this.#inView()?.report.name ?? "")?.runId;
    results.earlierRun = runId === null || runId === newest ? undefined : runId;
    this.#postState();
  }

  /** As the command line's --json. */
  async #saveReport(uri: vscode.Uri): Promise<void> {
    const results = this.#results.known(uri.toString());
    if (results === undefined) return;
    const name = `${fileName(uri).replace(/\.nnspec$/, "")}.results.json`;
    await saveFile(uri, name, reportBytes(uri.path, results));
  }

  #editorChanged(editor: vscode.TextEditor | undefined): void {
    if (this.#panel === undefined || this.#pinned || editor?.document.languageId !== "nnspec") return;
    const uri = editor.document.uri.toString();
    // A library has no results of its own: its nodes are shown in the runs that use it.
    if (uri === this.#shown?.uri || this.#results.known(uri) === undefined) return;
    this.#turnTo(uri, null);
    this.#postState();
  }

  #cursorMoved({ textEditor: { document }, selections, kind }: vscode.TextEditorSelectionChangeEvent): void {
    const [selection] = selections;
    // Without a kind it was moved by an extension, such as this one.
    if (kind === undefined || selection === undefined || document.languageId !== "nnspec") return;
    if (!this.#ready || this.#pinned) return;
    clearTimeout(this.#followTimer);
    this.#followTimer = setTimeout(() => {
      this.#follow(document.uri, selection.active).catch((error: unknown) => this.#complain(error));
    }, 40);
  }

  async #follow(uri: vscode.Uri, position: vscode.Position): Promise<void> {
    const reply = await this.#server.nodeAt(uri, position);
    const shown = this.#shown;
    if (reply === null || shown === undefined || this.#pinned) return;
    const targets = this.#results.of(shown.uri).targets();
    const reports = targets.map(({ report }) => report);
    const found = findNode(reply, shown.uri, reports, this.#inView()?.report.name ?? null);
    if (found === undefined) return;
    if (found.target !== this.#inView()?.report.name) {
      this.#turnTo(shown.uri, found.target);
      this.#postState();
    }
    this.#post({ type: "follow", ...found });
  }

  #complain(error: unknown): void {
    void vscode.window.showErrorMessage(`nnspec: ${error instanceof Error ? error.message : String(error)}`);
  }
}
