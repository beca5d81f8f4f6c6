/** The elementwise operators, as the registry lists them. */
import type { OpDefinition } from "../define-op";
import { abs } from "./abs";
import { acos } from "./acos";
import { add } from "./add";
import { asin } from "./asin";
import { atan } from "./atan";
import { atan2 } from "./atan2";
import { toBool } from "./bool";
import { cast } from "./cast";
import { ceil } from "./ceil";
import { clamp } from "./clamp";
import { cos } from "./cos";
import { cosh } from "./cosh";
import { div } from "./div";
import { dropout } from "./dropout";
import { elu } from "./elu";
import { equal } from "./equal";
import { erf } from "./erf";
import { exp } from "./exp";
import { exp2 } from "./exp2";
import { expm1 } from "./expm1";
import { toFloat } from "./float";
import { floor } from "./floor";
import { fmod } from "./fmod";
import { gelu } from "./gelu";
import { greater } from "./greater";
import { greaterEqual } from "./greater-equal";
import { hardtanh } from "./hardtanh";
import { identity } from "./identity";
import { toInt } from "./int";
import { isclose } from "./isclose";
import { isfinite } from "./isfinite";
import { isinf } from "./isinf";
import { isnan } from "./isnan";
import { leakyRelu } from "./leaky-relu";
import { less } from "./less";
import { lessEqual } from "./less-equal";
import { log } from "./log";
import { log10 } from "./log10";
import { log1p } from "./log1p";
import { log2 } from "./log2";
import { logicalAnd } from "./logical-and";
import { logicalNot } from "./logical-not";
import { logicalOr } from "./logical-or";
import { logicalXor } from "./logical-xor";
import { logsigmoid } from "./logsigmoid";
import { maskedFill } from "./masked-fill";
import { maximum } from "./maximum";
import { minimum } from "./minimum";
import { mish } from "./mish";
import { mul } from "./mul";
import { neg } from "./neg";
import { notEqual } from "./not-equal";
import { pow } from "./pow";
import { reciprocal } from "./reciprocal";
import { relu } from "./relu";
import { relu6 } from "./relu6";
import { remainder } from "./remainder";
import { round } from "./round";
import { rsqrt } from "./rsqrt";
import { selu } from "./selu";
import { sigmoid } from "./sigmoid";
import { sign } from "./sign";
import { silu } from "./silu";
import { sin } from "./sin";
import { sinh } from "./sinh";
import { softplus } from "./softplus";
import { softsign } from "./softsign";
import { sqrt } from "./sqrt";
import { square } from "./square";
import { stopGradient } from "./stop-gradient";
import { sub } from "./sub";
import { tan } from "./tan";
import { tanh } from "./tanh";
import { trunc } from "./trunc";
import { where } from "./where";

export const elementwiseOperators: readonly OpDefinition[] = [
  abs,
  acos,
  add,
  asin,
  atan,
  atan2,
  toBool,
  cast,
  ceil,
  clamp,
  cos,
  cosh,
  div,
  dropout,
  elu,
  equal,
  erf,
  exp,
  exp2,
  expm1,
  toFloat,
  floor,
  fmod,
  gelu,
  greater,
  greaterEqual,
  hardtanh,
  identity,
  toInt,
  isclose,
  isfinite,
  isinf,
  isnan,
  leakyRelu,
  less,
  lessEqual,
  log,
  log10,
  log1p,
  log2,
  logicalAnd,
  logicalNot,
  logicalOr,
  logicalXor,
  logsigmoid,
  maskedFill,
  maximum,
  minimum,
  mish,
  mul,
  neg,
  notEqual,
  pow,
  reciprocal,
  relu,
  relu6,
  remainder,
  round,
  rsqrt,
  selu,
  sigmoid,
  sign,
  silu,
  sin,
  sinh,
  softplus,
  softsign,
  sqrt,
  square,
  stopGradient,
  sub,
  tan,
  tanh,
  trunc,
  where,
];
