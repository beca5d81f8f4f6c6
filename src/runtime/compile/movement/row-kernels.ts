/** The operators that read or add whole rows along one dimension at positions that an index names, and one-hot rows. */
import { elementCount } from "../../tensor";
import { forRange, type Local } from "../emit";
import type { Kernel, KernelContext, KernelNode, KernelOperand } from "../kernel-contract";
import { bytesOf } from "../loops/lane-memory";
import { axisOf } from "../program/view-operators";
import { copyRun, fillWith } from "./region";

interface Rows {
  /** How many blocks of rows there are, how many rows in each, and the bytes of a row. */
  readonly blocks: number;
  readonly rows: number;
  readonly width: number;
}

function operandOf(context: KernelContext, name: string): KernelOperand {
  const found = context.operands[name];
  if (found === undefined || !("address" in found)) throw new Error(`${context.op} without ${name}`);
  return found;
}

function rowsOf({ shape, dtype }: KernelOperand, dim: unknown): Rows {
  const axis = axisOf(Number(dim), shape.length);
  return {
    blocks: elementCount(shape.slice(0, axis)),
    rows: shape[axis] ?? 1,
    width: elementCount(shape.slice(axis + 1)) * bytesOf(dtype),
  };
}

/** The whole number at the address as a row's; the kernel fails where it is not one of `lowest` … rows − 1. */
function readRow(context: KernelContext, address: Local, rows: number, lowest: number): Local {
  const { code } = context;
  const value = code.define("f64", () => {
    code.access("f64.load", 0, address);
  });
  code.op("f64.ge", value, () => {
    code.f64(lowest);
  });
  code.op("f64.lt", value, () => {
    code.f64(rows);
  });
  code.op("i32.and");
  code.op("i32.eqz");
  code.if(() => {
    context.fail();
  });
  const row = code.define("i32", () => {
    code.op("i32.trunc_f64_s", value);
  });
  if (lowest < 0) {
    code.op("i32.lt_s", row, () => {
      code.i32(0);
    });
    code.if(() => {
      move(context, row, rows);
    });
  }
  code.release(value);
  return row;
}

function move({ code }: KernelContext, address: Local, bytes: number): void {
  code.get(address);
  code.i32(bytes);
  code.op("i32.add");
  code.set(address);
}

/** For each block and element of the index: the address of the named row of `base`, and that of the next row of `others`. */
function forEachRow(
  context: KernelContext,
  base: Local,
  { blocks, rows, width }: Rows,
  others: Local,
  lowest: number,
  visit: (row: Local, other: Local) => void,
): void {
  const { code } = context;
  const index = operandOf(context, "index");
  const count = elementCount(index.shape);
  const [start, other] = [code.define("i32", base), code.define("i32", others)];
  forRange(code, 0, blocks, 1, () => {
    const at = code.define("i32", index.address);
    forRange(code, 0, count, 1, () => {
      const row = readRow(context, at, rows, lowest);
      code.get(row);
      code.i32(width);
      code.op("i32.mul");
      code.op("i32.add", start);
      code.set(row);
      visit(row, other);
      code.release(row);
      move(context, at, 8);
      move(context, other, width);
    });
    code.release(at);
    move(context, start, rows * width);
  });
  code.release(start, other);
}

function readRows(lowest: (rows: number) => number): Kernel["emit"] {
  return (context) => {
    const x = operandOf(context, "x");
    const rows = rowsOf(x, context.attributes.dim);
    forEachRow(context, x.address, rows, context.result.address, lowest(rows.rows), (row, into) => {
      copyRun(context.code, rows.width, row, into);
    });
  };
}

function addRows(context: KernelContext): void {
  const { code, result } = context;
  const x = operandOf(context, "x");
  const source = operandOf(context, "source");
  const rows = rowsOf(x, context.attributes.dim);
  const type = result.dtype === "float32" ? ("f32" as const) : ("f64" as const);
  const vectors = rows.width - (rows.width % 16);
  code.copy(result.address, x.address, () => {
    code.i32(elementCount(x.shape) * bytesOf(x.dtype));
  });
  forEachRow(context, result.address, rows, source.address, 0, (row, from) => {
    const add = (
      load: "v128" | "f32" | "f64",
      instruction: "f32x4.add" | "f64x2.add" | "f32.add" | "f64.add",
    ) => {
      return (at: Local): void => {
        const [into, added] = [row, from].map((address) =>
          code.define("i32", () => {
            code.op("i32.add", address, at);
          }),
        ) as [Local, Local]; // of two
        code.get(into);
        code.access(`${load}.load`, 0, into);
        code.access(`${load}.load`, 0, added);
        code.op(instruction);
        code.access(`${load}.store`, 0);
        code.release(into, added);
      };
    };
    forRange(code, 0, vectors, 16, add("v128", type === "f32" ? "f32x4.add" : "f64x2.add"));
    forRange(code, vectors, rows.width, type === "f32" ? 4 : 8, add(type, `${type}.add`));
  });
}

function emitOneHot(context: KernelContext): void {
  const { code, result } = context;
  const x = operandOf(context, "x");
  const classes = Number(context.attributes.num_classes);
  fillWith(code, "int", result.address, elementCount(result.shape), 0);
  const [at, into] = [code.define("i32", x.address), code.define("i32", result.address)];
  forRange(code, 0, elementCount(x.shape), 1, () => {
    const label = readRow(context, at, classes, 0);
    code.get(into);
    code.get(label);
    code.i32(8);
    code.op("i32.mul");
    code.op("i32.add");
    code.f64(1);
    code.access("f64.store", 0);
    code.release(label);
    move(context, at, 8);
    move(context, into, 8 * classes);
  });
  code.release(at, into);
}

/** Whether operands that become the result are of its type, and the index of whole numbers. */
function isTyped(...names: readonly string[]): (node: KernelNode) => boolean {
  return ({ inputs, output }) =>
    names.every((name) => {
      const input = inputs[name];
      return input !== undefined && "dtype" in input && input.dtype === output.dtype;
    });
}

export const rowKernels: readonly Kernel[] = [
  { op: "index_select", mayFail: true, takes: isTyped("x"), emit: readRows(() => 0) },
  { op: "take", mayFail: true, takes: isTyped("x"), emit: readRows((rows) => -rows) },
  { op: "index_add", mayFail: true, takes: isTyped("x", "source"), emit: addRows },
  { op: "one_hot", mayFail: true, emit: emitOneHot },
];
