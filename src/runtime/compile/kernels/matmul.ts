/** The kernels of matrix products: `matmul`, `bmm`, `mm`, `mv`. Knows nothing of graphs. */
import { broadcastShapes, broadcastStrides, elementCount, type Shape } from "../../tensor";
import { forShare, type FunctionBuilder, type Local, type Share } from "../emit";
import type { Kernel, KernelContext, KernelNode } from "../kernel-contract";
import { numberType, operandOf, typeOf } from "./operands";
import { finishWith, hasColumns } from "./product/finish";
import { isDivisible, storesOnce, type Product } from "./product/product";
import { tuningFor } from "./product/tuning";
import { productScratch, pushAddress, writeProduct } from "./product/write-product";

/** One product, and the batches that it is repeated for. */
interface Batched {
  readonly product: Product;
  /** Outermost first; steps in elements. z's batches follow each other. */
  readonly batches: readonly { readonly size: number; readonly x: number; readonly y: number }[];
}

export const products: readonly Kernel[] = ["matmul", "bmm", "mm", "mv"].map((op) => ({
  op,
  takes: (node) => batchedOf(node) !== undefined,
  scratch: (node, target) => {
    const found = batchedOf(node);
    return found === undefined ? 0 : productScratch(found.product, tuningFor(target));
  },
  takesEpilogue: (node) => {
    const found = batchedOf(node);
    return found !== undefined && found.batches.length === 0 && hasColumns(found.product, node.output.shape);
  },
  storesOnce: (node, target) => {
    const found = batchedOf(node);
    return found?.batches.length === 0 && storesOnce(found.product, tuningFor(target));
  },
  divides: (node, target) => {
    const found = batchedOf(node);
    if (found === undefined) return false;
    return found.batches.length > 0 || isDivisible(found.product, tuningFor(target));
  },
  work: (node) => {
    const found = batchedOf(node);
    return found === undefined ? 0 : elementCount(node.output.shape) * found.product.k;
  },
  emit: emitProduct,
}));

function batchedOf(node: KernelNode): Batched | undefined {
  const [x, y] = [typeOf(node, "x"), typeOf(node, "y")];
  const type = numberType(x, y, node.output);
  if (type === undefined) return undefined;
  const [xTurned, yTurned] = [node.attributes.transposeX === true, node.attributes.transposeY === true];
  const [m, k] = matrixOf(x.shape, xTurned, "row");
  const [, n] = matrixOf(y.shape, yTurned, "column");
  const product: Product = {
    type,
    m,
    k,
    n,
    xRow: xTurned ? 1 : k,
    xStep: xTurned ? m : 1,
    yStep: yTurned ? 1 : n,
    yColumn: yTurned ? k : 1,
    zRow: n,
  };
  const [xBatch, yBatch] = [x.shape.slice(0, -2), y.shape.slice(0, -2)];
  const batch = broadcastShapes(xBatch, yBatch) ?? [];
  if (yBatch.length === 0 && !xTurned) {
    // One matrix on the right: the batch is more rows.
    return { product: { ...product, m: m * elementCount(batch) }, batches: [] };
  }
  const [xSteps, ySteps] = [broadcastStrides(xBatch, batch), broadcastStrides(yBatch, batch)];
  return {
    product,
    batches: merged(batch.map((size, i) => ({ size, x: xSteps[i]! * m * k, y: ySteps[i]! * k * n }))),
  };
}

/** Rows and columns; a vector is a row on the left and a column on the right. */
function matrixOf(shape: Shape, isTurned: boolean, vector: "row" | "column"): readonly [number, number] {
  if (shape.length < 2) return vector === "row" ? [1, shape[0] ?? 1] : [shape[0] ?? 1, 1];
  const [rows, columns] = [shape.at(-2)!, shape.at(-1)!];
  return isTurned ? [columns, rows] : [rows, columns];
}

/** Batches of more than one, those that step alike as one. */
function merged(batches: Batched["batches"]): Batched["batches"] {
  const result: { size: number; x: number; y: number }[] = [];
  for (const batch of batches) {
    if (batch.size === 1) continue;
    const last = result.at(-1);
    if (last?.x === batch.x * batch.size && last.y === batch.y * batch.size)
      result[result.length - 1] = { ...batch, size: batch.size * last.size };
    else result.push(batch);
  }
  return result;
}

function emitProduct(context: KernelContext): void {
  const { code, result, scratch, module, target, epilogue, share } = context;
  const { product, batches } = batchedOf(context)!;
  const size = product.type === "f32" ? 4 : 8;
  const [x, y] = [operandOf(context, "x").address, operandOf(context, "y").address];
  const whole = { module, code, target, tuning: tuningFor(target) };
  const finish = finishWith(code, product, undefined, epilogue);
  if (batches.length === 0) {
    writeProduct({ ...whole, share }, product, { x, y, z: result.address, scratch }, finish);
    return;
  }
  const counters: Local[] = [];
  const sizes = batches.map((batch) => batch.size);
  const oneBatch = (): void => {
    const address = (base: Local, steps: readonly number[]): Local =>
      code.define("i32", () => {
        pushAddress(
          code,
          base,
          counters.map((counter, i) => [counter, steps[i]! * size] as const),
        );
      });
    const places = {
      x: address(
        x,
        batches.map((batch) => batch.x),
      ),
      y: address(
        y,
        batches.map((batch) => batch.y),
      ),
      z: address(
        result.address,
        batches.map((_, i) => elementCount(sizes.slice(i + 1)) * product.m * product.n),
      ),
    };
    writeProduct(whole, product, { ...places, scratch });
    code.release(places.x, places.y, places.z);
  };
  forEachBatch(code, sizes, counters, oneBatch, share);
}

/** Nested loops, the outermost in shares; the counters are pushed to the list as they are made. */
export function forEachBatch(
  code: FunctionBuilder,
  sizes: readonly number[],
  counters: Local[],
  body: () => void,
  share?: Share,
): void {
  const [size, ...inner] = sizes;
  if (size === undefined) body();
  else {
    forShare(code, share, [0, size], 1, (counter) => {
      counters.push(counter);
      forEachBatch(code, inner, counters, body);
    });
  }
}
