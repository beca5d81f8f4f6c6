// Lenses, runs in the worker, and what they leave behind: verdicts, diagnostics, the inspector.
import assert from "node:assert/strict";
import * as vscode from "vscode";
import type { ExtensionApi } from "../../src/hosts/extension/start-extension";
import {
  clickLens,
  closeAll,
  eventually,
  extensionApi,
  lensesOver,
  lensTitles,
  openSpec,
  rangeOf,
  replace,
} from "./spec-editor";

suite("runs in the editor", () => {
  let api: ExtensionApi;

  suiteSetup(async () => {
    api = await extensionApi();
  });
  teardown(closeAll);

  test("lenses stand over every op, net and run", async () => {
    const { document } = await openSpec("small.nnspec");
    const titles = await eventually("the lenses", async () => {
      const found = await lensTitles(document);
      return found.size > 0 ? found : undefined;
    });
    assert.deepEqual(
      [...titles],
      [
        [1, ["▷ Forward", "◁ Backward", "✓ Gradcheck", "Inspect"]],
        [8, ["▷ Run", "✓ Gradcheck", "Inspect"]],
      ],
    );
  });

  test("a run's verdict comes back into its lens, and its results into the inspector", async () => {
    const { document } = await openSpec("small.nnspec");
    assert.equal(await clickLens(document, "run one", /Run/), "finished");
    const [title] = await lensesOver(document, "run one");
    assert.match(title ?? "", /^✓ Run passed · 1 check · [\d.]+ m?s$/);
    await eventually("the panel's handshake", () => (api.inspector.isReady ? true : undefined));
    const report = api.results.known(document.uri.toString())?.target("one")?.report;
    assert.deepEqual(
      report?.run?.checks.map(({ label, status }) => `${String(label)} ${status}`),
      ["twice the sum passed"],
    );
    assert.ok(report.nodes.some(({ name, value }) => name === "m.J" && value?.mean === 12));
  });

  test("a gradcheck says how many entries it took and how far off the worst is", async () => {
    const { document } = await openSpec("small.nnspec");
    assert.equal(await clickLens(document, "net Small", /Gradcheck/), "finished");
    const titles = await lensesOver(document, "net Small");
    assert.match(titles[2] ?? "", /^✓ Gradcheck passed · \d+ entr(?:y|ies) · worst [\d.e-]+ · [\d.]+ m?s$/);
  });

  test("every entry, and the gradients' own derivatives, are checked on request", async () => {
    const editor = await openSpec("second-order.nnspec");
    const { document } = editor;
    const start = rangeOf(document, "return").start;
    editor.selection = new vscode.Selection(start, start);
    const verdict = async (): Promise<string> => (await lensesOver(document, "op frozen"))[2] ?? "";
    assert.equal(await vscode.commands.executeCommand("nnspec.gradcheckFull"), "finished");
    assert.match(await verdict(), /^✓ Gradcheck passed/);
    assert.equal(await vscode.commands.executeCommand("nnspec.gradcheckSecondOrder"), "finished");
    assert.match(await verdict(), /^✗ /);
  });

  test("an edit makes the verdict old, undoing it makes it new again", async () => {
    const editor = await openSpec("small.nnspec");
    const { document } = editor;
    await clickLens(document, "run one", /Run/);
    await replace(editor, "sum(z)", "sum(z) + 1");
    const [old] = await lensesOver(document, "run one");
    assert.equal(old, "▷ Run · passed before the last edit");
    await vscode.commands.executeCommand("undo");
    const [fresh] = await lensesOver(document, "run one");
    assert.match(fresh ?? "", /^✓ Run passed/);
  });

  test("a failed check is a diagnostic at its place until the text there changes", async () => {
    const editor = await openSpec("rules.nnspec");
    const { document } = editor;
    assert.equal(await clickLens(document, "run failing", /Run/), "finished");
    const [title] = await lensesOver(document, "run failing");
    assert.match(title ?? "", /^✗ Run: 1 of 2 checks failed/);
    const ofRun = () =>
      vscode.languages.getDiagnostics(document.uri).filter(({ source }) => source === "nnspec run");
    const [failed, ...others] = ofRun();
    assert.ok(failed);
    assert.deepEqual(others, []);
    assert.equal(failed.range.start.line, rangeOf(document, 'check "not so"').start.line);
    assert.match(failed.message, /^not so: /);
    await replace(editor, "# Two ops", "# A line more.\n# Two ops");
    assert.equal(ofRun()[0]?.range.start.line, failed.range.start.line + 1);
    await replace(editor, "y == x", "y == y");
    assert.deepEqual(ofRun(), []);
  });

  test("a wrong rule fails its gradcheck, and the right one beside it passes", async () => {
    const { document } = await openSpec("rules.nnspec");
    assert.equal(await clickLens(document, "op squashed", /Gradcheck/), "finished");
    assert.equal(await clickLens(document, "op doubled", /Gradcheck/), "finished");
    assert.match((await lensesOver(document, "op squashed"))[2] ?? "", /^✗ /);
    assert.match((await lensesOver(document, "op doubled"))[2] ?? "", /^✓ Gradcheck passed/);
    const wrong = vscode.languages.getDiagnostics(document.uri).filter(({ code }) => code === "gradcheck");
    assert.ok(wrong.length > 0);
    const op = new vscode.Range(
      rangeOf(document, "op squashed").start,
      rangeOf(document, "run failing").start,
    );
    for (const { range } of wrong) assert.ok(op.contains(range));
  });

  test("a run that lasts can be cancelled, and the next one works", async () => {
    const { document } = await openSpec("slow.nnspec");
    const slow = clickLens(document, "run slow", /Run/);
    const results = await eventually("the run", () => {
      const found = api.results.known(document.uri.toString());
      return found?.running === undefined ? undefined : found;
    });
    await vscode.commands.executeCommand("nnspec.cancel");
    assert.equal(await slow, "cancelled");
    assert.equal(results.running, undefined);
    assert.equal(results.ending, "cancelled");
    const { document: small } = await openSpec("small.nnspec");
    assert.equal(await clickLens(small, "run one", /Run/), "finished");
  });

  test("a newer run of the same file takes the place of an older one", async () => {
    const { document } = await openSpec("slow.nnspec");
    const first = clickLens(document, "run slow", /Run/);
    await eventually("the first run", () => api.results.known(document.uri.toString())?.running);
    const second = clickLens(document, "run slow", /(?:Run|running)/i);
    assert.equal(await first, "cancelled");
    await eventually("the second run", () => api.results.known(document.uri.toString())?.running);
    await vscode.commands.executeCommand("nnspec.cancel");
    assert.equal(await second, "cancelled");
  });

  test("the palette's commands act on the declaration at the cursor", async () => {
    const editor = await openSpec("small.nnspec");
    const { document } = editor;
    const at = rangeOf(document, "m = Small").start;
    editor.selection = new vscode.Selection(at, at);
    assert.equal(await vscode.commands.executeCommand("nnspec.run"), "finished");
    const results = api.results.known(document.uri.toString());
    assert.ok(results?.target("one")?.byAction.has("run"));
  });

  test("every command of package.json is there, and no other", async () => {
    const contributed = vscode.extensions.getExtension("nnspec.nnspec")?.packageJSON as {
      contributes: { commands: readonly { command: string }[] };
    };
    const declared = contributed.contributes.commands.map(({ command }) => command).sort();
    const known = (await vscode.commands.getCommands(true)).filter((id) => /^nnspec\.\w+$/.test(id)).sort();
    assert.deepEqual(
      known.filter((id) => !id.startsWith("nnspec.inspector")),
      declared,
    );
  });
});
