/** The operators that go through each lane in order: positions of extremes, running sums and products, recurrences. */
import { elementCount } from "../../tensor";
import type { Local } from "../emit";
import type { Kernel, KernelContext, KernelOperand } from "../kernel-contract";
import { axisOf } from "../program/view-operators";
import { forEachLane, lanesOf, loadDouble, storeDouble, type LaneShape } from "./lane-loop";

function operandOf(context: KernelContext, name: string): KernelOperand {
  const found = context.operands[name];
  if (found === undefined || !("address" in found)) throw new Error(`${context.op} without ${name}`);
  return found;
}

/** No `dim` is one lane of all elements. */
function laneShape({ shape }: KernelOperand, dim: unknown): LaneShape {
  if (typeof dim !== "number") return { outer: 1, length: elementCount(shape), inner: 1 };
  return lanesOf(shape, axisOf(dim, shape.length));
}

/** The position of the first extreme element; a NaN wins over everything. */
function extremePosition(end: "largest" | "smallest"): Kernel["emit"] {
  return (context) => {
    const { code, result, attributes } = context;
    const x = operandOf(context, "x");
    const [best, extreme, value] = [code.local("i32"), code.local("f64"), code.local("f64")];
    forEachLane(code, laneShape(x, attributes.dim), [x, { ...result, perLane: true }], {
      begin() {
        code.set(best, () => {
          code.i32(0);
        });
        code.set(extreme, () => {
          code.f64(end === "largest" ? -Infinity : Infinity);
        });
      },
      visit([at], position) {
        loadDouble(code, x.dtype, at!);
        code.set(value);
        // Not (value ≤ extreme) also where the value is NaN; behind a first NaN nothing is greater.
        code.op(end === "largest" ? "f64.le" : "f64.ge", value, extreme);
        code.op("i32.eqz");
        code.op("f64.eq", extreme, extreme);
        code.op("i32.and");
        code.if(() => {
          code.set(best, position);
          code.set(extreme, value);
        });
      },
      end([, into]) {
        code.get(into!);
        code.op("f64.convert_i32_s", best);
        code.access("f64.store", 0);
      },
    });
  };
}

/** A number that runs along each lane and is stored at each element. */
function running(
  first: number,
  inputs: readonly string[],
  next: (context: KernelContext, total: Local, values: readonly Local[], position: Local) => void,
): Kernel["emit"] {
  return (context) => {
    const { code, result, attributes } = context;
    const operands = inputs.map((name) => operandOf(context, name));
    const total = code.local("f64");
    const values = operands.map(() => code.local("f64"));
    forEachLane(code, laneShape(result, attributes.dim), [...operands, result], {
      begin() {
        code.set(total, () => {
          code.f64(first);
        });
      },
      visit(addresses, position) {
        operands.forEach(({ dtype }, k) => {
          loadDouble(code, dtype, addresses[k]!);
          code.set(values[k]!);
        });
        next(context, total, values, position);
        code.set(total);
        storeDouble(code, result.dtype, addresses[operands.length]!, total);
      },
      end() {
        // Nothing is left over.
      },
    });
  };
}

export const laneKernels: readonly Kernel[] = [
  { op: "argmax", emit: extremePosition("largest") },
  { op: "argmin", emit: extremePosition("smallest") },
  {
    op: "cumsum",
    emit: running(0, ["x"], ({ code }, total, [x]) => {
      code.op("f64.add", total, x!);
    }),
  },
  {
    op: "cumprod",
    emit: running(1, ["x"], ({ code }, total, [x]) => {
      code.op("f64.mul", total, x!);
    }),
  },
  {
    op: "linear_recurrence",
    // The first a multiplies nothing, so that it may be infinite.
    emit: running(0, ["a", "b"], ({ code }, total, [a, b], position) => {
      code.get(b!);
      code.op("f64.mul", a!, total);
      code.op("f64.add", b!);
      code.op("i32.eqz", position);
      code.op("select");
    }),
  },
];
