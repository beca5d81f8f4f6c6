// Diagnostics as they are typed, across open and unsaved files, and the fixes they offer.
import assert from "node:assert/strict";
import * as vscode from "vscode";
import {
  closeAll,
  diagnosticsWith,
  eventually,
  extensionApi,
  openSpec,
  quickFixes,
  rangeOf,
  replace,
} from "./spec-editor";

suite("diagnostics in the editor", () => {
  suiteSetup(async () => {
    await extensionApi();
  });
  teardown(closeAll);

  test("a shape error stands at the operands that do not fit, with its code and where the sizes come from", async () => {
    const { document } = await openSpec("wrong-shape.nnspec");
    const [found] = await diagnosticsWith(document, "NN202");
    assert.ok(found);
    assert.equal(document.getText(found.range), "X @ W2");
    assert.match(found.message, /`X` is \[N, d\] and `W2` is \[n_hidden, 2\]/);
    assert.equal(found.severity, vscode.DiagnosticSeverity.Error);
    assert.equal(found.source, "nnspec");
    const lines = (found.relatedInformation ?? []).map(({ location }) => location.range.start.line + 1);
    assert.deepEqual(lines.sort(), [2, 4]);
  });

  test("it goes when the text is mended and comes back when it is undone", async () => {
    const editor = await openSpec("wrong-shape.nnspec");
    await diagnosticsWith(editor.document, "NN202");
    await replace(editor, "X @ W2", "X @ W1");
    await diagnosticsWith(editor.document);
    await vscode.commands.executeCommand("undo");
    await diagnosticsWith(editor.document, "NN202");
  });

  test("a quick fix mends an unknown name", async () => {
    const editor = await openSpec("uses-library.nnspec");
    const { document } = editor;
    await diagnosticsWith(document);
    await replace(editor, "half_square(w)", "half_squar(w)");
    const [found] = await diagnosticsWith(document, "NN201");
    assert.ok(found);
    const actions = await quickFixes(document, found.range);
    const fix = actions.find(({ title }) => title === "Rename to `half_square`");
    assert.ok(fix?.edit, actions.map(({ title }) => title).join(", "));
    assert.ok(await vscode.workspace.applyEdit(fix.edit));
    assert.equal(document.getText(rangeOf(document, "half_square(w)")), "half_square(w)");
    await diagnosticsWith(document);
  });

  test("an unsaved change of an imported file is seen by the file that imports it", async () => {
    const { document } = await openSpec("uses-library.nnspec");
    await diagnosticsWith(document);
    const library = await openSpec("library.nnspec");
    await replace(library, "op half_square", "op half_squared");
    const [found] = await diagnosticsWith(document, "NN217");
    assert.equal(document.getText(found?.range), "half_square");
    await vscode.commands.executeCommand("undo");
    await diagnosticsWith(document);
  });

  test("a file that appears on disk is found by the import that missed it", async () => {
    const editor = await openSpec("uses-library.nnspec");
    const { document } = editor;
    await replace(editor, '"library.nnspec"', '"later.nnspec"');
    await diagnosticsWith(document, "NN216");
    const later = vscode.Uri.joinPath(document.uri, "../later.nnspec");
    const library = await vscode.workspace.fs.readFile(
      vscode.Uri.joinPath(document.uri, "../library.nnspec"),
    );
    await vscode.workspace.fs.writeFile(later, library);
    await diagnosticsWith(document);
    await vscode.workspace.fs.delete(later);
    await diagnosticsWith(document, "NN216");
  });

  test("the shape in a data file is known while one types, and a change of the file is noticed", async () => {
    const editor = await openSpec("wrong-shape.nnspec");
    const { document } = editor;
    const data = vscode.Uri.joinPath(document.uri, "../later.csv");
    const whole = new vscode.Range(0, 0, document.lineCount, 0);
    const text = 'run r {\n  X = csv("later.csv")\n  show X @ ones([3, 2])\n}\n';
    await editor.edit((edit) => edit.replace(whole, text));
    await diagnosticsWith(document, "NN401");
    await vscode.workspace.fs.writeFile(data, new TextEncoder().encode("1,2\n3,4\n"));
    await diagnosticsWith(document, "NN202");
    await vscode.workspace.fs.writeFile(data, new TextEncoder().encode("1,2,3\n4,5,6\n"));
    await diagnosticsWith(document);
    await vscode.workspace.fs.delete(data);
    await diagnosticsWith(document, "NN401");
  });

  test("a text that is no spec at all ends in diagnostics, and the server still answers", async () => {
    const document = await vscode.workspace.openTextDocument({
      language: "nnspec",
      content: '}}}) net net ((( \u0000 "',
    });
    await vscode.window.showTextDocument(document);
    await eventually("a diagnostic", () =>
      vscode.languages.getDiagnostics(document.uri).length > 0 ? true : undefined,
    );
    const { document: good } = await openSpec("wrong-shape.nnspec");
    await diagnosticsWith(good, "NN202");
  });
});
