/** Windows into tensors, for the panel: exact, thinned, or with the most telling element of each block. Knows no graph. */
import type { SliceReply, SliceRequest } from "../protocol";
import type { Tensor } from "../runtime/tensor";

/** More than this never travels in one reply. */
const mostElements = 1 << 20;

/** A window of the last two dimensions, thinned to the limit. Undefined where the request does not fit the tensor. */
export function cutSlice(value: Tensor, request: SliceRequest): SliceReply | undefined {
  const { rows, columns } = planeOf(value.shape);
  const offset = planeOffset(value.shape, request.leading);
  if (offset === undefined) return undefined;
  const top = clamp(request.rows.from, rows);
  const bottom = clamp(request.rows.to, rows);
  const left = clamp(request.columns.from, columns);
  const right = clamp(request.columns.to, columns);
  const size = { height: Math.max(0, bottom - top), width: Math.max(0, right - left) };
  const { rowStep, columnStep } = stepsFor(size, Math.max(1, Math.min(request.limit, mostElements)));
  const height = Math.ceil(size.height / rowStep);
  const width = Math.ceil(size.width / columnStep);
  const cut: Cut = { offset, columns, top, left, bottom, right, rowStep, columnStep, height, width };
  const pooled = request.pooled === true && rowStep * columnStep > 1;
  const data = pooled ? extremes(value.data, cut) : samples(value.data, cut);
  return { rowStep, columnStep, rows: height, columns: width, data };
}

/** Equal steps along both sides as far as the window is long enough, so that at most `limit` elements remain. */
function stepsFor(
  { height, width }: { readonly height: number; readonly width: number },
  limit: number,
): { readonly rowStep: number; readonly columnStep: number } {
  const thin = Math.max(1, Math.ceil(Math.sqrt((height * width) / limit)));
  const rowStep = Math.min(thin, Math.max(1, height));
  const perRow = Math.max(1, Math.floor(limit / Math.ceil(height / rowStep)));
  const columnStep = Math.max(1, Math.ceil(width / perRow));
  const fits = Math.ceil(height / rowStep) * Math.ceil(width / columnStep) <= limit;
  // A column longer than the limit: one element a row is too many.
  return { rowStep: fits ? rowStep : Math.ceil(height / limit), columnStep };
}

interface Cut {
  readonly offset: number;
  readonly columns: number;
  readonly top: number;
  readonly left: number;
  readonly bottom: number;
  readonly right: number;
  readonly rowStep: number;
  readonly columnStep: number;
  readonly height: number;
  readonly width: number;
}

/** The first element of each block. */
function samples(
  elements: Tensor["data"],
  { offset, columns, top, left, rowStep, columnStep, height, width }: Cut,
): Float64Array {
  const data = new Float64Array(height * width);
  for (let r = 0; r < height; r++) {
    const row = offset + (top + r * rowStep) * columns + left;
    for (let c = 0; c < width; c++) data[r * width + c] = elements[row + c * columnStep] ?? NaN;
  }
  return data;
}

/** The element of each block that is farthest from zero; infinities before numbers, NaN before all. */
function extremes(elements: Tensor["data"], cut: Cut): Float64Array {
  const { offset, columns, top, left, bottom, right, rowStep, columnStep, height, width } = cut;
  const data = new Float64Array(height * width);
  for (let y = top; y < bottom; y++) {
    const into = Math.floor((y - top) / rowStep) * width;
    const row = offset + y * columns;
    for (let c = 0, x = left; c < width; c++) {
      const end = Math.min(x + columnStep, right);
      let extreme = data[into + c]!;
      for (; x < end; x++) {
        const element = elements[row + x]!;
        // False for a NaN that is there already, and true for one that comes.
        if (extreme === extreme && !(Math.abs(element) <= Math.abs(extreme))) extreme = element;
      }
      data[into + c] = extreme;
    }
  }
  return data;
}

/** The rows and columns of a tensor: a vector is one row, a scalar one cell. */
function planeOf(shape: readonly number[]): { readonly rows: number; readonly columns: number } {
  return {
    rows: shape.length < 2 ? 1 : (shape.at(-2) ?? 1),
    columns: shape.length < 1 ? 1 : (shape.at(-1) ?? 1),
  };
}

/** Where the matrix at those leading indices starts. */
function planeOffset(shape: readonly number[], indices: readonly number[]): number | undefined {
  const { rows, columns } = planeOf(shape);
  const leading = shape.slice(0, -2);
  if (indices.length !== leading.length) return undefined;
  let offset = 0;
  for (const [axis, size] of leading.entries()) {
    const at = indices[axis] ?? 0;
    if (!Number.isInteger(at) || at < 0 || at >= size) return undefined;
    offset = offset * size + at;
  }
  return offset * rows * columns;
}

function clamp(value: number, size: number): number {
  return Number.isFinite(value) ? Math.min(Math.max(0, Math.trunc(value)), size) : 0;
}
