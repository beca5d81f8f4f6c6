/**
 * Owns the client's watching of exactly the files that open specs read and nobody watches unasked: data, and imports from outside
 * of the workspace. Knows nothing of what they hold.
 */
import type { DidChangeWatchedFilesRegistrationOptions } from "vscode-languageserver-protocol";
import { folderAndName } from "../../language/features";
import type { ClientAbilities } from "./client-abilities";
import type { Connection } from "./wire";

const method = "workspace/didChangeWatchedFiles";

export class FileWatch {
  readonly #connection: Connection;
  #able = false;
  #watched = "";
  /** How many there were, for their names. */
  #registrations = 0;
  /** Of the files that are watched now. */
  #registration: Promise<string> | undefined;

  constructor(connection: Connection) {
    this.#connection = connection;
  }

  initialize({ watchesRelative }: ClientAbilities): void {
    this.#able = watchesRelative;
  }

  /** Specs, where the client does not watch them unasked; and all data where it cannot watch single files. */
  watchAll({ watchesFiles }: ClientAbilities): void {
    if (!watchesFiles) return;
    const globPattern = this.#able ? "**/*.nnspec" : "**/*.{nnspec,npy,npz,csv,idx,gz,safetensors,png}";
    void this.#register({ watchers: [{ globPattern }] });
  }

  /** From now on these files, and no others. */
  watch(uris: Iterable<string>): void {
    const sorted = [...new Set(uris)].filter((uri) => uri !== "").sort();
    const key = sorted.join("\n");
    if (!this.#able || key === this.#watched) return;
    this.#watched = key;
    void this.#registration?.then((id) => this.#unregister(id));
    this.#registration = undefined;
    if (sorted.length === 0) return;
    const watchers = sorted.map((uri) => ({ globPattern: patternOf(uri) }));
    this.#registration = this.#register({ watchers });
  }

  async #register(registerOptions: DidChangeWatchedFilesRegistrationOptions): Promise<string> {
    const id = `watch-${String(++this.#registrations)}`;
    try {
      await this.#connection.ask("client/registerCapability", {
        registrations: [{ id, method, registerOptions }],
      });
    } catch (error) {
      this.#connection.warn(`Files are not watched: ${String(error)}`);
    }
    return id;
  }

  async #unregister(id: string): Promise<void> {
    try {
      // The protocol's own spelling.
      await this.#connection.ask("client/unregisterCapability", { unregisterations: [{ id, method }] });
    } catch {
      // It was not watched.
    }
  }
}

/** The file itself in its folder, its name no pattern. */
function patternOf(uri: string): { baseUri: string; pattern: string } {
  const { folder, name } = folderAndName(uri) ?? { folder: uri, name: "" };
  return { baseUri: folder, pattern: name.replace(/[[\]{}*?]/g, "[$&]") };
}
