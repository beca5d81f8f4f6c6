/**
 * Blocks of memory with the steps between which they are in use: placed as they come, and, where that leaves gaps, once more, the
 * largest first (J. Lee, Y. Pisarchyk, Efficient memory management for deep neural net inference, 2020). Knows nothing of values.
 */
import { Arena } from "./arena";

interface Block {
  readonly bytes: number;
  readonly first: number;
  /** Infinity until it is given back. */
  last: number;
  address: number;
}

export interface Placement {
  /** By block. */
  readonly addresses: readonly number[];
  /** The first address behind all of them. */
  readonly end: number;
  /** The most bytes in use at one step. */
  readonly most: number;
}

/** A first placement with less than this share of gaps is good enough. */
const enough = 1.1;

/** More blocks than this are not compared with each other. */
const mostBlocks = 20_000;

export class Blocks {
  readonly #start: number;
  readonly #arena: Arena;
  readonly #blocks: Block[] = [];

  constructor(start: number) {
    this.#start = start;
    this.#arena = new Arena(start);
  }

  /** A new block, in use from step `first` on. */
  take(bytes: number, first: number): number {
    const address = this.#arena.allocate(bytes);
    return this.#blocks.push({ bytes, first, last: Infinity, address }) - 1;
  }

  /** It is in use until step `last` has ended. */
  giveBack(block: number, last: number): void {
    const own = this.#blocks[block]!;
    own.last = last;
    this.#arena.free(own.address, own.bytes);
  }

  placed(): Placement {
    const { most, end } = this.#arena;
    const first = { addresses: this.#blocks.map(({ address }) => address), end, most };
    if (end - this.#start <= enough * most || this.#blocks.length > mostBlocks) return first;
    const second = this.#largestFirst();
    return second.end < end ? { ...second, most } : first;
  }

  #largestFirst(): Omit<Placement, "most"> {
    const addresses = this.#blocks.map(() => this.#start);
    const order = [...this.#blocks.keys()].sort(
      (a, b) => this.#blocks[b]!.bytes - this.#blocks[a]!.bytes || a - b,
    );
    /** Those that have a place, by address. */
    const placed: number[] = [];
    let end = this.#start;
    for (const block of order) {
      const own = this.#blocks[block]!;
      addresses[block] = this.#lowestGap(own, placed, addresses);
      const behind = addresses[block] + own.bytes;
      end = Math.max(end, behind);
      let at = placed.length;
      while (at > 0 && addresses[placed[at - 1]!]! > addresses[block]) at--;
      placed.splice(at, 0, block);
    }
    return { addresses, end };
  }

  /** The lowest place where nothing is that is in use at the same time. */
  #lowestGap({ bytes, first, last }: Block, placed: readonly number[], addresses: readonly number[]): number {
    let address = this.#start;
    for (const other of placed) {
      const taken = this.#blocks[other]!;
      if (taken.first > last || taken.last < first) continue;
      if (addresses[other]! - address >= bytes) return address;
      address = Math.max(address, addresses[other]! + taken.bytes);
    }
    return address;
  }
}
