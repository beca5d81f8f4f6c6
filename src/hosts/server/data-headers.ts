/**
 * Owns what the data files beside the specs hold, as far as their headers tell: read in the background, kept until the
 * file changes, asked for without waiting. Knows nothing of where files come from.
 */
import { headerLater, type LaterFile, type Refusal } from "../../engine";
import type { DataAnswer, DataContents, DataRequest } from "../../language/check";
import { resolveUri } from "../../language/features";

/** A file as it is now; the stamp is another when it has changed. */
export type OpenedData = LaterFile & { readonly stamp: string };

/** Gives the file that a module names, or why not. Rejections count as unreadable. */
export type OpenData = (module: string, uri: string) => Promise<OpenedData | Refusal>;

type Answer = DataAnswer<DataContents>;

interface Entry {
  readonly uri: string;
  readonly request: DataRequest;
  answer: Answer | undefined;
  stamp: string | undefined;
  /** When it was last compared with the file. */
  seen: number;
  reading: Promise<void> | undefined;
  /** Whether someone has gone on without it. */
  missed: boolean;
}

/** A check waits this long for a header that is being read; most take less than a millisecond. */
const patienceMilliseconds = 150;

/** What was compared with the file within this time is taken as it is. */
const freshMilliseconds = 1000;

/** More than this are thinned out: each half-typed path leaves one. */
const mostEntries = 200;

export class DataHeaders {
  readonly #open: OpenData;
  readonly #entries = new Map<string, Entry>();
  readonly #listeners = new Set<(key: string) => void>();

  constructor(open: OpenData) {
    this.#open = open;
  }

  /** An answer has come or changed after someone went on without it. */
  onDidChange(listener: (key: string) => void): void {
    this.#listeners.add(listener);
  }

  /** What the file holds, as far as it is known now, and the key by which that is known. */
  look(request: DataRequest): { readonly key: string; readonly answer: Answer | undefined } {
    const uri = resolveUri(request.module, request.path) ?? "";
    const key = [uri, request.format, JSON.stringify(request.table), request.path].join(" ");
    let entry = this.#entries.get(key);
    if (entry === undefined) {
      entry = {
        uri,
        request,
        answer: undefined,
        stamp: undefined,
        seen: 0,
        reading: undefined,
        missed: false,
      };
      this.#entries.set(key, entry);
    }
    return { key, answer: this.lookAgain(key) };
  }

  /** The same for what has been asked for before. */
  lookAgain(key: string): Answer | undefined {
    const entry = this.#entries.get(key);
    if (entry !== undefined && Date.now() - entry.seen > freshMilliseconds) this.#read(key, entry);
    return entry?.answer;
  }

  known(key: string): Answer | undefined {
    return this.#entries.get(key)?.answer;
  }

  uriOf(key: string): string | undefined {
    return this.#entries.get(key)?.uri;
  }

  /** Waits a little for what has never been read; false where there is nothing to wait for. */
  async settle(): Promise<boolean> {
    const awaited = [...this.#entries.values()].filter(
      ({ answer, missed }) => answer === undefined && !missed,
    );
    if (awaited.length === 0) return false;
    let timer: ReturnType<typeof setTimeout> | undefined;
    const patience = new Promise<void>((resolve) => (timer = setTimeout(resolve, patienceMilliseconds)));
    await Promise.race([patience, Promise.all(awaited.map(({ reading = Promise.resolve() }) => reading))]);
    clearTimeout(timer);
    for (const entry of awaited) entry.missed = entry.answer === undefined;
    return awaited.some(({ answer }) => answer !== undefined);
  }

  /** The file was written, made or removed. */
  changed(uri: string): void {
    for (const [key, entry] of this.#entries) if (entry.uri === uri) this.#read(key, entry);
  }

  /** Everything is asked for anew: what may be read is not what it was. */
  forgetAll(): void {
    for (const [key, entry] of this.#entries) {
      entry.stamp = undefined;
      this.#read(key, entry);
    }
  }

  /** Lets go of what no analysis uses, where it has become much. */
  thin(isUsed: (key: string) => boolean): void {
    if (this.#entries.size <= mostEntries) return;
    for (const key of this.#entries.keys()) if (!isUsed(key)) this.#entries.delete(key);
  }

  #read(key: string, entry: Entry): void {
    entry.seen = Date.now();
    const before = entry.reading;
    const reading = (async () => {
      await before; // a file that changes while it is read is read again
      await this.#readNow(key, entry);
    })();
    entry.reading = reading;
    void reading.then(() => {
      if (entry.reading === reading) entry.reading = undefined;
    });
  }

  async #readNow(key: string, entry: Entry): Promise<void> {
    const opened = await this.#open(entry.request.module, entry.uri).catch((error: unknown): Refusal => ({
      problem: "unreadable",
      detail: String(error),
    }));
    const stamp = "problem" in opened ? `${opened.problem} ${opened.detail}` : opened.stamp;
    entry.seen = Date.now();
    if (stamp === entry.stamp) return;
    const answer = await headerLater(opened, entry.request);
    const awaited = entry.answer === undefined && !entry.missed;
    entry.answer = answer;
    entry.stamp = stamp;
    entry.missed = false;
    entry.seen = Date.now();
    if (!awaited) for (const listener of this.#listeners) listener(key);
  }
}
