/** The kernels of `det`, its cofactors, `inverse` and `solve`: in doubles, batch by batch. Knows nothing of graphs. */
import { broadcastStrides, elementCount, stridesOf, type Shape } from "../../../tensor";
import { forRange, type FunctionBuilder, type Local } from "../../emit";
import type { Kernel, KernelContext, KernelNode, KernelOperand } from "../../kernel-contract";
import { loadDouble, storeDouble } from "../../lanes/lane-loop";
import { bytesOf } from "../../loops/lane-memory";
import { forEachBatch } from "../matmul";
import { numberType, operandOf, typeOf } from "../operands";
import { pushAddress } from "../product/write-product";
import { doubleBytes, factorizeFunction, forEachPivot, rowBytes, substituteFunction } from "./factors";

const inWhole = (bytes: number): number => Math.ceil(bytes / 16) * 16;

/** Where a kernel's factors, its rows' order and `more` doubles are in its scratch memory. */
function layoutOf(size: number, more: number): { rows: number; more: number; bytes: number } {
  const rows = inWhole(size * size * doubleBytes);
  const behind = rows + inWhole(size * rowBytes);
  return { rows, more: behind, bytes: Math.max(16, behind + inWhole(more * doubleBytes)) };
}

function sizeOf(node: KernelNode, name: string): number {
  return typeOf(node, name).shape.at(-1)!;
}

export const eliminations: readonly Kernel[] = [
  { op: "det", scratch: (node) => layoutOf(sizeOf(node, "x"), 0).bytes, emit: emitDeterminant },
  {
    op: "_cofactors",
    scratch: (node) => layoutOf(Math.max(0, sizeOf(node, "x") - 1), 0).bytes,
    emit: emitCofactors,
  },
  {
    op: "inverse",
    mayFail: true,
    scratch: (node) => layoutOf(sizeOf(node, "x"), sizeOf(node, "x") ** 2).bytes,
    emit: emitInverse,
  },
  {
    op: "solve",
    mayFail: true,
    takes: (node) => numberType(typeOf(node, "a"), typeOf(node, "b"), node.output) !== undefined,
    scratch: (node) => layoutOf(sizeOf(node, "a"), sizeOf(node, "a") * columnsOf(node)).bytes,
    emit: emitSolve,
  },
];

/** Whether `b` holds vectors: it is one, or has a's shape without the last dimension. */
function takesVectors(
  { shape: a }: { readonly shape: Shape },
  { shape: b }: { readonly shape: Shape },
): boolean {
  return b.length === 1 || (b.length === a.length - 1 && b.every((size, axis) => size === a[axis]));
}

function columnsOf(node: KernelNode): number {
  return takesVectors(typeOf(node, "a"), typeOf(node, "b")) ? 1 : node.output.shape.at(-1)!;
}

/** Copies `count` elements to doubles, or doubles to elements. */
function convert(
  code: FunctionBuilder,
  count: number,
  from: { readonly address: Local; readonly dtype: KernelOperand["dtype"] },
  into: { readonly address: Local; readonly dtype: KernelOperand["dtype"] },
): void {
  const value = code.local("f64");
  const [read, write] = [code.define("i32", from.address), code.define("i32", into.address)];
  forRange(code, 0, count, 1, () => {
    loadDouble(code, from.dtype, read);
    code.set(value);
    storeDouble(code, into.dtype, write, value);
    step(code, read, bytesOf(from.dtype));
    step(code, write, bytesOf(into.dtype));
  });
  code.release(value, read, write);
}

function step(code: FunctionBuilder, address: Local, bytes: number): void {
  code.set(address, () => {
    code.op("i32.add", address, () => {
      code.i32(bytes);
    });
  });
}

function behind(code: FunctionBuilder, base: Local, bytes: number): Local {
  return code.define("i32", () => {
    pushAddress(code, base, [[1, bytes]]);
  });
}

/** The product of the pivots times the sign, in a new local. */
function determinant(context: KernelContext, matrix: Local, rows: Local, size: number): Local {
  const { code, module } = context;
  const product = code.define("f64", () => {
    code.call(factorizeFunction(module, size), matrix, rows);
  });
  forEachPivot(code, matrix, size, (pivot) => {
    code.set(product, () => {
      code.op("f64.mul", product, pivot);
    });
  });
  return product;
}

function emitDeterminant(context: KernelContext): void {
  const { code, result, scratch } = context;
  const x = operandOf(context, "x");
  const size = x.shape.at(-1)!;
  const matrix = scratch!; // always asked for
  const rows = behind(code, matrix, layoutOf(size, 0).rows);
  const [from, into] = [code.define("i32", x.address), code.define("i32", result.address)];
  forRange(code, 0, elementCount(result.shape), 1, () => {
    convert(code, size * size, { address: from, dtype: x.dtype }, { address: matrix, dtype: "float64" });
    const value = determinant(context, matrix, rows, size);
    storeDouble(code, result.dtype, into, value);
    code.release(value);
    step(code, from, size * size * bytesOf(x.dtype));
    step(code, into, bytesOf(result.dtype));
  });
}

/** (−1)^(i+j) · det(x without row i and column j) */
function emitCofactors(context: KernelContext): void {
  const { code, result, scratch } = context;
  const x = operandOf(context, "x");
  const size = x.shape.at(-1)!;
  const rest = scratch!; // always asked for
  if (elementCount(result.shape) === 0) return;
  const rows = behind(code, rest, layoutOf(size - 1, 0).rows);
  const bytes = bytesOf(x.dtype);
  const [from, into] = [code.define("i32", x.address), code.define("i32", result.address)];
  const value = code.local("f64");
  forRange(code, 0, elementCount(result.shape.slice(0, -2)), 1, () => {
    forRange(code, 0, size, 1, (i) => {
      forRange(code, 0, size, 1, (j) => {
        const [read, write] = [code.define("i32", from), code.define("i32", rest)];
        forRange(code, 0, size, 1, (row) => {
          forRange(code, 0, size, 1, (column) => {
            code.op("i32.ne", row, i);
            code.op("i32.ne", column, j);
            code.op("i32.and");
            code.if(() => {
              loadDouble(code, x.dtype, read);
              code.set(value);
              storeDouble(code, "float64", write, value);
              step(code, write, doubleBytes);
            });
            step(code, read, bytes);
          });
        });
        const minor = determinant(context, rest, rows, size - 1);
        code.op("i32.add", i, j);
        code.i32(1);
        code.op("i32.and");
        code.if(() => {
          code.set(minor, () => {
            code.op("f64.mul", minor, () => {
              code.f64(-1);
            });
          });
        });
        storeDouble(code, result.dtype, into, minor);
        step(code, into, bytesOf(result.dtype));
        code.release(read, write, minor);
      });
    });
    step(code, from, size * size * bytes);
  });
}

/** Leaves the function where the matrix has no inverse. */
function failIfSingular(context: KernelContext, matrix: Local, size: number): void {
  const { code } = context;
  forEachPivot(code, matrix, size, (pivot) => {
    code.op("f64.eq", pivot, () => {
      code.f64(0);
    });
    code.if(() => {
      context.fail();
    });
  });
}

function emitInverse(context: KernelContext): void {
  const { code, module, result, scratch } = context;
  const x = operandOf(context, "x");
  const size = x.shape.at(-1)!;
  const count = size * size;
  if (elementCount(x.shape) === 0) return;
  const layout = layoutOf(size, count);
  const matrix = scratch!; // always asked for
  const [rows, solution] = [behind(code, matrix, layout.rows), behind(code, matrix, layout.more)];
  const [from, into] = [code.define("i32", x.address), code.define("i32", result.address)];
  forRange(code, 0, elementCount(x.shape.slice(0, -2)), 1, () => {
    convert(code, count, { address: from, dtype: x.dtype }, { address: matrix, dtype: "float64" });
    code.call(factorizeFunction(module, size), matrix, rows);
    code.op("drop");
    failIfSingular(context, matrix, size);
    // The unit matrix, its rows in the factors' order.
    code.fill(
      solution,
      () => {
        code.i32(0);
      },
      () => {
        code.i32(count * doubleBytes);
      },
    );
    forRange(code, 0, size, 1, (i) => {
      const row = rowAt(code, rows, i);
      pushAddress(code, solution, [
        [i, size * doubleBytes],
        [row, doubleBytes],
      ]);
      code.f64(1);
      code.access("f64.store", 0);
      code.release(row);
    });
    code.call(substituteFunction(module, size, size), matrix, solution);
    convert(code, count, { address: solution, dtype: "float64" }, { address: into, dtype: result.dtype });
    step(code, from, count * bytesOf(x.dtype));
    step(code, into, count * bytesOf(result.dtype));
  });
}

function rowAt(code: FunctionBuilder, rows: Local, i: Local): Local {
  return code.define("i32", () => {
    pushAddress(code, rows, [[i, rowBytes]]);
    code.access("i32.load", 0);
  });
}

function emitSolve(context: KernelContext): void {
  const { code, module, result, scratch } = context;
  const [a, b] = [operandOf(context, "a"), operandOf(context, "b")];
  const size = a.shape.at(-1)!;
  const columns = columnsOf(context);
  const layout = layoutOf(size, size * columns);
  const own = takesVectors(a, b) ? 1 : 2;
  const batch = result.shape.slice(0, -own);
  const matrix = scratch!; // always asked for
  const [rows, solution] = [behind(code, matrix, layout.rows), behind(code, matrix, layout.more)];
  const counters: Local[] = [];
  const place = (operand: KernelOperand, rank: number): Local => {
    const strides = broadcastStrides(operand.shape.slice(0, -rank), batch);
    const block = elementCount(operand.shape.slice(-rank)) * bytesOf(operand.dtype);
    return code.define("i32", () => {
      pushAddress(
        code,
        operand.address,
        counters.map((counter, axis) => [counter, strides[axis]! * block] as const),
      );
    });
  };
  forEachBatch(code, batch, counters, () => {
    const from = place(a, 2);
    convert(code, size * size, { address: from, dtype: a.dtype }, { address: matrix, dtype: "float64" });
    code.call(factorizeFunction(module, size), matrix, rows);
    code.op("drop");
    failIfSingular(context, matrix, size);
    const right = place(b, own);
    const target = code.define("i32", solution);
    forRange(code, 0, size, 1, (i) => {
      const row = rowAt(code, rows, i);
      const source = code.define("i32", () => {
        pushAddress(code, right, [[row, columns * bytesOf(b.dtype)]]);
      });
      convert(code, columns, { address: source, dtype: b.dtype }, { address: target, dtype: "float64" });
      step(code, target, columns * doubleBytes);
      code.release(row, source);
    });
    code.call(substituteFunction(module, size, columns), matrix, solution);
    const strides = stridesOf(batch);
    const into = code.define("i32", () => {
      const bytes = size * columns * bytesOf(result.dtype);
      pushAddress(
        code,
        result.address,
        counters.map((counter, axis) => [counter, strides[axis]! * bytes] as const),
      );
    });
    convert(
      code,
      size * columns,
      { address: solution, dtype: "float64" },
      { address: into, dtype: result.dtype },
    );
    code.release(from, right, target, into);
  });
}
