/** Both libraries' streams against vectors that PyTorch 1.13 and NumPy 1.24 wrote (test/oracle/rng_vectors.json). */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { crc32 } from "node:zlib";
import {
  initializers,
  numpyGenerator,
  torchGenerator,
  type FloatDType,
  type Generator,
  type InitializerName,
  type Tensor,
} from "../../../../src/runtime/tensor";
import { MersenneTwister } from "../../../../src/runtime/tensor/random/mersenne-twister";

interface Vector {
  readonly lib: "mt19937" | "torch" | "numpy";
  readonly fn: string;
  readonly seed: number;
  readonly dtype: "uint32" | "int64" | "float32" | "float64";
  readonly args: Readonly<Record<string, number | readonly number[] | string>>;
  readonly n: number;
  readonly crc32_le_bytes: number;
  /** All n values, or the first and last 24. */
  readonly data?: readonly number[];
  readonly head?: readonly number[];
  readonly tail?: readonly number[];
}

const vectors = (
  JSON.parse(readFileSync(join(__dirname, "../../../oracle/rng_vectors.json"), "utf8")) as {
    vectors: Vector[];
  }
).vectors;

/** NumPy's new generators and its byte-wise draws: the language has no word for them. */
const outsideTheLanguage = [
  "numpy default_rng.random",
  "numpy default_rng.standard_normal",
  "numpy randint_uint8",
];

/**
 * float64 normals go through the logarithm, sine and cosine. Ours are correctly rounded; the C library's under PyTorch and NumPy are not
 * always, so a few of these differ in the last place.
 */
const normalKinds = [
  "torch randn float64",
  "torch normal_ float64",
  "torch nn.Embedding float64",
  "torch init.xavier_normal float64",
  "torch init.kaiming_normal float64",
  "numpy randn float64",
  "numpy normal float64",
];

const kindOf = (vector: Vector): string => `${vector.lib} ${vector.fn}`;

suite("random streams against PyTorch and NumPy", () => {
  test("the vectors outside the language are exactly the listed kinds", () => {
    const drawn = vectors.filter((vector) => draw(vector) !== undefined);
    const missing = new Set(vectors.filter((vector) => draw(vector) === undefined).map(kindOf));
    assert.deepEqual([...missing].sort(), outsideTheLanguage);
    assert.equal(vectors.length, 1033);
    assert.equal(drawn.length, 1033 - 3 * 22);
  });

  for (const kind of new Set(vectors.map((vector) => `${kindOf(vector)} ${vector.dtype}`))) {
    const ofKind = vectors.filter((vector) => `${kindOf(vector)} ${vector.dtype}` === kind);
    if (ofKind.some((vector) => outsideTheLanguage.includes(kindOf(vector)))) continue;
    if (normalKinds.includes(kind)) {
      test(`${kind} misses no value by more than one ulp`, () => {
        for (const vector of ofKind) {
          for (const [actual, expected] of pairs(vector))
            assert.ok(ulpsApart(actual, expected) <= 1, describe(vector));
        }
      });
    } else {
      test(`${kind} is exact in all values, checksums included`, () => {
        for (const vector of ofKind) {
          for (const [actual, expected] of pairs(vector)) assert.equal(actual, expected, describe(vector));
          assert.ok(checksumAgrees(vector), describe(vector));
        }
      });
    }
  }

  test("at most 4 of PyTorch's 1,610 float64 normals differ", () => {
    const normals = vectors.filter((vector) => `${kindOf(vector)} ${vector.dtype}` === "torch randn float64");
    const compared = normals.flatMap(pairs);
    assert.equal(compared.length, 1610);
    assert.ok(compared.filter(differs).length <= 4);
  });

  test("all of NumPy's float64 normals that are spelled out agree, and all but 2 of the checksums over the rest", () => {
    const normals = vectors.filter(
      (vector) => vector.lib === "numpy" && ["randn", "normal"].includes(vector.fn),
    );
    assert.equal(normals.length, 77);
    assert.equal(normals.flatMap(pairs).filter(differs).length, 0);
    assert.ok(normals.filter((vector) => !checksumAgrees(vector)).length <= 2);
  });

  test("a difference of one ulp is counted as one", () => {
    assert.equal(ulpsApart(1, 1 + Number.EPSILON), 1);
    assert.equal(ulpsApart(-1, -1 + Number.EPSILON / 2), 1);
    assert.equal(ulpsApart(Number.MIN_VALUE, -Number.MIN_VALUE), 2);
  });
});

function describe(vector: Vector): string {
  return `${kindOf(vector)} ${vector.dtype} seed ${vector.seed} n ${vector.n}`;
}

function differs([actual, expected]: [number, number]): boolean {
  return actual !== expected;
}

function checksumAgrees(vector: Vector): boolean {
  return checksum(vector.dtype, drawOf(vector)) === vector.crc32_le_bytes;
}

function drawOf(vector: Vector): readonly number[] {
  const values = draw(vector);
  assert.ok(values !== undefined);
  assert.equal(values.length, vector.n, describe(vector));
  return values;
}

/** Each number that the vector spells out, beside ours. */
function pairs(vector: Vector): [number, number][] {
  const values = drawOf(vector);
  if (vector.data !== undefined) return vector.data.map((expected, i) => [values[i]!, expected]);
  const { head, tail } = vector;
  assert.ok(head !== undefined && tail !== undefined);
  const start = values.length - tail.length;
  return [
    ...head.map((expected, i): [number, number] => [values[i]!, expected]),
    ...tail.map((expected, i): [number, number] => [values[start + i]!, expected]),
  ];
}

/** Our values for a vector; undefined for the kinds outside the language. */
function draw(vector: Vector): readonly number[] | undefined {
  if (vector.lib === "mt19937") {
    const stream = MersenneTwister.fromSeed(vector.seed);
    return Array.from({ length: vector.n }, () => stream.u32());
  }
  const drawn = vector.lib === "torch" ? drawTorch(vector) : drawNumpy(vector);
  return drawn?.flatMap((values) => [...values.data]);
}

function drawTorch(vector: Vector): readonly Tensor[] | undefined {
  const { args, dtype, n } = vector;
  const generator = torchGenerator(vector.seed);
  const float: FloatDType = dtype === "float32" ? "float32" : "float64";
  switch (vector.fn) {
    case "rand":
      return [generator.rand([n], float)];
    case "randn":
      return [generator.randn([n], float)];
    case "uniform_":
      return [generator.uniform(number(args["a"]), number(args["b"]), [n], float)];
    case "normal_":
      return [generator.normal(number(args["mean"]), number(args["std"]), [n], float)];
    case "randint":
    case "randint_wide":
      return [generator.randint(number(args["low"]), number(args["high"]), [n])];
    case "randperm":
      return [generator.randperm(n)];
    case "bernoulli_":
      return [generator.bernoulli(number(args["p"]), [n], float)];
    case "nn.Linear":
      return drawAffine(generator, [number(args["out"]), number(args["in"])], float);
    case "nn.Conv2d": {
      const k = number(args["k"]);
      return drawAffine(generator, [number(args["cout"]), number(args["cin"]), k, k], float);
    }
    case "nn.Embedding":
      return [generator.randn([number(args["num"]), number(args["dim"])], float)];
    case "mixed":
      return [
        generator.randn([3], float),
        generator.rand([2], float),
        generator.randn([20], float),
        generator.randn([2], float),
        generator.randint(0, 10, [3]),
      ];
  }
  const initializer = /^init\.(\w+)$/.exec(vector.fn)?.[1] as InitializerName | undefined; // only names of the table occur
  return initializer && [initializers[initializer].draw(generator, args["shape"] as number[], float, {})];
}

/** A layer's weight and bias as `torch.nn.Linear` and `Conv2d` draw them. */
function drawAffine(generator: Generator, shape: readonly number[], dtype: FloatDType): readonly Tensor[] {
  const weight = initializers.kaiming_uniform.draw(generator, shape, dtype, { a: Math.sqrt(5) });
  const bound = 1 / Math.sqrt(weight.data.length / shape[0]!);
  return [weight, generator.uniform(-bound, bound, [shape[0]!], dtype)];
}

function drawNumpy(vector: Vector): readonly Tensor[] | undefined {
  const { args, n } = vector;
  const generator = numpyGenerator(vector.seed);
  switch (vector.fn) {
    case "rand":
      return [generator.rand([n], "float64")];
    case "randn":
      return [generator.randn([n], "float64")];
    case "uniform":
      return [generator.uniform(number(args["low"]), number(args["high"]), [n], "float64")];
    case "normal":
      return [generator.normal(number(args["loc"]), number(args["scale"]), [n], "float64")];
    case "randint":
    case "randint_int64_wide":
      return [generator.randint(number(args["low"]), number(args["high"]), [n])];
    case "permutation":
      return [generator.randperm(n)];
    case "choice":
      return [generator.choice(number(args["a"]), n)];
    case "choice_noreplace":
      return [generator.choice(number(args["a"]), n, { replace: false })];
    case "choice_p":
      return [generator.choice(4, n, { probabilities: args["p"] as number[] })];
    case "mixed":
      return [
        generator.randn([3], "float64"),
        generator.rand([2], "float64"),
        generator.randn([2], "float64"),
        generator.randint(0, 10, [3]),
      ];
    case "RandomState_array_rand":
      return [numpyGenerator(args["key"] as number[]).rand([n], "float64")];
    default:
      return undefined;
  }
}

function number(value: unknown): number {
  assert.equal(typeof value, "number");
  return value as number;
}

/** CRC-32 of the values' little-endian bytes in the vector's dtype. */
function checksum(dtype: Vector["dtype"], values: readonly number[]): number {
  const width = dtype === "float32" || dtype === "uint32" ? 4 : 8;
  const bytes = new DataView(new ArrayBuffer(values.length * width));
  for (const [i, value] of values.entries()) {
    if (dtype === "uint32") bytes.setUint32(i * width, value, true);
    else if (dtype === "int64") bytes.setBigInt64(i * width, BigInt(value), true);
    else if (dtype === "float32") bytes.setFloat32(i * width, value, true);
    else bytes.setFloat64(i * width, value, true);
  }
  return crc32(new Uint8Array(bytes.buffer));
}

/** How many doubles apart two doubles are. */
function ulpsApart(a: number, b: number): number {
  return Math.abs(Number(ordinal(a) - ordinal(b)));
}

/** Doubles counted upwards from 0, so that neighbours differ by 1. */
function ordinal(value: number): bigint {
  const bytes = new DataView(new ArrayBuffer(8));
  bytes.setFloat64(0, Math.abs(value));
  return value < 0 ? -bytes.getBigInt64(0) : bytes.getBigInt64(0);
}
