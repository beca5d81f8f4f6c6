/** Square matrices, batched: their checks and their factorisation by elimination with row exchanges. Knows nothing of operators. */
import { compareSizes, type Shape } from "../../tensor";
import { indexOf } from "../multi-index";
import type { OperandType } from "../parameters";
import { reject, type Fault, type Rejected } from "../rejection";

/** Refuses what is not a square matrix or a batch of them. */
export function checkSquare(input: string, { shape }: OperandType): Rejected | undefined {
  if (shape.length < 2) {
    return reject({ kind: "rank", input, found: shape.length, needs: "a square matrix" });
  }
  const axis = shape.length - 2;
  const left = { input, axis, dim: shape[axis]! };
  const right = { input, axis: axis + 1, dim: shape[axis + 1]! };
  if (compareSizes(left.dim.size, right.dim.size) !== "different") return undefined;
  return reject({ kind: "unequal-dimensions", rule: "the matrix must be square", left, right });
}

/** P·A = L·U in one array: U on and above the diagonal, L below it with ones on its diagonal. */
export interface Factors {
  readonly size: number;
  readonly values: Float64Array;
  /** Row i of P·A is row `rows[i]` of A. */
  readonly rows: Int32Array;
  /** −1 for an odd number of exchanges, otherwise 1. */
  readonly sign: number;
}

/** Gaussian elimination with partial pivoting of the matrix that begins at `start`. */
export function factorize(matrices: Float64Array, start: number, size: number): Factors {
  const values = matrices.slice(start, start + size * size);
  const rows = Int32Array.from({ length: size }, (_, i) => i);
  let sign = 1;
  for (let column = 0; column < size; column++) {
    const pivot = largestBelow(values, column, size);
    if (pivot !== column) {
      exchangeRows(values, pivot, column, size);
      [rows[pivot], rows[column]] = [rows[column]!, rows[pivot]!];
      sign = -sign;
    }
    const diagonal = values[column * size + column]!;
    if (diagonal === 0) continue;
    for (let row = column + 1; row < size; row++) eliminate(values, row, column, size, diagonal);
  }
  return { size, values, rows, sign };
}

function largestBelow(values: Float64Array, column: number, size: number): number {
  let pivot = column;
  for (let row = column + 1; row < size; row++) {
    if (Math.abs(values[row * size + column]!) > Math.abs(values[pivot * size + column]!)) pivot = row;
  }
  return pivot;
}

function exchangeRows(values: Float64Array, a: number, b: number, size: number): void {
  for (let j = 0; j < size; j++) {
    [values[a * size + j], values[b * size + j]] = [values[b * size + j]!, values[a * size + j]!];
  }
}

function eliminate(values: Float64Array, row: number, column: number, size: number, diagonal: number): void {
  const factor = values[row * size + column]! / diagonal;
  values[row * size + column] = factor;
  for (let j = column + 1; j < size; j++) {
    values[row * size + j] = values[row * size + j]! - factor * values[column * size + j]!;
  }
}

/** The product of the pivots, with the sign of the row exchanges. */
export function determinant({ size, values, sign }: Factors): number {
  let product = sign;
  for (let i = 0; i < size; i++) product *= values[i * size + i]!;
  return product;
}

export function isSingular({ size, values }: Factors): boolean {
  for (let i = 0; i < size; i++) if (values[i * size + i] === 0) return true;
  return false;
}

/** Solves A·x = b for `width` columns at once; `into` holds b [size, width] at `start` and receives x. */
export function solveInto(factors: Factors, into: Float64Array, start: number, width: number): void {
  const { size, values, rows } = factors;
  const right = into.slice(start, start + size * width);
  for (let i = 0; i < size; i++) {
    for (let c = 0; c < width; c++) {
      let total = right[rows[i]! * width + c]!;
      for (let j = 0; j < i; j++) total -= values[i * size + j]! * into[start + j * width + c]!;
      into[start + i * width + c] = total;
    }
  }
  for (let i = size - 1; i >= 0; i--) {
    for (let c = 0; c < width; c++) {
      let total = into[start + i * width + c]!;
      for (let j = i + 1; j < size; j++) total -= values[i * size + j]! * into[start + j * width + c]!;
      into[start + i * width + c] = total / values[i * size + i]!;
    }
  }
}

/** The fault of the `position`-th matrix of a batch. */
export function singularFault(input: string, position: number, batch: Shape): Fault {
  const index = batch.length === 0 ? undefined : indexOf(position, batch);
  return { fault: { kind: "value", input, index, message: "the matrix is singular: it has no inverse" } };
}
