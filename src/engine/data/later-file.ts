/** Headers of files whose bytes come later: asked of a disk or an editor without waiting. Knows no format. */
import { type DataFile } from "./data-file";
import { type Steps } from "./steps";

/** A file as a host reads it in its own time. `read` may give fewer bytes than asked for, or reject. */
export interface LaterFile {
  readonly size: number;
  read(offset: number, length: number): Promise<Uint8Array>;
}

const pageBytes = 1 << 16;

/** What is kept besides the last pages fetched: a reader that begins again needs a header's few. */
const keptBytes = 1 << 22;

/** Takes all steps of reading a file, fetching what each lacks. Never rejects. */
export async function runLater<T>(file: LaterFile, read: (file: DataFile) => Steps<T>): Promise<T> {
  const pages = new Pages(file);
  const steps = read(pages);
  let step = steps.next(false);
  while (step.done !== true) step = steps.next(await pages.fetchMissing());
  return step.value;
}

/** The pages of a file that are here. Reading one that is not throws, which readers turn into a problem. */
class Pages implements DataFile {
  readonly #file: LaterFile;
  readonly #pages = new Map<number, Uint8Array>();
  #missing: { readonly first: number; readonly last: number } | undefined;
  #broken: Error | undefined;

  constructor(file: LaterFile) {
    this.#file = file;
  }

  get size(): number {
    return this.#file.size;
  }

  read(offset: number, length: number): Uint8Array {
    const first = Math.floor(offset / pageBytes);
    const last = Math.floor((offset + length - 1) / pageBytes);
    const bytes = new Uint8Array(length);
    let filled = 0;
    for (let index = first; index <= last; index++) {
      const page = this.#pages.get(index);
      if (page === undefined) {
        this.#missing = { first: index, last };
        throw this.#broken ?? new Error("its bytes have not come yet");
      }
      const start = index === first ? offset - first * pageBytes : 0;
      const part = page.subarray(start, start + length - filled);
      bytes.set(part, filled);
      filled += part.length;
    }
    return bytes.subarray(0, filled);
  }

  /** Whether it is worth reading again. */
  async fetchMissing(): Promise<boolean> {
    const missing = this.#missing;
    if (missing === undefined || this.#broken !== undefined) return false;
    this.#missing = undefined;
    const start = missing.first * pageBytes;
    const end = Math.min((missing.last + 1) * pageBytes, this.#file.size);
    try {
      const bytes = await this.#file.read(start, end - start);
      this.#forgetOld();
      for (let index = missing.first; index <= missing.last; index++) {
        const at = (index - missing.first) * pageBytes;
        this.#pages.set(index, bytes.subarray(at, at + pageBytes));
      }
    } catch (error) {
      this.#broken = error instanceof Error ? error : new Error(String(error));
    }
    return true;
  }

  /** The oldest go first. */
  #forgetOld(): void {
    for (const index of this.#pages.keys()) {
      if (this.#pages.size * pageBytes <= keptBytes) return;
      this.#pages.delete(index);
    }
  }
}
