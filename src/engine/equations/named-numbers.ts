/**
 * Numbers that stand for sizes and hyperparameters. A net is lowered with values that nothing else has (primes that the
 * file does not write, odd decimals), so that a number in its graph says what it came from: 2/221 is 2/(N · m).
 */
import type { NamedNumber } from "../../runtime/graph";

export class NamedNumbers {
  readonly #wholes = new Map<number, string>();
  readonly #reals = new Map<number, string>();
  readonly #taken: Set<number>;
  #next = 11;
  #realCount = 0;

  /** `taken` are the whole numbers that the file writes. */
  constructor(taken: ReadonlySet<number>) {
    this.#taken = new Set(taken);
  }

  /** A prime that stands for `name`. */
  whole(name: string): number {
    while (this.#taken.has(this.#next) || !isPrime(this.#next)) this.#next += 1;
    this.#taken.add(this.#next);
    this.#wholes.set(this.#next, name);
    return this.#next;
  }

  /** A number near `value` that stands for `name`. */
  real(name: string, value: number): number {
    this.#realCount += 1;
    const made = value * (1 + 1e-4 * Math.sqrt(2 + this.#realCount));
    this.#reals.set(made, name);
    return made;
  }

  /** What a number is made of; undefined where it is only a number. */
  readonly read = (value: number): NamedNumber | undefined =>
    Number.isFinite(value) && value !== 0
      ? (this.#real(value) ?? this.#rational(value) ?? this.#root(value))
      : undefined;

  #real(value: number): NamedNumber | undefined {
    for (const [tag, name] of this.#reals) {
      const above = simple(value / tag);
      if (above !== undefined) return { coefficient: above, factors: [name], divisors: [] };
      const below = simple(value * tag);
      if (below !== undefined) return { coefficient: below, factors: [], divisors: [name] };
      const square = simple(value / tag ** 2);
      if (square !== undefined) return { coefficient: square, factors: [name, name], divisors: [] };
      const rest = simple(value / (1 - tag));
      if (rest !== undefined) return { coefficient: rest, factors: [`(1 - ${name})`], divisors: [] };
    }
    return undefined;
  }

  /** A fraction whose parts have tagged primes in them. */
  #rational(value: number): NamedNumber | undefined {
    for (const divisors of this.#products()) {
      const below = divisors.reduce((product, prime) => product * prime, 1);
      for (const small of [1, 2, 3, 4, 6, 8, 12]) {
        const above = value * below * small;
        const whole = Math.round(above);
        if (whole === 0 || Math.abs(whole) > 1e6 || Math.abs(above - whole) > 1e-9 * Math.abs(whole))
          continue;
        const { rest, factors } = this.#factored(whole);
        if (factors.length === 0 && divisors.length === 0) break;
        return {
          coefficient: rest / small,
          factors: factors.map((prime) => this.#nameOf(prime)),
          divisors: divisors.map((prime) => this.#nameOf(prime)),
        };
      }
    }
    return undefined;
  }

  /** √d in front or below. */
  #root(value: number): NamedNumber | undefined {
    for (const [prime, name] of this.#wholes) {
      const above = simple(value / Math.sqrt(prime));
      // A factor √d is also d/√d: what has no other divisor is the plain root.
      const below = simple(value * Math.sqrt(prime));
      if (above !== undefined) return { coefficient: above, factors: [`√${name}`], divisors: [] };
      if (below !== undefined) return { coefficient: below, factors: [], divisors: [`√${name}`] };
    }
    return undefined;
  }

  /** Products of up to three tagged primes, fewest first. */
  #products(): readonly (readonly number[])[] {
    const primes = [...this.#wholes.keys()].slice(0, 12);
    const pairs = primes.flatMap((a, i) => primes.slice(i).map((b) => [a, b]));
    const triples = pairs.flatMap(([a = 1, b = 1]) => primes.filter((c) => c >= b).map((c) => [a, b, c]));
    return [[], ...primes.map((prime) => [prime]), ...pairs, ...triples];
  }

  #factored(whole: number): { readonly rest: number; readonly factors: readonly number[] } {
    const factors: number[] = [];
    let rest = whole;
    for (const prime of this.#wholes.keys()) {
      while (rest % prime === 0) {
        factors.push(prime);
        rest /= prime;
      }
    }
    return { rest, factors };
  }

  #nameOf(prime: number): string {
    return this.#wholes.get(prime) ?? String(prime);
  }
}

/** A short fraction, or undefined. */
function simple(value: number): number | undefined {
  for (const below of [1, 2, 3, 4]) {
    const above = Math.round(value * below);
    if (above !== 0 && Math.abs(above) <= 100 && Math.abs(value * below - above) < 1e-9 * Math.abs(above))
      return above / below;
  }
  return undefined;
}

function isPrime(value: number): boolean {
  for (let divisor = 2; divisor * divisor <= value; divisor++) if (value % divisor === 0) return false;
  return true;
}
