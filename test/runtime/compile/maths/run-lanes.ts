/** Runs one vector function over many numbers, for the tests of vector maths. */
import {
  exportedFunction,
  forRange,
  ModuleBuilder,
  webAssembly,
  type FunctionBuilder,
  type Target,
} from "../../../../src/runtime/compile/emit";
import {
  loadFunctionConstants,
  writeVectorFunction,
  type LaneType,
  type VectorFunction,
} from "../../../../src/runtime/compile/maths";

/** The number of a function's operands. */
export function arityOf(name: VectorFunction): 1 | 2 {
  return name === "pow" || name === "atan2" ? 2 : 1;
}

const first = 0;
const pages = 256;
const room = (pages * 65_536) / 4;

/** The values at each place of `x` (and `y`); at most 2²⁰ numbers. */
export function valuesOf(
  name: VectorFunction,
  type: LaneType,
  target: Target,
  x: readonly number[] | Float64Array | Float32Array,
  y: readonly number[] | Float64Array | Float32Array = [],
): Float64Array {
  const size = type === "f32x4" ? 4 : 8;
  if (x.length * size > room - 16) throw new Error("too many numbers");
  const module = new ModuleBuilder();
  const code = module.function({ parameters: ["i32"], results: [] });
  writeLoop(code, module, name, type, target);
  module.export("run", code);
  const memory = new webAssembly!.Memory({ initial: pages });
  const bytes = module.finish(pages);
  const instance = new webAssembly!.Instance(new webAssembly!.Module(bytes), { env: { memory } });
  const view = (start: number): Float32Array | Float64Array =>
    type === "f32x4"
      ? new Float32Array(memory.buffer, start, x.length)
      : new Float64Array(memory.buffer, start, x.length);
  view(first).set(x);
  if (arityOf(name) === 2) view(room).set(y);
  exportedFunction(instance, "run")(x.length * size);
  return Float64Array.from(view(2 * room));
}

function writeLoop(
  code: FunctionBuilder,
  module: ModuleBuilder,
  name: VectorFunction,
  type: LaneType,
  target: Target,
): void {
  const constants = loadFunctionConstants(code, target, [[name, type]]);
  const [end] = code.parameters;
  forRange(code, first, end!, 16, (at) => {
    const operands = [0, room].slice(0, arityOf(name)).map((start) =>
      code.define("v128", () => {
        code.access("v128.load", start, at);
      }),
    );
    const value = code.define("v128", () => {
      writeVectorFunction(code, module, target, name, type, operands, constants);
    });
    code.access("v128.store", 2 * room, at, value);
    code.release(value, ...operands);
  });
}

/** How many numbers of the format lie between two: 0 where they are the same or both NaN; 0 and −0 differ by 1. */
export function ulpsBetween(type: LaneType, a: number, b: number): number {
  if (Object.is(a, b) || (a !== a && b !== b)) return 0;
  if (a !== a || b !== b) return Infinity;
  return Number(type === "f32x4" ? orderOfSingle(a) - orderOfSingle(b) : orderOfDouble(a) - orderOfDouble(b));
}

const view = new DataView(new ArrayBuffer(8));

function orderOfSingle(value: number): bigint {
  view.setFloat32(0, value);
  const bits = BigInt(view.getInt32(0));
  return bits >= 0n ? bits : -(bits & 0x7fffffffn) - 1n;
}

function orderOfDouble(value: number): bigint {
  view.setFloat64(0, value);
  const bits = view.getBigInt64(0);
  return bits >= 0n ? bits : -(bits & 0x7fffffffffffffffn) - 1n;
}
