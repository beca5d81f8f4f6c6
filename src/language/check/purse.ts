/** Owns the units of work of all declarations of a file together, so that many costly ones do not cost without end. */
import { Elaborator } from "./elaborator";
import { Facts } from "./facts";
import type { Library } from "./machine";

export class Purse {
  readonly #library: Library | undefined;
  readonly #each: number;
  #left: number;

  constructor(library: Library | undefined, each: number) {
    this.#library = library;
    this.#each = each;
    this.#left = 2 * each;
  }

  /** What a declaration may spend: never less than most need. */
  get given(): number {
    return Math.max(this.#each / 50, Math.min(this.#each, this.#left));
  }

  /** Pays for elaborators that all learn the same facts. */
  open(): Spending {
    const facts = new Facts();
    const made: { readonly elaborator: Elaborator; readonly given: number }[] = [];
    const make = (): Elaborator => {
      this.#settle(made.at(-1));
      const { given } = this;
      const elaborator = new Elaborator({ library: this.#library, budget: given }, facts);
      made.push({ elaborator, given });
      return elaborator;
    };
    const close = (): Spent => {
      this.#settle(made.at(-1));
      const each = made.map(({ elaborator, given }) => given - elaborator.budget);
      return {
        most: Math.max(0, ...each),
        all: each.reduce((sum, one) => sum + one, 0),
        exhausted: made.some(({ elaborator }) => elaborator.budget <= 0),
      };
    };
    return { facts, make, close };
  }

  /** Pays what a declaration is known to cost; false, and nothing, where it might not be enough. */
  pay({ most, all, exhausted }: Spent): boolean {
    const given = Math.max(this.#each / 50, Math.min(this.#each, this.#left - all));
    if (exhausted || most >= given) return false;
    this.#left -= all;
    return true;
  }

  #settle(last: { readonly elaborator: Elaborator; readonly given: number } | undefined): void {
    if (last !== undefined) this.#left -= last.given - last.elaborator.budget;
  }
}

export interface Spending {
  readonly facts: Facts;
  readonly make: () => Elaborator;
  /** To be called once, at the end. */
  readonly close: () => Spent;
}

export interface Spent {
  /** Of the elaborators the one that spent most. */
  readonly most: number;
  readonly all: number;
  readonly exhausted: boolean;
}
