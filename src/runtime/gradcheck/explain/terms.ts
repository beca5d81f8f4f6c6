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
}

/** All terms that are made of some values, the simplest first; their numbers are made when they are asked for. */
export class Terms {
  readonly #shape: readonly number[];
  readonly #size: number;
  #all: readonly Term[] | undefined;
  readonly #inner: readonly (readonly Item[])[];
  readonly #outer: readonly (readonly Item[])[];
  readonly #products = new Map<readonly Item[], Float64Array>();
  readonly #sums = new Map<readonly Item[], Map<string, Float64Array>>();

  constructor(items: readonly Item[], shape: readonly number[], most: number) {
    this.#shape = shape;
    this.#size = elementCount(shape);
    const isAnyMoving = items.some(({ isMoving }) => isMoving);
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
    for (const inner of this.#inner) {
      yield { outer: [], inner, axes: undefined, count: 1 };
      for (const outer of this.#outer)
        for (const axes of reductions)
          yield { outer, inner, axes, count: axes.reduce((n, axis) => n * this.#shape[axis]!, 1) };
    }
  }

  dataOf({ outer, inner, axes }: Term): Float64Array {
    const reduced = axes === undefined ? this.#product(inner) : this.#sum(inner, axes);
    const by = this.#product(outer);
    return Float64Array.from(reduced, (x, i) => x * by[i]!);
  }

  /** ⟨term, wanted⟩ and ⟨term, term⟩. */
  against({ outer, inner, axes }: Term, wanted: Float64Array): { product: number; square: number } {
    const reduced = axes === undefined ? this.#product(inner) : this.#sum(inner, axes);
    const by = this.#product(outer);
    let product = 0;
    let square = 0;
    for (let i = 0; i < this.#size; i++) {
      const x = reduced[i]! * by[i]!;
      product += x * wanted[i]!;
      square += x * x;
    }
    return { product, square };
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
    if (sums === undefined) this.#sums.set(items, (sums = new Map<string, Float64Array>()));
    const key = axes.join();
    let made = sums.get(key);
    if (made === undefined) sums.set(key, (made = summed(this.#product(items), this.#shape, axes)));
    return made;
  }
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
function summed(data: Float64Array, shape: readonly number[], axes: readonly number[]): Float64Array {
  const strides = shape.map((_, axis) => shape.slice(axis + 1).reduce((product, each) => product * each, 1));
  const keyOf = (i: number): number =>
    shape.reduce(
      (key, size, axis) =>
        axes.includes(axis) ? key : key + (Math.floor(i / strides[axis]!) % size) * strides[axis]!,
      0,
    );
  const sums = new Map<number, number>();
  for (const [i, x] of data.entries()) sums.set(keyOf(i), (sums.get(keyOf(i)) ?? 0) + x);
  return data.map((_, i) => sums.get(keyOf(i))!);
}
