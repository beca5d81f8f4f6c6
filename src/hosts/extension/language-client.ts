/** Owns the language client: its options, the answers that the server asks for, and the requests beyond LSP. */
import * as vscode from "vscode";
import {
  CodeLensRequest,
  type BaseLanguageClient,
  type LanguageClientOptions,
  type Middleware,
} from "vscode-languageclient";
import {
  serverRequests,
  trustGranted,
  type DataPartParams,
  type EquationReply,
  type FileParams,
  type FolderEntry,
  type NodeReply,
  type ServerOptions,
  type SourcesReply,
  type TargetsReply,
} from "../../protocol";
import type { DataFiles } from "./data-files";
import type { Platform } from "./platform";

export class LanguageServer implements vscode.Disposable {
  readonly #client: BaseLanguageClient;
  readonly #watcher = vscode.workspace.createFileSystemWatcher("**/*.nnspec");

  readonly #trusting: vscode.Disposable;

  constructor(platform: Platform, data: DataFiles, output: vscode.LogOutputChannel, middleware: Middleware) {
    const serverOptions: ServerOptions = { files: true, trusted: vscode.workspace.isTrusted };
    const options: LanguageClientOptions = {
      documentSelector: [{ language: "nnspec" }],
      outputChannel: output,
      initializationOptions: serverOptions,
      synchronize: { fileEvents: this.#watcher },
      middleware,
    };
    this.#client = platform.createClient(options);
    this.#client.onRequest(serverRequests.readFile, ({ uri }: FileParams) => readFile(uri));
    this.#client.onRequest(serverRequests.dataFile, ({ uri }: FileParams) => data.open(uri));
    this.#client.onRequest(serverRequests.dataPart, (params: DataPartParams) => data.part(params));
    this.#trusting = vscode.workspace.onDidGrantWorkspaceTrust(() => {
      if (this.#client.isRunning()) void this.#client.sendNotification(trustGranted);
    });
    this.#client.onRequest(serverRequests.listFolder, ({ uri }: FileParams) => listFolder(uri));
    this.#client.onRequest(serverRequests.listFiles, () => listFiles());
  }

  start(): Promise<void> {
    return this.#client.start();
  }

  async restart(): Promise<void> {
    await this.stop();
    await this.#client.start();
  }

  async stop(): Promise<void> {
    if (this.#client.isRunning()) await this.#client.stop();
  }

  dispose(): void {
    this.#watcher.dispose();
    this.#trusting.dispose();
  }

  /** The texts of a run; null where the document is not open. */
  sources(uri: vscode.Uri): Promise<SourcesReply | null> {
    return this.#client.sendRequest<SourcesReply | null>(serverRequests.sources, { uri: uri.toString() });
  }

  nodeAt(uri: vscode.Uri, position: vscode.Position): Promise<NodeReply | null> {
    const { line, character } = position;
    const params = { uri: uri.toString(), position: { line, character } };
    return this.#client.sendRequest<NodeReply | null>(serverRequests.nodeAt, params);
  }

  async targets(uri: vscode.Uri, position: vscode.Position): Promise<TargetsReply> {
    const { line, character } = position;
    const params = { uri: uri.toString(), position: { line, character } };
    const reply = await this.#client.sendRequest<TargetsReply | null>(serverRequests.targets, params);
    return reply ?? { at: null, all: [] };
  }

  /** The derived equations of the name at a position. */
  equations(uri: vscode.Uri, position: vscode.Position): Promise<readonly EquationReply[]> {
    const { line, character } = position;
    const params = { uri: uri.toString(), position: { line, character } };
    return this.#client.sendRequest<readonly EquationReply[]>(serverRequests.equations, params);
  }

  standardLibrary(): Promise<string> {
    return this.#client.sendRequest<string>(serverRequests.standardLibrary);
  }

  /** Asks for the lenses again: their words have changed, their lines have not. */
  refreshLenses(document: vscode.TextDocument): void {
    if (!this.#client.isRunning()) return;
    const provider = this.#client.getFeature(CodeLensRequest.method).getProvider(document);
    provider?.onDidChangeCodeLensEmitter.fire();
  }
}

async function readFile(uri: string): Promise<string | null> {
  try {
    const bytes = await vscode.workspace.fs.readFile(vscode.Uri.parse(uri));
    return new TextDecoder().decode(bytes);
  } catch {
    return null; // missing or unreadable: the checker says so at the import
  }
}

async function listFolder(uri: string): Promise<readonly FolderEntry[]> {
  try {
    const entries = await vscode.workspace.fs.readDirectory(vscode.Uri.parse(uri));
    return entries.map(([name, type]) => ({ name, isFolder: (type & vscode.FileType.Directory) !== 0 }));
  } catch {
    return []; // there is no such folder
  }
}

/** More files than this are not searched for references. */
const mostFiles = 2000;

async function listFiles(): Promise<readonly string[]> {
  const files = await vscode.workspace.findFiles("**/*.nnspec", "**/node_modules/**", mostFiles);
  return files.map((uri) => uri.toString());
}
