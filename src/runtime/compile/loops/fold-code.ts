/**
 * Writes how elements are taken together: sums and products in float64 whatever the elements are, in several running
 * lanes. Knows nothing of loops.
 */
import type { FunctionBuilder, Local } from "../emit";
import type { FoldOperation } from "../program/value";
import type { LaneCount } from "./lane-code";
import { storeConsecutive } from "./lane-memory";
import type { LaneType } from "./lane-program";
import type { LoopFold } from "./loop-spec";

/** Running lanes: of a sum of 4 float32 lanes the lower and the upper half apart. */
export type Running = readonly Local[];

export interface FoldCode {
  readonly code: FunctionBuilder;
  readonly lanes: LaneCount;
  readonly fold: LoopFold;
  /** The type of the elements. */
  readonly type: LaneType;
  /** How many elements each result is of. */
  readonly count: number;
}

function isSum(fold: FoldOperation): fold is "sum" | "mean" | "prod" {
  return fold === "sum" || fold === "mean" || fold === "prod";
}

/** New lanes that hold what nothing gives. */
export function begin({ code, lanes, fold: { fold }, type }: FoldCode): Running {
  const count = isSum(fold) && lanes === 4 ? 2 : 1;
  return Array.from({ length: count }, () => {
    const local = code.local("v128");
    if (isSum(fold)) code.f64x2(neutral(fold));
    else if (fold === "all") code.i32x4(-1);
    else if (fold === "any") code.i32x4(0);
    else if (type === "f64") code.f64x2(neutral(fold));
    else code.f32x4(neutral(fold));
    code.set(local);
    return local;
  });
}

function neutral(fold: FoldOperation): number {
  return fold === "prod" ? 1 : fold === "max" ? -Infinity : fold === "min" ? Infinity : 0;
}

/** Takes the first `valid` lanes of `value` in. */
export function take(context: FoldCode, running: Running, value: Local, valid: number): void {
  const { code, lanes, fold, type } = context;
  const own = code.local("v128");
  code.get(value);
  if (type === "mask" && isSum(fold.fold))
    code.op("v128.and", code.constant(lanes === 4 ? "f32x4" : "f64x2", 1));
  code.set(own);
  if (valid < lanes) {
    code.push(own, neutralLanes(context), validLanes(context, valid));
    code.op("v128.bitselect");
    code.set(own);
  }
  if (!isSum(fold.fold)) combineOne(context, running[0]!, own);
  else if (lanes === 2) {
    if (type === "f32") {
      code.op("f64x2.promote_low_f32x4", own);
      code.set(own);
    }
    combineOne(context, running[0]!, own);
  } else {
    const half = code.local("v128");
    code.op("f64x2.promote_low_f32x4", own);
    code.set(half);
    combineOne(context, running[0]!, half);
    code.shuffle32([2, 3, 2, 3], own, own);
    code.op("f64x2.promote_low_f32x4");
    code.set(half);
    combineOne(context, running[1]!, half);
    code.release(half);
  }
  code.release(own);
}

function neutralLanes({ code, lanes, fold: { fold }, type }: FoldCode): Local {
  if (fold === "all") return code.constant("i32x4", -1);
  if (fold === "any") return code.constant("i32x4", 0);
  const width = type === "f64" || (type === "mask" && lanes === 2) ? "f64x2" : "f32x4";
  return code.constant(width, neutral(fold));
}

/** All bits of the first `valid` lanes. Float32 in wide lanes stands in the lower half. */
function validLanes({ code, lanes, type }: FoldCode, valid: number): Local {
  const bytes = new Uint8Array(16);
  bytes.fill(255, 0, valid * (lanes === 4 || type === "f32" ? 4 : 8));
  return code.constantVector(bytes);
}

/** running ← running and value, together. */
function combineOne({ code, fold: { fold }, type }: FoldCode, running: Local, value: Local): void {
  const width = type === "f64" ? "f64x2" : "f32x4";
  const instruction = {
    sum: "f64x2.add",
    mean: "f64x2.add",
    prod: "f64x2.mul",
    max: `${width}.max`,
    min: `${width}.min`,
    all: "v128.and",
    any: "v128.or",
  } as const;
  code.op(instruction[fold], running, value);
  code.set(running);
}

/** Takes other running lanes in. */
export function join(context: FoldCode, running: Running, other: Running): void {
  other.forEach((local, half) => {
    combineOne(context, running[half]!, local);
  });
}

/** Stores one number: all lanes taken together. */
export function storeWhole(context: FoldCode, running: Running, address: Local, offset: number): void {
  const { code, fold, type, count, lanes } = context;
  const [first, second] = running as [Local, Local | undefined];
  if (second !== undefined) combineOne(context, first, second);
  code.get(address);
  if (fold.fold === "all" || fold.fold === "any") {
    code.op(fold.fold === "all" ? "i32x4.all_true" : "v128.any_true", first);
    code.access("i32.store8", offset);
    return;
  }
  if (isSum(fold.fold)) {
    code.lane("f64x2.extract_lane", 0, first);
    code.lane("f64x2.extract_lane", 1, first);
    code.op(fold.fold === "prod" ? "f64.mul" : "f64.add");
    if (fold.fold === "mean") {
      code.f64(count);
      code.op("f64.div");
    }
    if (fold.dtype === "float32") code.op("f32.demote_f64");
  } else {
    const scalar = type === "f64" ? "f64" : "f32";
    const used = type === "f64" ? 2 : lanes;
    code.lane(
      `${scalar}${used === 2 && scalar === "f64" ? "x2" : "x4"}.extract_lane` as "f32x4.extract_lane",
      0,
      first,
    );
    for (let lane = 1; lane < used; lane++) {
      code.lane(
        `${scalar}${scalar === "f64" ? "x2" : "x4"}.extract_lane` as "f32x4.extract_lane",
        lane,
        first,
      );
      code.op(`${scalar}.${fold.fold}` as "f32.max");
    }
    if (fold.dtype === "bool") {
      code.f32(0);
      code.op("f32.ne");
      code.access("i32.store8", offset);
      return;
    }
  }
  code.access(fold.dtype === "float32" ? "f32.store" : "f64.store", offset);
}

/** Stores one number for each of the first `valid` lanes. */
export function storeLanes(
  context: FoldCode,
  running: Running,
  address: Local,
  offset: number,
  valid: number,
): void {
  const { code, fold, type, count, lanes } = context;
  const result = code.local("v128");
  if (!isSum(fold.fold)) {
    code.get(running[0]!);
    if (fold.dtype === "bool" && type !== "mask") {
      code.op("f32x4.ne", code.constant("f32x4", 0));
      if (lanes === 2) code.op("i64x2.extend_low_i32x4_s");
    }
    code.set(result);
    storeConsecutive(code, fold.dtype, lanes, address, offset, result, valid);
    code.release(result);
    return;
  }
  if (fold.fold === "mean") {
    for (const half of running)
      code.set(half, () => {
        code.op("f64x2.div", half, code.constant("f64x2", count));
      });
  }
  if (fold.dtype === "float32") {
    code.op("f32x4.demote_f64x2_zero", running[0]!);
    if (running.length > 1) {
      code.op("f32x4.demote_f64x2_zero", running[1]!);
      code.shuffle32([0, 1, 4, 5]);
    }
    code.set(result);
    storeConsecutive(code, "float32", lanes, address, offset, result, valid);
  } else {
    running.forEach((half, index) => {
      const left = Math.min(2, valid - 2 * index);
      if (left > 0) storeConsecutive(code, fold.dtype, 2, address, offset + 16 * index, half, left);
    });
  }
  code.release(result);
}
