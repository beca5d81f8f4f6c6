/**
 * What is measured: each piece of work as data, so that every contestant builds the same thing from the same numbers. Knows
 * no contestant.
 */

/** Training steps of a fully connected net on one batch: forward, backward, and plain gradient descent. */
export interface NetWorkload {
  readonly kind: "net";
  readonly name: string;
  readonly sizes: readonly number[];
  readonly batch: number;
  readonly activation: "relu" | "sigmoid" | "tanh";
}

/** One product of square float32 matrices. */
export interface ProductWorkload {
  readonly kind: "product";
  readonly name: string;
  readonly size: number;
}

/** tanh(2x + 1) · exp(−x²) + sigmoid(x), element by element, in float32. */
export interface ChainWorkload {
  readonly kind: "chain";
  readonly name: string;
  readonly count: number;
}

/** Every entry of the gradient of a one-hidden-layer net, held against central differences, in float64. */
export interface GradcheckWorkload {
  readonly kind: "gradcheck";
  readonly name: string;
  readonly sizes: readonly number[];
  readonly batch: number;
}

export type Workload = NetWorkload | ProductWorkload | ChainWorkload | GradcheckWorkload;

const net = (
  name: string,
  sizes: readonly number[],
  batch: number,
  activation: NetWorkload["activation"],
): NetWorkload => ({ kind: "net", name, sizes, batch, activation });

export const workloads: readonly Workload[] = [
  net("MLP 784-256-128-10, batch 64", [784, 256, 128, 10], 64, "relu"),
  net("sigmoid 3-128-128-4, batch 32", [3, 128, 128, 4], 32, "sigmoid"),
  net("tiny 4-3-2, batch 5", [4, 3, 2], 5, "tanh"),
  { kind: "chain", name: "elementwise chain, 1M", count: 1_000_000 },
  ...[64, 128, 256, 512, 1024].map((size): Workload => ({ kind: "product", name: `matmul ${size}`, size })),
  { kind: "gradcheck", name: "gradcheck 576-16-10", sizes: [576, 16, 10], batch: 8 },
];

/** How cost grows: the same net deeper, and with larger batches; more parameters to check. */
export const growth: readonly Workload[] = [
  ...[2, 8, 32, 64].map((depth) =>
    net(`depth ${depth}, width 64, batch 32`, Array<number>(depth + 1).fill(64), 32, "tanh"),
  ),
  ...[1, 16, 256, 1024].map((batch) => net(`MLP, batch ${batch}`, [784, 256, 128, 10], batch, "relu")),
  ...[2, 20, 200, 2000, 20_000].map((inputs): Workload => ({
    kind: "gradcheck",
    name: `gradcheck of ${(inputs + 1) * 5 + 18} parameters`,
    sizes: [inputs, 5, 3],
    batch: 4,
  })),
];

export const learningRate = 0.1;

/** Element `index` of the stream `seed`, in [−½, ½): the same in every language that has 32-bit products. */
export function element(seed: number, index: number): number {
  let hash = Math.imul(index + seed * 7919 + 1, 0x9e3779b1);
  hash ^= hash >>> 15;
  hash = Math.imul(hash, 0x85ebca77);
  hash ^= hash >>> 13;
  return (hash >>> 0) / 2 ** 32 - 0.5;
}

/** What the contestants say back: a few numbers that all of them must agree on. */
export interface Prepared {
  readonly numbers: readonly number[];
}
