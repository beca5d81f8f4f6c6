/** Puts the extension together, alike in every host, and takes it down again. */
import * as vscode from "vscode";
import { standardLibraryUri } from "../../protocol";
import { registerCommands } from "./commands";
import { DataFiles } from "./data-files";
import { withValues } from "./hover-values";
import { FixActions } from "./fix-actions";
import { HistoryMemory } from "./history-memory";
import { Inspector } from "./inspector";
import { LanguageServer } from "./language-client";
import { withVerdicts } from "./lens-verdicts";
import { LineEnds } from "./line-ends";
import { LiveRuns } from "./live";
import { PastRuns } from "./past-runs";
import type { Platform } from "./platform";
import { repair } from "./repairs";
import { ResultsStore } from "./results-store";
import { RunDiagnostics } from "./run-diagnostics";
import { Runs } from "./runs";
import { StatusItem } from "./status-item";
import { StrengthHints } from "./strength-hints";
import { Studies } from "./studies";
import { TestExplorer } from "./test-explorer";
import { TestMessages } from "./test-messages";

/** What the in-editor tests may look at. */
export interface ExtensionApi {
  readonly results: ResultsStore;
  readonly inspector: Inspector;
  readonly tests: TestExplorer;
  /** The language server has started, or failed to. */
  readonly ready: Promise<void>;
}

let running: LanguageServer | undefined;

/** At once: the server starts meanwhile, and what is asked of it waits for it. */
export function startExtension(context: vscode.ExtensionContext, platform: Platform): ExtensionApi {
  const output = vscode.window.createOutputChannel("nnspec", { log: true });
  const memory = new HistoryMemory(context.workspaceState);
  const results = new ResultsStore((uri) => memory.of(uri));
  const data = new DataFiles();
  const server = new LanguageServer(platform, data, output, {
    provideCodeLenses: async (document, token, next) =>
      isOn(document, "codeLens") ? withVerdicts((await next(document, token)) ?? [], results) : [],
    provideHover: async (document, position, token, next): Promise<vscode.Hover | null | undefined> => {
      const hover = await next(document, position, token);
      if (hover === null || hover === undefined || !isOn(document, "hover.values")) return hover;
      return withValues({ server, results, engine: runs.engine }, document, position, hover);
    },
    provideInlayHints: (document, range, token, next) =>
      isOn(document, "inlayHints.shapes") ? next(document, range, token) : [],
  });
  running = server;
  const runs = new Runs(platform, data, server, results, output);
  const past = new PastRuns(runs, results, memory);
  const inspector = new Inspector(context, server, results, runs, past);
  const hints = new StrengthHints();
  const studies = new Studies({ platform, runs, hints, output });
  const fixes = new FixActions(results);
  inspector.repair = (message, uri, target) => repair({ fixes, runs, studies }, message, uri, target);
  const testMessages = new TestMessages();
  const commandContext = { server, runs, results, inspector, studies, output };
  context.subscriptions.push(
    ...[past, output, results, data, server, runs, inspector],
    new LiveRuns(runs, results),
    ...[new RunDiagnostics(results), new LineEnds(results, testMessages), new StatusItem(results)],
    ...[hints, studies, fixes, testMessages],
    ...registerCommands(commandContext),
    refreshLensesAfterRuns(results, server),
    vscode.workspace.onDidChangeConfiguration((event) => {
      if (!event.affectsConfiguration("nnspec.codeLens")) return;
      for (const document of vscode.workspace.textDocuments) server.refreshLenses(document);
    }),
    showStandardLibrary(server),
    vscode.workspace.onDidCloseTextDocument(({ uri }) => {
      if (!inspector.shows(uri.toString())) runs.forget(uri.toString());
    }),
  );
  const ready = server.start().catch((error: unknown) => {
    // The client has told the user.
    output.error(`The language server did not start: ${String(error)}`);
  });
  const tests = new TestExplorer(server, runs, results, testMessages);
  context.subscriptions.push(tests);
  openInspectorOnStart(context, server, inspector, runs);
  return { results, inspector, tests, ready };
}

export async function stopExtension(): Promise<void> {
  await running?.stop();
  running = undefined;
}

function isOn(document: vscode.TextDocument, setting: string): boolean {
  return vscode.workspace.getConfiguration("nnspec", document).get<boolean>(setting, true);
}

function refreshLensesAfterRuns(results: ResultsStore, server: LanguageServer): vscode.Disposable {
  return results.onDidChange((uri) => {
    for (const document of vscode.workspace.textDocuments) {
      if (document.uri.toString() === uri) server.refreshLenses(document);
    }
  });
}

/** Going to a definition in "std" opens its text, read-only. */
function showStandardLibrary(server: LanguageServer): vscode.Disposable {
  const [scheme = ""] = standardLibraryUri.split(":");
  return vscode.workspace.registerTextDocumentContentProvider(scheme, {
    provideTextDocumentContent: () => server.standardLibrary(),
  });
}

/** With the setting, the first spec that is seen runs its first run, the inspector beside it. */
function openInspectorOnStart(
  context: vscode.ExtensionContext,
  server: LanguageServer,
  inspector: Inspector,
  runs: Runs,
): void {
  if (
    !vscode.workspace.getConfiguration("nnspec").get<boolean>("openInspectorOnStart", false) ||
    inspector.isOpen
  )
    return;
  const open = async (editor: vscode.TextEditor): Promise<void> => {
    const { uri } = editor.document;
    const { all } = await server.targets(uri, new vscode.Position(0, 0));
    const first = all.find(({ kind }) => kind === "run");
    inspector.show(uri.toString(), first?.name ?? null);
    if (first !== undefined) await runs.start(uri, "run", { kind: "run", name: first.name });
  };
  const isSpec = (editor: vscode.TextEditor | undefined): editor is vscode.TextEditor =>
    editor?.document.languageId === "nnspec";
  const now = vscode.window.visibleTextEditors.find(isSpec);
  if (now !== undefined) {
    void open(now);
    return;
  }
  const waiting = vscode.window.onDidChangeActiveTextEditor((editor) => {
    if (!isSpec(editor)) return;
    waiting.dispose();
    void open(editor);
  });
  context.subscriptions.push(waiting);
}
