/**
 * Owns the texts that the server knows: open documents as they stand in the editor, and closed files as they were
 * last read. Reading is asynchronous and handed in; looking up is not. Knows nothing of what the texts mean.
 */
import { canonicalUri, resolveUri } from "../../language/features";
import { standardLibrary } from "../../language/std";

/** Gives the text of a closed file, or undefined where it cannot be read. */
export type ReadFile = (uri: string) => Promise<string | undefined>;

/** The id of the standard library as a module. */
export const standardLibraryId = "std";

export class Sources {
  readonly #read: ReadFile;
  /** By canonical uri. */
  readonly #open = new Map<
    string,
    { readonly uri: string; readonly version: number; readonly text: string }
  >();
  /** What was read; undefined marks a file that could not be. */
  readonly #closed = new Map<string, string | undefined>();
  readonly #wanted = new Set<string>();
  readonly #reading = new Map<string, Promise<void>>();

  constructor(read: ReadFile) {
    this.#read = read;
  }

  /** A document was opened or changed. */
  update(uri: string, version: number, text: string): void {
    this.#open.set(canonicalUri(uri), { uri, version, text });
  }

  close(uri: string): void {
    this.#open.delete(canonicalUri(uri));
    this.#closed.delete(canonicalUri(uri));
  }

  /** A file changed on disk; it is read again when it is next needed. */
  forget(uri: string): void {
    this.#closed.delete(canonicalUri(uri));
  }

  /** Every file on disk is read again when it is next needed. */
  forgetClosed(): void {
    this.#closed.clear();
  }

  /** The canonical uris of the open documents. */
  openIds(): readonly string[] {
    return [...this.#open.keys()];
  }

  version(id: string): number | undefined {
    return this.#open.get(id)?.version;
  }

  /** The uri as the client writes it. */
  clientUri(id: string): string {
    return this.#open.get(id)?.uri ?? id;
  }

  /** The text as far as it is known now; a file never looked for is noted for `readWanted`. */
  text(id: string): string | undefined {
    if (id === standardLibraryId) return standardLibrary();
    const open = this.#open.get(id);
    if (open !== undefined) return open.text;
    if (!this.#closed.has(id)) this.#wanted.add(id);
    return this.#closed.get(id);
  }

  /** What an import means. */
  idOf(from: string, path: string): string | undefined {
    return path === standardLibraryId ? standardLibraryId : resolveUri(from, path);
  }

  /**
   * Waits until every file that was looked for in vain is read; false where there was none. A file that another
   * request has begun to read is waited for as well.
   */
  async readWanted(): Promise<boolean> {
    for (const id of this.#wanted) if (!this.#reading.has(id)) this.#reading.set(id, this.#readOne(id));
    this.#wanted.clear();
    if (this.#reading.size === 0) return false;
    await Promise.all(this.#reading.values());
    return true;
  }

  async #readOne(id: string): Promise<void> {
    try {
      const text = await this.#read(id);
      if (!this.#open.has(id)) this.#closed.set(id, text);
    } finally {
      this.#reading.delete(id);
    }
  }
}
