/** `tril` and `triu`: each row of a matrix in part. */
import { elementCount } from "../../tensor";
import { forRange, type Operand } from "../emit";
import type { Kernel, KernelContext } from "../kernel-contract";
import { bytesOf } from "../loops/lane-memory";

export const triangleKernels: readonly Kernel[] = [
  { op: "tril", emit: emitTriangle("lower") },
  { op: "triu", emit: emitTriangle("upper") },
];

function emitTriangle(side: "lower" | "upper"): Kernel["emit"] {
  return (context) => {
    emitRows(context, side);
  };
}

/** Row by row: the lower side keeps columns below row + diagonal + 1, the upper side those from row + diagonal on. */
function emitRows({ code, operands, result, attributes }: KernelContext, side: "lower" | "upper"): void {
  const { x } = operands;
  if (x === undefined || !("address" in x)) throw new Error("a triangle of nothing");
  const { shape, dtype } = result;
  const [rows, columns] = [shape.at(-2) ?? 1, shape.at(-1) ?? 1];
  const bytes = bytesOf(dtype);
  const width = columns * bytes;
  const diagonal = Number(attributes.diagonal ?? 0) + (side === "lower" ? 1 : 0);
  const matrices = elementCount(shape.slice(0, -2));
  if (elementCount(shape) === 0) return;
  const number = (value: number): Operand => {
    return () => {
      code.i32(value);
    };
  };
  const [from, to] = [code.define("i32", x.address), code.define("i32", result.address)];
  forRange(code, 0, matrices, 1, () => {
    forRange(code, 0, rows, 1, (row) => {
      // The byte where the row's two sides meet, within the row.
      const border = code.define("i32", () => {
        code.op("i32.add", row, number(diagonal));
        code.i32(bytes);
        code.op("i32.mul");
      });
      for (const [bound, beyond] of [
        [0, "i32.lt_s"],
        [width, "i32.gt_s"],
      ] as const) {
        code.push(number(bound), border);
        code.op(beyond, border, number(bound));
        code.op("select");
        code.set(border);
      }
      const rest: Operand = () => {
        code.op("i32.sub", number(width), border);
      };
      const behind = (address: typeof from): Operand => {
        return () => {
          code.op("i32.add", address, border);
        };
      };
      if (side === "lower") {
        code.copy(to, from, border);
        code.fill(behind(to), number(0), rest);
      } else {
        code.fill(to, number(0), border);
        code.copy(behind(to), behind(from), rest);
      }
      for (const address of [from, to])
        code.set(address, () => {
          code.op("i32.add", address, number(width));
        });
      code.release(border);
    });
  });
}
