// Mending in the editor: the fix at a blamed rule, hints at what the tests would miss, a minimal reproduction to copy.
import assert from "node:assert/strict";
import * as vscode from "vscode";
import type { FileStrength } from "../../src/protocol";
import {
  clickLens,
  closeAll,
  extensionApi,
  lensesOver,
  openSpec,
  quickFixes,
  rangeOf,
  replace,
} from "./spec-editor";

suite("repairs in the editor", () => {
  suiteSetup(async () => {
    await extensionApi();
  });
  teardown(closeAll);

  test("a blamed rule has a quick fix, which makes its gradcheck pass", async () => {
    const { document } = await openSpec("weak.nnspec");
    assert.equal(await clickLens(document, "op cubed", /Gradcheck/), "finished");
    const [wrong] = vscode.languages.getDiagnostics(document.uri).filter(({ code }) => code === "gradcheck");
    assert.ok(wrong);
    const actions = await quickFixes(document, wrong.range);
    const fix = actions.find(({ edit, isPreferred }) => edit !== undefined && isPreferred === true);
    assert.ok(fix?.edit, actions.map(({ title }) => title).join(", "));
    assert.ok(await vscode.workspace.applyEdit(fix.edit));
    assert.equal(await clickLens(document, "op cubed", /Gradcheck/), "finished");
    assert.match((await lensesOver(document, "op cubed"))[2] ?? "", /^✓ Gradcheck passed/);
  });

  test("a rule that lives in an imported file is mended there", async () => {
    const { document } = await openSpec("uses-blunder.nnspec");
    assert.equal(await clickLens(document, "run uses_it", /Gradcheck/), "finished");
    const { document: imported } = await openSpec("blunder.nnspec");
    const [wrong] = vscode.languages.getDiagnostics(imported.uri).filter(({ code }) => code === "gradcheck");
    assert.ok(wrong);
    assert.equal(imported.getText(wrong.range).includes("-u / 2"), true);
    const actions = await quickFixes(imported, wrong.range);
    const fix = actions.find(({ edit, isPreferred }) => edit !== undefined && isPreferred === true);
    assert.ok(fix?.edit, actions.map(({ title }) => title).join(", "));
    assert.deepEqual(
      fix.edit.entries().map(([uri]) => uri.toString()),
      [imported.uri.toString()],
    );
    assert.ok(await vscode.workspace.applyEdit(fix.edit));
    assert.match(imported.getText(), /vjp x\(u\) = u \/ 2/);
    assert.equal(await clickLens(document, "run uses_it", /Gradcheck/), "finished");
    assert.match((await lensesOver(document, "run uses_it")).join(), /✓ Gradcheck passed/);
  });

  test("a fix is offered only for the text that was run", async () => {
    const editor = await openSpec("weak.nnspec");
    const { document } = editor;
    assert.equal(await clickLens(document, "op cubed", /Gradcheck/), "finished");
    const isOffered = async (): Promise<boolean> => {
      const actions = await quickFixes(document, rangeOf(document, "3 * u * x"));
      return actions.some(({ isPreferred, edit }) => isPreferred === true && edit !== undefined);
    };
    assert.equal(await isOffered(), true);
    await replace(editor, "return x^3", "return x^3 + 0");
    assert.equal(await isOffered(), false);
  });

  test("the strength of tests: hints at what would be missed, and a gradcheck to add", async () => {
    const editor = await openSpec("weak.nnspec");
    const { document } = editor;
    await replace(editor, "3 * u * x", "3 * u * x^2");
    const report = await vscode.commands.executeCommand<FileStrength | undefined>(
      "nnspec.testStrength",
      document.uri,
    );
    const outcomes = report?.subjects.flatMap(({ mutants }) => mutants.map(({ outcome }) => outcome)) ?? [];
    assert.ok(outcomes.includes("missed") && outcomes.includes("caught"), outcomes.join());
    const hints = vscode.languages
      .getDiagnostics(document.uri)
      .filter(({ source }) => source === "nnspec strength");
    assert.equal(hints.length, outcomes.filter((outcome) => outcome === "missed").length);
    assert.ok(hints.every(({ severity }) => severity === vscode.DiagnosticSeverity.Information));
    const actions = await quickFixes(document, hints[0]!.range);
    const add = actions.find(({ title }) => title.startsWith("Add `"));
    assert.ok(add?.edit, actions.map(({ title }) => title).join(", "));
    assert.ok(await vscode.workspace.applyEdit(add.edit));
    assert.match(document.getText(), /gradcheck (?:y|cubed)\n/);
    const again = await vscode.commands.executeCommand<FileStrength | undefined>(
      "nnspec.testStrength",
      document.uri,
    );
    const left = again?.subjects.flatMap(({ mutants }) =>
      mutants.filter(({ outcome }) => outcome === "missed"),
    );
    assert.ok((left?.length ?? Infinity) < hints.length);
  });

  test("a minimal reproduction is copied: a spec without what is not of the matter", async () => {
    const { document } = await openSpec("weak.nnspec");
    const text = await vscode.commands.executeCommand<string | undefined>(
      "nnspec.copyReproduction",
      document.uri,
    );
    assert.match(text ?? "", /op cubed[^]*gradcheck y/);
    assert.doesNotMatch(text ?? "", /unrelated|run weak/);
    assert.equal(await vscode.env.clipboard.readText(), text);
  });
});
