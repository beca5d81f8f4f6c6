/**
 * Products whose operands are both contiguous along k and that have few rows: each element of z is a sum in lanes, added up at the
 * end. Knows nothing of how products are cut into pieces.
 */
import type { FunctionBuilder, FunctionRef, Local, ModuleBuilder, Target } from "../../emit";
import { firstLanes, turn2, turn4 } from "./pack";
import { lanesOf, sizeOf, widthOf, type Product } from "./product";
import { advance, multiplyAdd, storeLanes } from "./tile-kernel";

export interface DotKernel {
  readonly type: Product["type"];
  /** At most 3. */
  readonly rows: number;
  /** At most 4. */
  readonly columns: number;
  readonly depth: number;
  /** In bytes. */
  readonly xRow: number;
  readonly yColumn: number;
  readonly zRow: number;
  readonly adds: boolean;
}

/** A function of the addresses of x's first row, y's first column and z's first element. */
export function dotKernel(module: ModuleBuilder, target: Target, kernel: DotKernel): FunctionRef {
  const { type, rows, columns, depth, xRow, yColumn, zRow, adds } = kernel;
  const name = `dots ${type} ${rows}x${columns} ${depth} ${xRow} ${yColumn} ${zRow} ${adds}`;
  return module.shared(name, { parameters: ["i32", "i32", "i32"], results: [] }, (code) => {
    write(code, target, kernel);
  });
}

function write(code: FunctionBuilder, target: Target, kernel: DotKernel): void {
  const { type, rows, columns, depth } = kernel;
  const [x, y, z] = code.parameters as [Local, Local, Local];
  const lanes = lanesOf(type);
  // Enough sums at a time that none waits for its last addition.
  const chains = Math.max(1, Math.floor(8 / (rows * columns)));
  const sums = Array.from({ length: rows * columns * chains }, () => code.local("v128"));
  const whole = Math.floor(depth / (lanes * chains));
  if (whole > 0) {
    const end = code.define("i32", () => {
      code.op("i32.add", x, () => {
        code.i32(whole * chains * 16);
      });
    });
    code.loop((again) => {
      for (let chain = 0; chain < chains; chain++)
        addProducts(code, target, kernel, 16 * chain, sums.slice(chain * rows * columns), lanes);
      advance(code, x, 16 * chains);
      advance(code, y, 16 * chains);
      code.op("i32.ne", x, end);
      code.brIf(again);
    });
  }
  for (let left = depth - whole * chains * lanes, offset = 0; left > 0; left -= lanes, offset += 16)
    addProducts(code, target, kernel, offset, sums, Math.min(left, lanes));
  const width = widthOf(type);
  for (let at = rows * columns; at < sums.length; at++) {
    code.op(`${width}.add`, sums[at % (rows * columns)]!, sums[at]!);
    code.set(sums[at % (rows * columns)]!);
  }
  for (let row = 0; row < rows; row++)
    storeRow(code, kernel, z, row, sums.slice(row * columns, (row + 1) * columns));
}

/** Adds the products of `count` elements to the first sums; lanes beyond are 0 on both sides. */
function addProducts(
  code: FunctionBuilder,
  target: Target,
  { type, rows, columns, xRow, yColumn }: DotKernel,
  offset: number,
  sums: readonly Local[],
  count: number,
): void {
  const [x, y] = code.parameters as [Local, Local];
  const mask = count < lanesOf(type) ? code.constantVector(firstLanes(type, count)) : undefined;
  const load = (address: Local, at: number): Local =>
    code.define("v128", () => {
      code.access("v128.load", at + offset, address);
      if (mask !== undefined) code.op("v128.and", mask);
    });
  const left = Array.from({ length: rows }, (_, row) => load(x, row * xRow));
  for (let column = 0; column < columns; column++) {
    const right = load(y, column * yColumn);
    for (const [row, values] of left.entries()) {
      const sum = sums[row * columns + column]!;
      multiplyAdd(code, target, widthOf(type), values, right, sum);
      code.set(sum);
    }
    code.release(right);
  }
  code.release(...left);
}

/** Adds up the lanes of each sum and stores the totals side by side. */
function storeRow(
  code: FunctionBuilder,
  kernel: DotKernel,
  z: Local,
  row: number,
  sums: readonly Local[],
): void {
  const { type, zRow, adds } = kernel;
  const [lanes, width] = [lanesOf(type), widthOf(type)];
  for (let first = 0; first < sums.length; first += lanes) {
    const some = sums.slice(first, first + lanes);
    const padded = Array.from({ length: lanes }, (_, lane) => some[lane] ?? some[0]!);
    const turned = type === "f32" ? turn4(code, padded) : turn2(code, padded);
    const total = code.define("v128", () => {
      if (type === "f32") {
        code.op("f32x4.add", turned[0]!, turned[1]!);
        code.op("f32x4.add", turned[2]!, turned[3]!);
      } else code.push(turned[0]!, turned[1]!);
      code.op(`${width}.add`);
    });
    const offset = row * zRow + first * sizeOf(type);
    if (adds) {
      code.access("v128.load", offset, z);
      code.op(`${width}.add`, total);
      code.set(total);
    }
    storeLanes(code, type, z, offset, total, some.length);
    code.release(total, ...turned);
  }
}
