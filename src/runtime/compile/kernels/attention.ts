/**
 * The kernel of attention: for each batch the products of queries and keys, their softmax, and the product with the values; the
 * scores of one batch stay in scratch memory. Knows nothing of graphs.
 */
import { broadcastShapes, broadcastStrides, elementCount, type Shape } from "../../tensor";
import { forRange, type FunctionBuilder, type FunctionRef, type Local, type ModuleBuilder } from "../emit";
import type { Kernel, KernelContext, KernelNode } from "../kernel-contract";
import { forEachBatch } from "./matmul";
import { numberType, operandOf, typeOf } from "./operands";
import { sizeOf, widthOf, type Product } from "./product/product";
import { storeLanes } from "./product/tile-kernel";
import { tuningFor } from "./product/tuning";
import { productScratch, pushAddress, writeProduct } from "./product/write-product";
import { writeSoftmax } from "./softmax/write-softmax";

interface Attention {
  readonly type: "f32" | "f64";
  readonly queries: number;
  readonly keys: number;
  readonly width: number;
  readonly depth: number;
  readonly batch: Shape;
  /** q kᵀ */
  readonly scores: Product;
  /** weights v */
  readonly result: Product;
}

export const attention: Kernel = {
  op: "scaled_dot_product_attention",
  takes: (node) => attentionOf(node) !== undefined,
  scratch(node, target) {
    const found = attentionOf(node);
    if (found === undefined) return 0;
    const tuning = tuningFor(target);
    return (
      scoreBytes(found) + Math.max(productScratch(found.scores, tuning), productScratch(found.result, tuning))
    );
  },
  divides: (node) => elementCount(attentionOf(node)?.batch ?? []) > 1,
  work(node) {
    const found = attentionOf(node);
    if (found === undefined) return 0;
    const { batch, queries, keys, width, depth } = found;
    return elementCount(batch) * queries * keys * (width + depth + 10);
  },
  emit(context) {
    const { code, result, share } = context;
    const found = attentionOf(context)!;
    const operands = ["q", "k", "v"].map((name) => operandOf(context, name));
    const size = sizeOf(found.type);
    const steps = operands.map(({ shape }) => {
      const matrix = shape.at(-1)! * shape.at(-2)!;
      return broadcastStrides(shape.slice(0, -2), found.batch).map((step) => step * matrix * size);
    });
    const counters: Local[] = [];
    const own = found.batch.map(
      (_, axis) => elementCount(found.batch.slice(axis + 1)) * found.queries * found.depth * size,
    );
    const oneBatch = (): void => {
      const places = operands.map(({ address }, i) =>
        code.define("i32", () => {
          pushAddress(
            code,
            address,
            counters.map((counter, axis) => [counter, steps[i]![axis]!] as const),
          );
        }),
      );
      const z = code.define("i32", () => {
        pushAddress(
          code,
          result.address,
          counters.map((counter, axis) => [counter, own[axis]!] as const),
        );
      });
      writeAttention(context, found, places as [Local, Local, Local], z);
      code.release(z, ...places);
    };
    // Shares are of the outermost dimension, which may have size 1: then the first does it all.
    forEachBatch(code, found.batch, counters, oneBatch, share);
  },
};

function attentionOf(node: KernelNode): Attention | undefined {
  const [q, k, v] = [typeOf(node, "q"), typeOf(node, "k"), typeOf(node, "v")];
  const type = numberType(q, k, v, node.output);
  if (type === undefined) return undefined;
  const [queries, width] = [q.shape.at(-2)!, q.shape.at(-1)!];
  const [keys, depth] = [v.shape.at(-2)!, v.shape.at(-1)!];
  const batch = [q, k, v].reduce<Shape>(
    (shape, next) => broadcastShapes(shape, next.shape.slice(0, -2)) ?? [],
    [],
  );
  const rows = { type, m: queries, xStep: 1 } as const;
  return {
    type,
    queries,
    keys,
    width,
    depth,
    batch,
    scores: { ...rows, k: width, n: keys, xRow: width, yStep: 1, yColumn: width, zRow: keys },
    result: { ...rows, k: keys, n: depth, xRow: keys, yStep: depth, yColumn: 1, zRow: depth },
  };
}

function scoreBytes({ type, queries, keys }: Attention): number {
  return 16 * Math.ceil((queries * keys * sizeOf(type) + 64) / 16);
}

/** One batch. */
function writeAttention(
  context: KernelContext,
  found: Attention,
  [q, k, v]: readonly [Local, Local, Local],
  z: Local,
): void {
  const { module, code, target } = context;
  const { type, queries, keys } = found;
  const products = { module, code, target, tuning: tuningFor(target) };
  const scores = context.scratch!;
  const scratch = code.define("i32", () => {
    pushAddress(code, scores, [[1, scoreBytes(found)]]);
  });
  writeProduct(products, found.scores, { x: q, y: k, z: scores, scratch });
  const causal = context.attributes.causal === true;
  code.call(scaling(module, found, causal), scores);
  writeSoftmax(context, "softmax", { type, outer: queries, length: keys, inner: 1 }, scores, scores);
  writeProduct(products, found.result, { x: scores, y: v, z, scratch });
  code.release(scratch);
}

/** A function of the scores' address: divides them by √width, and makes those of keys that a query does not see −∞. */
function scaling(module: ModuleBuilder, found: Attention, causal: boolean): FunctionRef {
  const { type, queries, keys, width } = found;
  const name = `scores ${type} ${queries} ${keys} ${width} ${causal}`;
  return module.shared(name, { parameters: ["i32"], results: [] }, (code) => {
    const [scores] = code.parameters as [Local];
    scale(code, type, queries * keys, 1 / Math.sqrt(width));
    if (!causal) return;
    forRange(code, 0, Math.min(queries, keys - 1), 1, (row) => {
      const column = code.define("i32", () => {
        pushAddress(code, row, [[1, 1]]);
      });
      forRange(code, column, keys, 1, (at) => {
        pushAddress(code, scores, [
          [row, keys * sizeOf(type)],
          [at, sizeOf(type)],
        ]);
        if (type === "f32") code.f32(-Infinity);
        else code.f64(-Infinity);
        code.access(`${type}.store`, 0);
      });
      code.release(column);
    });
  });
}

function scale(code: FunctionBuilder, type: "f32" | "f64", count: number, factor: number): void {
  const [scores] = code.parameters as [Local];
  const [width, lanes] = [widthOf(type), 16 / sizeOf(type)];
  const one = (at: Local, length: number): void => {
    const address = code.define("i32", () => {
      pushAddress(code, scores, [[at, sizeOf(type)]]);
    });
    const value = code.define("v128", () => {
      code.access("v128.load", 0, address);
      code.op(`${width}.mul`, code.constant(width, factor));
    });
    storeLanes(code, type, address, 0, value, length);
    code.release(address, value);
  };
  const whole = count - (count % lanes);
  forRange(code, 0, whole, lanes, (at) => {
    one(at, lanes);
  });
  forRange(code, whole, count, lanes, (at) => {
    one(at, count - whole);
  });
}
