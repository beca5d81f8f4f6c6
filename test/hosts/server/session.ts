/** A language server spoken to over its real protocol, in memory: a client that opens, changes and asks. */
import assert from "node:assert/strict";
import { PassThrough } from "node:stream";
import {
  createMessageConnection,
  createProtocolConnection,
  StreamMessageReader,
  StreamMessageWriter,
  type ClientCapabilities,
  type Diagnostic,
  type DidChangeWatchedFilesRegistrationOptions,
  type HandlerResult,
  type InitializeResult,
  type ProtocolConnection,
  type PublishDiagnosticsParams,
  type Range,
  type RegistrationParams,
  type UnregistrationParams,
} from "vscode-languageserver-protocol/node";
import { serve, type LocalFiles } from "../../../src/hosts/server/serve";
import { Connection, connectionOptions } from "../../../src/hosts/server/wire";
import {
  serverRequests,
  type DataFileReply,
  type DataPartParams,
  type FolderEntry,
} from "../../../src/protocol";
import { readMarks } from "../../language/features/marked";

export interface Session {
  readonly client: ProtocolConnection;
  readonly initialized: InitializeResult;
  /** Files on the client's side, by uri; what is not here cannot be read. */
  readonly disk: Map<string, string>;
  /** Every file that the server asked for, in order. */
  readonly reads: string[];
  /** Data files on the client's side, by uri. */
  readonly data: Map<string, { readonly bytes: Uint8Array; readonly modified: number }>;
  /** The patterns that the client watches now, each with its folder. */
  readonly watched: () => readonly string[];
  /** How often the client was asked to refresh its hints. */
  readonly refreshes: () => number;
  readonly open: (name: string, text: string) => Promise<void>;
  /** Replaces the whole text. */
  readonly change: (name: string, text: string) => Promise<void>;
  /** Replaces a part of it. */
  readonly edit: (name: string, range: Range, text: string) => Promise<void>;
  readonly close: (name: string) => Promise<void>;
  /** The diagnostics of that version, once they are published. */
  readonly diagnostics: (name: string, version?: number) => Promise<readonly Diagnostic[]>;
  readonly published: readonly PublishDiagnosticsParams[];
  /** The publication of that number, once it comes. */
  readonly next: (index: number) => Promise<PublishDiagnosticsParams>;
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

export interface SessionOptions {
  readonly answersFiles?: boolean;
  /** The uri of the folder in which the files lie, with a slash at its end. */
  readonly folder?: string;
  readonly local?: LocalFiles;
  readonly trusted?: boolean;
  /** Whether the client watches files and refreshes hints when it is asked to. */
  readonly watches?: boolean;
  /** What the client says of itself; by default what the extension says. */
  readonly capabilities?: ClientCapabilities;
  readonly initializationOptions?: unknown;
}

/** As the extension's client has them, as far as the server asks. */
const editorAbilities: NonNullable<ClientCapabilities["textDocument"]> = {
  hover: { contentFormat: ["markdown", "plaintext"] },
  completion: { completionItem: { snippetSupport: true, documentationFormat: ["markdown", "plaintext"] } },
  signatureHelp: {
    signatureInformation: {
      documentationFormat: ["markdown", "plaintext"],
      parameterInformation: { labelOffsetSupport: true },
    },
  },
  definition: { linkSupport: true },
  documentSymbol: { hierarchicalDocumentSymbolSupport: true },
};

export async function startSession(options: SessionOptions = {}): Promise<Session> {
  const { answersFiles = true, folder = "memory:///work/", trusted = true, watches = false } = options;
  const uriOf = (name: string): string => folder + name;
  const toServer = new PassThrough();
  const toClient = new PassThrough();
  const client = createProtocolConnection(
    new StreamMessageReader(toClient),
    new StreamMessageWriter(toServer),
  );
  const disk = new Map<string, string>();
  const data = new Map<string, { readonly bytes: Uint8Array; readonly modified: number }>();
  const reads: string[] = [];
  const published: PublishDiagnosticsParams[] = [];
  const waiting = new Set<() => void>();
  const versions = new Map<string, number>();
  client.onRequest(serverRequests.readFile, ({ uri }: { uri: string }) => {
    reads.push(uri);
    return disk.get(uri) ?? null;
  });
  client.onRequest(serverRequests.listFolder, ({ uri }: { uri: string }): FolderEntry[] => {
    const below = [...disk.keys(), ...data.keys()].flatMap((file) =>
      file.startsWith(`${uri}/`) ? [file.slice(uri.length + 1)] : [],
    );
    return [...new Set(below.map((rest) => rest.replace(/\/.*/, "/")))].map((name) => ({
      name: name.replace("/", ""),
      isFolder: name.endsWith("/"),
    }));
  });
  client.onRequest(serverRequests.listFiles, () => [...disk.keys()]);
  client.onRequest(
    serverRequests.dataFile,
    ({ uri }: { uri: string }): HandlerResult<DataFileReply, void> => {
      const file = data.get(uri);
      return file === undefined
        ? { problem: "missing", detail: uri }
        : { size: file.bytes.length, modified: file.modified };
    },
  );
  client.onRequest(serverRequests.dataPart, ({ uri, offset, length }: DataPartParams): string =>
    Buffer.from(data.get(uri)?.bytes.slice(offset, offset + length) ?? []).toString("base64"),
  );
  const registered = new Map<string, readonly string[]>();
  client.onRequest("client/registerCapability", ({ registrations }: RegistrationParams) => {
    for (const { id, method, registerOptions } of registrations) {
      if (method !== "workspace/didChangeWatchedFiles") continue;
      const { watchers } = registerOptions as DidChangeWatchedFilesRegistrationOptions;
      registered.set(
        id,
        watchers.map(({ globPattern: glob }) =>
          typeof glob === "string" ? glob : `${JSON.stringify(glob.baseUri)} ${glob.pattern}`,
        ),
      );
    }
  });
  client.onRequest("client/unregisterCapability", ({ unregisterations }: UnregistrationParams) => {
    for (const { id } of unregisterations) registered.delete(id);
  });
  let refreshes = 0;
  client.onRequest("workspace/inlayHint/refresh", () => {
    refreshes++;
    return null;
  });
  client.onNotification("textDocument/publishDiagnostics", (params: PublishDiagnosticsParams) => {
    published.push(params);
    for (const look of [...waiting]) look();
  });
  client.listen();
  const messages = createMessageConnection(
    new StreamMessageReader(toServer),
    new StreamMessageWriter(toClient),
    undefined,
    connectionOptions,
  );
  serve(new Connection(messages), options.local);
  const initialized = await client.sendRequest<InitializeResult>("initialize", {
    processId: null,
    rootUri: null,
    capabilities: options.capabilities ?? {
      textDocument: editorAbilities,
      ...(watches
        ? {
            workspace: {
              didChangeWatchedFiles: { dynamicRegistration: true, relativePatternSupport: true },
              inlayHint: { refreshSupport: true },
            },
          }
        : {}),
    },
    workspaceFolders: [{ uri: folder.slice(0, -1), name: "work" }],
    ...(answersFiles ? { initializationOptions: { files: true, trusted } } : {}),
    ...(options.initializationOptions === undefined
      ? {}
      : { initializationOptions: options.initializationOptions }),
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
    data,
    watched: () => [...registered.values()].flat(),
    refreshes: () => refreshes,
    published,
    next: (index) =>
      new Promise((resolve) => {
        const look = (): void => {
          const found = published[index];
          if (found === undefined) return;
          waiting.delete(look);
          resolve(found);
        };
        waiting.add(look);
        look();
      }),
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
    edit: async (name, range, text) => {
      const version = (versions.get(name) ?? 0) + 1;
      versions.set(name, version);
      const textDocument = { uri: uriOf(name), version };
      const contentChanges = [{ range, text }];
      await client.sendNotification("textDocument/didChange", { textDocument, contentChanges });
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
