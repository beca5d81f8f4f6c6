/** The interpreter's Einstein summation: contracts two operands at a time, as batched matrix products. Knows nothing of operators. */
import { elementCount, stridesOf } from "../../tensor";
import type { EinsumEquation } from "./einsum-equation";
import { multiplyInto } from "./matrix-kernel";

/** Doubles whose dimensions carry labels, each label once. */
interface Labelled {
  readonly labels: string;
  readonly shape: readonly number[];
  readonly data: Float64Array;
}

export function evaluateEinsum(
  { operands, result }: EinsumEquation,
  values: readonly { readonly shape: readonly number[]; readonly data: Float64Array }[],
): Float64Array {
  const sizes = labelSizes(operands, values);
  const parts = values.map(({ shape, data }, i) => distinct({ labels: operands[i]!, shape, data }, sizes));
  let total = parts[0]!;
  for (let next = 1; next < parts.length; next++) {
    const needed =
      result +
      parts
        .slice(next + 1)
        .map(({ labels }) => labels)
        .join("");
    total = contract(total, parts[next]!, needed);
  }
  const summed = sumUnless(total, result);
  const missing = [...result].some((label) => !summed.labels.includes(label));
  if (missing) throw new Error("einsum: a result label was lost");
  return arrange(summed, result).data;
}

/** The size of each label; a dimension of size 1 broadcasts to another operand's. */
export function labelSizes(
  operands: readonly string[],
  values: readonly { readonly shape: readonly number[] }[],
): ReadonlyMap<string, number> {
  const sizes = new Map<string, number>();
  for (const [i, labels] of operands.entries()) {
    for (const [axis, label] of [...labels].entries()) {
      const size = values[i]!.shape[axis]!;
      if (size !== 1 || !sizes.has(label)) sizes.set(label, size);
    }
  }
  return sizes;
}

/** Takes the diagonal of repeated labels and drops dimensions of size 1 that broadcast. */
function distinct({ labels, shape, data }: Labelled, sizes: ReadonlyMap<string, number>): Labelled {
  const strides = stridesOf(shape);
  const kept = new Map<string, { size: number; stride: number }>();
  for (const [axis, label] of [...labels].entries()) {
    const size = shape[axis]!;
    if (size !== sizes.get(label)) continue;
    const known = kept.get(label);
    kept.set(label, { size, stride: (known?.stride ?? 0) + strides[axis]! });
  }
  const dimensions = [...kept.values()];
  const isWhole = kept.size === labels.length;
  return {
    labels: [...kept.keys()].join(""),
    shape: dimensions.map(({ size }) => size),
    data: isWhole ? data : gather(data, dimensions),
  };
}

/** The elements at all combinations of steps, row-major. */
function gather(
  data: Float64Array,
  dimensions: readonly { readonly size: number; readonly stride: number }[],
): Float64Array {
  const result = new Float64Array(dimensions.reduce((product, { size }) => product * size, 1));
  if (result.length === 0) return result;
  const index = new Array<number>(dimensions.length).fill(0);
  let from = 0;
  for (let at = 0; at < result.length; at++) {
    result[at] = data[from]!;
    for (let axis = dimensions.length - 1; axis >= 0; axis--) {
      const { size, stride } = dimensions[axis]!;
      from += stride;
      index[axis] = index[axis]! + 1;
      if (index[axis]! < size) break;
      from -= size * stride;
      index[axis] = 0;
    }
  }
  return result;
}

/** The same values with their dimensions in the order of `labels`. */
function arrange(value: Labelled, labels: string): Labelled {
  if (labels === value.labels) return value;
  const strides = stridesOf(value.shape);
  const axes = [...labels].map((label) => value.labels.indexOf(label));
  const dimensions = axes.map((axis) => ({ size: value.shape[axis]!, stride: strides[axis]! }));
  return { labels, shape: dimensions.map(({ size }) => size), data: gather(value.data, dimensions) };
}

/** Sums over the labels that are not in `needed`. */
function sumUnless(value: Labelled, needed: string): Labelled {
  const kept = [...value.labels].filter((label) => needed.includes(label)).join("");
  if (kept === value.labels) return value;
  const summed = [...value.labels].filter((label) => !needed.includes(label)).join("");
  const { shape, data } = arrange(value, kept + summed);
  const keptShape = shape.slice(0, kept.length);
  const width = elementCount(shape.slice(kept.length));
  const result = new Float64Array(elementCount(keptShape));
  for (let row = 0; row < result.length; row++) {
    let total = 0;
    for (let i = 0; i < width; i++) total += data[row * width + i]!;
    result[row] = total;
  }
  return { labels: kept, shape: keptShape, data: result };
}

/** Multiplies two operands and sums over what is not `needed` any more. */
function contract(first: Labelled, second: Labelled, needed: string): Labelled {
  const left = sumUnless(first, needed + second.labels);
  const right = sumUnless(second, needed + first.labels);
  const shared = [...left.labels].filter((label) => right.labels.includes(label));
  const batch = shared.filter((label) => needed.includes(label)).join("");
  const inner = shared.filter((label) => !needed.includes(label)).join("");
  const rows = [...left.labels].filter((label) => !right.labels.includes(label)).join("");
  const columns = [...right.labels].filter((label) => !left.labels.includes(label)).join("");
  const x = arrange(left, batch + rows + inner);
  const y = arrange(right, batch + inner + columns);
  const batchShape = x.shape.slice(0, batch.length);
  const rowShape = x.shape.slice(batch.length, batch.length + rows.length);
  const columnShape = y.shape.slice(batch.length + inner.length);
  const [m, n] = [elementCount(rowShape), elementCount(columnShape)];
  const k = elementCount(x.shape.slice(batch.length + rows.length));
  const count = elementCount(batchShape);
  const data = new Float64Array(count * m * n);
  for (let i = 0; i < count; i++) {
    const offsets = { into: i * m * n, x: i * m * k, y: i * k * n };
    multiplyInto(data, x.data, y.data, { m, k, n }, offsets);
  }
  return { labels: batch + rows + columns, shape: [...batchShape, ...rowShape, ...columnShape], data };
}
