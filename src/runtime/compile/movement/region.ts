/** Copies a part of one tensor to a part of another, element for element, in the longest runs that there are. Knows no operator. */
import { forRange, type FunctionBuilder, type Local } from "../emit";

/** All strides and offsets in elements. */
export interface Region {
  readonly shape: readonly number[];
  readonly from: { readonly strides: readonly number[]; readonly offset: number };
  readonly to: { readonly strides: readonly number[]; readonly offset: number };
}

interface Axis {
  readonly size: number;
  readonly from: number;
  readonly to: number;
}

/** `bytes` is the size of an element. */
export function copyRegion(
  code: FunctionBuilder,
  bytes: 1 | 4 | 8,
  from: Local,
  to: Local,
  region: Region,
): void {
  if (region.shape.includes(0)) return;
  const axes = mergedAxes(region);
  const inner = axes.at(-1);
  const isRun = inner?.from === 1 && inner.to === 1;
  const outer = isRun ? axes.slice(0, -1) : axes;
  const run = (isRun ? inner.size : 1) * bytes;
  const start = (base: Local, offset: number): Local =>
    code.define("i32", () => {
      code.get(base);
      code.i32(offset * bytes);
      code.op("i32.add");
    });
  const [source, target] = [start(from, region.from.offset), start(to, region.to.offset)];
  const nest = (depth: number, read: Local, write: Local): void => {
    const axis = outer[depth];
    if (axis === undefined) {
      copyRun(code, run, read, write);
      return;
    }
    const [nextRead, nextWrite] = [code.define("i32", read), code.define("i32", write)];
    forRange(code, 0, axis.size, 1, () => {
      nest(depth + 1, nextRead, nextWrite);
      step(code, nextRead, axis.from * bytes);
      step(code, nextWrite, axis.to * bytes);
    });
    code.release(nextRead, nextWrite);
  };
  nest(0, source, target);
  code.release(source, target);
}

function step(code: FunctionBuilder, address: Local, bytes: number): void {
  if (bytes === 0) return;
  code.get(address);
  code.i32(bytes);
  code.op("i32.add");
  code.set(address);
}

/** Runs this long are left to the engine. */
const longRun = 256;

/** Copies bytes that lie one after the other. */
export function copyRun(code: FunctionBuilder, bytes: number, from: Local, to: Local): void {
  if (bytes >= longRun) {
    code.copy(to, from, () => {
      code.i32(bytes);
    });
    return;
  }
  for (let at = 0; at < bytes;) {
    const left = bytes - at;
    const [load, store, size] =
      left >= 16
        ? (["v128.load", "v128.store", 16] as const)
        : left >= 8
          ? (["i64.load", "i64.store", 8] as const)
          : left >= 4
            ? (["i32.load", "i32.store", 4] as const)
            : (["i32.load8_u", "i32.store8", 1] as const);
    code.get(to);
    code.access(load, at, from);
    code.access(store, at);
    at += size;
  }
}

/** Without axes of size 1, neighbours that are crossed with one stride on both sides joined. */
function mergedAxes({ shape, from, to }: Region): Axis[] {
  const axes: Axis[] = [];
  for (const [k, size] of shape.entries()) {
    if (size === 1) continue;
    const axis = { size, from: from.strides[k]!, to: to.strides[k]! };
    const last = axes.at(-1);
    if (last?.from === axis.from * size && last.to === axis.to * size)
      axes[axes.length - 1] = { ...axis, size: last.size * size };
    else axes.push(axis);
  }
  return axes;
}

/** Sets `count` elements from the address to one number; up to 15 bytes behind them may be written. */
export function fillWith(
  code: FunctionBuilder,
  dtype: "float64" | "float32" | "int" | "bool",
  address: Local,
  count: number,
  value: number,
): void {
  const bytes = count * (dtype === "bool" ? 1 : dtype === "float32" ? 4 : 8);
  if (bytes === 0) return;
  const isZero = Object.is(value, 0);
  if (isZero || dtype === "bool") {
    const byte = (): void => {
      code.i32(isZero ? 0 : Number(value !== 0));
    };
    code.fill(address, byte, () => {
      code.i32(bytes);
    });
    return;
  }
  const vector = code.constant(
    dtype === "float32" ? "f32x4" : "f64x2",
    dtype === "int" ? Math.trunc(value) : value,
  );
  forRange(code, 0, bytes, 16, (at) => {
    code.op("i32.add", address, at);
    code.access("v128.store", 0, vector);
  });
}
