/**
 * Owns which data files the server may open and by whom: this machine where it has them, else the client. In a workspace
 * that is not trusted, files outside of it are refused. Knows no format.
 */
import type { InitializeParams } from "vscode-languageserver-protocol";
import type { Refusal } from "../../engine";
import { isWithin, readableFolders } from "../../language/features";
import { serverRequests, type DataFileReply, type DataPartParams, type FolderEntry } from "../../protocol";
import type { OpenedData } from "./data-headers";
import type { Connection } from "./wire";

/** A file of this machine, or undefined where the uri names none. Only what lies in the folders is given, where there are any. */
type OpenLocalData = (
  uri: string,
  folders: readonly string[] | undefined,
) => Promise<OpenedData | Refusal | undefined>;

/** What this machine has by itself. */
export interface LocalData {
  readonly openData: OpenLocalData;
  /** Undefined where the uri is none of this machine's. */
  readonly listFolder: (uri: string) => Promise<readonly FolderEntry[] | undefined>;
}

export class DataAccess {
  readonly #connection: Connection;
  readonly #local: LocalData | undefined;
  #folders: readonly string[] = [];
  #asksClient = false;
  #trusted = true;

  constructor(connection: Connection, local: LocalData | undefined) {
    this.#connection = connection;
    this.#local = local;
  }

  initialize(
    { workspaceFolders }: Pick<InitializeParams, "workspaceFolders">,
    client: { readonly files: boolean; readonly trusted: boolean },
  ): void {
    this.#folders = (workspaceFolders ?? []).map(({ uri }) => uri);
    this.#asksClient = client.files;
    this.#trusted = client.trusted;
  }

  foldersChanged(
    added: readonly { readonly uri: string }[],
    removed: readonly { readonly uri: string }[],
  ): void {
    const gone = new Set(removed.map(({ uri }) => uri));
    this.#folders = [...this.#folders.filter((uri) => !gone.has(uri)), ...added.map(({ uri }) => uri)];
  }

  trust(): void {
    this.#trusted = true;
  }

  /** The folders of the workspace. */
  get folders(): readonly string[] {
    return this.#folders;
  }

  /** What is in a folder that a module may read files of. */
  async list(module: string, folder: string): Promise<readonly FolderEntry[]> {
    const allowed = this.#trusted ? undefined : readableFolders(module, this.#folders);
    if (allowed !== undefined && !isWithin(`${folder}/x`, allowed)) return [];
    const local = await this.#local?.listFolder(folder);
    if (local !== undefined || !this.#asksClient) return local ?? [];
    return this.#connection.ask<readonly FolderEntry[]>(serverRequests.listFolder, { uri: folder });
  }

  /** The data file that a module names. */
  async open(module: string, uri: string): Promise<OpenedData | Refusal> {
    if (uri === "") return { problem: "unreadable", detail: "the path names no file" };
    const folders = this.#trusted ? undefined : readableFolders(module, this.#folders);
    if (folders !== undefined && !isWithin(uri, folders))
      return { problem: "outside-workspace", detail: `it would be ${uri}` };
    return (await this.#local?.openData(uri, folders)) ?? (await this.#openAtClient(uri));
  }

  async #openAtClient(uri: string): Promise<OpenedData | Refusal> {
    if (!this.#asksClient) return { problem: "unreadable", detail: "this editor gives no files" };
    const reply = await this.#connection.ask<DataFileReply>(serverRequests.dataFile, { uri });
    if ("problem" in reply) return reply;
    const { size, modified } = reply;
    return {
      size,
      stamp: [size, modified].join(" "),
      read: async (offset, length) => {
        const params: DataPartParams = { uri, offset, length };
        return fromBase64(await this.#connection.ask<string>(serverRequests.dataPart, params));
      },
    };
  }
}

function fromBase64(text: string): Uint8Array {
  return Uint8Array.from(atob(text), (character) => character.charCodeAt(0));
}
