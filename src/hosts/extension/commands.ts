/** Every command, one row each. Titles, icons and menus of the same ids are in package.json; a test holds them together. */
import * as vscode from "vscode";
import type { Action, Target } from "./document-results";
import type { Inspector } from "./inspector";
import { toggleLive } from "./live";
import type { LanguageServer } from "./language-client";
import { readLensArguments } from "./lens-verdicts";
import type { ResultsStore } from "./results-store";
import type { RunOptions, Runs } from "./runs";
import type { Studies } from "./studies";
import { templates } from "./templates";

/** What commands act on. */
export interface CommandContext {
  readonly server: LanguageServer;
  readonly runs: Runs;
  readonly results: ResultsStore;
  readonly inspector: Inspector;
  readonly studies: Studies;
  readonly output: vscode.LogOutputChannel;
}

interface CommandRow {
  readonly id: string;
  /** What the caller gave: a lens's arguments, a menu's uri, or nothing. */
  readonly run: (context: CommandContext, given: unknown) => unknown;
}

export const commands: readonly CommandRow[] = [
  { id: "nnspec.run", run: (context, given) => act(context, "run", given, ["run"]) },
  { id: "nnspec.runFile", run: (context, given) => runFile(context, given) },
  { id: "nnspec.gradcheck", run: (context, given) => act(context, "gradcheck", given, ["run", "op", "net"]) },
  {
    id: "nnspec.gradcheckFull",
    run: (context, given) => act(context, "gradcheck", given, ["run", "op", "net"], { full: true }),
  },
  {
    id: "nnspec.gradcheckSecondOrder",
    run: (context, given) => act(context, "gradcheck", given, ["run", "op", "net"], { secondOrder: true }),
  },
  { id: "nnspec.forward", run: (context, given) => act(context, "forward", given, ["op", "net"]) },
  { id: "nnspec.backward", run: (context, given) => act(context, "backward", given, ["op", "net"]) },
  { id: "nnspec.inspect", run: (context, given) => inspect(context, given) },
  { id: "nnspec.toggleLive", run: () => tellLive() },
  { id: "nnspec.newSpec", run: () => openTemplate("spec") },
  { id: "nnspec.newExercise", run: () => openTemplate("exercise") },
  { id: "nnspec.openWalkthrough", run: () => openWalkthrough() },
  { id: "nnspec.copyEquation", run: (context) => copyEquation(context) },
  { id: "nnspec.testStrength", run: (context, given) => testStrength(context, given) },
  { id: "nnspec.copyReproduction", run: (context, given) => copyReproduction(context, given) },
  { id: "nnspec.cancel", run: ({ runs }) => runs.cancelAll() },
  { id: "nnspec.showOutput", run: ({ output }) => output.show(true) },
  { id: "nnspec.restartServer", run: ({ server }) => server.restart() },
];

export function registerCommands(context: CommandContext): vscode.Disposable[] {
  return commands.map(({ id, run }) =>
    vscode.commands.registerCommand(id, async (given: unknown) => {
      try {
        return await run(context, given);
      } catch (error) {
        const message = error instanceof Error ? error.message : String(error);
        context.output.error(`${id}: ${message}`);
        void vscode.window.showErrorMessage(`nnspec: ${message}`);
        return undefined;
      }
    }),
  );
}

interface Chosen {
  readonly uri: vscode.Uri;
  readonly target: Target | undefined;
}

/** Runs what a lens names, or the declaration at the cursor, or the whole file where that is none of `kinds`. */
async function act(
  context: CommandContext,
  action: Action,
  given: unknown,
  kinds: readonly Target["kind"][],
  options: RunOptions = {},
) {
  const chosen = await choose(context, given, kinds);
  if (chosen === undefined) return undefined;
  if ((action === "forward" || action === "backward") && chosen.target === undefined) {
    void vscode.window.showInformationMessage("Put the cursor into an op or a net first.");
    return undefined;
  }
  return start(context, chosen, action, options);
}

async function runFile(context: CommandContext, given: unknown) {
  const uri = documentOf(given);
  return uri === undefined ? undefined : start(context, { uri, target: undefined }, "run");
}

async function testStrength({ studies }: CommandContext, given: unknown) {
  const uri = documentOf(given);
  return uri === undefined ? undefined : studies.testStrength(uri);
}

async function copyReproduction({ studies }: CommandContext, given: unknown) {
  const uri = documentOf(given);
  return uri === undefined ? undefined : studies.copyReproduction(uri, undefined);
}

async function start(
  { runs, inspector }: CommandContext,
  { uri, target }: Chosen,
  action: Action,
  options: RunOptions = {},
) {
  const open = vscode.workspace.getConfiguration("nnspec", uri).get<boolean>("openInspectorOnRun", true);
  if (open || action === "inspect" || inspector.isOpen) inspector.show(uri.toString(), target?.name ?? null);
  return runs.start(uri, action, target, options);
}

/** Shows what is known of the target; what is not known or not true any more is evaluated. */
async function inspect(context: CommandContext, given: unknown) {
  const chosen = await choose(context, given, ["run", "op", "net"]);
  if (chosen === undefined) return undefined;
  const { uri, target } = chosen;
  const key = uri.toString();
  const results = context.results.known(key);
  const known = target === undefined ? results?.targets()[0] : results?.target(target.name);
  if (known !== undefined && !context.results.isStale(known)) {
    context.inspector.show(key, target?.name ?? null);
    return undefined;
  }
  return start(context, chosen, "inspect");
}

async function tellLive() {
  const mode = await toggleLive();
  const text = mode === "off" ? "Live runs are off." : "Quick runs repeat as you type.";
  vscode.window.setStatusBarMessage(`nnspec: ${text}`, 5000);
  return mode;
}

/** A new, unsaved spec with the template's text, the cursor at its start. */
async function openTemplate(name: keyof typeof templates) {
  const document = await vscode.workspace.openTextDocument({ language: "nnspec", content: templates[name] });
  await vscode.window.showTextDocument(document);
  return document.uri.toString();
}

function openWalkthrough() {
  return vscode.commands.executeCommand("workbench.action.openWalkthrough", "nnspec.nnspec#start", false);
}

/** Copies the backward equation of the name at the cursor, as text or as TeX. */
async function copyEquation({ server }: CommandContext) {
  const editor = vscode.window.activeTextEditor;
  if (editor?.document.languageId !== "nnspec") return undefined;
  const equations = await server.equations(editor.document.uri, editor.selection.active);
  const items = equations.flatMap(({ text, tex }) => [
    { label: text, description: "as text", copied: text },
    { label: tex, description: "as TeX", copied: tex },
  ]);
  if (items.length === 0) {
    void vscode.window.showInformationMessage("No equation is known for what stands at the cursor.");
    return undefined;
  }
  const chosen = await vscode.window.showQuickPick(items, { placeHolder: "Copy this backward equation" });
  if (chosen !== undefined) await vscode.env.clipboard.writeText(chosen.copied);
  return chosen?.copied;
}

async function choose(
  { server }: CommandContext,
  given: unknown,
  kinds: readonly Target["kind"][],
): Promise<Chosen | undefined> {
  const lens = readLensArguments(given);
  if (lens !== undefined) return { uri: vscode.Uri.parse(lens.uri), target: lens.target };
  const uri = documentOf(given);
  if (uri === undefined) return undefined;
  const editor = vscode.window.visibleTextEditors.find(
    ({ document }) => document.uri.toString() === uri.toString(),
  );
  if (editor === undefined) return { uri, target: undefined };
  const { at } = await server.targets(uri, editor.selection.active);
  return {
    uri,
    target: at !== null && kinds.includes(at.kind) ? { kind: at.kind, name: at.name } : undefined,
  };
}

/** The document that a menu names, else the one that is edited, else one that can be seen. */
function documentOf(given: unknown): vscode.Uri | undefined {
  if (given instanceof vscode.Uri) return given;
  const { activeTextEditor, visibleTextEditors } = vscode.window;
  const editors =
    activeTextEditor === undefined ? visibleTextEditors : [activeTextEditor, ...visibleTextEditors];
  const found = editors.find(({ document }) => document.languageId === "nnspec");
  if (found !== undefined) return found.document.uri;
  void vscode.window.showInformationMessage("Open a .nnspec file first.");
  return undefined;
}
