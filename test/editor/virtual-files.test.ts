// Specs on a file system that is none of this machine's, with their imports and data: all is as with files on a disk.
import assert from "node:assert/strict";
import * as vscode from "vscode";
import { MemoryFiles } from "./memory-files";
import {
  clickLens,
  closeAll,
  diagnosticsWith,
  extensionApi,
  lensesOver,
  rangeOf,
  replace,
} from "./spec-editor";

const main = vscode.Uri.parse("nnspec-memory://shelf/course%20a/main.nnspec?version=3");
const beside = (path: string): vscode.Uri => vscode.Uri.joinPath(main, "..", path);
const library = beside("parts/library.nnspec");
const points = beside("parts/points.csv");

const texts: readonly (readonly [vscode.Uri, string])[] = [
  [
    main,
    'import { spread } from "parts/library.nnspec"\n\nrun measure {\n  X = csv("parts/points.csv")\n  J = spread(X)\n  check J ~= 30\n}\n',
  ],
  [
    library,
    "# The sum of squares.\nop spread(X: [n, m]) -> [] {\n  return sum(X * X)\n  vjp X(u) = 2 * X * u\n}\n",
  ],
  [points, "1,2\n3,4\n"],
];

suite("specs on a virtual file system", () => {
  const files = new MemoryFiles();
  let registered: vscode.Disposable | undefined;

  suiteSetup(async () => {
    registered = vscode.workspace.registerFileSystemProvider("nnspec-memory", files);
    await extensionApi();
  });
  setup(() => {
    for (const [uri, text] of texts) files.writeFile(uri, new TextEncoder().encode(text));
  });
  teardown(closeAll);
  suiteTeardown(() => {
    registered?.dispose();
  });

  async function openMain(): Promise<vscode.TextEditor> {
    const editor = await vscode.window.showTextDocument(await vscode.workspace.openTextDocument(main));
    await diagnosticsWith(editor.document);
    return editor;
  }

  test("a definition, a hover and a rename lead into an imported file of a subfolder", async () => {
    const { document } = await openMain();
    const at = rangeOf(document, "spread(X)").start;
    const [found] = await vscode.commands.executeCommand<vscode.LocationLink[]>(
      "vscode.executeDefinitionProvider",
      document.uri,
      at,
    );
    assert.equal(found?.targetUri.toString(), library.toString());
    const [hover] = await vscode.commands.executeCommand<vscode.Hover[]>(
      "vscode.executeHoverProvider",
      document.uri,
      at,
    );
    assert.match((hover?.contents as vscode.MarkdownString[])[0]?.value ?? "", /The sum of squares/);
    const edit = await vscode.commands.executeCommand<vscode.WorkspaceEdit>(
      "vscode.executeDocumentRenameProvider",
      document.uri,
      at,
      "energy",
    );
    const places = edit.entries().map(([uri, edits]) => `${uri.toString()} ${edits.length}`);
    assert.deepEqual(places.sort(), [`${main.toString()} 2`, `${library.toString()} 1`]);
  });

  test("a run reads data there, and its verdict stands in the lens", async () => {
    const { document } = await openMain();
    assert.equal(await clickLens(document, "run measure", /Run/), "finished");
    assert.match((await lensesOver(document, "run measure")).join(), /^✓ Run passed · 1 check/);
  });

  test("what changes there is noticed, in data and in imported files that are not open", async () => {
    const editor = await openMain();
    const { document } = editor;
    await replace(editor, "check J ~= 30", "show J, X @ ones([2, 3])");
    await diagnosticsWith(document);
    files.writeFile(points, new TextEncoder().encode("1,2,3\n4,5,6\n"));
    await diagnosticsWith(document, "NN202");
    files.delete(points);
    await diagnosticsWith(document, "NN401");
    files.writeFile(points, new TextEncoder().encode("1,2\n3,4\n"));
    await diagnosticsWith(document);
    files.writeFile(library, new TextEncoder().encode("op other(X: [n, m]) -> [] {\n  return sum(X)\n}\n"));
    await diagnosticsWith(document, "NN217");
    files.delete(library);
    await diagnosticsWith(document, "NN216");
  });
});
