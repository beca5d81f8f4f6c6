/** Reading a deflated stream piece by piece, so that a header costs kilobytes and a bomb never unfolds. Knows no container. */
import { type Gunzip, type Inflate, type Unzlib } from "fflate";
import { failure, success, type DataFailure, type DataResult } from "./data-problems";
import { type ByteReader } from "./byte-reader";

/** A deflate stream expands its input by no more than this (258 bytes for two bits, less than 1032 to 1). */
export const largestExpansion = 1032;

/** What is left after the last value is read on to verify the checksum, up to this many bytes. */
const longestTail = 1 << 24;

/** fflate's streaming decoders; their `push` throws on damaged input. */
export type Inflater = Gunzip | Inflate | Unzlib;

export interface CompressedStream {
  readonly name: string;
  readonly inflater: Inflater;
  readonly compressedBytes: number;
  /** The size after inflating, where the container declares it: more is damage, and `atMost` is then bounded by it. */
  readonly declaredBytes?: number;
  /** The next compressed bytes, `length` or fewer; none at the end. */
  pull(length: number): DataResult<Uint8Array>;
  /** Sees every inflated byte in order, for checksums. */
  observe?(piece: Uint8Array): void;
  /** Called at the very end of the stream, with the number of bytes it held. */
  verify?(total: number): DataResult<undefined>;
}

/** A reader over the inflated bytes; never inflates more than a piece beyond what is asked for. */
export function inflatingReader(stream: CompressedStream): ByteReader {
  const { name, inflater } = stream;
  const bound = Math.min(stream.compressedBytes * largestExpansion, stream.declaredBytes ?? Infinity);
  let waiting: Uint8Array[] = [];
  let waitingBytes = 0;
  let inflated = 0;
  let taken = 0;
  let ended = false;
  // Small pushes first: a header is in the first kilobyte, and one push can expand a thousandfold.
  let pushBytes = 512;

  inflater.ondata = (piece) => {
    if (piece.length === 0) return;
    inflated += piece.length;
    waitingBytes += piece.length;
    waiting.push(piece);
    stream.observe?.(piece);
  };

  /** Inflates one more compressed piece. */
  function advance(): DataFailure | undefined {
    const pulled = stream.pull(pushBytes);
    if (!pulled.ok) return pulled;
    pushBytes = Math.min(pushBytes * 2, 1 << 14);
    ended = pulled.value.length === 0;
    try {
      inflater.push(pulled.value, ended);
    } catch (error) {
      return failure("damaged", { file: name, what: unpackingFault(error) });
    }
    if (inflated > (stream.declaredBytes ?? Infinity)) {
      return failure("damaged", {
        file: name,
        what: `it unpacks to more than the ${String(stream.declaredBytes)} bytes it declares`,
      });
    }
    return undefined;
  }

  function hand(length: number): Uint8Array {
    const first = waiting[0];
    taken += length;
    waitingBytes -= length;
    if (first !== undefined && first.length >= length) {
      if (first.length === length) waiting = waiting.slice(1);
      else waiting[0] = first.subarray(length);
      return first.subarray(0, length);
    }
    const joined = new Uint8Array(length);
    let filled = 0;
    let used = 0;
    for (const piece of waiting) {
      const part = piece.subarray(0, length - filled);
      joined.set(part, filled);
      filled += part.length;
      if (part.length < piece.length) {
        waiting[used] = piece.subarray(part.length);
        break;
      }
      used++;
    }
    waiting = waiting.slice(used);
    return joined;
  }

  return {
    get atMost() {
      return bound - taken;
    },
    take(length, what) {
      while (waitingBytes < length && !ended) {
        const failed = advance();
        if (failed) return failed;
      }
      if (waitingBytes < length)
        return failure("truncated", { file: name, what, needed: length, found: waitingBytes });
      return success(hand(length));
    },
    next() {
      while (waitingBytes === 0 && !ended) {
        const failed = advance();
        if (failed) return failed;
      }
      return success(hand(waiting[0]?.length ?? 0));
    },
    finish() {
      const from = inflated;
      while (!ended) {
        waiting = [];
        waitingBytes = 0;
        const failed = advance();
        if (failed) return failed;
        if (inflated - from > longestTail) {
          return failure("damaged", {
            file: name,
            what: "its compressed data goes on long after its last value",
          });
        }
      }
      return stream.verify?.(inflated) ?? success(undefined);
    },
  };
}

/** What fflate says of a stream that it cannot unpack; it also meets impossible streams by exceptions of the language. */
function unpackingFault(error: unknown): string {
  const words = error instanceof Error && "code" in error ? error.message : "impossible codes";
  return words === "unexpected EOF"
    ? "its compressed data ends before it is complete"
    : `its compressed data cannot be unpacked (${words})`;
}
