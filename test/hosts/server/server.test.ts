// The language server over its real protocol: what is published when, and what each request answers.
import assert from "node:assert/strict";
import type {
  CodeAction,
  CodeLens,
  CompletionItem,
  DocumentSymbol,
  FoldingRange,
  Hover,
  InlayHint,
  Location,
  LocationLink,
  SelectionRange,
  SemanticTokens,
  SignatureHelp,
  SymbolInformation,
  TextEdit,
  WorkspaceEdit,
} from "vscode-languageserver-protocol/node";
import {
  serverRequests,
  standardLibraryUri,
  type SourcesReply,
  type TargetsReply,
} from "../../../src/protocol";
import { readMarks } from "../../language/features/marked";
import { startSession, uriOf, type Session } from "./session";

const net = "net M(n, k)(X: [N, n]) -> [] {\n  param W: [n, k] = zeros()\n  z = X @ W\n  return sum(z)\n}\n";
const broken = net.replace("X @ W", "W @ X");
const library = "# Doubles.\nop f(x: [N]) -> [N] {\n  return 2 * x\n}\n";
const user = 'import { f } from "lib.nnspec"\nrun r {\n  y = f([1.0, 2.0])\n}\n';

suite("language server: diagnostics", () => {
  let session: Session;
  setup(async () => {
    session = await startSession();
  });

  test("come with the version that they belong to, with code, source and related places", async () => {
    await session.open("a.nnspec", broken);
    const [first, ...others] = await session.diagnostics("a.nnspec", 1);
    assert.deepEqual(others, []);
    assert.equal(first?.code, "NN202");
    assert.equal(first.source, "nnspec");
    assert.deepEqual(first.range, { start: { line: 2, character: 6 }, end: { line: 2, character: 11 } });
    assert.deepEqual(
      first.relatedInformation?.map(({ location }) => location.uri),
      [uriOf("a.nnspec"), uriOf("a.nnspec")],
    );
  });

  test("of a burst of changes only the last is answered", async () => {
    await session.open("a.nnspec", net);
    await session.diagnostics("a.nnspec", 1);
    for (let i = 0; i < 20; i++)
      await session.change("a.nnspec", i === 19 ? broken : `${net}# ${String(i)}\n`);
    const last = await session.diagnostics("a.nnspec");
    assert.deepEqual(
      last.map(({ code }) => code),
      ["NN202"],
    );
    const versions = session.published.map(({ version }) => version);
    assert.ok(versions.length < 10, `published ${versions.join(", ")}`);
    assert.deepEqual(
      versions,
      [...versions].sort((a, b) => (a ?? 0) - (b ?? 0)),
    );
  });

  test("a file is read before its importer is judged: no error flashes up", async () => {
    session.disk.set(uriOf("lib.nnspec"), library);
    await session.open("a.nnspec", user);
    assert.deepEqual(await session.diagnostics("a.nnspec"), []);
    assert.equal(session.published.length, 1);
    assert.deepEqual(session.reads, [uriOf("lib.nnspec")]);
  });

  test("an open import counts as it stands in the editor, and its importers are checked with it", async () => {
    session.disk.set(uriOf("lib.nnspec"), library);
    await session.open("a.nnspec", user);
    await session.diagnostics("a.nnspec");
    await session.open("lib.nnspec", library.replace("op f(", "op g("));
    const found = await waitFor(session, "a.nnspec", (codes) => codes.includes("NN217"));
    assert.ok(found);
    await session.close("lib.nnspec");
    assert.ok(await waitFor(session, "a.nnspec", (codes) => codes.length === 0));
  });

  test("a change on disk is followed", async () => {
    await session.open("a.nnspec", user);
    assert.deepEqual(
      (await session.diagnostics("a.nnspec")).map(({ code }) => code),
      ["NN216"],
    );
    session.disk.set(uriOf("lib.nnspec"), library);
    const changes = [{ uri: uriOf("lib.nnspec"), type: 1 }];
    await session.client.sendNotification("workspace/didChangeWatchedFiles", { changes });
    assert.ok(await waitFor(session, "a.nnspec", (codes) => codes.length === 0));
  });

  test("files that import each other in a circle are not followed for ever", async () => {
    session.disk.set(uriOf("b.nnspec"), 'import { g } from "a.nnspec"\nconst f = 1\n');
    await session.open("a.nnspec", 'import { f } from "b.nnspec"\nconst g = 2\n');
    await session.diagnostics("a.nnspec");
    assert.deepEqual(session.reads, [uriOf("b.nnspec")]);
  });

  test("closing a file takes its diagnostics away", async () => {
    await session.open("a.nnspec", broken);
    await session.diagnostics("a.nnspec");
    await session.close("a.nnspec");
    assert.ok(await waitFor(session, "a.nnspec", (codes) => codes.length === 0));
  });

  test("without a client that reads files, an import is simply not found", async () => {
    const bare = await startSession({ answersFiles: false });
    bare.disk.set(uriOf("lib.nnspec"), library);
    await bare.open("a.nnspec", user);
    assert.deepEqual(
      (await bare.diagnostics("a.nnspec")).map(({ code }) => code),
      ["NN216"],
    );
    assert.deepEqual(bare.reads, []);
  });
});

/** Waits until what was published last for a file fits. */
async function waitFor(
  session: Session,
  name: string,
  fits: (codes: readonly string[]) => boolean,
): Promise<boolean> {
  const deadline = Date.now() + 5000;
  for (;;) {
    const last = session.published.findLast(({ uri }) => uri === uriOf(name));
    if (last !== undefined && fits(last.diagnostics.map(({ code }) => String(code)))) return true;
    if (Date.now() > deadline) return false;
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}

suite("language server: requests", () => {
  let session: Session;
  setup(async () => {
    session = await startSession();
    session.disk.set(uriOf("lib.nnspec"), library);
  });

  async function ask<T>(method: string, marked: string, more: object = {}): Promise<T> {
    await session.open("a.nnspec", readMarks(marked).text);
    return session.request<T>(method, { ...session.at("a.nnspec", marked), ...more });
  }
  const document = { textDocument: { uri: uriOf("a.nnspec") } };

  test("the capabilities say what is answered here", () => {
    const { capabilities } = session.initialized;
    for (const name of [
      "codeLensProvider",
      "hoverProvider",
      "renameProvider",
      "inlayHintProvider",
      "documentFormattingProvider",
    ] as const) {
      assert.ok(capabilities[name], name);
    }
  });

  test("lenses carry a command with the document and the target", async () => {
    await session.open("a.nnspec", net);
    const lenses = await session.request<CodeLens[]>("textDocument/codeLens", document);
    assert.deepEqual(
      lenses.map(({ command }) => command?.command),
      ["nnspec.forward", "nnspec.backward", "nnspec.gradcheck", "nnspec.inspect"],
    );
    assert.deepEqual(lenses[0]?.command?.arguments, [
      { uri: uriOf("a.nnspec"), target: { kind: "net", name: "M" } },
    ]);
  });

  test("definition leads to another file and into the standard library", async () => {
    const [other] = await ask<LocationLink[]>("textDocument/definition", user.replace("f([", "‸f(["));
    assert.equal(other?.targetUri, uriOf("lib.nnspec"));
    assert.equal(other.targetRange.start.line, 1);
    const text = 'import { Linear } from "std"\nrun r {\n  m = Lin‸ear(2, 3)\n}\n';
    await session.open("b.nnspec", readMarks(text).text);
    const [std] = await session.request<LocationLink[]>(
      "textDocument/definition",
      session.at("b.nnspec", text),
    );
    assert.equal(std?.targetUri, standardLibraryUri);
    const library = await session.request<string>(serverRequests.standardLibrary, undefined);
    assert.match(library.split("\n")[std.targetRange.start.line] ?? "", /net Linear/);
  });

  test("references and rename reach files that are not open", async () => {
    session.disk.set(uriOf("a.nnspec"), user);
    await session.open("lib.nnspec", library);
    const at = session.at("lib.nnspec", library.replace("op f", "op ‸f"));
    const references = await session.request<Location[]>("textDocument/references", {
      ...at,
      context: { includeDeclaration: true },
    });
    assert.deepEqual(references.map(({ uri }) => uri).sort(), [
      uriOf("a.nnspec"),
      uriOf("a.nnspec"),
      uriOf("lib.nnspec"),
    ]);
    const edit = await session.request<WorkspaceEdit>("textDocument/rename", { ...at, newName: "double" });
    assert.deepEqual(Object.keys(edit.changes ?? {}).sort(), [uriOf("a.nnspec"), uriOf("lib.nnspec")]);
  });

  test("an imported file from outside of the folder is watched, and renamed in", async () => {
    const watching = await startSession({ watches: true });
    const far = "memory:///elsewhere/lib%20a.nnspec?version=3";
    watching.disk.set(far, library);
    const text = user.replace("lib.nnspec", "../elsewhere/lib a.nnspec");
    await watching.open("a.nnspec?version=3", text);
    assert.deepEqual(await watching.diagnostics("a.nnspec?version=3", 1), []);
    const at = watching.at("a.nnspec?version=3", text.replace("= f(", "= ‸f("));
    const edit = await watching.request<WorkspaceEdit>("textDocument/rename", { ...at, newName: "double" });
    assert.deepEqual(Object.keys(edit.changes ?? {}).sort(), [far, uriOf("a.nnspec?version=3")]);
    assert.deepEqual(watching.watched(), ['"memory:///elsewhere?version=3" lib a.nnspec']);

    watching.disk.delete(far);
    await watching.client.sendNotification("workspace/didChangeWatchedFiles", {
      changes: [{ uri: far, type: 3 }],
    });
    assert.deepEqual(
      (await watching.next(1)).diagnostics.map(({ code }) => code),
      ["NN216"],
    );
  });

  test("a rename that cannot be is refused with its reason", async () => {
    await assert.rejects(
      ask("textDocument/rename", "run r {\n  x = ‸exp(1.0)\n}\n", { newName: "e" }),
      /built in/,
    );
  });

  test("hover, signature and completion answer at the cursor", async () => {
    const hover = await ask<Hover>("textDocument/hover", user.replace("f([", "‸f(["));
    assert.match(JSON.stringify(hover.contents), /Doubles\./);
    const signature = await session.request<SignatureHelp>(
      "textDocument/signatureHelp",
      session.at("a.nnspec", user.replace("f([", "f(‸[")),
    );
    assert.equal(signature.signatures[0]?.label, "f(x: [N])");
    assert.equal(signature.activeParameter, 0);
    const items = await session.request<CompletionItem[]>(
      "textDocument/completion",
      session.at("a.nnspec", user.replace("y = f", "y = ‸f")),
    );
    assert.ok(items.some(({ label }) => label === "f") && items.some(({ label }) => label === "exp"));
  });

  test("a quick fix carries the edit and the diagnostic it mends", async () => {
    await session.open("a.nnspec", "run r {\n  x = exq(1.0)\n}\n");
    const [diagnostic] = await session.diagnostics("a.nnspec");
    assert.ok(diagnostic);
    const [action] = await session.request<CodeAction[]>("textDocument/codeAction", {
      ...document,
      range: diagnostic.range,
      context: { diagnostics: [diagnostic] },
    });
    assert.equal(action?.title, "Rename to `exp`");
    assert.deepEqual(action.diagnostics, [diagnostic]);
    assert.deepEqual(
      action.edit?.changes?.[uriOf("a.nnspec")]?.map(({ newText }) => newText),
      ["exp"],
    );
  });

  test("outline, folds, selections, hints, tokens and formatting", async () => {
    await session.open("a.nnspec", net.replace("z = X", "z =   X"));
    const symbols = await session.request<DocumentSymbol[]>("textDocument/documentSymbol", document);
    assert.deepEqual(
      symbols.map(({ name, children }) => [name, children?.length]),
      [["M", 5]],
    );
    const folds = await session.request<FoldingRange[]>("textDocument/foldingRange", document);
    assert.deepEqual(
      folds.map(({ startLine, endLine }) => [startLine, endLine]),
      [[0, 3]],
    );
    const [selection] = await session.request<SelectionRange[]>("textDocument/selectionRange", {
      ...document,
      positions: [{ line: 2, character: 8 }],
    });
    assert.ok(selection?.parent?.parent);
    const whole = { start: { line: 0, character: 0 }, end: { line: 9, character: 0 } };
    const hints = await session.request<InlayHint[]>("textDocument/inlayHint", { ...document, range: whole });
    assert.deepEqual(
      hints.map(({ label, position }) => [label, position.line]),
      [[": [N, k]", 2]],
    );
    const tokens = await session.request<SemanticTokens>("textDocument/semanticTokens/full", document);
    assert.ok(tokens.data.length > 0 && tokens.data.length % 5 === 0);
    const edits = await session.request<TextEdit[]>("textDocument/formatting", {
      ...document,
      options: { tabSize: 2, insertSpaces: true },
    });
    assert.deepEqual(
      edits.map(({ newText, range }) => [newText, range.start.line]),
      [[" ", 2]],
    );
  });

  test("symbols of the whole folder are found by part of their name", async () => {
    await session.open("a.nnspec", net);
    session.disk.set(uriOf("lib.nnspec"), "op softer(x: [N]) -> [N] {\n  return x\n}\n");
    const found = await session.request<SymbolInformation[]>("workspace/symbol", { query: "SOFT" });
    assert.deepEqual(
      found.map(({ name, location }) => [name, location.uri]),
      [["softer", uriOf("lib.nnspec")]],
    );
  });

  test("a run is given every text that it needs, as the editor has it", async () => {
    await session.open("a.nnspec", user);
    await session.open("lib.nnspec", `${library}# unsaved\n`);
    const sources = await session.request<SourcesReply>(serverRequests.sources, { uri: uriOf("a.nnspec") });
    assert.equal(sources.uri, uriOf("a.nnspec"));
    assert.equal(sources.version, 1);
    assert.deepEqual(sources.files, {
      [uriOf("a.nnspec")]: user,
      [uriOf("lib.nnspec")]: `${library}# unsaved\n`,
    });
    assert.equal(await session.request(serverRequests.sources, { uri: uriOf("unknown.nnspec") }), null);
  });

  test("the declaration and the node at a cursor", async () => {
    const marked = `${net}run r {\n  m = M(2, 3)(zeros([4, 2]))\n  show m.‸z\n}\n`;
    await session.open("a.nnspec", readMarks(marked).text);
    const { textDocument, position } = session.at("a.nnspec", marked);
    const cursor = { uri: textDocument.uri, position };
    const targets = await session.request<TargetsReply>(serverRequests.targets, cursor);
    assert.deepEqual(
      [targets.at?.name, ...targets.all.map(({ kind, name }) => `${kind} ${name}`)],
      ["r", "net M", "run r"],
    );
    const node = await session.request<{ path: string; range: { start: { line: number } } }>(
      serverRequests.nodeAt,
      cursor,
    );
    assert.deepEqual([node.path, node.range.start.line], ["m.z", 2]);
  });

  test("what is not open answers with nothing", async () => {
    assert.deepEqual(
      await session.request("textDocument/codeLens", { textDocument: { uri: uriOf("gone.nnspec") } }),
      [],
    );
    assert.equal(
      await session.request("textDocument/hover", {
        textDocument: { uri: uriOf("gone.nnspec") },
        position: { line: 0, character: 0 },
      }),
      null,
    );
  });

  test("half-typed and hostile texts are answered too", async () => {
    for (const text of [
      "",
      "net",
      "net M(",
      'import { } from ""',
      "run r {\n  m.",
      "op f(x: [",
      "\u0000\uFFFF}{",
      "run r {\n  x = (((((\n",
    ]) {
      await session.open("a.nnspec", text);
      const position = { line: text.split("\n").length - 1, character: 4 };
      for (const method of ["hover", "definition", "completion", "signatureHelp", "documentHighlight"]) {
        await session.request(`textDocument/${method}`, { ...document, position });
      }
      for (const method of ["codeLens", "documentSymbol", "foldingRange", "semanticTokens/full"]) {
        await session.request(`textDocument/${method}`, document);
      }
      await session.close("a.nnspec");
    }
  });
});
