/**
 * The terms that can be made of a few values: products, and sums of products over dimensions. Owns their order, the simplest first, and
 * their numbers; knows nothing of what they are held against.
 */
import { elementCount } from "../../tensor";
import type { Node } from "../../graph";

/** A value in scope at every element of the outcome. */
export interface Item {
  readonly node: Node;
  readonly text: string;
  readonly data: Float64Array;
  /** Whether a rule computes it, rather than the body. */
  readonly isMoving: boolean;
  /** The higher, the less it is meant: what is derived and not used comes first, what has no name last. */
  readonly cost: number;
}

/** Π outer · Σ (Π inner) */
export interface Term {
  readonly outer: readonly Item[];
  readonly inner: readonly Item[];
  /** The dimensions that the inner product is summed over; undefined where it is not. */
  readonly axes: readonly number[] | undefined;
  /** Elements of one sum. */
  readonly count: number;
  /** Of this term among those that have been made; set when they are first asked for. */
  numbers?: Numbers;
}

interface Numbers {
  readonly reduced: Float64Array;
  readonly by: Float64Array;
}

/** All terms that are made of some values, the simplest first; their numbers are made when they are asked for. */
export class Terms {
  readonly #shape: readonly number[];
  readonly #size: number;
  readonly #isAnyMoving: boolean;
  #all: readonly Term[] | undefined;
  readonly #inner: readonly (readonly Item[])[];
  readonly #outer: readonly (readonly Item[])[];
  readonly #products = new Map<readonly Item[], Float64Array>();
  /** By dimensions, which all terms that are summed over them have in common. */
  readonly #keys = new Map<readonly number[], Int32Array>();
  readonly #sums = new Map<readonly Item[], Map<readonly number[], Float64Array>>();

  constructor(items: readonly Item[], shape: readonly number[], most: number) {
    this.#shape = shape;
    this.#size = elementCount(shape);
    const isAnyMoving = items.some(({ isMoving }) => isMoving);
    this.#isAnyMoving = isAnyMoving;
    this.#inner = combinations(items, most).filter(
      (each) => each.length > 0 && (!isAnyMoving || each.some(({ isMoving }) => isMoving)),
    );
    this.#outer = combinations(
      items.filter(({ isMoving }) => !isMoving),
      2,
    );
  }

  get all(): readonly Term[] {
    return (this.#all ??= [...this.#made()].sort((a, b) => costOf(a) - costOf(b)));
  }

  *#made(): Generator<Term> {
    const reductions: number[][] = [...this.#shape.keys()]
      .filter((axis) => this.#shape[axis]! > 1)
      .map((axis) => [axis]);
    if (reductions.length > 1) reductions.push([...this.#shape.keys()]);
    const plain = new Set<readonly Item[]>();
    for (const inner of this.#inner) {
      yield { outer: [], inner, axes: undefined, count: 1 };
      for (const axes of reductions) {
        const isOne = this.#isSame(inner, axes);
        for (const outer of this.#outer)
          if (!isOne || outer.length === 0)
            yield { outer, inner, axes, count: axes.reduce((n, axis) => n * this.#shape[axis]!, 1) };
          else if (!plain.has(outer)) {
            // Shares sum to 1.
            plain.add(outer);
            yield { outer: [], inner: outer, axes: undefined, count: 1 };
          }
      }
    }
  }

  /** Whether a term is made of the body's values alone, though there are others. */
  isGiven({ axes, inner }: Term): boolean {
    return this.#isAnyMoving && axes === undefined && !inner.some(({ isMoving }) => isMoving);
  }

  dataOf(term: Term): Float64Array {
    const { reduced, by } = this.#numbersOf(term);
    return Float64Array.from(reduced, (x, i) => x * by[i]!);
  }

  /** ⟨term, wanted⟩ and ⟨term, term⟩. */
  against(term: Term, wanted: Float64Array): { product: number; square: number } {
    const { reduced, by } = this.#numbersOf(term);
    let product = 0;
    let square = 0;
    for (let i = 0; i < this.#size; i++) {
      const x = reduced[i]! * by[i]!;
      product += x * wanted[i]!;
      square += x * x;
    }
    return { product, square };
  }

  /** Whether a term may be a multiple of what is wanted, by a few elements: the largest of it, and others. */
  mayBe(term: Term, { data, largest, others }: Wanted): boolean {
    const { reduced, by } = this.#numbersOf(term);
    const scale = (reduced[largest]! * by[largest]!) / data[largest]!;
    const most = notNear * Math.abs(scale * data[largest]!);
    for (const i of others) if (!(Math.abs(reduced[i]! * by[i]! - scale * data[i]!) <= most)) return false;
    return true;
  }

  /** Kept with a term, since every term is asked about often. */
  #numbersOf(term: Term): Numbers {
    return (term.numbers ??= {
      reduced: term.axes === undefined ? this.#product(term.inner) : this.#sum(term.inner, term.axes),
      by: this.#product(term.outer),
    });
  }

  /** Whether a sum is the same number everywhere, though there are several. */
  #isSame(inner: readonly Item[], axes: readonly number[]): boolean {
    if (axes.length === this.#shape.length) return false;
    const [first = 0, ...others] = this.#sum(inner, axes);
    return others.every((x) => Math.abs(x - first) <= 1e-12 * Math.abs(first));
  }

  #product(items: readonly Item[]): Float64Array {
    let made = this.#products.get(items);
    if (made === undefined) {
      made = new Float64Array(this.#size).fill(1);
      for (const { data } of items) for (const i of made.keys()) made[i]! *= data[i]!;
      this.#products.set(items, made);
    }
    return made;
  }

  #sum(items: readonly Item[], axes: readonly number[]): Float64Array {
    let sums = this.#sums.get(items);
    if (sums === undefined) this.#sums.set(items, (sums = new Map<readonly number[], Float64Array>()));
    let made = sums.get(axes);
    if (made === undefined) sums.set(axes, (made = summed(this.#product(items), this.#keysOf(axes))));
    return made;
  }

  #keysOf(axes: readonly number[]): Int32Array {
    let keys = this.#keys.get(axes);
    if (keys === undefined) this.#keys.set(axes, (keys = keysOf(this.#shape, axes)));
    return keys;
  }
}

/** What terms are held against. */
export interface Wanted {
  readonly data: Float64Array;
  readonly largest: number;
  readonly others: readonly number[];
}

/** Far more than rounding makes of a multiple. */
const notNear = 1e-3;

export function wantedOf(data: Float64Array): Wanted {
  let largest = 0;
  for (let i = 1; i < data.length; i++) if (Math.abs(data[i]!) > Math.abs(data[largest]!)) largest = i;
  const step = Math.max(1, Math.floor(data.length / 4));
  const others = [0, 1, 2, 3, 4].map((i) => (largest + 1 + i * step) % data.length);
  return { data, largest, others: [...new Set(others)] };
}

function costOf({ outer, inner, axes }: Term): number {
  return [...outer, ...inner].reduce((sum, { cost }) => sum + cost, axes === undefined ? 0 : 0.8);
}

/** With repetition, the shorter first. */
function combinations<T>(items: readonly T[], most: number): T[][] {
  const found: T[][] = [[]];
  for (let from = 0, length = 1; length <= most; length++) {
    const to = found.length;
    for (; from < to; from++) {
      const last = found[from]!.at(-1);
      const start = last === undefined ? 0 : items.indexOf(last);
      for (const item of items.slice(start)) found.push([...found[from]!, item]);
    }
  }
  return found;
}

/** Sums over dimensions, at every element. */
function summed(data: Float64Array, keys: Int32Array): Float64Array {
  const sums = new Float64Array(data.length);
  for (let i = 0; i < data.length; i++) sums[keys[i]!]! += data[i]!;
  return data.map((_, i) => sums[keys[i]!]!);
}

/** The first element of the sum that each is part of. */
function keysOf(shape: readonly number[], axes: readonly number[]): Int32Array {
  const strides = shape.map((_, axis) => shape.slice(axis + 1).reduce((product, each) => product * each, 1));
  return Int32Array.from({ length: elementCount(shape) }, (_, i) =>
    shape.reduce(
      (key, size, axis) =>
        axes.includes(axis) ? key : key + (Math.floor(i / strides[axis]!) % size) * strides[axis]!,
      0,
    ),
  );
}
