/**
 * The innermost function of a product: one tile of z in registers, over a stretch of k. Each element of x is spread over a vector
 * as it is loaded; vectors of y's columns are loaded once for all rows. Knows nothing of how products are cut into tiles.
 */
import type { FunctionBuilder, FunctionRef, Local, ModuleBuilder, Target } from "../../emit";
import { lanesOf, sizeOf, widthOf, type Product, type Tile } from "./product";

export interface TileKernel {
  readonly type: Product["type"];
  readonly tile: Tile;
  /** Columns of the last vector that are stored; all of them where it is 0. */
  readonly lastColumns: number;
  readonly depth: number;
  /** All in bytes. */
  readonly xRow: number;
  readonly xStep: number;
  readonly yStep: number;
  readonly zRow: number;
  /** Whether it adds to what z holds. */
  readonly adds: boolean;
  /** How many k are computed in one turn. */
  readonly unrolled: number;
}

/** A function of the addresses of x's first row, y's first column and z's tile. */
export function tileKernel(module: ModuleBuilder, target: Target, kernel: TileKernel): FunctionRef {
  const { type, tile, lastColumns, depth, xRow, xStep, yStep, zRow, adds, unrolled } = kernel;
  const name = `tile ${type} ${tile.rows}x${tile.vectors} ${lastColumns} ${depth} ${xRow} ${xStep} ${yStep} ${zRow} ${adds} ${unrolled}`;
  return module.shared(name, { parameters: ["i32", "i32", "i32"], results: [] }, (code) => {
    write(code, target, kernel);
  });
}

function write(code: FunctionBuilder, target: Target, kernel: TileKernel): void {
  const { tile, depth, xStep, yStep, unrolled } = kernel;
  const [x, y, z] = code.parameters as [Local, Local, Local];
  const sums = Array.from({ length: tile.rows * tile.vectors }, () => code.local("v128"));
  const columns = Array.from({ length: tile.vectors }, () => code.local("v128"));
  const spread = code.local("v128");
  if (kernel.adds)
    forEachVector(kernel, (at, offset) => {
      code.set(sums[at]!, () => {
        code.access("v128.load", offset, z);
      });
    });
  const step = (position: number): void => {
    for (const [j, column] of columns.entries()) {
      code.set(column, () => {
        code.access("v128.load", position * yStep + 16 * j, y);
      });
    }
    for (let row = 0; row < tile.rows; row++) {
      code.set(spread, () => {
        const load = kernel.type === "f32" ? "v128.load32_splat" : "v128.load64_splat";
        code.access(load, row * kernel.xRow + position * xStep, x);
      });
      for (const [j, column] of columns.entries()) {
        const sum = sums[row * tile.vectors + j]!;
        multiplyAdd(code, target, widthOf(kernel.type), spread, column, sum);
        code.set(sum);
      }
    }
  };
  const turns = depth <= 2 * unrolled ? 0 : Math.floor(depth / unrolled);
  if (turns > 0) {
    const end = code.define("i32", () => {
      code.op("i32.add", y, () => {
        code.i32(turns * unrolled * yStep);
      });
    });
    code.loop((again) => {
      for (let position = 0; position < unrolled; position++) step(position);
      advance(code, x, unrolled * xStep);
      advance(code, y, unrolled * yStep);
      code.op("i32.ne", y, end);
      code.brIf(again);
    });
  }
  for (let position = 0; position < depth - turns * unrolled; position++) step(position);
  store(code, kernel, z, sums);
}

/** Leaves x·y + z on the stack. */
export function multiplyAdd(
  code: FunctionBuilder,
  target: Target,
  width: "f32x4" | "f64x2",
  x: Local,
  y: Local,
  z: Local,
): void {
  if (target.fma) code.op(`${width}.relaxed_madd`, x, y, z);
  else {
    code.get(z);
    code.op(`${width}.mul`, x, y);
    code.op(`${width}.add`);
  }
}

export function advance(code: FunctionBuilder, pointer: Local, bytes: number): void {
  code.set(pointer, () => {
    code.op("i32.add", pointer, () => {
      code.i32(bytes);
    });
  });
}

/** Calls with the number of each of the tile's vectors and its offset in z. */
function forEachVector({ tile, zRow }: TileKernel, visit: (at: number, offset: number) => void): void {
  for (let row = 0; row < tile.rows; row++) {
    for (let j = 0; j < tile.vectors; j++) visit(row * tile.vectors + j, row * zRow + 16 * j);
  }
}

function store(code: FunctionBuilder, kernel: TileKernel, z: Local, sums: readonly Local[]): void {
  const { type, tile, lastColumns } = kernel;
  forEachVector(kernel, (at, offset) => {
    const isLast = at % tile.vectors === tile.vectors - 1;
    const count = isLast && lastColumns > 0 ? lastColumns : lanesOf(type);
    storeLanes(code, type, z, offset, sums[at]!, count);
  });
}

/** Stores the first lanes of a vector. */
export function storeLanes(
  code: FunctionBuilder,
  type: Product["type"],
  address: Local,
  offset: number,
  value: Local,
  count: number,
): void {
  if (count === lanesOf(type)) code.access("v128.store", offset, address, value);
  else if (sizeOf(type) === 8) code.accessLane("v128.store64_lane", offset, 0, address, value);
  else {
    if (count >= 2) code.accessLane("v128.store64_lane", offset, 0, address, value);
    if (count !== 2)
      code.accessLane("v128.store32_lane", offset + 4 * (count - 1), count - 1, address, value);
  }
}
