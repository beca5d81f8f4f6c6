/** Shows a place of a text in the editor. */
import * as vscode from "vscode";
import type { Range } from "../../protocol";
import { clientUri, toVscodeRange } from "./run-diagnostics";

/** Shows a place in the editor that has it, without taking the keyboard from the panel. */
export async function revealPlace(file: string, range: Range): Promise<void> {
  const uri = vscode.Uri.parse(clientUri(file));
  const document = await vscode.workspace.openTextDocument(uri);
  const visible = vscode.window.visibleTextEditors.find(
    (editor) => editor.document.uri.toString() === uri.toString(),
  );
  const target = toVscodeRange(range);
  const editor = await vscode.window.showTextDocument(document, {
    viewColumn: visible?.viewColumn ?? vscode.ViewColumn.One,
    preserveFocus: true,
    preview: true,
  });
  editor.selection = new vscode.Selection(target.start, target.end);
  editor.revealRange(target, vscode.TextEditorRevealType.InCenterIfOutsideViewport);
}
