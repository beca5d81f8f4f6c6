// The server as other editors speak to it: what Neovim 0.7 and 0.11, Emacs with Eglot 1.9, Helix, and a client that says
// nothing of itself can make use of is what they get. The first and the third were listened to; the others are as documented.
import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import {
  InsertTextFormat,
  type ClientCapabilities,
  type CompletionItem,
  type DocumentSymbol,
  type Hover,
  type Location,
  type LocationLink,
  type SignatureHelp,
  type SymbolInformation,
  type WorkspaceEdit,
} from "vscode-languageserver-protocol/node";
import { openLocalData } from "../../../src/hosts/server/node-data";
import { listLocalFolder, listLocalSpecs } from "../../../src/hosts/server/node-files";
import { readMarks } from "../../language/features/marked";
import { startSession, type Session } from "./session";

const eglot: ClientCapabilities = {
  workspace: {
    applyEdit: true,
    configuration: true,
    workspaceFolders: true,
    didChangeWatchedFiles: { dynamicRegistration: true },
    workspaceEdit: { documentChanges: true },
  },
  textDocument: {
    completion: { completionItem: { snippetSupport: false }, contextSupport: true },
    hover: { contentFormat: ["plaintext"] },
    signatureHelp: { signatureInformation: { parameterInformation: { labelOffsetSupport: true } } },
    definition: { linkSupport: true },
    documentSymbol: { hierarchicalDocumentSymbolSupport: true },
    publishDiagnostics: { relatedInformation: false },
  },
};

const oldNeovim: ClientCapabilities = {
  workspace: { applyEdit: true, workspaceFolders: true, symbol: { dynamicRegistration: false } },
  textDocument: {
    completion: {
      completionItem: { snippetSupport: false, documentationFormat: ["markdown", "plaintext"] },
      contextSupport: false,
    },
    hover: { contentFormat: ["markdown", "plaintext"] },
    signatureHelp: {
      signatureInformation: {
        documentationFormat: ["markdown", "plaintext"],
        parameterInformation: { labelOffsetSupport: true },
      },
    },
    definition: { linkSupport: true },
    documentSymbol: { hierarchicalDocumentSymbolSupport: true },
  },
};

const neovim: ClientCapabilities = {
  ...oldNeovim,
  general: { positionEncodings: ["utf-8", "utf-16", "utf-32"] },
  workspace: { ...oldNeovim.workspace, configuration: true, inlayHint: { refreshSupport: true } },
};

const helix: ClientCapabilities = {
  general: { positionEncodings: ["utf-8", "utf-32", "utf-16"] },
  workspace: {
    configuration: true,
    workspaceFolders: true,
    didChangeWatchedFiles: { dynamicRegistration: true, relativePatternSupport: false },
  },
  textDocument: {
    completion: { completionItem: { snippetSupport: true } },
    hover: { contentFormat: ["markdown"] },
    signatureHelp: { signatureInformation: { documentationFormat: ["markdown"] } },
  },
};

const clients = new Map<string, ClientCapabilities>(
  Object.entries({ eglot, oldNeovim, neovim, helix, silent: {} }),
);

const library = "# Doubles *all*.\nop twice(x: [N]) -> [N] {\n  return 2 * x\n}\n";
const user = 'import { twice } from "lib.nnspec"\nrun r {\n  a = ones([3]) # 😀\n  y = twice(a)\n}\n';

suite("language server: other editors", () => {
  let folder = "";
  setup(() => {
    folder = mkdtempSync(join(tmpdir(), "nnspec-editors-"));
    mkdirSync(join(folder, "below/node_modules"), { recursive: true });
    writeFileSync(join(folder, "lib.nnspec"), library);
    writeFileSync(join(folder, "below/other.nnspec"), user.replace("lib", "../lib"));
    writeFileSync(join(folder, "below/node_modules/foreign.nnspec"), user.replace("lib", "../../lib"));
  });
  teardown(() => {
    rmSync(folder, { recursive: true, force: true });
  });

  const readLocal = (uri: string): Promise<string | undefined> =>
    readFile(fileURLToPath(uri), "utf8").catch(() => undefined);
  const start = (capabilities: ClientCapabilities): Promise<Session> =>
    startSession({
      folder: `${pathToFileURL(folder).href}/`,
      answersFiles: false,
      capabilities,
      initializationOptions: {},
      local: {
        readFile: readLocal,
        openData: openLocalData,
        listFolder: listLocalFolder,
        listSpecs: listLocalSpecs,
      },
    });

  for (const [name, capabilities] of clients) {
    test(`${name}: positions are UTF-16's, and what was sent can be read`, async () => {
      const session = await start(capabilities);
      const { positionEncoding } = session.initialized.capabilities;
      assert.equal(positionEncoding, "utf-16");
      await session.open("a.nnspec", user.replace("# 😀", "; 😀 = 3"));
      const [error] = await session.diagnostics("a.nnspec");
      assert.deepEqual(error?.range, { start: { line: 2, character: 18 }, end: { line: 2, character: 20 } });
      await session.change("a.nnspec", user);
      assert.deepEqual(await session.diagnostics("a.nnspec"), []);
      const ask = <T>(method: string, marked: string): Promise<T> =>
        session.request<T>(`textDocument/${method}`, session.at("a.nnspec", marked));

      const hover = await ask<Hover>("hover", user.replace("= twice", "= tw‸ice"));
      const markdown = capabilities.textDocument?.hover?.contentFormat?.includes("markdown") === true;
      assert.deepEqual(hover.contents, {
        kind: markdown ? "markdown" : "plaintext",
        value: markdown
          ? "```nnspec\nop twice(x: [N]) -> [N]\n```\n\nDoubles *all*.\n\nDefined in `lib.nnspec`."
          : "op twice(x: [N]) -> [N]\n\nDoubles *all*.\n\nDefined in lib.nnspec.",
      });

      const at = user.replace("= twice", "= ‸twice");
      const definition = await ask<Location | readonly LocationLink[]>("definition", at);
      const target = "uri" in definition ? definition.uri : definition[0]?.targetUri;
      assert.equal("uri" in definition, capabilities.textDocument?.definition?.linkSupport !== true);
      assert.equal(target, pathToFileURL(join(folder, "lib.nnspec")).href);

      const { signatures } = await ask<SignatureHelp>("signatureHelp", user.replace("twice(a", "twice(‸a"));
      const offsets = capabilities.textDocument?.signatureHelp?.signatureInformation?.parameterInformation;
      assert.deepEqual(
        signatures[0]?.parameters?.map(({ label }) => label),
        offsets?.labelOffsetSupport === true ? [[6, 12]] : ["x: [N]"],
      );

      const symbols = await ask<readonly (DocumentSymbol | SymbolInformation)[]>("documentSymbol", at);
      const nested = capabilities.textDocument?.documentSymbol?.hierarchicalDocumentSymbolSupport === true;
      assert.deepEqual(
        symbols.map((symbol) => ("location" in symbol ? [symbol.name, symbol.containerName] : symbol.name)),
        nested
          ? ["r"]
          : [
              ["r", undefined],
              ["a", "r"],
              ["y", "r"],
            ],
      );

      const marked = `${user}‸`;
      const items = await ask<readonly CompletionItem[]>("completion", marked);
      const net = items.find(({ label }) => label === "net");
      const tabStops = capabilities.textDocument?.completion?.completionItem?.snippetSupport === true;
      assert.equal(net?.insertTextFormat, tabStops ? InsertTextFormat.Snippet : InsertTextFormat.PlainText);
      assert.equal(net.insertText?.includes("$"), tabStops, net.insertText);
    });

    test(`${name}: closed files of the folder are renamed in as well`, async () => {
      const session = await start(capabilities);
      await session.open("a.nnspec", user);
      const params = session.at("a.nnspec", user.replace("= twice", "= ‸twice"));
      const edit = await session.request<WorkspaceEdit>("textDocument/rename", {
        ...params,
        newName: "double",
      });
      assert.deepEqual(
        Object.keys(edit.changes ?? {})
          .map((uri) => uri.slice(pathToFileURL(folder).href.length + 1))
          .sort(),
        ["a.nnspec", "below/other.nnspec", "lib.nnspec"],
      );
      const found = await session.request<readonly SymbolInformation[]>("workspace/symbol", { query: "twi" });
      assert.deepEqual(
        found.map(({ name: each }) => each),
        ["twice"],
      );
    });
  }

  test("who watches files when asked is asked; from whom nothing comes, a saved file is a sign", async () => {
    const watching = await start(eglot);
    await watching.request("workspace/symbol", { query: "twice" });
    assert.deepEqual(watching.watched(), ["**/*.{nnspec,npy,npz,csv,idx,gz,safetensors,png}"]);
    const session = await start(oldNeovim);
    assert.deepEqual(session.watched(), []);
    await session.open("a.nnspec", user);
    assert.deepEqual(await session.diagnostics("a.nnspec"), []);
    writeFileSync(join(folder, "lib.nnspec"), library.replace("twice", "double"));
    const before = session.published.length;
    const { textDocument } = session.at("a.nnspec", `‸${user}`);
    await session.client.sendNotification("textDocument/didSave", { textDocument });
    const changed = await session.next(before);
    assert.deepEqual(
      changed.diagnostics.map(({ code }) => code),
      ["NN217"],
    );
  });
});

suite("language server: paths while they are written", () => {
  const offered = async (session: Session, marked: string): Promise<readonly string[]> => {
    await session.open("a.nnspec", readMarks(marked).text);
    const params = session.at("a.nnspec", marked);
    const items = await session.request<readonly CompletionItem[]>("textDocument/completion", params);
    return items.map(({ label, textEdit }) => {
      const range = textEdit !== undefined && "range" in textEdit ? textEdit.range : undefined;
      return `${label} ${String(range?.start.character)}–${String(range?.end.character)}`;
    });
  };
  const withFiles = async (): Promise<Session> => {
    const session = await startSession();
    for (const name of ["data/x.npy", "data/all.npz", "data/deep/y.npy", "z.npy", "odd.txt", ".hidden/h.npy"])
      session.data.set(`memory:///work/${name}`, { bytes: new Uint8Array(), modified: 1 });
    session.disk.set("memory:///work/lib.nnspec", library);
    return session;
  };

  test("a data file's quotes offer folders and the files that its reader reads", async () => {
    const row = (path: string): string => `run r {\n  x = npy("${path}")\n}\n`;
    assert.deepEqual(await offered(await withFiles(), row("‸")), ["data/ 11–11", "z.npy 11–11"]);
    assert.deepEqual(await offered(await withFiles(), row("data/‸")), ["x.npy 16–16", "deep/ 16–16"]);
    assert.deepEqual(await offered(await withFiles(), row("data/o‸ld.npy")), ["x.npy 16–23", "deep/ 16–23"]);
    assert.deepEqual(await offered(await withFiles(), row("data/deep/‸")), ["y.npy 21–21"]);
    assert.deepEqual(await offered(await withFiles(), row("nowhere/‸")), []);
  });

  test("before its quote is closed as well, and for archives", async () => {
    assert.deepEqual(await offered(await withFiles(), 'run r {\n  x = npz("data/‸\n}\n'), [
      "all.npz 16–16",
      "deep/ 16–16",
    ]);
  });

  test("an import's quotes offer specs, folders and the standard library", async () => {
    const found = await offered(await withFiles(), 'import { twice } from "‸"\n');
    assert.deepEqual(found.toSorted(), ["data/ 23–23", "lib.nnspec 23–23", "std undefined–undefined"]);
  });

  test("other quotes and a division offer no files", async () => {
    const session = await withFiles();
    assert.deepEqual(await offered(session, 'run r {\n  check "‸": 1 == 1\n}\n'), []);
    const marked = "run r {\n  a = 3 /‸ 2\n}\n";
    await session.change("a.nnspec", readMarks(marked).text);
    const context = { triggerKind: 2, triggerCharacter: "/" };
    assert.equal(
      await session.request("textDocument/completion", { ...session.at("a.nnspec", marked), context }),
      null,
    );
  });

  test("in a workspace that is not trusted, folders outside of it are not listed", async () => {
    const outside = async (trusted: boolean): Promise<readonly string[]> => {
      const session = await startSession({ trusted });
      session.data.set("memory:///outside/x.npy", { bytes: new Uint8Array(), modified: 1 });
      return offered(session, 'run r {\n  x = npy("../outside/‸")\n}\n');
    };
    assert.deepEqual(await outside(false), []);
    assert.deepEqual(await outside(true), ["x.npy 22–22"]);
  });

  test("the names of a file are offered before the first of them is imported", async () => {
    const session = await withFiles();
    const marked = 'import { ‸ } from "std"\n';
    const names = (await offered(session, marked)).map((label) => label.split(" ")[0]);
    assert.ok(names.includes("Linear"), names.join());
  });
});
