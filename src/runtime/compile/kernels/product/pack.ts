/**
 * Copies a block of y's columns so that the vectors of one k lie side by side, and the next k's right behind them; columns that
 * are missing in the last vector become 0. Knows nothing of products otherwise.
 */
import { forRange, type FunctionBuilder, type FunctionRef, type Local, type ModuleBuilder } from "../../emit";
import { lanesOf, sizeOf, type Product } from "./product";
import { advance } from "./tile-kernel";

export interface Block {
  readonly type: Product["type"];
  readonly depth: number;
  readonly vectors: number;
  /** Columns of the last vector; all of them where it is 0. */
  readonly lastColumns: number;
  /** In bytes; the other one of the two is that of one element. */
  readonly yStep: number;
  readonly yColumn: number;
}

/** A function of the addresses of y's first column and of the block. */
export function packing(module: ModuleBuilder, block: Block): FunctionRef {
  const { type, depth, vectors, lastColumns, yStep, yColumn } = block;
  const name = `pack ${type} ${depth} ${vectors} ${lastColumns} ${yStep} ${yColumn}`;
  return module.shared(name, { parameters: ["i32", "i32"], results: [] }, (code) => {
    if (yColumn === sizeOf(type)) copyRows(code, block);
    else transpose(code, block);
  });
}

/** Columns lie side by side in y already. */
function copyRows(code: FunctionBuilder, { type, depth, vectors, lastColumns, yStep }: Block): void {
  const [from, to] = code.parameters as [Local, Local];
  const mask = lastColumns > 0 ? code.constantVector(firstLanes(type, lastColumns)) : undefined;
  forRange(code, 0, depth, 1, () => {
    for (let j = 0; j < vectors; j++) {
      code.push(to);
      code.access("v128.load", 16 * j, from);
      if (mask !== undefined && j === vectors - 1) code.op("v128.and", mask);
      code.access("v128.store", 16 * j);
    }
    advance(code, from, yStep);
    advance(code, to, 16 * vectors);
  });
}

/** All bits set in the first lanes. */
export function firstLanes(type: Product["type"], count: number): Uint8Array {
  return Uint8Array.from({ length: 16 }, (_, byte) => (byte < count * sizeOf(type) ? 255 : 0));
}

/** Columns are rows in memory: squares of as many as a vector has are turned over in registers. */
function transpose(code: FunctionBuilder, block: Block): void {
  const { type, depth, vectors, lastColumns } = block;
  const lanes = lanesOf(type);
  const [from, to] = code.parameters as [Local, Local];
  const whole = depth - (depth % lanes);
  const square = (rows: number): void => {
    for (let j = 0; j < vectors; j++) {
      const columns = j === vectors - 1 && lastColumns > 0 ? lastColumns : lanes;
      turnSquare(code, block, j, columns, rows);
    }
  };
  forRange(code, 0, whole, lanes, () => {
    square(lanes);
    advance(code, from, lanes * sizeOf(type));
    advance(code, to, lanes * 16 * vectors);
  });
  if (depth > whole) square(depth - whole);
}

function turnSquare(
  code: FunctionBuilder,
  { type, vectors, yColumn }: Block,
  vector: number,
  columns: number,
  rows: number,
): void {
  const [from, to] = code.parameters as [Local, Local];
  const lanes = lanesOf(type);
  const loaded = Array.from({ length: lanes }, (_, column) =>
    code.define("v128", () => {
      if (column < columns) code.access("v128.load", (vector * lanes + column) * yColumn, from);
      else code.v128(new Uint8Array(16));
    }),
  );
  const turned = type === "f32" ? turn4(code, loaded) : turn2(code, loaded);
  for (let row = 0; row < rows; row++)
    code.access("v128.store", 16 * (row * vectors + vector), to, turned[row]!);
  code.release(...loaded, ...turned);
}

/** Four vectors of four as the four of their first, second, third and fourth lanes. */
export function turn4(code: FunctionBuilder, [a, b, c, d]: readonly Local[]): Local[] {
  const pick = (lanes: readonly [number, number, number, number], x: Local, y: Local): Local =>
    code.define("v128", () => {
      code.shuffle32(lanes, x, y);
    });
  const [abLow, cdLow] = [pick([0, 4, 1, 5], a!, b!), pick([0, 4, 1, 5], c!, d!)];
  const [abHigh, cdHigh] = [pick([2, 6, 3, 7], a!, b!), pick([2, 6, 3, 7], c!, d!)];
  const turned = [
    pick([0, 1, 4, 5], abLow, cdLow),
    pick([2, 3, 6, 7], abLow, cdLow),
    pick([0, 1, 4, 5], abHigh, cdHigh),
    pick([2, 3, 6, 7], abHigh, cdHigh),
  ];
  code.release(abLow, cdLow, abHigh, cdHigh);
  return turned;
}

export function turn2(code: FunctionBuilder, [a, b]: readonly Local[]): Local[] {
  return [
    code.define("v128", () => {
      code.shuffle64([0, 2], a!, b!);
    }),
    code.define("v128", () => {
      code.shuffle64([1, 3], a!, b!);
    }),
  ];
}
