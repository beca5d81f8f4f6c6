/** Addresses given out and taken back, as low as they fit; nothing is allocated. Knows nothing of values. */

interface Block {
  start: number;
  end: number;
}

export class Arena {
  /** The first address that was never given out. */
  end: number;
  /** The most that was given out at one time, in bytes. */
  most = 0;
  #used = 0;
  /** Free blocks below the end, ascending, no two touching. */
  readonly #free: Block[] = [];

  constructor(start: number) {
    this.end = start;
  }

  /** The smallest free block that is large enough, or new memory. Empty values have a place, too. */
  allocate(bytes: number): number {
    this.#used += bytes;
    this.most = Math.max(this.most, this.#used);
    let best = -1;
    for (const [index, { start, end }] of this.#free.entries()) {
      const size = end - start;
      if (size < bytes) continue;
      if (best < 0 || size < this.#free[best]!.end - this.#free[best]!.start) best = index;
    }
    if (best >= 0 && bytes > 0) {
      const block = this.#free[best]!;
      const address = block.start;
      block.start += bytes;
      if (block.start === block.end) this.#free.splice(best, 1);
      return address;
    }
    const last = this.#free.at(-1);
    if (last?.end === this.end && bytes > 0) {
      this.#free.pop();
      this.end = last.start + bytes;
      return last.start;
    }
    const address = this.end;
    this.end += bytes;
    return address;
  }

  free(address: number, bytes: number): void {
    if (bytes === 0) return;
    this.#used -= bytes;
    let at = this.#free.findIndex(({ start }) => start > address);
    if (at < 0) at = this.#free.length;
    const before = this.#free[at - 1];
    const after = this.#free[at];
    const block = { start: address, end: address + bytes };
    if (before?.end === block.start) {
      before.end = block.end;
      if (after?.start === before.end) {
        before.end = after.end;
        this.#free.splice(at, 1);
      }
    } else if (after?.start === block.end) after.start = block.start;
    else this.#free.splice(at, 0, block);
  }
}
