/** The wire by itself: the order of answers, cancelling, failures, and the states of a server's life. */
import assert from "node:assert/strict";
import { PassThrough } from "node:stream";
import {
  CancellationTokenSource,
  createMessageConnection,
  ErrorCodes,
  ResponseError,
  StreamMessageReader,
  StreamMessageWriter,
} from "vscode-jsonrpc/node";
import { Connection, connectionOptions, Failure } from "../../../src/hosts/server/wire";

/** A connection and its client, in memory. */
function bench() {
  const [toServer, toClient] = [new PassThrough(), new PassThrough()];
  const connection = new Connection(
    createMessageConnection(
      new StreamMessageReader(toServer),
      new StreamMessageWriter(toClient),
      undefined,
      connectionOptions,
    ),
  );
  const client = createMessageConnection(
    new StreamMessageReader(toClient),
    new StreamMessageWriter(toServer),
  );
  connection.onRequest("initialize", () => ({ capabilities: {} }));
  connection.onRequest("shutdown", () => null);
  connection.listen();
  client.listen();
  return { connection, client, begun: () => client.sendRequest("initialize", {}) };
}

const at = { textDocument: { uri: "file:///a" }, position: { line: 0, character: 0 } };

const codeOf = (asked: Promise<unknown>): Promise<number | undefined> =>
  asked.then(
    () => undefined,
    (error: unknown) => (error instanceof ResponseError ? error.code : -1),
  );

suite("language server: connection", () => {
  test("nothing is answered before the beginning and after the end", async () => {
    const { connection, client, begun } = bench();
    connection.onRequest("textDocument/hover", () => null);
    assert.equal(await codeOf(client.sendRequest("textDocument/hover", at)), ErrorCodes.ServerNotInitialized);
    await begun();
    assert.equal(await codeOf(client.sendRequest("textDocument/hover", at)), undefined);
    assert.equal(await codeOf(begun()), ErrorCodes.InvalidRequest, "twice");
    assert.equal(connection.isShut, false);
    await client.sendRequest("shutdown");
    assert.equal(await codeOf(client.sendRequest("textDocument/hover", at)), ErrorCodes.InvalidRequest);
    assert.equal(connection.isShut, true);
  });

  test("what is cancelled while it waits is not begun", async () => {
    const { connection, client, begun } = bench();
    await begun();
    const answered: number[] = [];
    connection.onRequest("textDocument/hover", ({ position }) => {
      answered.push(position.line);
      return null;
    });
    const ask = (line: number, token?: CancellationTokenSource): Promise<unknown> =>
      client.sendRequest("textDocument/hover", { ...at, position: { line, character: 0 } }, token?.token);
    const source = new CancellationTokenSource();
    const asked = [ask(1), ask(2, source), ask(3)];
    source.cancel();
    assert.deepEqual(await Promise.all(asked.map(codeOf)), [undefined, -32800, undefined]);
    assert.deepEqual(answered, [1, 3]);
  });

  test("a request sees every notification before it, and none behind it", async () => {
    const { connection, client, begun } = bench();
    await begun();
    let text = "";
    connection.onNotification("textDocument/didSave", (params) => (text = params.text ?? ""));
    connection.onRequest("nnspec/standardLibrary", () => text);
    const save = (saved: string): void =>
      void client.sendNotification("textDocument/didSave", { text: saved });
    save("one");
    const first = client.sendRequest("nnspec/standardLibrary");
    save("two");
    const second = client.sendRequest("nnspec/standardLibrary");
    assert.deepEqual(await Promise.all([first, second]), ["one", "two"]);
  });

  test("failures are answers: a refusal in its own words, a mistake of ours, no such method", async () => {
    const { connection, client, begun } = bench();
    await begun();
    connection.onRequest("textDocument/rename", () => {
      throw new Failure("That is no name.");
    });
    connection.onRequest("textDocument/hover", () => Promise.reject(new TypeError("oops")));
    connection.onNotification("textDocument/didSave", () => {
      throw new Error("not saved");
    });
    await assert.rejects(client.sendRequest("textDocument/rename", at), {
      code: -32803,
      message: "That is no name.",
    });
    await assert.rejects(client.sendRequest("textDocument/hover", at), /hover.*oops/u);
    assert.equal(await codeOf(client.sendRequest("textDocument/nothing", at)), ErrorCodes.MethodNotFound);
    const told = new Promise<{ readonly message: string }>((resolve) =>
      client.onNotification("window/logMessage", resolve),
    );
    await client.sendNotification("textDocument/didSave", {});
    assert.match((await told).message, /didSave: Error: not saved/u);
  });

  test("a question without parameters has none", async () => {
    const { connection, client, begun } = bench();
    await begun();
    const given: unknown[] = [];
    connection.onRequest("nnspec/standardLibrary", (params) => {
      given.push(params);
      return "";
    });
    await client.sendRequest("nnspec/standardLibrary");
    assert.deepEqual(given, [undefined]);
  });

  test("the client is asked, and answers or fails", async () => {
    const { connection, client, begun } = bench();
    await begun();
    client.onRequest("nnspec/readFile", ({ uri }: { readonly uri: string }) => {
      if (uri === "b") throw new ResponseError(5, "gone");
      return `text of ${uri}`;
    });
    assert.equal(await connection.ask<string>("nnspec/readFile", { uri: "a" }), "text of a");
    await assert.rejects(connection.ask("nnspec/readFile", { uri: "b" }), /gone/u);
  });
});
