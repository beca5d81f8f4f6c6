/**
 * Owns the tests of the Test Explorer: each file's runs as suites of their checks, its ops and nets as tests of their
 * gradients. What is a test the server says; what becomes of it, the worker.
 */
import * as vscode from "vscode";
import type { TargetReply } from "../../protocol";
import type { Action, Target } from "./document-results";
import type { LanguageServer } from "./language-client";
import type { ResultsStore } from "./results-store";
import { toVscodeRange } from "./run-diagnostics";
import { fileName, type Runs } from "./runs";
import { findSpecs } from "./spec-files";
import type { TestMessages } from "./test-messages";
import { outcomeAlone, outcomeAt, type TestOutcome } from "./test-outcomes";
import { durationText, marks } from "./verdict-text";

/** A burst of keystrokes counts as one change of the list. */
const quietMilliseconds = 300;

export class TestExplorer implements vscode.Disposable {
  readonly #server: LanguageServer;
  readonly #runs: Runs;
  readonly #results: ResultsStore;
  readonly #messages: TestMessages;
  readonly #controller = vscode.tests.createTestController("nnspec", "nnspec");
  readonly #targets = new WeakMap<vscode.TestItem, Target>();
  readonly #timers = new Map<string, ReturnType<typeof setTimeout>>();
  readonly #subscription: vscode.Disposable;

  constructor(server: LanguageServer, runs: Runs, results: ResultsStore, messages: TestMessages) {
    this.#server = server;
    this.#runs = runs;
    this.#results = results;
    this.#messages = messages;
    this.#controller.resolveHandler = (item) => (item === undefined ? this.#discover() : undefined);
    this.#controller.refreshHandler = () => this.#discover();
    const profile = this.#controller.createRunProfile(
      "Run",
      vscode.TestRunProfileKind.Run,
      (request, token) =>
        request.continuous === true ? this.#watch(request, token) : this.#run(request, token),
      true,
    );
    profile.supportsContinuousRun = true;
    const watcher = vscode.workspace.createFileSystemWatcher("**/*.nnspec", false, true, false);
    this.#subscription = vscode.Disposable.from(
      this.#controller,
      watcher,
      watcher.onDidCreate((uri) => this.#listSoon(uri)),
      watcher.onDidDelete((uri) => this.#controller.items.delete(uri.toString())),
      vscode.workspace.onDidOpenTextDocument((document) => {
        if (document.languageId === "nnspec") this.#listSoon(document.uri);
      }),
      vscode.workspace.onDidChangeTextDocument(({ document }) => {
        if (document.languageId === "nnspec") this.#listSoon(document.uri);
      }),
    );
    for (const document of vscode.workspace.textDocuments) {
      if (document.languageId === "nnspec") this.#listSoon(document.uri);
    }
  }

  /** The list as it stands, for tests. */
  get items(): vscode.TestItemCollection {
    return this.#controller.items;
  }

  dispose(): void {
    for (const timer of this.#timers.values()) clearTimeout(timer);
    this.#subscription.dispose();
  }

  async #discover(): Promise<void> {
    const files = await findSpecs(500);
    await Promise.all(files.map((uri) => this.#list(uri)));
  }

  #listSoon(uri: vscode.Uri): void {
    if (uri.scheme === "nnspec-std") return;
    const key = uri.toString();
    clearTimeout(this.#timers.get(key));
    const list = (): void => {
      this.#timers.delete(key);
      // Without a server there is nothing to list; it is asked again at the next change.
      this.#list(uri).catch(() => undefined);
    };
    this.#timers.set(key, setTimeout(list, quietMilliseconds));
  }

  async #list(uri: vscode.Uri): Promise<void> {
    const { all } = await this.#server.targets(uri, new vscode.Position(0, 0));
    const key = uri.toString();
    if (all.length === 0) {
      this.#controller.items.delete(key);
      return;
    }
    const known = this.#controller.items.get(key);
    const file = known ?? this.#controller.createTestItem(key, fileName(uri), uri);
    file.children.replace(all.map((target) => this.#targetItem(uri, target, file)));
    if (known === undefined) this.#controller.items.add(file);
  }

  #targetItem(
    uri: vscode.Uri,
    { kind, name, range, tests }: TargetReply,
    file: vscode.TestItem,
  ): vscode.TestItem {
    const id = `${file.id}#${name}`;
    const item = file.children.get(id) ?? this.#controller.createTestItem(id, name, uri);
    item.range = toVscodeRange(range);
    item.description = kind;
    item.children.replace(
      tests.map((test, index) => {
        const child = this.#controller.createTestItem(`${id}#${String(index)}`, test.label, uri);
        child.range = toVscodeRange(test.range);
        child.sortText = String(index).padStart(6, "0");
        return child;
      }),
    );
    this.#targets.set(item, { kind, name });
    return item;
  }

  /** The runs, ops and nets that hold the wanted tests. */
  #wanted(request: vscode.TestRunRequest): readonly vscode.TestItem[] {
    const roots = request.include ?? [...this.#controller.items].map(([, item]) => item);
    const found = new Set<vscode.TestItem>();
    const add = (item: vscode.TestItem): void => {
      if (request.exclude?.includes(item) === true) return;
      const owner = item.parent;
      if (this.#targets.has(item)) found.add(item);
      else if (owner !== undefined && this.#targets.has(owner)) found.add(owner);
      else for (const [, child] of item.children) add(child);
    };
    for (const item of roots) add(item);
    return [...found];
  }

  async #run(request: vscode.TestRunRequest, token: vscode.CancellationToken): Promise<void> {
    const items = this.#wanted(request);
    const testRun = this.#controller.createTestRun(request);
    this.#messages.clear();
    for (const item of items) for (const leaf of leavesOf(item)) testRun.enqueued(leaf);
    for (const item of items) {
      const target = this.#targets.get(item);
      if (target === undefined || item.uri === undefined) continue;
      if (token.isCancellationRequested) skipAll(testRun, item, "Cancelled before it began.");
      else await this.#runTarget(testRun, item, item.uri, target, token);
    }
    testRun.end();
  }

  async #runTarget(
    testRun: vscode.TestRun,
    item: vscode.TestItem,
    uri: vscode.Uri,
    target: Target,
    token: vscode.CancellationToken,
  ): Promise<void> {
    const action: Action = target.kind === "run" ? "run" : "gradcheck";
    const leaves = leavesOf(item);
    for (const leaf of leaves) testRun.started(leaf); // a suite is what its tests are
    const cancelling = token.onCancellationRequested(() => this.#runs.cancel(uri.toString()));
    const end = await this.#runs.start(uri, action, target).catch((error: unknown) => String(error));
    cancelling.dispose();
    const report = this.#results.known(uri.toString())?.target(target.name)?.byAction.get(action)?.report;
    if (end !== "finished" || report === undefined) {
      if (end === "cancelled") skipAll(testRun, item, "Cancelled.");
      else
        for (const leaf of leaves)
          testRun.errored(leaf, new vscode.TestMessage(`The run did not finish: ${end}`));
      return;
    }
    write(testRun, `${target.kind} ${target.name} · ${durationText(report.milliseconds)}`);
    if (report.run !== null && report.run.error !== null) {
      const message = new vscode.TestMessage(report.run.error.message);
      message.location = new vscode.Location(uri, toVscodeRange(report.run.error.range));
      testRun.errored(item, message);
      this.#messages.add(uri, report.run.error.range.start.line);
      write(testRun, `  ${marks.error} ${report.run.error.message}`, item);
    } else if (item.children.size === 0 && target.kind === "run") testRun.passed(item, report.milliseconds);
    if (target.kind !== "run") this.#tell(testRun, item, outcomeAlone(report));
    for (const leaf of item.children.size === 0 ? [] : leaves) {
      const outcome = leaf.range && outcomeAt(report, leaf.range);
      if (outcome === undefined) skip(testRun, leaf, "The run ended before it.");
      else this.#tell(testRun, leaf, outcome);
    }
  }

  #tell(testRun: vscode.TestRun, item: vscode.TestItem, outcome: TestOutcome): void {
    const { status, message, difference, milliseconds } = outcome;
    const duration = milliseconds ?? undefined;
    const words = status === "passed" || message === "" ? "" : `: ${message}`;
    write(testRun, `  ${marks[status]} ${item.label}${words}`, item);
    if (status === "passed") testRun.passed(item, duration);
    else if (status === "pending" || status === "undecided") testRun.skipped(item);
    else {
      const told =
        difference === null
          ? new vscode.TestMessage(message)
          : vscode.TestMessage.diff(message, difference.expected, difference.actual);
      if (item.uri !== undefined && item.range !== undefined) {
        told.location = new vscode.Location(item.uri, item.range);
        this.#messages.add(item.uri, item.range.start.line);
      }
      if (status === "failed") testRun.failed(item, told, duration);
      else testRun.errored(item, told, duration);
    }
  }

  /** The file that a test is in, and what that imported when it last ran. */
  #filesOf(item: vscode.TestItem): readonly string[] {
    const target = this.#targets.get(item);
    if (item.uri === undefined || target === undefined) return [];
    const uri = item.uri.toString();
    return [uri, ...Object.keys(this.#results.known(uri)?.target(target.name)?.files ?? {})];
  }

  /** Runs again whenever the texts of a wanted test have been at rest for a moment. */
  #watch(request: vscode.TestRunRequest, token: vscode.CancellationToken): void {
    let timer: ReturnType<typeof setTimeout> | undefined;
    const changed = new Set<string>();
    const watching = vscode.workspace.onDidChangeTextDocument(({ document, contentChanges }) => {
      if (document.languageId !== "nnspec" || contentChanges.length === 0) return;
      changed.add(document.uri.toString());
      clearTimeout(timer);
      timer = setTimeout(() => {
        const include = this.#wanted(request).filter((item) =>
          this.#filesOf(item).some((file) => changed.has(file)),
        );
        changed.clear();
        if (include.length > 0)
          void this.#run(new vscode.TestRunRequest(include, request.exclude, request.profile, true), token);
      }, 2 * quietMilliseconds);
    });
    token.onCancellationRequested(() => {
      clearTimeout(timer);
      watching.dispose();
    });
  }
}

function leavesOf(item: vscode.TestItem): readonly vscode.TestItem[] {
  return item.children.size === 0 ? [item] : [...item.children].map(([, child]) => child);
}

function skip(testRun: vscode.TestRun, item: vscode.TestItem, why: string): void {
  write(testRun, `  ${marks.pending} ${item.label}: ${why}`, item);
  testRun.skipped(item);
}

function skipAll(testRun: vscode.TestRun, item: vscode.TestItem, why: string): void {
  for (const leaf of leavesOf(item)) skip(testRun, leaf, why);
}

/** Into the terminal of the test results. */
function write(testRun: vscode.TestRun, text: string, item?: vscode.TestItem): void {
  testRun.appendOutput(`${text.replaceAll("\n", "\r\n    ")}\r\n`, undefined, item);
}
