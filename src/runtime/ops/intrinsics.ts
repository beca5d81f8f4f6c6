/** The numbers behind each intrinsic of scalar expressions, in float64. Truth values are 1 and 0. Knows nothing else. */
import type { ElementwiseBuilder } from "./builder";
import { erf } from "./erf";

export type Intrinsic = Exclude<keyof ElementwiseBuilder<unknown>, "constant">;

export type IntrinsicFunction = (x: number, y: number, z: number) => number;

export const intrinsics: Readonly<Record<Intrinsic, IntrinsicFunction>> = {
  add: (x, y) => x + y,
  sub: (x, y) => x - y,
  mul: (x, y) => x * y,
  div: (x, y) => x / y,
  pow: power,
  neg: (x) => -x,
  abs: Math.abs,
  sign: (x) => Number(x > 0) - Number(x < 0),
  exp: Math.exp,
  expm1: Math.expm1,
  log: Math.log,
  log1p: Math.log1p,
  sqrt: Math.sqrt,
  square: (x) => x * x,
  reciprocal: (x) => 1 / x,
  sin: Math.sin,
  cos: Math.cos,
  tan: Math.tan,
  atan: Math.atan,
  atan2: Math.atan2,
  sinh: Math.sinh,
  cosh: Math.cosh,
  tanh: Math.tanh,
  erf,
  sigmoid,
  floor: Math.floor,
  ceil: Math.ceil,
  round: roundHalfToEven,
  // Both give NaN when either operand is NaN, as PyTorch's maximum and minimum do.
  maximum: (x, y) => Math.max(x, y),
  minimum: (x, y) => Math.min(x, y),
  less: (x, y) => Number(x < y),
  lessEqual: (x, y) => Number(x <= y),
  greater: (x, y) => Number(x > y),
  greaterEqual: (x, y) => Number(x >= y),
  equal: (x, y) => Number(x === y),
  notEqual: (x, y) => Number(x !== y),
  and: (x, y) => Number(x !== 0 && y !== 0),
  or: (x, y) => Number(x !== 0 || y !== 0),
  not: (x) => Number(x === 0),
  isnan: (x) => Number(x !== x),
  where: (condition, x, y) => (condition !== 0 ? x : y),
};

/** C's pow: unlike JavaScript's, 1 to any power is 1, and (-1)^±∞ too. Common exponents are exact products, as in PyTorch. */
function power(x: number, y: number): number {
  if (y === 2) return x * x;
  if (y === 3) return x * x * x;
  if (y === 1) return x;
  if (y === -1) return 1 / x;
  if (y === 0.5 && x >= 0) return Math.sqrt(x);
  if (x === 1 || (x === -1 && Math.abs(y) === Infinity)) return 1;
  return Math.pow(x, y);
}

/** 1 / (1 + e⁻ˣ) with an exponential that cannot overflow, so that its relative error stays small on both sides. */
function sigmoid(x: number): number {
  if (x >= 0) return 1 / (1 + Math.exp(-x));
  const grown = Math.exp(x);
  return grown / (1 + grown);
}

function roundHalfToEven(x: number): number {
  return Math.abs(x % 1) === 0.5 ? 2 * Math.round(x / 2) : Math.round(x);
}
