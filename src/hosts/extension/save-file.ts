/** Saves what the panel made as a file, where the user says. Knows nothing of what is in it. */
import * as vscode from "vscode";

export async function saveFile(
  document: vscode.Uri,
  name: string,
  bytes: Uint8Array | (() => Promise<Uint8Array>),
): Promise<void> {
  const ending = name.includes(".") ? name.slice(name.lastIndexOf(".") + 1) : "";
  const uri = await vscode.window.showSaveDialog({
    defaultUri: vscode.Uri.joinPath(document, "..", name),
    ...(ending === "" ? {} : { filters: { [ending.toUpperCase()]: [ending] } }),
  });
  if (uri === undefined) return;
  await vscode.workspace.fs.writeFile(uri, typeof bytes === "function" ? await bytes() : bytes);
}
