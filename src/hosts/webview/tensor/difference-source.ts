/**
 * The difference of two tensors as a source of slices: what is asked of it is asked of both, and subtracted. Blocks are
 * thinned to their first elements, for extremes of two tensors stand at different places. Owns nothing.
 */
import type { SliceReply, SliceRequest } from "../../../protocol";
import type { SliceSubject } from "./slice-requests";
import type { SliceSource, StoredSlice } from "./slice-store";

export class DifferenceSource implements SliceSource {
  private readonly source: SliceSource;
  private readonly other: SliceSubject;
  /** Equal pairs give the same reply, so that its picture is painted once. */
  private readonly made = new WeakMap<SliceReply, { readonly of: SliceReply; readonly reply: SliceReply }>();

  constructor(source: SliceSource, other: SliceSubject) {
    this.source = source;
    this.other = other;
  }

  get(request: SliceRequest): StoredSlice | undefined {
    const [own, theirs] = this.pair(request).map((each) => this.source.get(each));
    if (own === "unavailable" || theirs === "unavailable") return "unavailable";
    if (own === undefined || theirs === undefined) return undefined;
    if (own.rows !== theirs.rows || own.columns !== theirs.columns) return "unavailable";
    const known = this.made.get(own);
    if (known?.of === theirs) return known.reply;
    const data = own.data.map((value, i) => difference(value, theirs.data[i]!));
    const reply = { ...own, data };
    this.made.set(own, { of: theirs, reply });
    return reply;
  }

  want(owner: string, requests: readonly SliceRequest[]): void {
    this.source.want(
      owner,
      requests.flatMap((request) => this.pair(request)),
    );
  }

  onDidArrive(listener: () => void): () => void {
    return this.source.onDidArrive(listener);
  }

  private pair(request: SliceRequest): readonly [SliceRequest, SliceRequest] {
    const { run: _run, ...own } = request;
    return [
      { ...request, pooled: false },
      { ...own, ...this.other, leading: request.leading, pooled: false },
    ];
  }
}

/** Two NaN, or two equal infinities, are no difference. */
function difference(a: number, b: number): number {
  return Object.is(a, b) || a === b ? 0 : a - b;
}
