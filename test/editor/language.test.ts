// The language features as the editor sees them, across files and into the standard library.
import assert from "node:assert/strict";
import * as vscode from "vscode";
import { closeAll, diagnosticsWith, extensionApi, openSpec, rangeOf } from "./spec-editor";

suite("language features in the editor", () => {
  suiteSetup(async () => {
    await extensionApi();
  });
  teardown(closeAll);

  async function definition(
    document: vscode.TextDocument,
    part: string,
  ): Promise<vscode.LocationLink | undefined> {
    const at = rangeOf(document, part).start;
    const found = await vscode.commands.executeCommand<(vscode.Location | vscode.LocationLink)[]>(
      "vscode.executeDefinitionProvider",
      document.uri,
      at,
    );
    const [first] = found;
    return first !== undefined && "targetUri" in first ? first : undefined;
  }

  test("go to definition leads into another file", async () => {
    const { document } = await openSpec("uses-library.nnspec");
    const found = await definition(document, "half_square(w)");
    assert.ok(found);
    const target = await vscode.workspace.openTextDocument(found.targetUri);
    assert.match(target.fileName, /library\.nnspec$/);
    assert.equal(target.getText(found.targetSelectionRange), "half_square");
  });

  test("go to definition leads into the standard library, which opens read-only", async () => {
    const { document } = await openSpec("uses-library.nnspec");
    const found = await definition(document, "Linear(3, 2)");
    assert.ok(found);
    const target = await vscode.workspace.openTextDocument(found.targetUri);
    assert.equal(target.uri.scheme, "nnspec-std");
    assert.equal(target.languageId, "nnspec");
    assert.equal(target.getText(found.targetSelectionRange), "Linear");
  });

  test("references and rename cover every file of the folder, open or not", async () => {
    const { document } = await openSpec("library.nnspec");
    const at = rangeOf(document, "half_square").start;
    const references = await vscode.commands.executeCommand<vscode.Location[]>(
      "vscode.executeReferenceProvider",
      document.uri,
      at,
    );
    const files = references.map(({ uri }) => uri.path.slice(uri.path.lastIndexOf("/") + 1)).sort();
    assert.deepEqual(files, ["library.nnspec", "uses-library.nnspec", "uses-library.nnspec"]);
    const edit = await vscode.commands.executeCommand<vscode.WorkspaceEdit>(
      "vscode.executeDocumentRenameProvider",
      document.uri,
      at,
      "energy",
    );
    assert.equal(
      edit.entries().reduce((sum, [, edits]) => sum + edits.length, 0),
      3,
    );
  });

  test("hover shows the shape, the comment and an operator's formula", async () => {
    const { document } = await openSpec("uses-library.nnspec");
    const hover = async (part: string): Promise<string> => {
      const at = rangeOf(document, part).start;
      const found = await vscode.commands.executeCommand<vscode.Hover[]>(
        "vscode.executeHoverProvider",
        document.uri,
        at,
      );
      return found
        .flatMap(({ contents }) =>
          contents.map((each) => (each instanceof vscode.MarkdownString ? each.value : "")),
        )
        .join("\n");
    };
    assert.match(await hover("half_square(w)"), /Half the sum of squares\./);
    assert.match(await hover("w = ["), /w: \[3\]/);
  });

  test("completion offers the nodes of an instance after its dot", async () => {
    const { document } = await openSpec("small.nnspec");
    const at = rangeOf(document, "m.J").start.translate(0, 2);
    const list = await vscode.commands.executeCommand<vscode.CompletionList>(
      "vscode.executeCompletionItemProvider",
      document.uri,
      at,
      ".",
    );
    const labels = list.items.map(({ label }) => (typeof label === "string" ? label : label.label));
    for (const name of ["J", "w", "x", "z"]) assert.ok(labels.includes(name), labels.join(", "));
  });

  test("the outline has declarations and what is in them", async () => {
    const { document } = await openSpec("small.nnspec");
    const symbols = await vscode.commands.executeCommand<vscode.DocumentSymbol[]>(
      "vscode.executeDocumentSymbolProvider",
      document.uri,
    );
    assert.deepEqual(
      symbols.map(({ name, children }) => `${name}: ${children.map((child) => child.name).join(" ")}`),
      ["Small: x w z J", "one: m twice the sum"],
    );
  });

  test("shapes stand behind the names, unless the setting says no", async () => {
    const { document } = await openSpec("small.nnspec");
    await diagnosticsWith(document);
    const whole = new vscode.Range(0, 0, document.lineCount, 0);
    const hints = async (): Promise<readonly string[]> => {
      const found = await vscode.commands.executeCommand<vscode.InlayHint[]>(
        "vscode.executeInlayHintProvider",
        document.uri,
        whole,
      );
      return found.map(({ label }) =>
        typeof label === "string" ? label : label.map(({ value }) => value).join(""),
      );
    };
    assert.deepEqual(await hints(), [": [N]", ": []"]);
    const settings = vscode.workspace.getConfiguration("nnspec");
    await settings.update("inlayHints.shapes", false, vscode.ConfigurationTarget.Global);
    assert.deepEqual(await hints(), []);
    await settings.update("inlayHints.shapes", undefined, vscode.ConfigurationTarget.Global);
  });

  test("formatting rewrites white space and nothing else", async () => {
    const document = await vscode.workspace.openTextDocument({
      language: "nnspec",
      content: "run  a{\nx=1.0+2\n}\n",
    });
    await vscode.window.showTextDocument(document);
    await vscode.commands.executeCommand("editor.action.formatDocument");
    assert.equal(document.getText().replace(/\s/g, ""), "runa{x=1.0+2}");
    assert.match(document.getText(), /^run a \{\n {2}x = 1\.0 \+ 2\n\}\n$/);
  });
});
