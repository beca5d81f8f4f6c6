/**
 * Owns one server's life: what it can do, the open documents, and which feature answers what. The same for every host:
 * the connection and the reading of files are handed in, so it asks nothing of Node.
 */
import {
  CodeActionKind,
  TextDocuments,
  TextDocumentSyncKind,
  type Connection,
  type InitializeResult,
  type ServerCapabilities,
} from "vscode-languageserver";
import { TextDocument } from "vscode-languageserver-textdocument";
import { canonicalUri, tokenModifiers, tokenTypes } from "../../language/features";
import { serverRequests, type FileParams, type ServerOptions } from "../../protocol";
import { Analyses } from "./analyses";
import { answerEditing } from "./editing";
import { answerExtension } from "./extension-requests";
import { answerNavigation } from "./navigation";
import { answerReading } from "./reading";
import { DiagnosticsPublisher } from "./publisher";
import { Sources, type ReadFile } from "./sources";

/** What the answering parts share. */
export interface Serving {
  readonly connection: Connection;
  readonly sources: Sources;
  readonly analyses: Analyses;
  /** Canonical uris of every .nnspec file that the client knows, open ones among them. */
  readonly allFiles: () => Promise<readonly string[]>;
}

const capabilities: ServerCapabilities = {
  textDocumentSync: { openClose: true, change: TextDocumentSyncKind.Incremental },
  codeLensProvider: {},
  codeActionProvider: { codeActionKinds: [CodeActionKind.QuickFix] },
  documentSymbolProvider: true,
  documentFormattingProvider: true,
  foldingRangeProvider: true,
  selectionRangeProvider: true,
  definitionProvider: true,
  referencesProvider: true,
  documentHighlightProvider: true,
  renameProvider: { prepareProvider: true },
  hoverProvider: true,
  completionProvider: { triggerCharacters: [".", '"', "{"] },
  signatureHelpProvider: { triggerCharacters: ["(", ","], retriggerCharacters: ["="] },
  inlayHintProvider: true,
  workspaceSymbolProvider: true,
  semanticTokensProvider: {
    legend: { tokenTypes: [...tokenTypes], tokenModifiers: [...tokenModifiers] },
    full: true,
  },
  workspace: { workspaceFolders: { supported: true } },
};

/** Serves until the connection ends. `readLocal` gives a file of this machine; what it does not know the client is asked for. */
export function serve(connection: Connection, readLocal?: ReadFile): void {
  let options: ServerOptions = { files: false };
  const askClient = async <T>(method: string, params: FileParams | undefined): Promise<T | undefined> => {
    if (!options.files) return undefined;
    try {
      return (await connection.sendRequest<T | null>(method, params)) ?? undefined;
    } catch (error) {
      connection.console.warn(`${method} was not answered: ${String(error)}`);
      return undefined;
    }
  };
  const sources = new Sources(
    async (uri) => (await readLocal?.(uri)) ?? (await askClient<string>(serverRequests.readFile, { uri })),
  );
  const analyses = new Analyses(sources);
  const publisher = new DiagnosticsPublisher(connection, sources, analyses);
  const allFiles = async (): Promise<readonly string[]> => {
    const listed = (await askClient<readonly string[]>(serverRequests.listFiles, undefined)) ?? [];
    return [...new Set([...sources.openIds(), ...listed.map(canonicalUri)])];
  };
  const serving: Serving = { connection, sources, analyses, allFiles };

  connection.onInitialize(({ initializationOptions }): InitializeResult => {
    options = readOptions(initializationOptions);
    return { capabilities, serverInfo: { name: "nnspec" } };
  });
  const documents = new TextDocuments(TextDocument);
  documents.onDidChangeContent(({ document }) => {
    sources.update(document.uri, document.version, document.getText());
    publisher.changed(canonicalUri(document.uri));
  });
  documents.onDidClose(({ document }) => {
    const id = canonicalUri(document.uri);
    sources.close(document.uri);
    analyses.forget(id);
    publisher.closed(document.uri, id);
  });
  connection.onDidChangeWatchedFiles(({ changes }) => {
    for (const { uri } of changes) {
      sources.forget(uri);
      publisher.changed(canonicalUri(uri));
    }
  });
  connection.onShutdown(() => publisher.dispose());
  answerReading(serving);
  answerNavigation(serving);
  answerEditing(serving);
  answerExtension(serving);
  documents.listen(connection);
  connection.listen();
}

/** Other editors send none, or something of their own. */
function readOptions(value: unknown): ServerOptions {
  const files = typeof value === "object" && value !== null && "files" in value && value.files === true;
  return { files };
}
