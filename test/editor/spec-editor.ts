// Opens specs of the test workspace in the real editor, edits them, and waits for what the editor makes of them.
import assert from "node:assert/strict";
import * as vscode from "vscode";
import type { ExtensionApi } from "../../src/hosts/extension/start-extension";

export async function extensionApi(): Promise<ExtensionApi> {
  const extension = vscode.extensions.getExtension<ExtensionApi>("nnspec.nnspec");
  assert.ok(extension, "the extension is not known");
  const api = await extension.activate();
  await api.ready;
  return api;
}

export function specUri(name: string): vscode.Uri {
  const [folder] = vscode.workspace.workspaceFolders ?? [];
  assert.ok(folder, "no workspace");
  return vscode.Uri.joinPath(folder.uri, name);
}

/** Opens a spec of the workspace in the first column, with nothing else beside it that has the keyboard. */
export async function openSpec(name: string): Promise<vscode.TextEditor> {
  const document = await vscode.workspace.openTextDocument(specUri(name));
  return vscode.window.showTextDocument(document, { viewColumn: vscode.ViewColumn.One, preview: false });
}

/** The value once it is there; fails with what was there last. */
export async function eventually<T>(
  what: string,
  look: () => T | undefined | PromiseLike<T | undefined>,
): Promise<T> {
  const deadline = Date.now() + 15_000;
  for (;;) {
    const value = await look();
    if (value !== undefined) return value;
    if (Date.now() > deadline) assert.fail(`waited in vain for ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

/** The range of the text's only occurrence, or of the n-th. */
export function rangeOf(document: vscode.TextDocument, part: string, occurrence = 0): vscode.Range {
  let offset = -1;
  for (let i = 0; i <= occurrence; i++) offset = document.getText().indexOf(part, offset + 1);
  assert.ok(offset >= 0, `«${part}» is not in the text`);
  return new vscode.Range(document.positionAt(offset), document.positionAt(offset + part.length));
}

export async function replace(
  editor: vscode.TextEditor,
  part: string,
  text: string,
  occurrence = 0,
): Promise<void> {
  const range = rangeOf(editor.document, part, occurrence);
  assert.ok(await editor.edit((edit) => edit.replace(range, text)), "the edit was refused");
}

/** The diagnostics once their codes are these, in order of place. */
export async function diagnosticsWith(
  document: vscode.TextDocument,
  ...codes: readonly string[]
): Promise<readonly vscode.Diagnostic[]> {
  let last = "";
  const look = (): readonly vscode.Diagnostic[] | undefined => {
    const found = [...vscode.languages.getDiagnostics(document.uri)]
      .filter(({ severity }) => severity <= vscode.DiagnosticSeverity.Warning)
      .sort((a, b) => a.range.start.compareTo(b.range.start));
    last = found.map(({ code, message }) => `${codeOf(code)} ${message}`).join("; ");
    return found.map(({ code }) => codeOf(code)).join() === codes.join() ? found : undefined;
  };
  try {
    return await eventually(codes.join() || "no diagnostics", look);
  } catch (error) {
    throw new Error(`${String(error)}; there were: ${last || "none"}`, { cause: error });
  }
}

function codeOf(code: vscode.Diagnostic["code"]): string {
  return String(typeof code === "object" ? code.value : code);
}

/** The lenses' words by line. */
export async function lensTitles(
  document: vscode.TextDocument,
): Promise<ReadonlyMap<number, readonly string[]>> {
  const lenses = await vscode.commands.executeCommand<vscode.CodeLens[]>(
    "vscode.executeCodeLensProvider",
    document.uri,
    100,
  );
  const titles = new Map<number, string[]>();
  for (const { range, command } of lenses) {
    const line = range.start.line;
    titles.set(line, [...(titles.get(line) ?? []), command?.title ?? ""]);
  }
  return titles;
}

/** The lenses over the line of a text. */
export async function lensesOver(document: vscode.TextDocument, part: string): Promise<readonly string[]> {
  return (await lensTitles(document)).get(rangeOf(document, part).start.line) ?? [];
}

/** Does what a click on a lens does, and waits for its end. */
export async function clickLens(
  document: vscode.TextDocument,
  part: string,
  title: RegExp,
): Promise<unknown> {
  const line = rangeOf(document, part).start.line;
  const lenses = await vscode.commands.executeCommand<vscode.CodeLens[]>(
    "vscode.executeCodeLensProvider",
    document.uri,
    100,
  );
  const lens = lenses.find(
    ({ range, command }) => range.start.line === line && title.test(command?.title ?? ""),
  );
  assert.ok(lens?.command, `no lens ${String(title)} over «${part}»`);
  return vscode.commands.executeCommand(
    lens.command.command,
    ...((lens.command.arguments ?? []) as unknown[]),
  );
}

/**
 * The quick fixes of a range. The editor cancels a request when providers come or go in the midst of it, and asks again by
 * itself where a person looks at the lamp: so does this.
 */
export function quickFixes(
  document: vscode.TextDocument,
  range: vscode.Range,
): Promise<readonly vscode.CodeAction[]> {
  return eventually("quick fixes that are not cancelled", async () => {
    try {
      return await vscode.commands.executeCommand<vscode.CodeAction[]>(
        "vscode.executeCodeActionProvider",
        document.uri,
        range,
        vscode.CodeActionKind.QuickFix.value,
      );
    } catch (error) {
      if (!(error instanceof Error) || error.name !== "Canceled") throw error;
      return undefined;
    }
  });
}

/** Closes every editor without saving. */
export async function closeAll(): Promise<void> {
  for (const document of vscode.workspace.textDocuments) {
    // Settings are the editor's own: while it writes some, they are dirty for a moment.
    if (!document.isDirty || document.uri.path.endsWith("/settings.json")) continue;
    await vscode.window.showTextDocument(document);
    await vscode.commands.executeCommand("workbench.action.revertAndCloseActiveEditor");
  }
  await vscode.commands.executeCommand("workbench.action.closeAllEditors");
}
