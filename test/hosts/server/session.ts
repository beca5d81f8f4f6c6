/** A language server spoken to over its real protocol, in memory: a client that opens, changes and asks. */
import assert from "node:assert/strict";
import { PassThrough } from "node:stream";
import {
  createConnection,
  createProtocolConnection,
  StreamMessageReader,
  StreamMessageWriter,
  type Diagnostic,
  type InitializeResult,
  type ProtocolConnection,
  type PublishDiagnosticsParams,
} from "vscode-languageserver/node";
import { serve } from "../../../src/hosts/server/serve";
import { serverRequests } from "../../../src/protocol";
import { readMarks } from "../../language/features/marked";

export interface Session {
  readonly client: ProtocolConnection;
  readonly initialized: InitializeResult;
  /** Files on the client's side, by uri; what is not here cannot be read. */
  readonly disk: Map<string, string>;
  /** Every file that the server asked for, in order. */
  readonly reads: string[];
  readonly open: (name: string, text: string) => Promise<void>;
  /** Replaces the whole text. */
  readonly change: (name: string, text: string) => Promise<void>;
  readonly close: (name: string) => Promise<void>;
  /** The diagnostics of that version, once they are published. */
  readonly diagnostics: (name: string, version?: number) => Promise<readonly Diagnostic[]>;
  readonly published: readonly PublishDiagnosticsParams[];
  readonly request: <T>(method: string, params: unknown) => Promise<T>;
  /** The place of the cursor in a marked text, as parameters of a request. */
  readonly at: (
    name: string,
    marked: string,
  ) => { textDocument: { uri: string }; position: { line: number; character: number } };
}

export function uriOf(name: string): string {
  return `memory:///work/${name}`;
}

export async function startSession(
  options: { readonly answersFiles: boolean } = { answersFiles: true },
): Promise<Session> {
  const toServer = new PassThrough();
  const toClient = new PassThrough();
  const client = createProtocolConnection(
    new StreamMessageReader(toClient),
    new StreamMessageWriter(toServer),
  );
  const disk = new Map<string, string>();
  const reads: string[] = [];
  const published: PublishDiagnosticsParams[] = [];
  const waiting = new Set<() => void>();
  const versions = new Map<string, number>();
  client.onRequest(serverRequests.readFile, ({ uri }: { uri: string }) => {
    reads.push(uri);
    return disk.get(uri) ?? null;
  });
  client.onRequest(serverRequests.listFiles, () => [...disk.keys()]);
  client.onNotification("textDocument/publishDiagnostics", (params: PublishDiagnosticsParams) => {
    published.push(params);
    for (const look of [...waiting]) look();
  });
  client.listen();
  serve(createConnection(new StreamMessageReader(toServer), new StreamMessageWriter(toClient)));
  const initialized = await client.sendRequest<InitializeResult>("initialize", {
    processId: null,
    rootUri: null,
    capabilities: {},
    ...(options.answersFiles ? { initializationOptions: { files: true } } : {}),
  });
  await client.sendNotification("initialized", {});

  const diagnostics = (name: string, version = versions.get(name)): Promise<readonly Diagnostic[]> =>
    new Promise((resolve) => {
      const look = (): void => {
        const found = published.findLast(
          (params) => params.uri === uriOf(name) && params.version === version,
        );
        if (found === undefined) return;
        waiting.delete(look);
        resolve(found.diagnostics);
      };
      waiting.add(look);
      look();
    });
  return {
    client,
    initialized,
    disk,
    reads,
    published,
    diagnostics,
    open: async (name, text) => {
      versions.set(name, 1);
      const textDocument = { uri: uriOf(name), languageId: "nnspec", version: 1, text };
      await client.sendNotification("textDocument/didOpen", { textDocument });
    },
    change: async (name, text) => {
      const version = (versions.get(name) ?? 0) + 1;
      versions.set(name, version);
      const textDocument = { uri: uriOf(name), version };
      await client.sendNotification("textDocument/didChange", { textDocument, contentChanges: [{ text }] });
    },
    close: (name) => client.sendNotification("textDocument/didClose", { textDocument: { uri: uriOf(name) } }),
    request: (method, params) => client.sendRequest(method, params),
    at: (name, marked) => {
      const { text, cursor } = readMarks(marked);
      const before = text.slice(0, cursor).split("\n");
      assert.ok(marked.includes("‸"), "no cursor in the text");
      return {
        textDocument: { uri: uriOf(name) },
        position: { line: before.length - 1, character: before.at(-1)?.length ?? 0 },
      };
    },
  };
}
