/** Reading bytes in order, from a part of a file or from a compressed stream. Knows nothing of what they mean. */
import { CancelledError } from "../cancelled";
import { type DataFile } from "./data-file";
import { failure, success, type DataResult } from "./data-problems";

/**
 * Bytes in order. Pieces that `take` and `next` give are borrowed: use them before the next call.
 * After a failure the reader must not be used again.
 */
export interface ByteReader {
  /** No more than this many bytes can follow; exact for plain files. For refusing a size before allocating it. */
  readonly atMost: number;
  /** Exactly `length` bytes (callers ask for at most `pieceBytes`), or a failure saying that `what` is cut short. */
  take(length: number, what: string): DataResult<Uint8Array>;
  /** The next bytes, as many as are at hand; none at the end. */
  next(): DataResult<Uint8Array>;
  /** After the last byte that matters: reads what is left, if little, and verifies checksums. */
  finish(): DataResult<undefined>;
}

/** The size of the pieces in which payloads are read: large enough to be fast, small enough to be nothing. */
export const pieceBytes = 1 << 18;

/** `length` bytes of a file, or fewer at its end; a host's exception becomes a problem. */
export function readBytes(
  file: DataFile,
  name: string,
  offset: number,
  length: number,
): DataResult<Uint8Array> {
  try {
    const available = Math.max(0, Math.min(length, file.size - offset));
    return success(available === 0 ? new Uint8Array(0) : file.read(offset, available));
  } catch (error) {
    if (error instanceof CancelledError) throw error;
    return failure("unreadable", {
      file: name,
      detail: error instanceof Error ? error.message : String(error),
    });
  }
}

/** Exactly `length` bytes of a file at `offset`, or a failure saying that `what` is cut short. */
export function readExactly(
  file: DataFile,
  name: string,
  part: { readonly offset: number; readonly length: number; readonly what: string },
): DataResult<Uint8Array> {
  const read = readBytes(file, name, part.offset, part.length);
  if (!read.ok || read.value.length === part.length) return read;
  return failure("truncated", { file: name, what: part.what, needed: part.length, found: read.value.length });
}

/** A part of a plain file; the whole by default. */
export interface PlainPart {
  readonly start?: number;
  readonly end?: number;
  /** Sees every byte in order, for checksums. */
  readonly observe?: (piece: Uint8Array) => void;
  /** Called by `finish` when all bytes have been read. */
  readonly verify?: () => DataResult<undefined>;
}

/** Reads a part of a plain file in order. Without `verify`, `finish` reads nothing more. */
export function plainReader(file: DataFile, name: string, part: PlainPart = {}): ByteReader {
  const { start = 0, end = file.size, observe, verify } = part;
  let position = start;

  function read(length: number): DataResult<Uint8Array> {
    const result = readBytes(file, name, position, Math.max(0, Math.min(length, end - position)));
    if (result.ok) {
      position += result.value.length;
      observe?.(result.value);
    }
    return result;
  }

  return {
    get atMost() {
      return Math.max(0, end - position);
    },
    take(length, what) {
      const result = read(length);
      if (!result.ok || result.value.length === length) return result;
      return failure("truncated", { file: name, what, needed: length, found: result.value.length });
    },
    next: () => read(pieceBytes),
    finish() {
      if (!verify) return success(undefined);
      for (;;) {
        const rest = read(pieceBytes);
        if (!rest.ok) return rest;
        if (rest.value.length === 0) return verify();
      }
    },
  };
}
