/** Loops over the lanes of a tensor along one axis, element by element, in float64. Knows no operator. */
import type { DType, Shape } from "../../tensor";
import { forRange, type FunctionBuilder, type Local } from "../emit";
import { bytesOf } from "../loops/lane-memory";

/** A tensor that is walked along with the lanes; undefined `length` is that of the lanes, 1 is one element for each lane. */
export interface LanePlace {
  readonly address: Local;
  readonly dtype: DType;
  readonly perLane?: true;
}

export interface LaneShape {
  readonly outer: number;
  readonly length: number;
  readonly inner: number;
}

/** The element counts before, along and after an axis; a scalar is one lane of one element. */
export function lanesOf(shape: Shape, axis: number): LaneShape {
  const product = (sizes: Shape): number => sizes.reduce((count, size) => count * size, 1);
  return {
    outer: product(shape.slice(0, axis)),
    length: shape[axis] ?? 1,
    inner: product(shape.slice(axis + 1)),
  };
}

/**
 * `begin` before each lane, `visit` at each of its elements, `end` behind it. They get the places' addresses: of those that have one
 * element a lane always that one.
 */
export function forEachLane(
  code: FunctionBuilder,
  { outer, length, inner }: LaneShape,
  places: readonly LanePlace[],
  lane: {
    begin(addresses: readonly Local[]): void;
    visit(addresses: readonly Local[], position: Local): void;
    end(addresses: readonly Local[]): void;
  },
): void {
  if (outer === 0 || inner === 0) return;
  const sizes = places.map(({ dtype }) => bytesOf(dtype));
  const bases = places.map(({ address }) => code.define("i32", address));
  const advance = (addresses: readonly Local[], steps: readonly number[]): void => {
    for (const [k, address] of addresses.entries()) {
      if (steps[k] === 0) continue;
      code.get(address);
      code.i32(steps[k]!);
      code.op("i32.add");
      code.set(address);
    }
  };
  forRange(code, 0, outer, 1, () => {
    forRange(code, 0, inner, 1, () => {
      const at = bases.map((base) => code.define("i32", base));
      lane.begin(at);
      forRange(code, 0, length, 1, (position) => {
        lane.visit(at, position);
        advance(
          at,
          places.map(({ perLane }, k) => (perLane === true ? 0 : inner * sizes[k]!)),
        );
      });
      lane.end(at);
      code.release(...at);
      advance(bases, sizes);
    });
    advance(
      bases,
      places.map(({ perLane }, k) => (perLane === true ? 0 : (length - 1) * inner * sizes[k]!)),
    );
  });
  code.release(...bases);
}

/** The element as a double, on the stack. */
export function loadDouble(code: FunctionBuilder, dtype: DType, address: Local): void {
  switch (dtype) {
    case "float64":
    case "int":
      code.access("f64.load", 0, address);
      return;
    case "float32":
      code.access("f32.load", 0, address);
      code.op("f64.promote_f32");
      return;
    case "bool":
      code.access("i32.load8_u", 0, address);
      code.op("f64.convert_i32_u");
  }
}

/** Stores a double, rounded to a float or whole type. */
export function storeDouble(code: FunctionBuilder, dtype: DType, address: Local, value: Local): void {
  code.get(address);
  code.get(value);
  if (dtype === "float32") code.op("f32.demote_f64");
  code.access(dtype === "float32" ? "f32.store" : "f64.store", 0);
}
