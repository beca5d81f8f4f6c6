/**
 * Prepares an answer for its way to another thread: every typed array gets a buffer of its own and of exactly its size,
 * to be given away without touching what the session keeps. Knows no answer.
 */

export interface Owned<T> {
  readonly value: T;
  readonly transfer: readonly ArrayBuffer[];
}

export function ownBuffers<T>(value: T): Owned<T> {
  const transfer: ArrayBuffer[] = [];
  // The copy has the same fields as the original.
  return { value: copy(value, transfer) as T, transfer };
}

function copy(value: unknown, transfer: ArrayBuffer[]): unknown {
  if (typeof value !== "object" || value === null) return value;
  if (value instanceof Float64Array || value instanceof Uint8Array || value instanceof Int32Array) {
    const own = value.slice();
    transfer.push(own.buffer);
    return own;
  }
  if (Array.isArray(value)) return value.map((item) => copy(item, transfer));
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, copy(item, transfer)]));
}
