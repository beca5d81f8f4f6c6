// Live runs: the last run repeats as one types, old results stand while the text is half-typed, and nothing is asked.
import assert from "node:assert/strict";
import * as vscode from "vscode";
import type { ExtensionApi } from "../../src/hosts/extension/start-extension";
import { clickLens, closeAll, eventually, extensionApi, lensesOver, openSpec, replace } from "./spec-editor";

async function setLive(mode: "auto" | "on" | "off"): Promise<void> {
  await vscode.workspace
    .getConfiguration("nnspec")
    .update("live", mode, vscode.ConfigurationTarget.Workspace);
}

/** Results of a closed document that the inspector shows would stay. */
async function openInspectorOnRun(wanted: boolean | undefined): Promise<void> {
  await vscode.workspace
    .getConfiguration("nnspec")
    .update("openInspectorOnRun", wanted, vscode.ConfigurationTarget.Workspace);
}

suite("live runs", () => {
  let api: ExtensionApi;

  suiteSetup(async () => {
    api = await extensionApi();
  });
  setup(async () => {
    await openInspectorOnRun(false);
    // On a busy machine no run may be quick enough to be repeated by default.
    await setLive("on");
  });
  teardown(async () => {
    await closeAll();
    await setLive("off");
    await openInspectorOnRun(undefined);
  });

  const objective = (document: vscode.TextDocument): number | undefined =>
    api.results
      .known(document.uri.toString())
      ?.target("one")
      ?.report.nodes.find(({ name }) => name === "m.J")?.value?.mean;

  test("a quick run repeats as one types, and its lens tells the new verdict", async () => {
    const editor = await openSpec("live.nnspec");
    const { document } = editor;
    assert.equal(await clickLens(document, "run one", /Run/), "finished");
    await replace(editor, "constant(2)", "constant(3)");
    await eventually("the new objective", () => (objective(document) === 18 ? true : undefined));
    const title = await eventually("the verdict", async () => {
      const [found] = await lensesOver(document, "run one");
      return /failed/.test(found ?? "") ? found : undefined;
    });
    assert.match(title, /^✗ Run: 1 of 1 check/);
    await replace(editor, "== 12", "== 18");
    await eventually("the check passes", async () => {
      const [found] = await lensesOver(document, "run one");
      return /^✓ Run passed/.test(found ?? "") ? found : undefined;
    });
  });

  test("while the text is half-typed the results before stand, marked as old", async () => {
    const editor = await openSpec("live.nnspec");
    const { document } = editor;
    await clickLens(document, "run one", /Run/);
    await replace(editor, "w * x", "w * ");
    const title = await eventually("the old verdict", async () => {
      const [found] = await lensesOver(document, "run one");
      return /before the last edit/.test(found ?? "") ? found : undefined;
    });
    assert.equal(title, "▷ Run · passed before the last edit");
    assert.equal(objective(document), 12);
    await replace(editor, "z = w * ", "z = w * x + 1");
    await eventually("the new objective", () => (objective(document) === 15 ? true : undefined));
  });

  test("nothing repeats where it is off, or before something has run", async () => {
    const untouched = await openSpec("rules.nnspec");
    await replace(untouched, "run", "run ");
    assert.equal(api.results.known(untouched.document.uri.toString()), undefined);
    const editor = await openSpec("live.nnspec");
    const { document } = editor;
    await replace(editor, "constant(2)", "constant(4)");
    await setLive("off");
    await clickLens(document, "run one", /Run/);
    assert.equal(objective(document), 24);
    await replace(editor, "constant(4)", "constant(5)");
    assert.equal(api.results.known(document.uri.toString())?.repeating, false);
    assert.equal(await vscode.commands.executeCommand("nnspec.toggleLive"), "auto");
    await setLive("on");
    await replace(editor, "constant(5)", "constant(6)");
    await eventually("the new objective", () => (objective(document) === 36 ? true : undefined));
  });

  test("a change that never ends is stopped, and typing goes on", async () => {
    await setLive("auto");
    const editor = await openSpec("live.nnspec");
    const { document } = editor;
    await clickLens(document, "run one", /Run/);
    const endless = "  for i in 1 to 3000 { q[i] = randn([300, 300]) @ randn([300, 300]) }\n  m = Small";
    await replace(editor, "  m = Small", endless);
    await eventually("live runs pause", () =>
      api.results.known(document.uri.toString())?.last === undefined ? true : undefined,
    );
    await replace(editor, "constant(2)", "constant(7)");
    assert.equal(api.results.known(document.uri.toString())?.repeating, false);
    assert.equal(objective(document), 12);
  });
});

suite("beginnings", () => {
  teardown(closeAll);

  test("new specs and exercises open unsaved, without problems, and run", async () => {
    const api = await extensionApi();
    for (const [command, run] of [
      ["nnspec.newSpec", "first"],
      ["nnspec.newExercise", "grade"],
    ] as const) {
      const uri = await vscode.commands.executeCommand<string>(command);
      const document = vscode.window.activeTextEditor?.document;
      assert.equal(document?.uri.toString(), uri);
      assert.equal(document.languageId, "nnspec");
      assert.equal(await vscode.commands.executeCommand("nnspec.runFile", document.uri), "finished");
      const report = api.results.known(uri)?.target(run)?.report;
      assert.equal(report?.status, command === "nnspec.newSpec" ? "passed" : "pending");
      const errors = vscode.languages
        .getDiagnostics(document.uri)
        .filter(({ severity }) => severity === vscode.DiagnosticSeverity.Error);
      assert.deepEqual(errors, []);
    }
  });

  test("the walkthrough opens", async () => {
    await vscode.commands.executeCommand("nnspec.openWalkthrough");
    await eventually("its tab", () => {
      const labels = vscode.window.tabGroups.all.flatMap(({ tabs }) => tabs.map(({ label }) => label));
      return labels.some((label) => /Welcome|Get Started|Walkthrough/i.test(label)) ? true : undefined;
    });
  });
});
