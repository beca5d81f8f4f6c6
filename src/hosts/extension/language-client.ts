/** Owns the language client: its options, the answers that the server asks for, and the requests beyond LSP. */
import * as vscode from "vscode";
import type { BaseLanguageClient, LanguageClientOptions, Middleware } from "vscode-languageclient";
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
import { findSpecs } from "./spec-files";

export class LanguageServer implements vscode.Disposable {
  readonly #platform: Platform;
  readonly #data: DataFiles;
  readonly #options: LanguageClientOptions;
  readonly #watcher = vscode.workspace.createFileSystemWatcher("**/*.nnspec");
  readonly #trusting: vscode.Disposable;
  /** Made at the start, soon after the extension is active. */
  #client: BaseLanguageClient | undefined;
  #made: Promise<BaseLanguageClient> | undefined;

  constructor(platform: Platform, data: DataFiles, output: vscode.LogOutputChannel, middleware: Middleware) {
    this.#platform = platform;
    this.#data = data;
    const serverOptions: ServerOptions = { files: true, trusted: vscode.workspace.isTrusted };
    this.#options = {
      documentSelector: [{ language: "nnspec" }],
      outputChannel: output,
      initializationOptions: serverOptions,
      synchronize: { fileEvents: this.#watcher },
      middleware,
    };
    this.#trusting = vscode.workspace.onDidGrantWorkspaceTrust(() => {
      if (this.#client?.isRunning() === true) void this.#client.sendNotification(trustGranted);
    });
  }

  async start(): Promise<void> {
    this.#made = this.#make();
    await (await this.#made).start();
  }

  async #make(): Promise<BaseLanguageClient> {
    // Whoever activates the extension does not wait for the client's library.
    await new Promise((resolve) => setTimeout(resolve, 0));
    const client = await this.#platform.createClient(this.#options);
    client.onRequest(serverRequests.readFile, ({ uri }: FileParams) => readFile(uri));
    client.onRequest(serverRequests.dataFile, ({ uri }: FileParams) => this.#data.open(uri));
    client.onRequest(serverRequests.dataPart, (params: DataPartParams) => this.#data.part(params));
    client.onRequest(serverRequests.listFolder, ({ uri }: FileParams) => listFolder(uri));
    client.onRequest(serverRequests.listFiles, () => listFiles());
    this.#client = client;
    return client;
  }

  async restart(): Promise<void> {
    await this.stop();
    await this.#client?.start();
  }

  async stop(): Promise<void> {
    if (this.#client?.isRunning() === true) await this.#client.stop();
  }

  dispose(): void {
    this.#watcher.dispose();
    this.#trusting.dispose();
  }

  /** The texts of a run; null where the document is not open. */
  sources(uri: vscode.Uri): Promise<SourcesReply | null> {
    return this.#ask(serverRequests.sources, { uri: uri.toString() });
  }

  nodeAt(uri: vscode.Uri, position: vscode.Position): Promise<NodeReply | null> {
    const { line, character } = position;
    const params = { uri: uri.toString(), position: { line, character } };
    return this.#ask(serverRequests.nodeAt, params);
  }

  async targets(uri: vscode.Uri, position: vscode.Position): Promise<TargetsReply> {
    const { line, character } = position;
    const params = { uri: uri.toString(), position: { line, character } };
    const reply = await this.#ask<TargetsReply | null>(serverRequests.targets, params);
    return reply ?? { at: null, all: [] };
  }

  /** The derived equations of the name at a position. */
  equations(uri: vscode.Uri, position: vscode.Position): Promise<readonly EquationReply[]> {
    const { line, character } = position;
    const params = { uri: uri.toString(), position: { line, character } };
    return this.#ask(serverRequests.equations, params);
  }

  standardLibrary(): Promise<string> {
    return this.#ask(serverRequests.standardLibrary);
  }

  /** Asks for the lenses again: their words have changed, their lines have not. */
  refreshLenses(document: vscode.TextDocument): void {
    if (this.#client?.isRunning() !== true) return;
    const provider = this.#client.getFeature("textDocument/codeLens").getProvider(document);
    provider?.onDidChangeCodeLensEmitter.fire();
  }

  async #ask<Reply>(method: string, params?: object): Promise<Reply> {
    const client = await this.#made;
    if (client === undefined) throw new Error("The language server was not started.");
    return params === undefined ? client.sendRequest(method) : client.sendRequest(method, params);
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
  const files = await findSpecs(mostFiles);
  return files.map((uri) => uri.toString());
}
