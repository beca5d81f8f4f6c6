/** The wire by itself: frames in pieces, the order of answers, cancelling, failures, and the states of a server's life. */
import assert from "node:assert/strict";
import { Connection, Failure, failureCodes } from "../../../src/hosts/server/wire";
import { framed, FrameReader } from "../../../src/hosts/server/wire/framing";

interface Reply {
  readonly id?: number;
  readonly method?: string;
  readonly params?: { readonly message?: string };
  readonly result?: unknown;
  readonly error?: { readonly code: number; readonly message: string };
}

/** A connection over nothing: what arrives is given, what is sent is kept, and turns are taken when a test says so. */
function bench() {
  const sent: Reply[] = [];
  const turns: (() => void)[] = [];
  let arrive: (value: unknown) => void = () => assert.fail("nobody listens");
  const connection = new Connection({
    send: (message) => sent.push(JSON.parse(JSON.stringify(message)) as Reply),
    listen: (arrived) => (arrive = arrived),
    soon: (work) => turns.push(work),
  });
  connection.listen();
  connection.onRequest("initialize", () => ({ capabilities: {} }));
  connection.onRequest("shutdown", () => null);
  const settle = async (): Promise<void> => {
    for (let turn = turns.shift(); turn !== undefined; turn = turns.shift()) turn();
    await new Promise(setImmediate);
  };
  const request = (id: number, method: string, params?: object): void =>
    arrive({ jsonrpc: "2.0", id, method, params });
  const begun = async (): Promise<void> => {
    request(0, "initialize", {});
    await settle();
    sent.length = 0;
  };
  return { connection, sent, settle, request, begun, arrive: (value: unknown) => arrive(value) };
}

const at = { textDocument: { uri: "file:///a" }, position: { line: 0, character: 0 } };

suite("language server: frames", () => {
  const texts = ["{}", '{"name":"ẋ 😀"}', '{"long":"' + "y".repeat(3000) + '"}'];
  const stream = Buffer.concat(texts.map((text) => framed(JSON.parse(text) as object)));

  test("are found in any pieces", () => {
    for (const size of [1, 2, 7, 64, 1000, stream.length]) {
      const frames = new FrameReader();
      const found: string[] = [];
      for (let start = 0; start < stream.length; start += size)
        found.push(...frames.push(stream.subarray(start, start + size)));
      assert.deepEqual(found, texts, `in pieces of ${size}`);
    }
  });

  test("may have other heads, in any case; a head without a length is passed over", () => {
    const text =
      "X: 1\r\n\r\n" +
      "content-type: application/vscode-jsonrpc; charset=utf-8\r\ncontent-LENGTH: 2\r\n\r\n{}" +
      "Content-Length: nonsense\r\n\r\n" +
      "Content-Length: 4\r\n\r\nnull";
    assert.deepEqual(new FrameReader().push(Buffer.from(text)), ["{}", "null"]);
  });
});

suite("language server: connection", () => {
  test("nothing is answered before the beginning and after the end", async () => {
    const { connection, request, settle, sent } = bench();
    request(1, "textDocument/hover", at);
    request(2, "initialize", {});
    request(3, "shutdown");
    request(4, "textDocument/hover", at);
    await settle();
    assert.deepEqual(Object.fromEntries(sent.map(({ id, error }) => [id, error?.code])), {
      1: failureCodes.notInitialized,
      2: undefined,
      3: undefined,
      4: failureCodes.invalidRequest,
    });
    assert.equal(connection.isShut, true);
  });

  test("what is cancelled while it waits is not begun; what has been begun is answered", async () => {
    const { connection, request, arrive, settle, sent, begun } = bench();
    await begun();
    let begunOnes = 0;
    connection.onRequest("textDocument/hover", () => {
      begunOnes++;
      return Promise.resolve(null);
    });
    request(1, "textDocument/hover", at);
    request(2, "textDocument/hover", at);
    arrive({ jsonrpc: "2.0", method: "$/cancelRequest", params: { id: 1 } });
    await settle();
    arrive({ jsonrpc: "2.0", method: "$/cancelRequest", params: { id: 2 } });
    arrive({ jsonrpc: "2.0", method: "$/cancelRequest" });
    await settle();
    assert.equal(begunOnes, 1);
    assert.deepEqual(
      sent.map(({ id, result, error }) => ({ id, result, code: error?.code })),
      [
        { id: 1, result: undefined, code: failureCodes.cancelled },
        { id: 2, result: null, code: undefined },
      ],
    );
  });

  test("a request sees every notification before it, and none behind it", async () => {
    const { connection, request, arrive, settle, sent, begun } = bench();
    await begun();
    let text = "";
    connection.onNotification("textDocument/didSave", (params) => (text = params.text ?? ""));
    connection.onRequest("nnspec/standardLibrary", () => text);
    const save = (saved: string): void =>
      arrive({ jsonrpc: "2.0", method: "textDocument/didSave", params: { text: saved } });
    save("one");
    request(1, "nnspec/standardLibrary");
    save("two");
    request(2, "nnspec/standardLibrary");
    await settle();
    assert.deepEqual(
      sent.map(({ result }) => result),
      ["one", "two"],
    );
  });

  test("failures are answers: a refusal in its own words, a mistake of ours with its place, no such method", async () => {
    const { connection, request, arrive, settle, sent, begun } = bench();
    await begun();
    connection.onRequest("textDocument/rename", () => {
      throw new Failure(failureCodes.requestFailed, "That is no name.");
    });
    connection.onRequest("textDocument/hover", () => Promise.reject(new TypeError("oops")));
    connection.onNotification("textDocument/didSave", () => {
      throw new Error("not saved");
    });
    request(1, "textDocument/rename");
    request(2, "textDocument/hover");
    request(3, "textDocument/nothing");
    arrive({ jsonrpc: "2.0", method: "textDocument/didSave", params: {} });
    arrive({ jsonrpc: "2.0", method: "$/unheardOf", params: {} });
    for (const nonsense of [null, 3, "x", {}, { id: {} }, { id: 7 }, [], [null]]) arrive(nonsense);
    await settle();
    const codes = new Map(sent.map(({ id, error }) => [id, error]));
    assert.deepEqual(codes.get(1), { code: failureCodes.requestFailed, message: "That is no name." });
    assert.match(codes.get(2)?.message ?? "", /hover failed: TypeError: oops/);
    assert.equal(codes.get(3)?.code, failureCodes.methodNotFound);
    assert.match(sent.find(({ method }) => method !== undefined)?.params?.message ?? "", /not saved/);
    assert.equal(sent.length, 4);
  });

  test("the client is asked, and answers or fails", async () => {
    const { connection, arrive, settle, sent, begun } = bench();
    await begun();
    const asked = connection.ask<string>("nnspec/readFile", { uri: "a" });
    const refused = connection.ask("nnspec/readFile", { uri: "b" });
    await settle();
    const [first, second] = sent.map(({ id }) => id);
    arrive({ jsonrpc: "2.0", id: second, error: { code: 5, message: "gone" } });
    arrive({ jsonrpc: "2.0", id: first, result: "text" });
    arrive({ jsonrpc: "2.0", id: 99, result: "nobody asked" });
    assert.equal(await asked, "text");
    await assert.rejects(refused, /gone/);
  });
});
