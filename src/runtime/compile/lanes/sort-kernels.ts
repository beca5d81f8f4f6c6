/** The operators of order: `sort`, `argsort`, `topk` and `median`, each lane sorted and then read. */
import { elementCount, type DType } from "../../tensor";
import { forRange, type FunctionBuilder, type Local } from "../emit";
import type { Kernel, KernelContext, KernelNode, KernelType } from "../kernel-contract";
import { operandOf, typeOf } from "../kernels/operands";
import { bytesOf } from "../loops/lane-memory";
import { axisOf } from "../program/view-operators";
import { lanesOf, loadDouble, storeDouble, type LaneShape } from "./lane-loop";
import { pushPosition, recordBytes, sortFunction, sortScratch, type Order } from "./sort-lane";

/** What is made of the records of a lane in order. */
interface Reading {
  order(attributes: KernelNode["attributes"]): Order;
  /** Elements of the result in each lane. */
  produced(lane: LaneShape, output: KernelType, axis: number): number;
  write(context: KernelContext, lane: SortedPlaces, length: number): void;
}

interface SortedPlaces {
  /** Where the records begin, in order. */
  readonly records: Local;
  /** The lane of the operand, and that of the result. */
  readonly from: Local;
  readonly into: Local;
  /** Elements from one to the next, in both. */
  readonly stride: number;
  readonly produced: number;
}

function orderKernel(op: string, reading: Reading): Kernel {
  return {
    op,
    // Their references hand out the elements as they are.
    takes: (node) => op === "argsort" || typeOf(node, "x").dtype === node.output.dtype,
    scratch: (node) => sortScratch(laneOf(node).length),
    emit(context) {
      const { code, module, result, scratch } = context;
      const x = operandOf(context, "x");
      const lane = laneOf(context);
      const axis = axisOf(context.attributes.dim ?? 0, x.shape.length);
      const produced = reading.produced(lane, result, axis);
      if (lane.outer * lane.inner * produced === 0) return;
      const sort = sortFunction(module, {
        dtype: x.dtype,
        length: lane.length,
        stride: lane.inner,
        order: reading.order(context.attributes),
      });
      const [xBytes, yBytes] = [bytesOf(x.dtype), bytesOf(result.dtype)];
      const places = { stride: lane.inner, produced };
      const [from, into] = [code.define("i32", x.address), code.define("i32", result.address)];
      forRange(code, 0, lane.outer, 1, () => {
        forRange(code, 0, lane.inner, 1, () => {
          const records = code.define("i32", () => {
            if (scratch === undefined) code.i32(0);
            else code.call(sort, from, scratch);
          });
          reading.write(context, { ...places, records, from, into }, lane.length);
          code.release(records);
          move(code, from, xBytes);
          move(code, into, yBytes);
        });
        move(code, from, (lane.length - 1) * lane.inner * xBytes);
        move(code, into, (produced - 1) * lane.inner * yBytes);
      });
    },
  };
}

/** No `dim` is one lane of all elements. */
function laneOf(node: KernelNode): LaneShape {
  const { shape } = typeOf(node, "x");
  const { dim } = node.attributes;
  if (typeof dim !== "number") return { outer: 1, length: elementCount(shape), inner: 1 };
  return lanesOf(shape, axisOf(dim, shape.length));
}

function move(code: FunctionBuilder, address: Local, bytes: number): void {
  if (bytes === 0) return;
  code.set(address, () => {
    code.op("i32.add", address, () => {
      code.i32(bytes);
    });
  });
}

/** The first records' elements, or their positions. */
function inOrder(what: "elements" | "positions"): Reading["write"] {
  return ({ code, operands, result }, { records, from, into, stride, produced }) => {
    const { x } = operands;
    const dtype: DType = x !== undefined && "dtype" in x ? x.dtype : result.dtype;
    const [record, target] = [code.define("i32", records), code.define("i32", into)];
    forRange(code, 0, produced, 1, () => {
      if (what === "elements") copyElement(code, dtype, record, from, target, stride);
      else {
        code.get(target);
        pushPosition(code, record);
        code.op("f64.convert_i32_s");
        code.access("f64.store", 0);
      }
      move(code, record, recordBytes);
      move(code, target, stride * bytesOf(result.dtype));
    });
    code.release(record, target);
  };
}

function copyElement(
  code: FunctionBuilder,
  dtype: DType,
  record: Local,
  from: Local,
  into: Local,
  stride: number,
): void {
  const bytes = bytesOf(dtype);
  const [load, store] =
    bytes === 1
      ? (["i32.load8_u", "i32.store8"] as const)
      : bytes === 4
        ? (["i32.load", "i32.store"] as const)
        : (["i64.load", "i64.store"] as const);
  code.get(into);
  pushPosition(code, record);
  code.i32(stride * bytes);
  code.op("i32.mul");
  code.op("i32.add", from);
  code.access(load, 0);
  code.access(store, 0);
}

/** The lower one of the middle, or NaN where a NaN is among the elements: the last one, then. Nothing's median is NaN. */
const middle: Reading["write"] = ({ code, result }, { records, from, into, stride }, length) => {
  if (length > 0) {
    const record = code.define("i32", () => {
      code.get(records);
      code.i32(((length - 1) >> 1) * recordBytes);
      code.op("i32.add");
    });
    copyElement(code, result.dtype, record, from, into, stride);
    code.release(record);
  }
  if (result.dtype === "bool") {
    if (length === 0) {
      code.get(into);
      code.i32(0);
      code.access("i32.store8", 0);
    }
    return;
  }
  const missing = code.define("f64", () => {
    code.f64(NaN);
  });
  if (length === 0) {
    storeDouble(code, result.dtype, into, missing);
    return;
  }
  const bytes = bytesOf(result.dtype);
  const last = code.define("i32", () => {
    code.access("i32.load", (length - 1) * recordBytes + 8, records);
    code.i32(stride * bytes);
    code.op("i32.mul");
    code.op("i32.add", from);
  });
  loadDouble(code, result.dtype, last);
  const value = code.define("f64");
  code.op("f64.ne", value, value);
  code.if(() => {
    storeDouble(code, result.dtype, into, missing);
  });
  code.release(last, value, missing);
};

const whole = (lane: LaneShape): number => lane.length;

function direction(name: "descending" | "largest"): Reading["order"] {
  return (attributes) => (attributes[name] === true ? "descending" : "ascending");
}

export const sortKernels: readonly Kernel[] = [
  orderKernel("sort", { order: direction("descending"), produced: whole, write: inOrder("elements") }),
  orderKernel("argsort", { order: direction("descending"), produced: whole, write: inOrder("positions") }),
  orderKernel("topk", {
    order: direction("largest"),
    produced: (_, { shape }, axis) => shape[axis] ?? 1,
    write: inOrder("elements"),
  }),
  orderKernel("median", { order: () => "ascending", produced: () => 1, write: middle }),
];
