/**
 * Cuts a product into tiles and writes the loops around them: stretches of k, blocks of rows that a packed block of columns is used
 * for, blocks of columns, tiles (after K. Goto, R. van de Geijn, Anatomy of high-performance matrix multiplication, 2008).
 * Knows nothing of operators.
 */
import {
  forRange,
  type FunctionBuilder,
  type Local,
  type ModuleBuilder,
  type Share,
  type Target,
} from "../../emit";
import { dotKernel } from "./dot-kernel";
import { packing } from "./pack";
import { forEachPart, pushAddress } from "./part-loops";
import {
  divisionOf,
  lanesOf,
  packBytesOf,
  planOf,
  scratchOf,
  sizeOf,
  storesOnce,
  withoutColumn,
  type Product,
  type ProductPlan,
  type Tuning,
  unrolledFor,
} from "./product";
import { tileKernel } from "./tile-kernel";

export { pushAddress };

export interface ProductContext {
  readonly module: ModuleBuilder;
  readonly code: FunctionBuilder;
  readonly target: Target;
  readonly tuning: Tuning;
  /** The share of the product that is computed: some of its columns or rows. Only where `isDivisible`. */
  readonly share?: Share | undefined;
}

/** Addresses, as i32 locals; `scratch` where `productScratch` is not 0. */
export interface ProductAddresses {
  readonly x: Local;
  readonly y: Local;
  readonly z: Local;
  readonly scratch: Local | undefined;
}

/** Writes what is done with a part of z once it is final: rows and columns from these on, `lastColumns` in the last vector (or all). */
export type Finish = (part: FinishedPart) => void;

export interface FinishedPart {
  readonly row: Local;
  readonly column: Local;
  readonly rows: number;
  readonly vectors: number;
  readonly lastColumns: number;
  /** Of its first element. */
  readonly address: Local;
  /** Where what was computed stands, and from one row to the next in bytes: there, or in scratch memory. */
  readonly from: Local;
  readonly fromRow: number;
}

export function productScratch(product: Product, tuning: Tuning): number {
  return scratchOf(planOf(withoutColumn(product), tuning));
}

/** Writes code that computes the product. */
export function writeProduct(
  context: ProductContext,
  given: Product,
  addresses: ProductAddresses,
  finish?: Finish,
): void {
  const product = withoutColumn(given);
  // A transposed vector: the operands change places.
  const swapped = product === given ? addresses : { ...addresses, x: addresses.y, y: addresses.x };
  if (product.m === 0 || product.n === 0) return;
  if (product.k === 0) {
    if (product.adds !== true) fillZeros(context, product, swapped.z);
    if (finish !== undefined) finishAll(context, product, swapped.z, finish);
    return;
  }
  const plan = planOf(product, context.tuning);
  if (plan.kind === "dots") writeDots(context, product, plan, swapped, finish);
  else new TileWriter(context, product, plan, swapped, finish).write();
}

function fillZeros({ code }: ProductContext, { type, m, n, zRow }: Product, z: Local): void {
  const size = sizeOf(type);
  forRange(code, 0, m, 1, (row) => {
    code.fill(
      () => {
        pushAddress(code, z, [[row, zRow * size]]);
      },
      () => {
        code.i32(0);
      },
      () => {
        code.i32(n * size);
      },
    );
  });
}

function finishAll(context: ProductContext, product: Product, z: Local, finish: Finish): void {
  const { code } = context;
  const [lanes, size] = [lanesOf(product.type), sizeOf(product.type)];
  forRange(code, 0, product.m, 1, (row) => {
    forRange(code, 0, product.n - (product.n % lanes), lanes, (column) => {
      finishPart(code, z, product, size, { row, column, rows: 1, vectors: 1, lastColumns: 0 }, finish);
    });
    if (product.n % lanes === 0) return;
    const column = code.define("i32", () => {
      code.i32(product.n - (product.n % lanes));
    });
    const part = { row, column, rows: 1, vectors: 1, lastColumns: product.n % lanes };
    finishPart(code, z, product, size, part, finish);
    code.release(column);
  });
}

function finishPart(
  code: FunctionBuilder,
  z: Local,
  { zRow }: Product,
  size: number,
  part: Omit<FinishedPart, "address" | "from" | "fromRow">,
  finish: Finish,
  apart?: Apart,
): void {
  const address = code.define("i32", () => {
    pushAddress(code, z, [
      [part.row, zRow * size],
      [part.column, size],
    ]);
  });
  finish({ ...part, address, from: apart?.tile ?? address, fromRow: apart?.row ?? zRow * size });
  code.release(address);
}

/** A tile in scratch memory, from which it goes to z when it is finished: z may be what finishing reads. */
interface Apart {
  readonly tile: Local;
  /** In bytes. */
  readonly row: number;
}

/** Where z is written once, and there is scratch memory. */
function apartOf(
  { code, tuning }: ProductContext,
  product: Product,
  plan: ProductPlan,
  scratch: Local | undefined,
): Local | undefined {
  if (scratch === undefined || !storesOnce(product, tuning)) return undefined;
  return code.define("i32", () => {
    pushAddress(code, scratch, [[1, packBytesOf(plan)]]);
  });
}

function writeDots(
  context: ProductContext,
  product: Product,
  plan: ProductPlan,
  { x, y, z, scratch }: ProductAddresses,
  finish: Finish | undefined,
): void {
  const { module, code, target, share } = context;
  const { type, m, k, n, xRow, yColumn, zRow } = product;
  const [size, lanes] = [sizeOf(type), lanesOf(type)];
  const adds = product.adds === true;
  const tile = finish && apartOf(context, product, plan, scratch);
  forEachPart(code, m, 3, undefined, (row, rows) => {
    forEachPart(code, n, 4, share, (column, columns) => {
      const kernel = {
        type,
        rows,
        columns,
        depth: k,
        xRow: xRow * size,
        yColumn: yColumn * size,
        zRow: tile === undefined ? zRow * size : 16 * Math.ceil(columns / lanes),
        adds,
      };
      code.call(
        dotKernel(module, target, kernel),
        () => {
          pushAddress(code, x, [[row, xRow * size]]);
        },
        () => {
          pushAddress(code, y, [[column, yColumn * size]]);
        },
        tile ??
          (() => {
            pushAddress(code, z, [
              [row, zRow * size],
              [column, size],
            ]);
          }),
      );
      if (finish === undefined) return;
      const part = { row, column, rows, vectors: Math.ceil(columns / lanes), lastColumns: columns % lanes };
      finishPart(code, z, product, size, part, finish, tile && { tile, row: kernel.zRow });
    });
  });
  if (tile !== undefined) code.release(tile);
}

class TileWriter {
  readonly #context: ProductContext;
  readonly #product: Product;
  readonly #plan: Extract<ProductPlan, { readonly kind: "tiles" }>;
  readonly #addresses: ProductAddresses;
  readonly #finish: Finish | undefined;
  readonly #size: number;
  readonly #divided: "rows" | "columns" | undefined;
  /** The tile that is finished, where it does not stand in z already. */
  #apart: Local | undefined;

  constructor(
    context: ProductContext,
    product: Product,
    plan: Extract<ProductPlan, { readonly kind: "tiles" }>,
    addresses: ProductAddresses,
    finish: Finish | undefined,
  ) {
    this.#context = context;
    this.#product = product;
    this.#plan = plan;
    this.#addresses = addresses;
    this.#finish = finish;
    this.#size = sizeOf(product.type);
    this.#divided = divisionOf(product, plan);
  }

  /** The share where it is of rows, or of columns. */
  #shareOf(divided: "rows" | "columns"): Share | undefined {
    return divided === this.#divided ? this.#context.share : undefined;
  }

  /** Stretches of k: the first one sets z, the last one finishes it, those between are alike. */
  write(): void {
    const { code } = this.#context;
    const { k, adds } = this.#product;
    const { depth } = this.#plan;
    const sets = adds !== true;
    const count = Math.ceil(k / depth);
    if (count === 1) {
      if (this.#finish !== undefined)
        this.#apart = apartOf(this.#context, this.#product, this.#plan, this.#addresses.scratch);
      this.#stretch(0, k, sets, true);
      if (this.#apart !== undefined) code.release(this.#apart);
      return;
    }
    this.#stretch(0, depth, sets, false);
    const last = (count - 1) * depth;
    forRange(code, depth, last, depth, (start) => {
      this.#stretch(start, depth, false, false);
    });
    this.#stretch(last, k - last, false, true);
  }

  #stretch(start: Local | number, depth: number, sets: boolean, isLast: boolean): void {
    const { code } = this.#context;
    const { n } = this.#product;
    const { tile } = this.#plan;
    const lanes = lanesOf(this.#product.type);
    this.#forEachBlockOfRows((firstRow, height) => {
      forEachPart(code, n, tile.vectors * lanes, this.#shareOf("columns"), (column, columns) => {
        const piece: Piece = {
          start,
          depth,
          firstRow,
          height,
          column,
          vectors: Math.ceil(columns / lanes),
          lastColumns: columns % lanes,
          sets,
          isLast,
        };
        this.#columns(piece);
      });
    });
  }

  /** Only packed blocks are used for fewer than all rows at a time. */
  #forEachBlockOfRows(body: (firstRow: Local | number, height: number) => void): void {
    const { m } = this.#product;
    const { packs, height, tile } = this.#plan;
    const block = height - (height % tile.rows);
    if (!packs || m <= block) body(0, m);
    else forEachPart(this.#context.code, m, block, undefined, body);
  }

  /** All tiles of a block of rows and a block of columns. */
  #columns(piece: Piece): void {
    const { code, module } = this.#context;
    const { type, yStep, yColumn } = this.#product;
    const { packs } = this.#plan;
    const { depth, vectors, lastColumns, column, start } = piece;
    const size = this.#size;
    const first = code.define("i32", () => {
      pushAddress(code, this.#addresses.y, [
        [start, yStep * size],
        [column, yColumn * size],
      ]);
    });
    if (packs) {
      const { scratch } = this.#addresses;
      if (scratch === undefined) throw new Error("a packed product needs scratch memory");
      const block = { type, depth, vectors, lastColumns, yStep: yStep * size, yColumn: yColumn * size };
      code.call(packing(module, block), first, scratch);
      code.set(first, scratch);
    }
    this.#tiles(piece, first);
    code.release(first);
  }

  #tiles(piece: Piece, y: Local): void {
    const { code, module, target, tuning } = this.#context;
    const { type, xRow, xStep, yStep, zRow } = this.#product;
    const { packs, tile } = this.#plan;
    const { start, depth, firstRow, height, column, vectors, lastColumns, sets, isLast } = piece;
    const size = this.#size;
    const apart = this.#apart;
    const x = code.define("i32", () => {
      pushAddress(code, this.#addresses.x, [
        [firstRow, xRow * size],
        [start, xStep * size],
      ]);
    });
    const z = code.define("i32", () => {
      pushAddress(code, this.#addresses.z, [
        [firstRow, zRow * size],
        [column, size],
      ]);
    });
    forEachPart(code, height, tile.rows, this.#shareOf("rows"), (row, rows) => {
      const kernel = {
        type,
        tile: { rows, vectors },
        lastColumns,
        depth,
        xRow: xRow * size,
        xStep: xStep * size,
        yStep: packs ? 16 * vectors : yStep * size,
        zRow: apart === undefined ? zRow * size : 16 * vectors,
        adds: !sets,
        unrolled: unrolledFor(tuning),
      };
      code.call(
        tileKernel(module, target, kernel),
        () => {
          pushAddress(code, x, [[row, xRow * size]]);
        },
        y,
        apart ??
          (() => {
            pushAddress(code, z, [[row, zRow * size]]);
          }),
      );
      const finish = this.#finish;
      if (!isLast || finish === undefined) return;
      const absolute = code.define("i32", () => {
        pushAddress(code, row, [[firstRow, 1]]);
      });
      const part = { row: absolute, column, rows, vectors, lastColumns };
      const tileApart = apart && { tile: apart, row: 16 * vectors };
      finishPart(code, this.#addresses.z, this.#product, size, part, finish, tileApart);
      code.release(absolute);
    });
    code.release(x, z);
  }
}

interface Piece {
  readonly start: Local | number;
  readonly depth: number;
  readonly firstRow: Local | number;
  readonly height: number;
  readonly column: Local;
  readonly vectors: number;
  readonly lastColumns: number;
  readonly sets: boolean;
  readonly isLast: boolean;
}
