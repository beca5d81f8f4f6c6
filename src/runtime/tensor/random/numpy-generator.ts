/**
 * NumPy's legacy generator (`numpy.random.seed`, `RandomState`): the same seed and calls give the same numbers, bit for bit, except
 * that about one float64 normal in a thousand differs in the last place, where the C library under NumPy rounds its logarithm the
 * wrong way. In float32, which it does not have, a draw is the float64 draw rounded. Knows nothing of nets.
 */
import { type FloatDType } from "../dtype";
import { elementCount, fromArray, tensor, type Shape, type Tensor } from "../tensor";
import { log } from "./correctly-rounded";
import type { Generator } from "./generator";
import { MersenneTwister } from "./mersenne-twister";

/** What NumPy's generator offers beyond the common draws. */
export interface NumpyGenerator extends Generator {
  /** `choice(population, count)`: indices 0 … population - 1, drawn as the options say. */
  choice(population: number, count: number, options?: ChoiceOptions): Tensor;
  clone(): NumpyGenerator;
}

/** Without `probabilities` all are equally likely. Those sum to 1, one for each index. Without replacement they are not supported. */
export type ChoiceOptions = { readonly replace?: boolean } | { readonly probabilities: readonly number[] };

/** A generator seeded as by `numpy.random.seed(seed)`: a whole number below 2^32, or a list of such numbers, not empty. */
export function numpyGenerator(seed: number | readonly number[]): NumpyGenerator {
  const stream = typeof seed === "number" ? MersenneTwister.fromSeed(seed) : MersenneTwister.fromKey(seed);
  return new LegacyGenerator(stream, undefined);
}

const twoTo32 = 2 ** 32;

class LegacyGenerator implements NumpyGenerator {
  readonly library = "numpy";
  readonly #stream: MersenneTwister;
  /** The second deviate of the last pair; it outlives calls. */
  #cachedNormal: number | undefined;

  constructor(stream: MersenneTwister, cachedNormal: number | undefined) {
    this.#stream = stream;
    this.#cachedNormal = cachedNormal;
  }

  clone(): NumpyGenerator {
    return new LegacyGenerator(this.#stream.clone(), this.#cachedNormal);
  }

  rand(shape: Shape, dtype: FloatDType): Tensor {
    return fromArray(
      dtype,
      shape,
      this.#fill(shape, () => this.#fraction()),
    );
  }

  uniform(low: number, high: number, shape: Shape, dtype: FloatDType): Tensor {
    const width = high - low;
    return fromArray(
      dtype,
      shape,
      this.#fill(shape, () => low + width * this.#fraction()),
    );
  }

  randn(shape: Shape, dtype: FloatDType): Tensor {
    return fromArray(
      dtype,
      shape,
      this.#fill(shape, () => this.#nextNormal()),
    );
  }

  normal(mean: number, std: number, shape: Shape, dtype: FloatDType): Tensor {
    return fromArray(
      dtype,
      shape,
      this.#fill(shape, () => mean + std * this.#nextNormal()),
    );
  }

  randint(low: number, high: number, shape: Shape): Tensor {
    const largest = high - 1 - low;
    return tensor(
      "int",
      shape,
      this.#fill(shape, () => low + this.#below(largest)),
    );
  }

  /** Fisher–Yates from the end. */
  randperm(n: number): Tensor {
    const values = Float64Array.from({ length: n }, (_, i) => i);
    for (let i = n - 1; i > 0; i--) {
      const other = this.#below(i);
      const value = values[i]!;
      values[i] = values[other]!;
      values[other] = value;
    }
    return tensor("int", [n], values);
  }

  bernoulli(p: number, shape: Shape, dtype: FloatDType): Tensor {
    return fromArray(
      dtype,
      shape,
      this.#fill(shape, () => Number(this.#fraction() < p)),
    );
  }

  choice(population: number, count: number, options: ChoiceOptions = {}): Tensor {
    if ("probabilities" in options) {
      const cumulative = normalizedCumulative(options.probabilities);
      return tensor(
        "int",
        [count],
        this.#fill([count], () => firstAbove(cumulative, this.#fraction())),
      );
    }
    if (options.replace ?? true) return this.randint(0, population, [count]);
    return tensor("int", [count], this.randperm(population).data.slice(0, count));
  }

  #fill(shape: Shape, draw: () => number): Float64Array {
    const data = new Float64Array(elementCount(shape));
    for (let i = 0; i < data.length; i++) data[i] = draw();
    return data;
  }

  /** Uniform on [0, 1) with 53 bits. */
  #fraction(): number {
    const high = this.#stream.u32() >>> 5;
    const low = this.#stream.u32() >>> 6;
    return (high * 67108864 + low) / 9007199254740992;
  }

  /** Marsaglia's polar method, in pairs. */
  #nextNormal(): number {
    if (this.#cachedNormal !== undefined) {
      const cached = this.#cachedNormal;
      this.#cachedNormal = undefined;
      return cached;
    }
    let x1: number;
    let x2: number;
    let squaredRadius: number;
    do {
      x1 = 2 * this.#fraction() - 1;
      x2 = 2 * this.#fraction() - 1;
      squaredRadius = x1 * x1 + x2 * x2;
    } while (squaredRadius >= 1 || squaredRadius === 0);
    const factor = Math.sqrt((-2 * log(squaredRadius)) / squaredRadius);
    this.#cachedNormal = factor * x1;
    return factor * x2;
  }

  /** A whole number 0 … largest: masked to the bits of `largest`, rejected above it. Zero draws nothing. */
  #below(largest: number): number {
    if (largest === 0) return 0;
    if (largest < twoTo32) {
      const mask = 0xffffffff >>> Math.clz32(largest);
      let value: number;
      do value = (this.#stream.u32() & mask) >>> 0;
      while (value > largest);
      return value;
    }
    const mask = (1n << BigInt(BigInt(largest).toString(2).length)) - 1n;
    let value: number;
    do value = Number(this.#stream.u64() & mask);
    while (value > largest);
    return value;
  }
}

function normalizedCumulative(probabilities: readonly number[]): number[] {
  let sum = 0;
  const sums = probabilities.map((probability) => (sum += probability));
  return sums.map((partial) => partial / sum);
}

/** The first index whose entry of the ascending list is above the value. */
function firstAbove(ascending: readonly number[], value: number): number {
  let low = 0;
  let high = ascending.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (ascending[middle]! <= value) low = middle + 1;
    else high = middle;
  }
  return low;
}
