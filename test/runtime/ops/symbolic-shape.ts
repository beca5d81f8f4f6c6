// Owns the check that an operator's shape rule says the same about symbols as about the numbers they stand for.
import assert from "node:assert/strict";
import {
  isRejected,
  promotedTypes,
  resolveAttributes,
  type OpDefinition,
  type OperandType,
  type Sample,
} from "../../../src/runtime/ops";
import {
  dim,
  dims,
  isUnknown,
  symbol,
  type Dim,
  type DType,
  type Size,
  type Tensor,
} from "../../../src/runtime/tensor";
import { drawSample } from "./sample-draw";

/** Every size above 1 becomes a symbol of its own; the result, with the numbers put back, must be the actual shape. */
export function checkSymbolicShape(op: OpDefinition, sample: Sample, seed: number): void {
  const tensors = drawSample(sample, seed);
  const actual = shapeWith(op, sample, tensors, (shape) => dims(shape));
  const found = shapeWith(op, sample, tensors, (shape) =>
    shape.map((size) => dim(size > 1 ? symbol(`n${size}`) : size)),
  );
  assert.ok(!isRejected(actual), `numbers: ${JSON.stringify(actual)}`);
  assert.ok(!isRejected(found), `symbols: ${isRejected(found) ? found.rejected.kind : ""}`);
  assert.equal(found.dtype, actual.dtype);
  assert.equal(found.shape.length, actual.shape.length);
  found.shape.forEach(({ size }, axis) => {
    const value = numberOf(size);
    if (value !== undefined) assert.equal(value, actual.shape[axis]!.size, `dimension ${axis}`);
  });
}

function shapeWith(
  op: OpDefinition,
  sample: Sample,
  tensors: Readonly<Record<string, Tensor | readonly Tensor[]>>,
  dimsOf: (shape: readonly number[]) => Dim[],
): ReturnType<OpDefinition["shape"]> {
  const resolved = resolveAttributes(op, sample.attributes ?? {});
  if (isRejected(resolved)) return resolved;
  const found = mapTensors(tensors, ({ dtype }) => dtype);
  const dtypes = promotedTypes(op, found, "float64");
  if (isRejected(dtypes)) return dtypes;
  const inputs = mapTensors(tensors, ({ shape }, name, item): OperandType => {
    const type = dtypes[name] as DType | readonly DType[];
    return { shape: dimsOf(shape), dtype: typeof type === "string" ? type : type[item]! };
  });
  return op.shape({ inputs, attributes: resolved.values, sizes: resolved.sizes });
}

function mapTensors<T>(
  tensors: Readonly<Record<string, Tensor | readonly Tensor[]>>,
  map: (tensor: Tensor, name: string, item: number) => T,
): Record<string, T | readonly T[]> {
  return Object.fromEntries(
    Object.entries(tensors).map(([name, value]) => [
      name,
      "data" in value ? map(value, name, 0) : value.map((tensor, item) => map(tensor, name, item)),
    ]),
  );
}

/** The number that a size in the symbols n2, n3, … stands for; undefined where it has an opaque part. */
function numberOf(size: Size): number | undefined {
  if (typeof size === "number") return size;
  if (isUnknown(size)) return undefined;
  let sum = 0;
  for (const [term, coefficient] of size.terms) {
    let product = coefficient;
    for (const factor of term.split("*")) {
      if (factor === "") continue;
      const digits = /^n(\d+)$/.exec(factor)?.[1];
      if (digits === undefined) return undefined;
      product *= Number(digits);
    }
    sum += product;
  }
  return sum;
}
