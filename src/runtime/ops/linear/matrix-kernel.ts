/**
 * The interpreter's matrix product on row-major doubles: rows of the result are built from rows of the right operand,
 * so that memory is read in order. Knows nothing of operators.
 */

/** The columns of the right operand that stay in the cache while the rows of the left one pass by. */
const columnBlock = 512;

/** Adds x [m, k] @ y [k, n] to `into` [m, n], each beginning at its offset. */
export function multiplyInto(
  into: Float64Array,
  x: Float64Array,
  y: Float64Array,
  sizes: { readonly m: number; readonly k: number; readonly n: number },
  offsets: { readonly into: number; readonly x: number; readonly y: number },
): void {
  const { m, k, n } = sizes;
  if (n === 1) return multiplyVectorInto(into, x, y, sizes, offsets);
  for (let firstColumn = 0; firstColumn < n; firstColumn += columnBlock) {
    const width = Math.min(columnBlock, n - firstColumn);
    let row = 0;
    for (; row + 4 <= m; row += 4) {
      const target = offsets.into + row * n + firstColumn;
      addFourRows(into, target, width, x, offsets.x + row * k, y, offsets.y + firstColumn, k, n);
    }
    for (; row < m; row++) {
      const target = offsets.into + row * n + firstColumn;
      addRow(into, target, width, x, offsets.x + row * k, y, offsets.y + firstColumn, k, n);
    }
  }
}

/** One row of the result: four rows of `y` at a time, so that the result is loaded and stored a quarter as often. */
function addRow(
  into: Float64Array,
  target: number,
  width: number,
  x: Float64Array,
  xStart: number,
  y: Float64Array,
  yStart: number,
  k: number,
  yStride: number,
): void {
  let inner = 0;
  for (; inner + 4 <= k; inner += 4) {
    const x0 = x[xStart + inner]!;
    const x1 = x[xStart + inner + 1]!;
    const x2 = x[xStart + inner + 2]!;
    const x3 = x[xStart + inner + 3]!;
    const y0 = yStart + inner * yStride;
    const y1 = y0 + yStride;
    const y2 = y1 + yStride;
    const y3 = y2 + yStride;
    for (let j = 0; j < width; j++) {
      into[target + j] =
        into[target + j]! + (x0 * y[y0 + j]! + x1 * y[y1 + j]! + (x2 * y[y2 + j]! + x3 * y[y3 + j]!));
    }
  }
  for (; inner < k; inner++) {
    const x0 = x[xStart + inner]!;
    const y0 = yStart + inner * yStride;
    for (let j = 0; j < width; j++) into[target + j] = into[target + j]! + x0 * y[y0 + j]!;
  }
}

/** Four rows of the result as `addRow` makes each: what is read of `y` serves all of them. */
function addFourRows(
  into: Float64Array,
  target: number,
  width: number,
  x: Float64Array,
  xStart: number,
  y: Float64Array,
  yStart: number,
  k: number,
  yStride: number,
): void {
  const [t0, t1, t2, t3] = [target, target + yStride, target + 2 * yStride, target + 3 * yStride];
  const [a, b, c, d] = [xStart, xStart + k, xStart + 2 * k, xStart + 3 * k];
  const whole = k - (k % 4);
  for (let inner = 0; inner < whole; inner += 4) {
    const a0 = x[a + inner]!;
    const a1 = x[a + inner + 1]!;
    const a2 = x[a + inner + 2]!;
    const a3 = x[a + inner + 3]!;
    const b0 = x[b + inner]!;
    const b1 = x[b + inner + 1]!;
    const b2 = x[b + inner + 2]!;
    const b3 = x[b + inner + 3]!;
    const c0 = x[c + inner]!;
    const c1 = x[c + inner + 1]!;
    const c2 = x[c + inner + 2]!;
    const c3 = x[c + inner + 3]!;
    const d0 = x[d + inner]!;
    const d1 = x[d + inner + 1]!;
    const d2 = x[d + inner + 2]!;
    const d3 = x[d + inner + 3]!;
    const y0 = yStart + inner * yStride;
    const y1 = y0 + yStride;
    const y2 = y1 + yStride;
    const y3 = y2 + yStride;
    for (let j = 0; j < width; j++) {
      const v0 = y[y0 + j]!;
      const v1 = y[y1 + j]!;
      const v2 = y[y2 + j]!;
      const v3 = y[y3 + j]!;
      into[t0 + j] = into[t0 + j]! + (a0 * v0 + a1 * v1 + (a2 * v2 + a3 * v3));
      into[t1 + j] = into[t1 + j]! + (b0 * v0 + b1 * v1 + (b2 * v2 + b3 * v3));
      into[t2 + j] = into[t2 + j]! + (c0 * v0 + c1 * v1 + (c2 * v2 + c3 * v3));
      into[t3 + j] = into[t3 + j]! + (d0 * v0 + d1 * v1 + (d2 * v2 + d3 * v3));
    }
  }
  for (let inner = whole; inner < k; inner++) {
    const [a0, b0, c0, d0] = [x[a + inner]!, x[b + inner]!, x[c + inner]!, x[d + inner]!];
    const y0 = yStart + inner * yStride;
    for (let j = 0; j < width; j++) {
      const v = y[y0 + j]!;
      into[t0 + j] = into[t0 + j]! + a0 * v;
      into[t1 + j] = into[t1 + j]! + b0 * v;
      into[t2 + j] = into[t2 + j]! + c0 * v;
      into[t3 + j] = into[t3 + j]! + d0 * v;
    }
  }
}

/** The product with a column: dot products along the rows, in four lanes. */
function multiplyVectorInto(
  into: Float64Array,
  x: Float64Array,
  y: Float64Array,
  { m, k }: { readonly m: number; readonly k: number },
  offsets: { readonly into: number; readonly x: number; readonly y: number },
): void {
  for (let row = 0; row < m; row++) {
    const target = offsets.into + row;
    into[target] = into[target]! + dotProduct(x, offsets.x + row * k, y, offsets.y, k);
  }
}

/** Σᵢ xᵢ yᵢ over `count` elements, in four lanes. */
export function dotProduct(
  x: Float64Array,
  xStart: number,
  y: Float64Array,
  yStart: number,
  count: number,
): number {
  let lane0 = 0;
  let lane1 = 0;
  let lane2 = 0;
  let lane3 = 0;
  let i = 0;
  for (; i + 4 <= count; i += 4) {
    lane0 += x[xStart + i]! * y[yStart + i]!;
    lane1 += x[xStart + i + 1]! * y[yStart + i + 1]!;
    lane2 += x[xStart + i + 2]! * y[yStart + i + 2]!;
    lane3 += x[xStart + i + 3]! * y[yStart + i + 3]!;
  }
  for (; i < count; i++) lane0 += x[xStart + i]! * y[yStart + i]!;
  return lane0 + lane1 + (lane2 + lane3);
}
