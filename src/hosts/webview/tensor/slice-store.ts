/**
 * Owns the slices that the panel holds and the requests under way: at most a few at a time, the newest wishes first,
 * the least recently used forgotten. Knows neither the DOM nor the editor: it is handed a way to post and to wait.
 */
import type { SliceReply, SliceRequest } from "../../../protocol";
import { sliceKey } from "./slice-requests";

/** "unavailable": the editor answered that there is no such slice. */
export type StoredSlice = SliceReply | "unavailable";

const requestsAtOnce = 6;
/** A reply of 256 × 256 doubles is half a megabyte. */
const elementsKept = 16_000_000;

/** Where numbers come from: the editor, or arithmetic on what came from there. */
export interface SliceSource {
  get(request: SliceRequest): StoredSlice | undefined;
  want(owner: string, requests: readonly SliceRequest[]): void;
  onDidArrive(listener: () => void): () => void;
}

export class SliceStore implements SliceSource {
  private readonly kept = new Map<string, StoredSlice>();
  private elements = 0;
  private readonly underWay = new Map<
    number,
    { readonly key: string; readonly resolve?: (slice: StoredSlice) => void }
  >();
  /** Each owner's wishes; a new wish list replaces its old one, so that a fast pan leaves nothing behind. */
  private readonly wishes = new Map<string, readonly SliceRequest[]>();
  private readonly listeners = new Set<() => void>();
  private nextId = 1;
  private scheduled = false;
  private readonly post: (requestId: number, request: SliceRequest) => void;
  private readonly later: (work: () => void) => void;

  constructor(post: (requestId: number, request: SliceRequest) => void, later: (work: () => void) => void) {
    this.post = post;
    this.later = later;
  }

  /** Called whenever a slice has arrived. Returns what ends it. */
  onDidArrive(listener: () => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  get(request: SliceRequest): StoredSlice | undefined {
    const key = sliceKey(request);
    const slice = this.kept.get(key);
    if (slice === undefined) return undefined;
    this.kept.delete(key);
    this.kept.set(key, slice);
    return slice;
  }

  /** These are what `owner` wants now, most wanted first; earlier wishes of its that were not sent yet are dropped. */
  want(owner: string, requests: readonly SliceRequest[]): void {
    const missing = requests.filter((request) => !this.kept.has(sliceKey(request)));
    if (missing.length === 0) this.wishes.delete(owner);
    else this.wishes.set(owner, missing);
    if (missing.length === 0 || this.scheduled) return;
    this.scheduled = true;
    this.later(() => {
      this.scheduled = false;
      this.sendMore();
    });
  }

  /** One slice, whenever it comes; not kept when it is new. */
  fetch(request: SliceRequest): Promise<StoredSlice> {
    const present = this.get(request);
    if (present !== undefined) return Promise.resolve(present);
    return new Promise((resolve) => {
      const id = this.nextId++;
      this.underWay.set(id, { key: "", resolve });
      this.post(id, request);
    });
  }

  /** An answer from the editor; answers to questions of an earlier run are ignored. */
  receive(requestId: number, reply: SliceReply | null): void {
    const asked = this.underWay.get(requestId);
    if (asked === undefined) return;
    this.underWay.delete(requestId);
    const slice = reply ?? "unavailable";
    if (asked.resolve !== undefined) asked.resolve(slice);
    else this.keep(asked.key, slice);
    this.sendMore();
    for (const listener of this.listeners) listener();
  }

  /** The numbers have changed: forgets everything, and answers still under way are not awaited. */
  reset(): void {
    for (const { resolve } of this.underWay.values()) resolve?.("unavailable");
    this.underWay.clear();
    this.wishes.clear();
    this.kept.clear();
    this.elements = 0;
  }

  private keep(key: string, slice: StoredSlice): void {
    this.elements -= sizeOf(this.kept.get(key) ?? "unavailable");
    this.kept.delete(key);
    this.kept.set(key, slice);
    this.elements += sizeOf(slice);
    for (const [oldest, dropped] of this.kept) {
      if (this.elements <= elementsKept || oldest === key) break;
      this.kept.delete(oldest);
      this.elements -= sizeOf(dropped);
    }
  }

  private sendMore(): void {
    const asked = new Set([...this.underWay.values()].map(({ key }) => key));
    for (const [owner, requests] of this.wishes) {
      const waiting = [...requests];
      while (waiting.length > 0 && this.underWay.size < requestsAtOnce) {
        const request = waiting.shift()!;
        const key = sliceKey(request);
        if (this.kept.has(key) || asked.has(key)) continue;
        asked.add(key);
        const id = this.nextId++;
        this.underWay.set(id, { key });
        this.post(id, request);
      }
      if (waiting.length === 0) this.wishes.delete(owner);
      else this.wishes.set(owner, waiting);
    }
  }
}

function sizeOf(slice: StoredSlice): number {
  return slice === "unavailable" ? 0 : slice.data.length;
}
