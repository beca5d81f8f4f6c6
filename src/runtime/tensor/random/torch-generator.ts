/**
 * PyTorch's CPU generator: the same seed and calls give the same numbers, bit for bit (PyTorch 1.13 without MKL, AVX2 kernels;
 * float64 normals may differ by one unit in the last place where the C library's sine is not correctly rounded). Knows nothing of nets.
 */
import { allocate, type FloatDType } from "../dtype";
import { elementCount, fromArray, tensor, type Shape, type Tensor } from "../tensor";
import { log, sinCos } from "./correctly-rounded";
import { fma32, fma64, logFloat32, sinCosFloat32 } from "./float-math";
import type { Generator } from "./generator";
import { MersenneTwister } from "./mersenne-twister";

/** A generator seeded as by `torch.manual_seed(seed)`; the seed is a whole number of any sign. */
export function torchGenerator(seed: number): Generator {
  return new TorchGenerator(MersenneTwister.fromSeed(seed), undefined);
}

const twoTo53 = 2 ** 53;
const twoTo32 = 2 ** 32;
const F = Math.fround;
const twoPiFloat32 = F(2 * Math.PI);

/** Normals are drawn in blocks of 16 from this element count on. */
const block = 16;

class TorchGenerator implements Generator {
  readonly library = "torch";
  readonly #stream: MersenneTwister;
  /** The second deviate of the last pair; it outlives calls, and draws of 16 or more neither read nor clear it. */
  #cachedNormal: number | undefined;

  constructor(stream: MersenneTwister, cachedNormal: number | undefined) {
    this.#stream = stream;
    this.#cachedNormal = cachedNormal;
  }

  clone(): Generator {
    return new TorchGenerator(this.#stream.clone(), this.#cachedNormal);
  }

  rand(shape: Shape, dtype: FloatDType): Tensor {
    const data = allocate(dtype, elementCount(shape));
    for (let i = 0; i < data.length; i++) data[i] = this.#fraction(dtype);
    return tensor(dtype, shape, data);
  }

  uniform(low: number, high: number, shape: Shape, dtype: FloatDType): Tensor {
    const data = allocate(dtype, elementCount(shape));
    if (dtype === "float32") {
      const start = F(low);
      const width = F(F(high) - start);
      for (let i = 0; i < data.length; i++) data[i] = fma32(this.#fraction24(), width, start);
    } else {
      for (let i = 0; i < data.length; i++) data[i] = fma64(this.#fraction53(), high - low, low);
    }
    return tensor(dtype, shape, data);
  }

  randn(shape: Shape, dtype: FloatDType): Tensor {
    return this.normal(0, 1, shape, dtype);
  }

  normal(mean: number, std: number, shape: Shape, dtype: FloatDType): Tensor {
    const data = allocate(dtype, elementCount(shape));
    if (data.length < block) {
      for (let i = 0; i < data.length; i++) data[i] = fma64(this.#nextNormal(), std, mean);
      return tensor(dtype, shape, data);
    }
    for (let i = 0; i < data.length; i++) data[i] = this.#fraction(dtype);
    const transform = dtype === "float32" ? boxMullerFloat32 : boxMullerFloat64;
    for (let i = 0; i + block <= data.length; i += block) transform(data, i, mean, std);
    if (data.length % block !== 0) {
      const last = data.length - block;
      for (let i = last; i < data.length; i++) data[i] = this.#fraction(dtype);
      transform(data, last, mean, std);
    }
    return tensor(dtype, shape, data);
  }

  /** PyTorch takes the remainder, without rejection. */
  randint(low: number, high: number, shape: Shape): Tensor {
    const data = new Float64Array(elementCount(shape));
    const range = high - low;
    if (range < twoTo32) {
      for (let i = 0; i < data.length; i++) data[i] = low + (this.#stream.u32() % range);
    } else {
      const wide = BigInt(range);
      for (let i = 0; i < data.length; i++) data[i] = low + Number(this.#stream.u64() % wide);
    }
    return tensor("int", shape, data);
  }

  randperm(n: number): Tensor {
    const values = Float64Array.from({ length: n }, (_, i) => i);
    for (let i = 0; i < n - 1; i++) {
      const other = i + (this.#stream.u32() % (n - i));
      const value = values[i]!;
      values[i] = values[other]!;
      values[other] = value;
    }
    return tensor("int", [n], values);
  }

  bernoulli(p: number, shape: Shape, dtype: FloatDType): Tensor {
    const values = Float64Array.from({ length: elementCount(shape) }, () => Number(this.#fraction53() < p));
    return fromArray(dtype, shape, values);
  }

  #fraction(dtype: FloatDType): number {
    return dtype === "float32" ? this.#fraction24() : this.#fraction53();
  }

  #fraction24(): number {
    return (this.#stream.u32() & 0xffffff) / 2 ** 24;
  }

  #fraction53(): number {
    const high = this.#stream.u32() & 0x1fffff;
    return (high * twoTo32 + this.#stream.u32()) / twoTo53;
  }

  /** Draws of fewer than 16: Box–Muller in pairs, in double whatever the dtype. */
  #nextNormal(): number {
    if (this.#cachedNormal !== undefined) {
      const cached = this.#cachedNormal;
      this.#cachedNormal = undefined;
      return cached;
    }
    const u1 = this.#fraction53();
    const u2 = this.#fraction53();
    const radius = Math.sqrt(-2 * log(1 - u2));
    sinCos(2 * Math.PI * u1, sineAndCosine);
    this.#cachedNormal = radius * sineAndCosine[0]!;
    return radius * sineAndCosine[1]!;
  }
}

const sineAndCosine = new Float64Array(2);

type Buffer = { [index: number]: number };

/** Box–Muller on 16 uniforms in place: the first eight give radii, the last eight angles. */
function boxMullerFloat64(data: Buffer, at: number, mean: number, std: number): void {
  for (let j = at; j < at + 8; j++) {
    const radius = Math.sqrt(-2 * log(1 - data[j]!));
    sinCos(2 * Math.PI * data[j + 8]!, sineAndCosine);
    data[j] = fma64(radius * sineAndCosine[1]!, std, mean);
    data[j + 8] = fma64(radius * sineAndCosine[0]!, std, mean);
  }
}

/** The same with every operation rounded to float32. */
function boxMullerFloat32(data: Buffer, at: number, mean: number, std: number): void {
  const meanRounded = F(mean);
  const stdRounded = F(std);
  for (let j = at; j < at + 8; j++) {
    const radius = F(Math.sqrt(F(-2 * logFloat32(F(1 - data[j]!)))));
    const [sine, cosine] = sinCosFloat32(F(twoPiFloat32 * data[j + 8]!));
    data[j] = fma32(F(radius * cosine), stdRounded, meanRounded);
    data[j + 8] = fma32(F(radius * sine), stdRounded, meanRounded);
  }
}
