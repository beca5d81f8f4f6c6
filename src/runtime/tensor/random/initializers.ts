/**
 * The initialisers of parameters, by their names in the language: those of `torch.nn.init`, drawn from whichever generator is
 * current. Knows nothing of nets.
 *
 * Sources: X. Glorot and Y. Bengio (2010) for xavier; K. He and others (2015) for kaiming; A. Saxe and others (2013) for orthogonal.
 */
import type { FloatDType } from "../dtype";
import { full, type Shape, type Tensor } from "../tensor";
import type { Generator } from "./generator";
import { orthogonal } from "./orthogonal";

export type Nonlinearity = "linear" | "sigmoid" | "tanh" | "relu" | "leaky_relu" | "selu";

/** The options of all initialisers; each reads those in its `options` and leaves the rest. */
export interface InitializerOptions {
  /** A factor on the result, 1 if left out. */
  readonly gain?: number;
  /** The negative slope of the leaky_relu that follows, 0 if left out. */
  readonly a?: number;
  readonly mode?: "fan_in" | "fan_out";
  readonly nonlinearity?: Nonlinearity;
  /** Reads the shape as [fan_in, fan_out, …receptive field]. */
  readonly transposed?: boolean;
  readonly low?: number;
  readonly high?: number;
  readonly mean?: number;
  readonly std?: number;
  readonly value?: number;
}

export interface Initializer {
  /** The options it reads, in the order in which they may be given by position. */
  readonly options: readonly (keyof InitializerOptions)[];
  /** Shapes of fewer dimensions have no fan in or no columns, and are refused by the caller. */
  readonly minimumRank: number;
  draw(generator: Generator, shape: Shape, dtype: FloatDType, options: InitializerOptions): Tensor;
}

export const initializers = {
  zeros: { options: [], minimumRank: 0, draw: (_, shape, dtype) => full(dtype, shape, 0) },
  ones: { options: [], minimumRank: 0, draw: (_, shape, dtype) => full(dtype, shape, 1) },
  constant: {
    options: ["value"],
    minimumRank: 0,
    draw: (_, shape, dtype, { value = 0 }) => full(dtype, shape, value),
  },
  uniform: {
    options: ["low", "high"],
    minimumRank: 0,
    draw: (generator, shape, dtype, { low = 0, high = 1 }) => generator.uniform(low, high, shape, dtype),
  },
  normal: {
    options: ["mean", "std"],
    minimumRank: 0,
    draw: (generator, shape, dtype, { mean = 0, std = 1 }) => generator.normal(mean, std, shape, dtype),
  },
  xavier_uniform: {
    options: ["gain", "transposed"],
    minimumRank: 2,
    draw: (generator, shape, dtype, options) => {
      const bound = Math.sqrt(3) * xavierDeviation(shape, options);
      return generator.uniform(-bound, bound, shape, dtype);
    },
  },
  xavier_normal: {
    options: ["gain", "transposed"],
    minimumRank: 2,
    draw: (generator, shape, dtype, options) =>
      generator.normal(0, xavierDeviation(shape, options), shape, dtype),
  },
  kaiming_uniform: {
    options: ["a", "mode", "nonlinearity", "transposed"],
    minimumRank: 2,
    draw: (generator, shape, dtype, options) => {
      const bound = Math.sqrt(3) * kaimingDeviation(shape, options);
      return generator.uniform(-bound, bound, shape, dtype);
    },
  },
  kaiming_normal: {
    options: ["a", "mode", "nonlinearity", "transposed"],
    minimumRank: 2,
    draw: (generator, shape, dtype, options) =>
      generator.normal(0, kaimingDeviation(shape, options), shape, dtype),
  },
  orthogonal: {
    options: ["gain"],
    minimumRank: 2,
    draw: (generator, shape, dtype, { gain = 1 }) => orthogonal(generator, shape, dtype, gain),
  },
} as const satisfies Readonly<Record<string, Initializer>>;

export type InitializerName = keyof typeof initializers;

/** How many inputs feed one output of a weight [fan_out, fan_in, …receptive field], and how many outputs one input feeds. */
export function fans(
  shape: Shape,
  options: Pick<InitializerOptions, "transposed"> = {},
): { readonly fanIn: number; readonly fanOut: number } {
  const [first, second, ...receptive] = shape;
  if (first === undefined || second === undefined) {
    throw new Error(`fans: a weight has at least two dimensions, not [${shape.join(", ")}]`);
  }
  const field = receptive.reduce((product, size) => product * size, 1);
  const fan = { fanIn: second * field, fanOut: first * field };
  return options.transposed === true ? { fanIn: fan.fanOut, fanOut: fan.fanIn } : fan;
}

/** The factor that keeps a deviation of 1 through a nonlinearity (`torch.nn.init.calculate_gain`). */
function gainOf(nonlinearity: Nonlinearity, negativeSlope: number): number {
  switch (nonlinearity) {
    case "linear":
    case "sigmoid":
      return 1;
    case "tanh":
      return 5 / 3;
    case "relu":
      return Math.sqrt(2);
    case "leaky_relu":
      return Math.sqrt(2 / (1 + negativeSlope ** 2));
    case "selu":
      return 3 / 4;
  }
}

/** gain·√(2 / (fan_in + fan_out)) */
function xavierDeviation(shape: Shape, options: InitializerOptions): number {
  const { fanIn, fanOut } = fans(shape, options);
  return (options.gain ?? 1) * Math.sqrt(2 / (fanIn + fanOut));
}

/** gain / √fan */
function kaimingDeviation(shape: Shape, options: InitializerOptions): number {
  const { a = 0, mode = "fan_in", nonlinearity = "leaky_relu" } = options;
  const { fanIn, fanOut } = fans(shape, options);
  return gainOf(nonlinearity, a) / Math.sqrt(mode === "fan_in" ? fanIn : fanOut);
}
