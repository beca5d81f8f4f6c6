/** Summaries of tensors and windows into them, for the panel. Knows nothing of graphs. */
import type { SliceReply, SliceRequest, TensorSummary } from "../protocol";
import type { Tensor } from "../runtime/tensor";

const bins = 24;

/** Moments, range, zeros, what is not finite, and a histogram of the rest. */
export function summarize(value: Tensor): TensorSummary {
  const { data, shape, dtype } = value;
  let [min, max, sum, zeros, nan, infinite] = [Infinity, -Infinity, 0, 0, 0, 0];
  for (const element of data) {
    if (Number.isNaN(element)) nan += 1;
    else if (!Number.isFinite(element)) infinite += 1;
    else {
      if (element === 0) zeros += 1;
      if (element < min) min = element;
      if (element > max) max = element;
      sum += element;
    }
  }
  const finite = data.length - nan - infinite;
  const mean = finite === 0 ? NaN : sum / finite;
  let squares = 0;
  const histogram = new Array<number>(bins).fill(0);
  const width = max - min;
  for (const element of data) {
    if (!Number.isFinite(element)) continue;
    squares += (element - mean) ** 2;
    const bin = width === 0 ? 0 : Math.min(bins - 1, Math.floor(((element - min) / width) * bins));
    histogram[bin] = (histogram[bin] ?? 0) + 1;
  }
  const deviation = finite === 0 ? NaN : Math.sqrt(squares / finite);
  return {
    shape,
    dtype,
    count: data.length,
    mean,
    deviation,
    min: finite === 0 ? NaN : min,
    max: finite === 0 ? NaN : max,
    zeros,
    nan,
    infinite,
    histogram,
  };
}

/** The rows and columns of a tensor: a vector is one row, a scalar one cell. */
function plane(shape: readonly number[]): { readonly rows: number; readonly columns: number } {
  return {
    rows: shape.length < 2 ? 1 : (shape.at(-2) ?? 1),
    columns: shape.length < 1 ? 1 : (shape.at(-1) ?? 1),
  };
}

/** A window of the last two dimensions, thinned to the limit. Undefined where the request does not fit the tensor. */
export function cutSlice(value: Tensor, request: SliceRequest): SliceReply | undefined {
  const { rows, columns } = plane(value.shape);
  const leading = value.shape.slice(0, -2);
  if (request.leading.length !== leading.length) return undefined;
  let offset = 0;
  for (const [axis, size] of leading.entries()) {
    const at = request.leading[axis] ?? 0;
    if (!Number.isInteger(at) || at < 0 || at >= size) return undefined;
    offset = offset * size + at;
  }
  offset *= rows * columns;
  const top = clamp(request.rows.from, rows);
  const bottom = clamp(request.rows.to, rows);
  const left = clamp(request.columns.from, columns);
  const right = clamp(request.columns.to, columns);
  const wanted = Math.max(0, bottom - top) * Math.max(0, right - left);
  const limit = Math.max(1, Math.min(request.limit, 1 << 20));
  const thin = Math.max(1, Math.ceil(Math.sqrt(wanted / limit)));
  const rowStep = Math.min(thin, Math.max(1, bottom - top));
  const columnStep = Math.max(1, Math.ceil(wanted / rowStep / limit));
  const height = Math.ceil(Math.max(0, bottom - top) / rowStep);
  const width = Math.ceil(Math.max(0, right - left) / columnStep);
  const data = new Float64Array(height * width);
  for (let r = 0; r < height; r++) {
    const row = offset + (top + r * rowStep) * columns + left;
    for (let c = 0; c < width; c++) data[r * width + c] = value.data[row + c * columnStep] ?? NaN;
  }
  return { rowStep, columnStep, rows: height, columns: width, data };
}

function clamp(value: number, size: number): number {
  return Number.isFinite(value) ? Math.min(Math.max(0, Math.trunc(value)), size) : 0;
}
