/**
 * Owns one server's life: what it can do, the open documents, and which feature answers what. The same for every host:
 * the connection and the reading of files are handed in, so it asks nothing of Node.
 */
import type { ServerCapabilities } from "vscode-languageserver-protocol";
import { canonicalUri, isWithin, tokenModifiers, tokenTypes } from "../../language/features";
import { serverRequests, trustGranted, type FileParams, type ServerOptions } from "../../protocol";
import { Analyses } from "./analyses";
import { abilitiesOf, type ClientAbilities } from "./client-abilities";
import { DataAccess, type LocalData } from "./data-access";
import { DataHeaders } from "./data-headers";
import { Derivations } from "./derivations";
import { answerEditing } from "./editing";
import { Exporters } from "./exporters";
import { answerExtension } from "./extension-requests";
import { answerNavigation } from "./navigation";
import { answerReading } from "./reading";
import { answerCallHierarchy } from "./call-hierarchy";
import { FileWatch } from "./file-watch";
import { answerFiles } from "./files";
import { DiagnosticsPublisher } from "./publisher";
import { Sources, type ReadFile } from "./sources";
import { CodeActionKind, keepDocuments, TextDocumentSyncKind, type Connection } from "./wire";

/** What the answering parts share. */
export interface Serving {
  readonly connection: Connection;
  readonly sources: Sources;
  readonly analyses: Analyses;
  readonly derivations: Derivations;
  readonly exporters: Exporters;
  /** A setting of the client, where it answers for settings. */
  readonly setting: (uri: string, section: string) => Promise<unknown>;
  readonly access: DataAccess;
  /** What the client can make use of. */
  readonly abilities: () => ClientAbilities;
  /** Canonical uris of every .nnspec file that the client knows, and of open ones and what these import. */
  readonly allFiles: () => Promise<readonly string[]>;
}

const capabilities: ServerCapabilities = {
  positionEncoding: "utf-16",
  textDocumentSync: { openClose: true, change: TextDocumentSyncKind.Incremental, save: true },
  codeLensProvider: {},
  codeActionProvider: {
    codeActionKinds: [
      CodeActionKind.QuickFix,
      CodeActionKind.RefactorExtract,
      CodeActionKind.RefactorInline,
      CodeActionKind.RefactorRewrite,
    ],
  },
  callHierarchyProvider: true,
  documentLinkProvider: {},
  documentSymbolProvider: true,
  documentFormattingProvider: true,
  documentRangeFormattingProvider: true,
  documentOnTypeFormattingProvider: { firstTriggerCharacter: "\n", moreTriggerCharacter: ["}", ";"] },
  foldingRangeProvider: true,
  selectionRangeProvider: true,
  definitionProvider: true,
  referencesProvider: true,
  documentHighlightProvider: true,
  renameProvider: { prepareProvider: true },
  hoverProvider: true,
  completionProvider: { triggerCharacters: [".", '"', "{", "?", "/"] },
  signatureHelpProvider: { triggerCharacters: ["(", ","], retriggerCharacters: ["="] },
  inlayHintProvider: true,
  workspaceSymbolProvider: true,
  semanticTokensProvider: {
    legend: { tokenTypes: [...tokenTypes], tokenModifiers: [...tokenModifiers] },
    full: true,
  },
  workspace: {
    workspaceFolders: { supported: true, changeNotifications: true },
    fileOperations: {
      willRename: {
        filters: [
          { pattern: { glob: "**/*.{nnspec,npy,npz,csv,idx,gz,safetensors,png}" } },
          { pattern: { glob: "**/*", matches: "folder" } },
        ],
      },
    },
  },
};

/** What the server reads by itself; what is not there the client is asked for. */
export interface LocalFiles extends LocalData {
  readonly readFile: ReadFile;
  /** The uris of all specs below some folders. */
  readonly listSpecs: (folders: readonly string[]) => Promise<readonly string[]>;
  /** Ends the server when that process, its client, is gone. */
  readonly endWith?: (processId: number) => void;
}

/** Serves until the connection ends. */
export function serve(connection: Connection, local?: LocalFiles): void {
  let options: Required<ServerOptions> = { files: false, trusted: true };
  const askClient = async <T>(method: string, params: FileParams | undefined): Promise<T | undefined> => {
    if (!options.files) return undefined;
    try {
      return (await connection.ask<T | null>(method, params)) ?? undefined;
    } catch (error) {
      connection.warn(`${method} was not answered: ${String(error)}`);
      return undefined;
    }
  };
  const sources = new Sources(
    async (uri) =>
      (await local?.readFile(uri)) ?? (await askClient<string>(serverRequests.readFile, { uri })),
  );
  const access = new DataAccess(connection, local);
  const headers = new DataHeaders((module, uri) => access.open(module, uri));
  const watch = new FileWatch(connection);
  const analyses = new Analyses(sources, headers);
  let abilities = abilitiesOf({});
  const publisher = new DiagnosticsPublisher(connection, sources, analyses, () => {
    const inUse = analyses.dataInUse();
    const data = [...inUse].map((key) => headers.uriOf(key) ?? "");
    const far = analyses.importsInUse().filter((id) => !isWithin(id, access.folders));
    watch.watch([...data, ...far]);
    headers.thin((key) => inUse.has(key));
  });
  headers.onDidChange((key) => {
    publisher.dataChanged(key);
    if (abilities.refreshesHints) void connection.ask("workspace/inlayHint/refresh").catch(() => undefined);
  });
  const allFiles = async (): Promise<readonly string[]> => {
    const listed = options.files
      ? ((await askClient<readonly string[]>(serverRequests.listFiles, undefined)) ?? [])
      : ((await local?.listSpecs(access.folders)) ?? []);
    return [...new Set([...sources.openIds(), ...analyses.importsInUse(), ...listed.map(canonicalUri)])];
  };
  const setting = async (uri: string, section: string): Promise<unknown> => {
    if (!abilities.configuration) return undefined;
    // A client that fails to answer has no such setting.
    const found = await connection
      .ask<readonly unknown[] | null>("workspace/configuration", { items: [{ scopeUri: uri, section }] })
      .catch(() => undefined);
    return found?.[0];
  };
  const derivations = new Derivations(analyses.library, (error) => {
    connection.error(`An equation could not be derived: ${String(error)}`);
  });
  const exporters = new Exporters(sources, analyses, allFiles);
  const serving: Serving = {
    ...{ connection, sources, analyses, derivations, exporters, setting, access, allFiles },
    abilities: () => abilities,
  };

  connection.onRequest("initialize", (params) => {
    options = readOptions(params.initializationOptions);
    access.initialize(params, options);
    abilities = abilitiesOf(params.capabilities);
    watch.initialize(abilities);
    if (typeof params.processId === "number") local?.endWith?.(params.processId);
    return { capabilities, serverInfo: { name: "nnspec" } };
  });
  keepDocuments(connection, {
    changed: (document) => {
      sources.update(document.uri, document.version, document.getText());
      publisher.changed(canonicalUri(document.uri));
    },
    // Where nobody tells what changes on disk, what was saved may have changed more than one file.
    saved: () => {
      if (options.files || abilities.watchesFiles) return;
      sources.forgetClosed();
      exporters.forget();
      for (const id of sources.openIds()) publisher.changed(id);
    },
    closed: (uri) => {
      const id = canonicalUri(uri);
      sources.close(uri);
      analyses.forget(id);
      publisher.closed(uri, id);
    },
  });
  connection.onNotification("workspace/didChangeWatchedFiles", ({ changes }) => {
    exporters.forget();
    for (const { uri } of changes) {
      sources.forget(uri);
      publisher.changed(canonicalUri(uri));
      headers.changed(canonicalUri(uri));
    }
  });
  connection.onNotification("initialized", () => {
    if (!options.files) watch.watchAll(abilities);
  });
  connection.onNotification("workspace/didChangeWorkspaceFolders", ({ event: { added, removed } }) => {
    access.foldersChanged(added, removed);
    headers.forgetAll();
  });
  connection.onNotification(trustGranted, () => {
    access.trust();
    headers.forgetAll();
  });
  connection.onRequest("shutdown", () => {
    publisher.dispose();
    return null;
  });
  answerReading(serving);
  answerNavigation(serving);
  answerEditing(serving);
  answerExtension(serving);
  answerFiles(serving);
  answerCallHierarchy(serving);
  connection.listen();
}

/** Other editors send none, or something of their own. */
function readOptions(value: unknown): Required<ServerOptions> {
  const given: { readonly files?: unknown; readonly trusted?: unknown } =
    typeof value === "object" && value !== null ? value : {};
  return { files: given.files === true, trusted: given.trusted !== false };
}
