// The extension is known to a real VS Code, and its language is registered.
import assert from "node:assert/strict";
import * as vscode from "vscode";

suite("the extension in a real extension host", () => {
  test("VS Code knows the extension", () => {
    assert.ok(vscode.extensions.getExtension("nnspec.nnspec"));
  });

  test("a .nnspec file has the language id nnspec", async () => {
    const [folder] = vscode.workspace.workspaceFolders ?? [];
    assert.ok(folder);
    const file = vscode.Uri.joinPath(folder.uri, "small.nnspec");
    const document = await vscode.workspace.openTextDocument(file);
    assert.equal(document.languageId, "nnspec");
  });
});
