/** Loads and stores of vectors of every element type, whole or in part. Knows nothing of loops. */
import type { DType } from "../../tensor";
import type { FunctionBuilder, Local } from "../emit";
import type { LaneCount } from "./lane-code";

export function bytesOf(dtype: DType): 1 | 4 | 8 {
  return dtype === "bool" ? 1 : dtype === "float32" ? 4 : 8;
}

/** Consecutive elements from `address + offset`, on the stack. What lies beyond them may be read. */
export function loadConsecutive(
  code: FunctionBuilder,
  dtype: DType,
  lanes: LaneCount,
  address: Local,
  offset: number,
): void {
  switch (dtype) {
    case "float64":
    case "int":
      code.access("v128.load", offset, address);
      return;
    case "float32":
      code.access(lanes === 4 ? "v128.load" : "v128.load64_zero", offset, address);
      return;
    case "bool":
      if (lanes === 4) code.access("v128.load32_zero", offset, address);
      else {
        code.access("i32.load16_u", offset, address);
        code.op("i32x4.splat");
      }
      bytesToMask(code, lanes);
  }
}

/** One element in all lanes. */
export function loadRepeated(code: FunctionBuilder, dtype: DType, address: Local, offset: number): void {
  switch (dtype) {
    case "float64":
    case "int":
      code.access("v128.load64_splat", offset, address);
      return;
    case "float32":
      code.access("v128.load32_splat", offset, address);
      return;
    case "bool":
      code.access("v128.load8_splat", offset, address);
      code.op("i8x16.ne", code.constant("i32x4", 0));
  }
}

/** The first `valid` of elements that lie `step` bytes apart, from `address + offset`; other lanes repeat the first. */
export function loadApart(
  code: FunctionBuilder,
  dtype: DType,
  lanes: LaneCount,
  address: Local,
  at: { readonly offset: number; readonly step: number; readonly valid: number },
): void {
  const { offset, step, valid } = at;
  const order = Array.from({ length: valid }, (_, lane) => lane);
  if (step >= 0) {
    loadLanes(
      code,
      dtype,
      lanes,
      address,
      order.map((lane) => offset + lane * step),
    );
    return;
  }
  // Offsets of instructions are not negative, so they count from the lowest element.
  const lowest = code.define("i32", () => {
    code.get(address);
    code.i32(offset + (valid - 1) * step);
    code.op("i32.add");
  });
  loadLanes(
    code,
    dtype,
    lanes,
    lowest,
    order.map((lane) => (lane - valid + 1) * step),
  );
  code.release(lowest);
}

/** One element a lane, each from its own offset; lanes without one repeat the first. */
function loadLanes(
  code: FunctionBuilder,
  dtype: DType,
  lanes: LaneCount,
  address: Local,
  offsets: readonly number[],
): void {
  const [first, ...others] = offsets;
  const vector = code.local("v128");
  const splat =
    dtype === "bool" ? "v128.load8_splat" : dtype === "float32" ? "v128.load32_splat" : "v128.load64_splat";
  const single =
    dtype === "bool" ? "v128.load8_lane" : dtype === "float32" ? "v128.load32_lane" : "v128.load64_lane";
  code.access(splat, first ?? 0, address);
  code.set(vector);
  others.forEach((offset, index) => {
    code.accessLane(single, offset, index + 1, address, vector);
    code.set(vector);
  });
  code.get(vector);
  code.release(vector);
  if (dtype === "bool") bytesToMask(code, lanes);
}

/** The low bytes of the vector on the stack as masks of lanes. */
function bytesToMask(code: FunctionBuilder, lanes: LaneCount): void {
  code.op("i16x8.extend_low_i8x16_u");
  code.op("i32x4.extend_low_i16x8_u");
  if (lanes === 2) code.op("i64x2.extend_low_i32x4_u");
  code.op(lanes === 2 ? "i64x2.ne" : "i32x4.ne", code.constant("i32x4", 0));
}

/** Stores the first `valid` lanes of a value whose lane type is that of `dtype`. */
export function storeConsecutive(
  code: FunctionBuilder,
  dtype: DType,
  lanes: LaneCount,
  address: Local,
  offset: number,
  value: Local,
  valid: number,
): void {
  switch (dtype) {
    case "float64":
    case "int":
      if (valid === 2) code.access("v128.store", offset, address, value);
      else code.accessLane("v128.store64_lane", offset, 0, address, value);
      return;
    case "float32":
      if (valid === 4) code.access("v128.store", offset, address, value);
      else {
        if (valid >= 2) code.accessLane("v128.store64_lane", offset, 0, address, value);
        if (valid % 2 === 1)
          code.accessLane("v128.store32_lane", offset + 4 * (valid - 1), valid - 1, address, value);
      }
      return;
    case "bool": {
      const bytes = code.define("v128", () => {
        maskToBytes(code, lanes, value);
      });
      if (valid === 4) code.accessLane("v128.store32_lane", offset, 0, address, bytes);
      else {
        if (valid >= 2) code.accessLane("v128.store16_lane", offset, 0, address, bytes);
        if (valid % 2 === 1)
          code.accessLane("v128.store8_lane", offset + valid - 1, valid - 1, address, bytes);
      }
      code.release(bytes);
    }
  }
}

/** A mask as bytes of 0 and 1, lowest lane first. */
function maskToBytes(code: FunctionBuilder, lanes: LaneCount, mask: Local): void {
  const ones = code.constant("i32x4", 1);
  if (lanes === 2) code.shuffle32([0, 2, 0, 2], mask, mask);
  else code.get(mask);
  code.op("v128.and", ones);
  const words = code.define("v128");
  code.op("i16x8.narrow_i32x4_u", words, words);
  code.set(words);
  code.op("i8x16.narrow_i16x8_u", words, words);
  code.release(words);
}
