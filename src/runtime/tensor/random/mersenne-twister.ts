/**
 * MT19937, the raw 32-bit stream that PyTorch's CPU generator and NumPy's legacy generator share, with both its seedings.
 * Knows nothing of tensors or distributions.
 *
 * Source: M. Matsumoto and T. Nishimura, "Mersenne Twister", ACM TOMACS 8 (1998), and their mt19937ar.c of 2002.
 */

const size = 624;
const middle = 397;
const upperBit = 0x80000000;
const lowerBits = 0x7fffffff;
const twist = 0x9908b0df;

/** A stream of 32-bit words. It owns its state; `clone` gives an independent copy. */
export class MersenneTwister {
  readonly #state: Uint32Array;
  #index: number;

  private constructor(state: Uint32Array, index: number) {
    this.#state = state;
    this.#index = index;
  }

  /** Seeds with the low 32 bits of a whole number, as `torch.manual_seed` and `numpy.random.seed` do. */
  static fromSeed(seed: number): MersenneTwister {
    return new MersenneTwister(stateFromSeed(seed), size);
  }

  /** Seeds with a list of 32-bit words (init_by_array), as `numpy.random.seed` does with a list. The list is not empty. */
  static fromKey(key: readonly number[]): MersenneTwister {
    return new MersenneTwister(stateFromKey(key), size);
  }

  clone(): MersenneTwister {
    return new MersenneTwister(this.#state.slice(), this.#index);
  }

  /** The next word, 0 … 2^32 - 1. */
  u32(): number {
    if (this.#index === size) {
      regenerate(this.#state);
      this.#index = 0;
    }
    let word = this.#state[this.#index++]!;
    word ^= word >>> 11;
    word ^= (word << 7) & 0x9d2c5680;
    word ^= (word << 15) & 0xefc60000;
    word ^= word >>> 18;
    return word >>> 0;
  }

  /** The next two words as one number of 64 bits, the first drawn on top. */
  u64(): bigint {
    const high = this.u32();
    const low = this.u32();
    return (BigInt(high) << 32n) | BigInt(low);
  }
}

function stateFromSeed(seed: number): Uint32Array {
  const state = new Uint32Array(size);
  let word = seed >>> 0; // ToUint32 is the residue modulo 2^32, for negative seeds too
  state[0] = word;
  for (let j = 1; j < size; j++) {
    word = (Math.imul(1812433253, word ^ (word >>> 30)) + j) >>> 0;
    state[j] = word;
  }
  return state;
}

function stateFromKey(key: readonly number[]): Uint32Array {
  const state = stateFromSeed(19650218);
  const at = (j: number): number => state[j]!;
  const mixed = (j: number): number => at(j - 1) ^ (at(j - 1) >>> 30);
  let i = 1;
  const advance = (): void => {
    i++;
    if (i === size) {
      state[0] = at(size - 1);
      i = 1;
    }
  };
  for (let k = 0, j = 0; k < Math.max(size, key.length); k++) {
    state[i] = (at(i) ^ Math.imul(mixed(i), 1664525)) + key[j]! + j;
    advance();
    j = (j + 1) % key.length;
  }
  for (let k = 1; k < size; k++) {
    state[i] = (at(i) ^ Math.imul(mixed(i), 1566083941)) - i;
    advance();
  }
  state[0] = upperBit;
  return state;
}

function regenerate(state: Uint32Array): void {
  let j = 0;
  for (; j < size - middle; j++) renew(state, j, j + 1, j + middle);
  for (; j < size - 1; j++) renew(state, j, j + 1, j + middle - size);
  renew(state, size - 1, 0, middle - 1);
}

function renew(state: Uint32Array, at: number, next: number, far: number): void {
  const word = (state[at]! & upperBit) | (state[next]! & lowerBits);
  state[at] = state[far]! ^ (word >>> 1) ^ ((word & 1) === 0 ? 0 : twist);
}
