// The Test Explorer: what is listed, and that running it runs the spec.
import assert from "node:assert/strict";
import * as vscode from "vscode";
import type { ExtensionApi } from "../../src/hosts/extension/start-extension";
import { closeAll, eventually, extensionApi, openSpec, rangeOf, replace } from "./spec-editor";

suite("tests in the Test Explorer", () => {
  let api: ExtensionApi;

  suiteSetup(async () => {
    api = await extensionApi();
  });
  teardown(closeAll);

  function labels(items: vscode.TestItemCollection): readonly string[] {
    return [...items].map(([, { label, children }]) =>
      children.size === 0 ? label : `${label}: ${labels(children).join(", ")}`,
    );
  }

  test("a file's ops and nets are tests, its runs are suites of their checks, each at its line", async () => {
    const { document } = await openSpec("rules.nnspec");
    const file = await eventually("the file's tests", () => api.tests.items.get(document.uri.toString()));
    assert.deepEqual(labels(file.children), ["doubled", "squashed", "failing: not so, so"]);
    const [, failing] = [...file.children].find(([, { label }]) => label === "failing") ?? [];
    const [, check] = [...(failing?.children ?? [])][0] ?? [];
    assert.equal(check?.range?.start.line, rangeOf(document, 'check "not so"').start.line);
  });

  test("the list follows the text", async () => {
    const editor = await openSpec("small.nnspec");
    const key = editor.document.uri.toString();
    await eventually("the file's tests", () => api.tests.items.get(key));
    await replace(editor, '"twice the sum"', '"renamed"');
    await eventually("the new name", () =>
      labels(api.tests.items.get(key)?.children ?? assert.fail()).join() === "Small,one: renamed"
        ? true
        : undefined,
    );
  });

  test("running all tests of a file leaves their verdicts in its lenses", async () => {
    const { document } = await openSpec("rules.nnspec");
    const key = document.uri.toString();
    await eventually("the file's tests", () => api.tests.items.get(key));
    await vscode.commands.executeCommand("testing.runCurrentFile");
    const results = api.results.known(key);
    assert.equal(results?.target("doubled")?.byAction.get("gradcheck")?.report.status, "passed");
    assert.equal(results.target("squashed")?.byAction.get("gradcheck")?.report.status, "failed");
    assert.equal(results.target("failing")?.byAction.get("run")?.report.status, "failed");
  });

  test("a continuous run repeats when the text changes, and when a file that it imports does", async () => {
    // Live runs would repeat it as well.
    const settings = vscode.workspace.getConfiguration("nnspec");
    await settings.update("live", "off", vscode.ConfigurationTarget.Global);
    const { document } = await openSpec("uses-library.nnspec");
    const key = document.uri.toString();
    const library = await openSpec("library.nnspec");
    await eventually("the file's tests", () => api.tests.items.get(key));
    const runs = (): number =>
      Math.max(0, ...(api.results.known(key)?.targets() ?? []).map(({ runId }) => runId));
    await vscode.window.showTextDocument(document);
    await vscode.commands.executeCommand("testing.runCurrentFile");
    const first = await eventually("a first run", () => runs() || undefined);
    await vscode.commands.executeCommand("testing.startContinuousRun");
    const remark = new vscode.WorkspaceEdit();
    remark.insert(library.document.uri, new vscode.Position(0, 0), "# A remark.\n");
    await vscode.workspace.applyEdit(remark);
    await eventually("another run", () => (runs() > first ? true : undefined));
    await vscode.commands.executeCommand("testing.stopContinuousRun");
    await settings.update("live", undefined, vscode.ConfigurationTarget.Global);
  });
});
