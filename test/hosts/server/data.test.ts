// Data files while one types: shapes from real files, changes on disk, files that only the client has, trust.
import assert from "node:assert/strict";
import { mkdtempSync, rmSync, symlinkSync, utimesSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import type { InlayHint } from "vscode-languageserver-protocol/node";
import type { OpenedData } from "../../../src/hosts/server/data-headers";
import { openLocalData } from "../../../src/hosts/server/node-data";
import { listLocalFolder, listLocalSpecs } from "../../../src/hosts/server/node-files";
import { trustGranted } from "../../../src/protocol";
import { fixtureBytes } from "../../engine/data/fixtures";
import { startSession, type Session } from "./session";

/** NumPy's format 1.0: magic, version, header length, a Python dict; then the elements. */
function npy(shape: readonly number[]): Uint8Array {
  const sizes = shape.length === 1 ? `${String(shape[0])},` : shape.join(", ");
  const header = `{'descr': '<f8', 'fortran_order': False, 'shape': (${sizes}), }`;
  const padded = header.padEnd(117, " ") + "\n";
  const elements = shape.reduce((product, size) => product * size, 1);
  return Buffer.concat([
    Buffer.from([0x93]),
    Buffer.from("NUMPY\x01\x00", "latin1"),
    Buffer.from([padded.length, 0]),
    Buffer.from(padded, "latin1"),
    Buffer.alloc(8 * elements),
  ]);
}

const spec = 'run r {\n  X = npy("x.npy")\n  W = zeros([3, 2])\n  show X @ W\n}\n';
const localFiles = {
  readFile: () => Promise.resolve(undefined),
  openData: openLocalData,
  listFolder: listLocalFolder,
  listSpecs: listLocalSpecs,
};

suite("language server: data files", () => {
  let folder: string;
  setup(() => {
    folder = mkdtempSync(join(tmpdir(), "nnspec-data-"));
  });
  teardown(() => {
    rmSync(folder, { recursive: true, force: true });
  });

  const uriIn = (name: string): string => pathToFileURL(join(folder, name)).href;
  const start = (more: object = {}): Promise<Session> =>
    startSession({ folder: `${pathToFileURL(folder).href}/`, local: localFiles, watches: true, ...more });
  const codes = async (session: Session, name = "a.nnspec"): Promise<readonly string[]> =>
    (await session.diagnostics(name)).map(({ code }) => String(code));

  test("a wrong shape against a real file is a diagnostic, and its change on disk is noticed", async () => {
    writeFileSync(join(folder, "x.npy"), npy([5, 4]));
    const session = await start();
    await session.open("a.nnspec", spec);
    const [first] = await session.diagnostics("a.nnspec", 1);
    assert.equal(first?.code, "NN202");
    assert.match(JSON.stringify(first.message), /\[5, 4\].*\[3, 2\].*4 \(from `x\.npy`/);
    assert.equal(session.published.length, 1, "the header was there before the first diagnostics");
    const watched = [`${JSON.stringify(pathToFileURL(folder).href)} x.npy`];
    await session.request("workspace/symbol", { query: "" }); // what was sent before has been received
    assert.deepEqual(session.watched(), watched);

    writeFileSync(join(folder, "x.npy"), npy([5, 3]));
    const changes = [{ uri: uriIn("x.npy"), type: 2 }];
    await session.client.sendNotification("workspace/didChangeWatchedFiles", { changes });
    assert.deepEqual(await until(session, (found) => found.length === 0), []);
    assert.ok(session.refreshes() > 0, "hints are asked for again");

    rmSync(join(folder, "x.npy"));
    await session.client.sendNotification("workspace/didChangeWatchedFiles", {
      changes: [{ uri: uriIn("x.npy"), type: 3 }],
    });
    assert.deepEqual(await until(session, (found) => found.length > 0), ["NN401"]);
  });

  test("a change that nobody tells is noticed while one types on", async () => {
    writeFileSync(join(folder, "x.npy"), npy([5, 4]));
    const session = await start({ watches: false });
    await session.open("a.nnspec", spec);
    assert.deepEqual(await codes(session), ["NN202"]);
    assert.deepEqual(session.watched(), []);
    writeFileSync(join(folder, "x.npy"), npy([7, 3]));
    utimesSync(join(folder, "x.npy"), 1, 1);
    const deadline = Date.now() + 5000;
    for (let i = 0; Date.now() < deadline; i++) {
      await session.change("a.nnspec", `${spec}# ${String(i)}\n`);
      if ((await codes(session)).length === 0) return;
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
    assert.fail("the new shape was never seen");
  });

  test("hints show the shapes of files", async () => {
    writeFileSync(join(folder, "x.npy"), npy([5, 3]));
    const session = await start();
    await session.open("a.nnspec", spec);
    const hints = await session.request<InlayHint[]>("textDocument/inlayHint", {
      textDocument: { uri: uriIn("a.nnspec") },
      range: { start: { line: 0, character: 0 }, end: { line: 9, character: 0 } },
    });
    assert.ok(
      hints.some(({ label }) => label === ": [5, 3]"),
      JSON.stringify(hints),
    );
  });

  test("a file that only the client has is read through it, and only its header", async () => {
    const session = await startSession();
    const bytes = Buffer.concat([npy([50_000, 4])]);
    session.data.set("memory:///work/x.npy", { bytes, modified: 1 });
    await session.open("a.nnspec", spec);
    assert.deepEqual(await codes(session), ["NN202"]);
    session.data.set("memory:///work/x.npy", { bytes: npy([2, 3]), modified: 2 });
    await session.client.sendNotification("workspace/didChangeWatchedFiles", {
      changes: [{ uri: "memory:///work/x.npy", type: 2 }],
    });
    assert.deepEqual(await until(session, (found) => found.length === 0, "memory:///work/a.nnspec"), []);
  });

  test("a file that does not come holds nothing up; its shape follows when it comes", async () => {
    let come: (file: OpenedData) => void = () => assert.fail("not asked for");
    const late = new Promise<OpenedData>((resolve) => (come = resolve));
    const session = await start({ local: { ...localFiles, openData: () => late } });
    const started = Date.now();
    await session.open("a.nnspec", spec);
    assert.deepEqual(await codes(session), []);
    assert.ok(Date.now() - started < 1000);
    const before = Date.now();
    await session.change("a.nnspec", `${spec}\n`);
    assert.deepEqual(await codes(session), []);
    assert.ok(Date.now() - before < 140, "only the first check waits");
    const bytes = npy([5, 4]);
    const read = (offset: number, length: number): Promise<Uint8Array> =>
      Promise.resolve(bytes.subarray(offset, offset + length));
    come({ size: bytes.length, stamp: "1", read });
    assert.deepEqual(await until(session, (found) => found.length > 0), ["NN202"]);
  });

  test("in a workspace that is not trusted, files outside of it are refused until it is", async () => {
    const outside = mkdtempSync(join(tmpdir(), "nnspec-outside-"));
    try {
      writeFileSync(join(outside, "secret.npy"), npy([5, 4]));
      writeFileSync(join(folder, "x.npy"), npy([5, 3]));
      symlinkSync(join(outside, "secret.npy"), join(folder, "link.npy"));
      const session = await start({ trusted: false });
      const path = join(outside, "secret.npy");
      await session.open(
        "a.nnspec",
        `${spec}run far {\n  show npy(${JSON.stringify(path)})\n}\nrun link {\n  show npy("link.npy")\n}\n`,
      );
      const found = await session.diagnostics("a.nnspec");
      assert.deepEqual(
        found.map(({ code, range }) => [code, range.start.line]),
        [
          ["NN402", 6],
          ["NN402", 9],
        ],
      );
      await session.client.sendNotification(trustGranted);
      assert.deepEqual(await until(session, (left) => left.length === 0), []);
    } finally {
      rmSync(outside, { recursive: true, force: true });
    }
  });

  test("arrays of an archive are known by name", async () => {
    writeFileSync(join(folder, "d.npz"), fixtureBytes("deflated.npz"));
    const session = await start();
    await session.open("a.nnspec", 'run r {\n  d = npz("d.npz")\n  show d.nothing\n}\n');
    const [first] = await session.diagnostics("a.nnspec");
    assert.match(JSON.stringify(first?.message), /nothing/);
  });

  /** The codes that were published last, once they fit. */
  async function until(
    session: Session,
    fits: (codes: readonly string[]) => boolean,
    uri = uriIn("a.nnspec"),
  ): Promise<readonly string[]> {
    const deadline = Date.now() + 5000;
    for (;;) {
      const last = session.published.findLast((params) => params.uri === uri);
      const found = last?.diagnostics.map(({ code }) => String(code));
      if (found !== undefined && fits(found)) return found;
      if (Date.now() > deadline) assert.fail(`last published: ${found?.join(", ") ?? "nothing"}`);
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
  }
});
