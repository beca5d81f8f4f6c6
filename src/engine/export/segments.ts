/** A file that is never whole in memory: segments of known length, each made when it is read. Knows no format. */

export interface Segment {
  readonly length: number;
  /** The bytes from … to-1 of it. */
  readonly read: (from: number, to: number) => Uint8Array;
}

export function fixed(bytes: Uint8Array): Segment {
  return { length: bytes.length, read: (from, to) => bytes.subarray(from, to) };
}

export function totalLength(segments: readonly Segment[]): number {
  return segments.reduce((sum, { length }) => sum + length, 0);
}

/** The bytes from … to-1 of all segments one after another, in a buffer of exactly that size. */
export function readSegments(
  segments: readonly Segment[],
  from: number,
  to: number,
): Uint8Array<ArrayBuffer> {
  const end = Math.min(to, totalLength(segments));
  const bytes = new Uint8Array(Math.max(0, end - from));
  let start = 0;
  for (const { length, read } of segments) {
    const first = Math.max(from, start);
    const last = Math.min(end, start + length);
    if (first < last) bytes.set(read(first - start, last - start), first - from);
    start += length;
  }
  return bytes;
}
