// Scripted sessions over the protocol: refactorings, links, renamed files, call hierarchy, formatting while one types.
import assert from "node:assert/strict";
import type {
  CallHierarchyIncomingCall,
  CallHierarchyItem,
  CodeAction,
  CompletionItem,
  DocumentLink,
  TextEdit,
  WorkspaceEdit,
} from "vscode-languageserver-protocol/node";
import { readMarks } from "../../language/features/marked";
import { startSession, uriOf, type Session } from "./session";

const library = "op twice(x: [N]) -> [N] {\n  return 2 * x\n}\n";

function rangeOf(text: string, part: string) {
  const at = text.indexOf(part);
  assert.ok(at >= 0, part);
  const position = (offset: number) => {
    const before = text.slice(0, offset).split("\n");
    return { line: before.length - 1, character: before.at(-1)?.length ?? 0 };
  };
  return { start: position(at), end: position(at + part.length) };
}

async function actions(session: Session, name: string, text: string, part: string, only: string) {
  return session.request<readonly CodeAction[]>("textDocument/codeAction", {
    textDocument: { uri: uriOf(name) },
    range: rangeOf(text, part),
    context: { diagnostics: [], only: [only] },
  });
}

suite("language server: refactoring", () => {
  test("the selection can be named; quick fixes are not among what was asked for", async () => {
    const session = await startSession();
    const text = "run r {\n  x = [1.0]\n  y = exp(x * 2) + qq\n}\n";
    await session.open("a.nnspec", text);
    const found = await actions(session, "a.nnspec", text, "x * 2", "refactor.extract");
    assert.deepEqual(
      found.map(({ title, kind }) => [title, kind]),
      [["Name this expression `value`", "refactor.extract"]],
    );
    assert.deepEqual(
      found[0]?.edit?.changes?.[uriOf("a.nnspec")]?.map(({ newText }) => newText),
      ["value = x * 2\n  ", "value"],
    );
    const fixes = await actions(session, "a.nnspec", text, "qq", "quickfix");
    assert.ok(fixes.every(({ kind }) => kind === "quickfix"));
  });

  test("a completion imports from a file that is not open", async () => {
    const session = await startSession();
    session.disk.set(uriOf("lib.nnspec"), library);
    const marked = "run r {\n  y = twi‸\n}\n";
    await session.open("a.nnspec", readMarks(marked).text);
    const look = async () => {
      const items = await session.request<readonly CompletionItem[]>(
        "textDocument/completion",
        session.at("a.nnspec", marked),
      );
      return items.find(({ label }) => label === "twice");
    };
    await look(); // the files are listed meanwhile
    await session.diagnostics("a.nnspec");
    const item = await look();
    assert.equal(item?.detail, 'from "lib.nnspec"');
    assert.deepEqual(
      item.additionalTextEdits?.map(({ newText }) => newText),
      ['import { twice } from "lib.nnspec"\n\n'],
    );
  });

  test("a completion takes the place of a hole", async () => {
    const session = await startSession();
    const marked = "op f(x: [N]) -> [N] {\n  return x\n  vjp x(u) = ‸?\n}\n";
    await session.open("a.nnspec", readMarks(marked).text);
    const items = await session.request<readonly CompletionItem[]>(
      "textDocument/completion",
      session.at("a.nnspec", marked),
    );
    const item = items.find(({ label }) => label === "u");
    assert.deepEqual(item?.textEdit, {
      range: { start: { line: 2, character: 13 }, end: { line: 2, character: 14 } },
      newText: "u",
    });
  });
});

suite("language server: files", () => {
  test("links lead to imports, data and the standard library", async () => {
    const session = await startSession();
    await session.open(
      "a.nnspec",
      'import { Linear } from "std"\nimport { f } from "../lib.nnspec"\nrun r {\n  x = npy("x.npy")\n}\n',
    );
    const links = await session.request<readonly DocumentLink[]>("textDocument/documentLink", {
      textDocument: { uri: uriOf("a.nnspec") },
    });
    assert.deepEqual(
      links.map(({ target }) => target),
      ["nnspec-std:/std.nnspec", "memory:///lib.nnspec", "memory:///work/x.npy"],
    );
  });

  test("renaming a file renames it in every import, in closed files and unsaved ones", async () => {
    const session = await startSession();
    const user = 'import { twice } from "lib.nnspec"\nrun r {\n  y = twice([1.0])\n}\n';
    session.disk.set(uriOf("lib.nnspec"), library);
    session.disk.set(uriOf("closed.nnspec"), user);
    await session.open("open.nnspec", "run r {\n}\n");
    await session.change("open.nnspec", user);
    const edit = await session.request<WorkspaceEdit>("workspace/willRenameFiles", {
      files: [{ oldUri: uriOf("lib.nnspec"), newUri: uriOf("tools/lib.nnspec") }],
    });
    assert.deepEqual(
      Object.entries(edit.changes ?? {}).map(([uri, edits]) => [uri, edits.map(({ newText }) => newText)]),
      [
        [uriOf("open.nnspec"), ["tools/lib.nnspec"]],
        [uriOf("closed.nnspec"), ["tools/lib.nnspec"]],
      ],
    );
  });

  test("callers are found in files that are not open", async () => {
    const session = await startSession();
    session.disk.set(
      uriOf("closed.nnspec"),
      'import { twice } from "lib.nnspec"\nrun r {\n  y = twice([1.0])\n}\n',
    );
    const marked = library.replace("twice", "‸twice");
    await session.open("lib.nnspec", library);
    const [item] = await session.request<readonly CallHierarchyItem[]>(
      "textDocument/prepareCallHierarchy",
      session.at("lib.nnspec", marked),
    );
    assert.equal(item?.name, "twice");
    const calls = await session.request<readonly CallHierarchyIncomingCall[]>("callHierarchy/incomingCalls", {
      item,
    });
    assert.deepEqual(
      calls.map(({ from }) => `${from.name} ${from.uri}`),
      [`r ${uriOf("closed.nnspec")}`],
    );
    const outgoing = await session.request<readonly { to: CallHierarchyItem }[]>(
      "callHierarchy/outgoingCalls",
      {
        item: calls[0]?.from,
      },
    );
    assert.deepEqual(
      outgoing.map(({ to }) => to.name),
      ["twice"],
    );
  });
});

suite("language server: formatting while one types", () => {
  async function typed(text: string, line: number, character: string): Promise<readonly TextEdit[]> {
    const session = await startSession();
    await session.open("a.nnspec", text);
    return session.request<readonly TextEdit[]>("textDocument/onTypeFormatting", {
      textDocument: { uri: uriOf("a.nnspec") },
      position: { line, character: 0 },
      ch: character,
      options: { tabSize: 2, insertSpaces: true },
    });
  }

  test("a new line formats the one that was finished, and no other", async () => {
    const edits = await typed("run r {\n  a=[1.0]\n  b=a*2\n\n}\n", 3, "\n");
    assert.ok(edits.length > 0);
    assert.ok(edits.every(({ range }) => range.start.line === 2 && range.end.line === 2));
  });

  test("a half-typed statement stays as it is", async () => {
    assert.deepEqual(await typed("run r {\n  b=relu(\n\n}\n", 2, "\n"), []);
  });

  test("a range is formatted by itself", async () => {
    const session = await startSession();
    await session.open("a.nnspec", "run r {\n  a=[1.0]\n  b=a*2\n}\n");
    const edits = await session.request<readonly TextEdit[]>("textDocument/rangeFormatting", {
      textDocument: { uri: uriOf("a.nnspec") },
      range: { start: { line: 1, character: 0 }, end: { line: 2, character: 0 } },
      options: { tabSize: 2, insertSpaces: true },
    });
    assert.deepEqual([...new Set(edits.map(({ range }) => range.start.line))], [1]);
  });
});
