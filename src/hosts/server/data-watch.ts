/** Owns the client's watching of exactly the data files that open specs read. Knows nothing of what they hold. */
import { DidChangeWatchedFilesNotification, type Connection, type Disposable } from "vscode-languageserver";
import type { ClientAbilities } from "./client-abilities";

export class DataWatch {
  readonly #connection: Connection;
  #able = false;
  #watched = "";
  #registration: Promise<Disposable> | undefined;

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
    this.#connection.client
      .register(DidChangeWatchedFilesNotification.type, { watchers: [{ globPattern }] })
      .catch((error: unknown) => this.#connection.console.warn(`Files are not watched: ${String(error)}`));
  }

  /** From now on these files, and no others. */
  watch(uris: Iterable<string>): void {
    const sorted = [...new Set(uris)].filter((uri) => uri !== "").sort();
    const key = sorted.join("\n");
    if (!this.#able || key === this.#watched) return;
    this.#watched = key;
    void this.#registration?.then((registration) => registration.dispose());
    this.#registration = undefined;
    if (sorted.length === 0) return;
    const watchers = sorted.map((uri) => ({ globPattern: patternOf(uri) }));
    this.#registration = this.#connection.client.register(DidChangeWatchedFilesNotification.type, {
      watchers,
    });
    this.#registration.catch((error: unknown) =>
      this.#connection.console.warn(`Files are not watched: ${String(error)}`),
    );
  }
}

/** The file itself in its folder, its name no pattern. */
function patternOf(uri: string): { baseUri: string; pattern: string } {
  const slash = uri.lastIndexOf("/");
  const name = decodeURIComponent(uri.slice(slash + 1));
  return { baseUri: uri.slice(0, slash), pattern: name.replace(/[[\]{}*?]/g, "[$&]") };
}
