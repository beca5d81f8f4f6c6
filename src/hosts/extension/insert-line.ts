/** Writes a line that the panel made at the end of a run, where it can be undone, and shows it. */
import * as vscode from "vscode";
import type { FromPanel } from "../../protocol";
import { newLine } from "./new-line";
import { revealPlace } from "./reveal-place";

export type NewLineMessage = Extract<FromPanel, { type: "insert-line" }>;

/** The sentence of what went wrong, or undefined. */
export async function insertLine(
  uri: vscode.Uri,
  { target: run, expression, name }: NewLineMessage,
): Promise<string | undefined> {
  const document = await vscode.workspace.openTextDocument(uri);
  const symbols = await vscode.commands.executeCommand<vscode.DocumentSymbol[] | undefined>(
    "vscode.executeDocumentSymbolProvider",
    uri,
  );
  const symbol = symbols?.find(({ name }) => name === run);
  const line = symbol && newLine(document.getText(symbol.range), expression, name);
  if (symbol === undefined || line === undefined)
    return `run ${run} is not in ${vscode.workspace.asRelativePath(uri)} any more.`;
  const place = document.positionAt(document.offsetAt(symbol.range.start) + line.at);
  const edit = new vscode.WorkspaceEdit();
  edit.insert(uri, place, line.text);
  if (!(await vscode.workspace.applyEdit(edit))) return "The line could not be written.";
  const written = document.positionAt(document.offsetAt(place) + line.text.indexOf(line.name));
  const end = written.translate(0, line.name.length);
  await revealPlace(uri.toString(), { start: written, end });
  return undefined;
}
