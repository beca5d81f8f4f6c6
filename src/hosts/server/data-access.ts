/**
 * Owns which data files the server may open and by whom: this machine where it has them, else the client. In a workspace
 * that is not trusted, files outside of it are refused. Knows no format.
 */
import type { Connection, InitializeParams } from "vscode-languageserver";
import type { Refusal } from "../../engine";
import { isWithin, readableFolders } from "../../language/features";
import { serverRequests, type DataFileReply, type DataPartParams } from "../../protocol";
import type { OpenedData } from "./data-headers";

/** A file of this machine, or undefined where the uri names none. Only what lies in the folders is given, where there are any. */
export type OpenLocalData = (
  uri: string,
  folders: readonly string[] | undefined,
) => Promise<OpenedData | Refusal | undefined>;

export class DataAccess {
  readonly #connection: Connection;
  readonly #openLocal: OpenLocalData | undefined;
  #folders: readonly string[] = [];
  #asksClient = false;
  #trusted = true;

  constructor(connection: Connection, openLocal: OpenLocalData | undefined) {
    this.#connection = connection;
    this.#openLocal = openLocal;
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

  /** The data file that a module names. */
  async open(module: string, uri: string): Promise<OpenedData | Refusal> {
    if (uri === "") return { problem: "unreadable", detail: "the path names no file" };
    const folders = this.#trusted ? undefined : readableFolders(module, this.#folders);
    if (folders !== undefined && !isWithin(uri, folders))
      return { problem: "outside-workspace", detail: `it would be ${uri}` };
    return (await this.#openLocal?.(uri, folders)) ?? (await this.#openAtClient(uri));
  }

  async #openAtClient(uri: string): Promise<OpenedData | Refusal> {
    if (!this.#asksClient) return { problem: "unreadable", detail: "this editor gives no files" };
    const reply = await this.#connection.sendRequest<DataFileReply>(serverRequests.dataFile, { uri });
    if ("problem" in reply) return reply;
    const { size, modified } = reply;
    return {
      size,
      stamp: [size, modified].join(" "),
      read: async (offset, length) => {
        const params: DataPartParams = { uri, offset, length };
        return fromBase64(await this.#connection.sendRequest<string>(serverRequests.dataPart, params));
      },
    };
  }
}

function fromBase64(text: string): Uint8Array {
  return Uint8Array.from(atob(text), (character) => character.charCodeAt(0));
}
