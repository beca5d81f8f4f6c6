/**
 * What a matrix product is to the kernels of this folder: z[i, j] = Σₖ x[i, k]·y[k, j] by sizes and strides, so that transposed
 * operands, vectors, convolutions and attention are all the same. Knows nothing of code.
 */

/** Strides count elements. z's columns are contiguous. */
export interface Product {
  readonly type: "f32" | "f64";
  readonly m: number;
  readonly k: number;
  readonly n: number;
  /** From a row of x to the next, and from one k to the next; one of them is 1. */
  readonly xRow: number;
  readonly xStep: number;
  /** From one k to the next in y, and from a column to the next; one of them is 1. */
  readonly yStep: number;
  readonly yColumn: number;
  readonly zRow: number;
  /** Adds to what z holds. */
  readonly adds?: true;
}

export function sizeOf(type: Product["type"]): 4 | 8 {
  return type === "f32" ? 4 : 8;
}

/** The numbers in a vector. */
export function lanesOf(type: Product["type"]): 4 | 2 {
  return type === "f32" ? 4 : 2;
}

/** The lanes' instructions. */
export function widthOf(type: Product["type"]): "f32x4" | "f64x2" {
  return type === "f32" ? "f32x4" : "f64x2";
}

/** A column as the row of the transposed product: (x y)ᵀ = yᵀ xᵀ. */
export function withoutColumn(product: Product): Product {
  if (product.n !== 1 || product.m === 1 || product.zRow !== 1) return product;
  const { type, m, k, xRow, xStep, yStep } = product;
  return {
    type,
    m: 1,
    k,
    n: m,
    // One row, whose step is that of the vector.
    xRow: k * yStep,
    xStep: yStep,
    yStep: xStep,
    yColumn: xRow,
    zRow: m,
    ...(product.adds === true ? { adds: true } : {}),
  };
}

/** A tile of z that is held in registers: rows, and vectors of columns. */
export interface Tile {
  readonly rows: number;
  readonly vectors: number;
}

/** How a product is computed. */
export type ProductPlan =
  | { readonly kind: "dots" }
  | {
      readonly kind: "tiles";
      readonly tile: Tile;
      /** Whether a block of columns of y is copied to scratch memory first. */
      readonly packs: boolean;
      /** The longest stretch of k that is computed at once. */
      readonly depth: number;
      /** The most rows for which a packed block is used before the next. */
      readonly height: number;
    };

/**
 * How an engine's code generator treats the innermost loop. Some load everything that a turn needs before its first
 * multiplication, whatever the order of the code: they need tiles whose operands all fit into registers beside the sums, and one k a
 * turn. Others keep the order of the code.
 */
export interface Tuning {
  readonly loads: "first" | "in order";
  readonly fma: boolean;
}

/** How many k are computed in one turn of the innermost loop. */
export function unrolledFor({ loads }: Tuning): number {
  return loads === "first" ? 1 : 4;
}

/** Vector registers that engines hand out: one of 16 is kept for their own use. */
const registers = 15;

/** Registers for the sums, the columns' vectors, the rows' elements and a product that is not added at once. */
function registersOf({ rows, vectors }: Tile, { loads, fma }: Tuning): number {
  return rows * vectors + vectors + (loads === "first" ? rows : 1) + (fma ? 0 : 1);
}

/** Sums that an engine adds to at the same time: two units, each with four additions under way. */
const chains = 8;

/** Bytes of a packed block of columns: half of the smallest first-level cache. */
const blockBytes = 16_384;

export function planOf(product: Product, tuning: Tuning): ProductPlan {
  const { type, m, k, n, xStep, yStep, yColumn } = product;
  const [lanes, size] = [lanesOf(type), sizeOf(type)];
  if (yColumn !== 1 && xStep === 1 && yStep === 1 && (m < 4 || n === 1)) return { kind: "dots" };
  const tile = tileFor(m, Math.ceil(n / lanes), tuning);
  const packs = yColumn !== 1 || (m >= 4 * tile.rows && k >= 32 && yStep * size >= 256);
  const depth = Math.min(k, 4 * Math.floor(blockBytes / (tile.vectors * 64)));
  return { kind: "tiles", tile, packs, depth, height: 240 };
}

/** Bytes of scratch memory that the plan needs. */
export function scratchOf(plan: ProductPlan): number {
  const tile = plan.kind === "tiles" ? plan.tile.rows * plan.tile.vectors : largestDots;
  return packBytesOf(plan) + 16 * tile;
}

/** Those of them that packed columns take; behind them is room for a tile. */
export function packBytesOf(plan: ProductPlan): number {
  return plan.kind === "tiles" && plan.packs ? (plan.depth + 4) * plan.tile.vectors * 16 : 0;
}

/** Whether every element of z is written once, when it is finished: z may then lie where finishing reads its elements. */
export function storesOnce(given: Product, tuning: Tuning): boolean {
  const product = withoutColumn(given);
  const plan = planOf(product, tuning);
  const { m, k, n, adds } = product;
  // What is small is finished sooner where it is.
  if (m * n < 1024) return false;
  return k > 0 && adds !== true && (plan.kind === "dots" || k <= plan.depth);
}

/** Vectors of a part of a product by dots: 3 rows of 4 doubles. */
const largestDots = 6;

/** Whether its rows or columns can be computed in shares. */
export function isDivisible(given: Product, tuning: Tuning): boolean {
  const product = withoutColumn(given);
  return product.k > 0 && divisionOf(product, planOf(product, tuning)) !== undefined;
}

/** What shares are made of: where columns are packed, blocks of columns, so that each is packed once, if there are enough of them. */
export function divisionOf(product: Product, plan: ProductPlan): "rows" | "columns" | undefined {
  const { m, n, type } = product;
  if (plan.kind === "dots") return n >= 8 ? "columns" : undefined;
  const { tile, packs } = plan;
  const [down, across] = [Math.floor(m / tile.rows), Math.floor(n / (tile.vectors * lanesOf(type)))];
  if (across >= (packs ? 8 : down)) return across > 1 ? "columns" : undefined;
  return down > 1 ? "rows" : undefined;
}

/** The tile with the least cost, edges included. */
function tileFor(rows: number, vectors: number, tuning: Tuning): Tile {
  let best: Tile = { rows: 1, vectors: 1 };
  let least = Infinity;
  for (let wide = 1; wide <= Math.min(vectors, registers); wide++) {
    for (let high = 1; high <= Math.min(rows, registers); high++) {
      const tile = { rows: high, vectors: wide };
      if (registersOf(tile, tuning) > registers) break;
      const cost = costOf(tile, rows, vectors);
      if (cost >= least) continue;
      least = cost;
      best = tile;
    }
  }
  return best;
}

/** Time for one k: multiplications, as many as can be under way, and a little for loads. */
function costOf(tile: Tile, rows: number, vectors: number): number {
  let cost = 0;
  for (const [high, timesDown] of parts(rows, tile.rows)) {
    for (const [wide, timesAcross] of parts(vectors, tile.vectors))
      cost += timesDown * timesAcross * (Math.max(high * wide, chains) + 0.25 * (high + wide) + 1);
  }
  return cost;
}

/** A length in steps of one size, and the rest: [size, how often]. */
export function parts(length: number, size: number): (readonly [number, number])[] {
  const whole = Math.floor(length / size);
  const rest = length - whole * size;
  return [...(whole > 0 ? [[size, whole] as const] : []), ...(rest > 0 ? [[rest, 1] as const] : [])];
}
