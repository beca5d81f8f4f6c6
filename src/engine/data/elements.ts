/** The element types that files hold, and turning their bytes into a tensor's storage. Knows no file format. */
import {
  allocate,
  elementCount,
  stridesOf,
  type DType,
  type Shape,
  type Tensor,
  type TensorData,
} from "../../runtime/tensor";
import { type ByteReader, pieceBytes } from "./byte-reader";
import { failure, success, type DataFailure, type DataResult } from "./data-problems";

export type ElementKind =
  | "bool"
  | "int8"
  | "uint8"
  | "int16"
  | "uint16"
  | "int32"
  | "uint32"
  | "int64"
  | "uint64"
  | "float16"
  | "bfloat16"
  | "float32"
  | "float64";

interface Element {
  readonly bytes: number;
  /** Booleans become bool, whole numbers int, floats up to 32 bits float32 (which holds them exactly), 64 bits float64. */
  readonly dtype: DType;
  readonly read: (view: DataView, at: number, littleEndian: boolean) => number;
}

export const elements: Readonly<Record<ElementKind, Element>> = {
  bool: { bytes: 1, dtype: "bool", read: (view, at) => Number(view.getUint8(at) !== 0) },
  int8: { bytes: 1, dtype: "int", read: (view, at) => view.getInt8(at) },
  uint8: { bytes: 1, dtype: "int", read: (view, at) => view.getUint8(at) },
  int16: { bytes: 2, dtype: "int", read: (view, at, little) => view.getInt16(at, little) },
  uint16: { bytes: 2, dtype: "int", read: (view, at, little) => view.getUint16(at, little) },
  int32: { bytes: 4, dtype: "int", read: (view, at, little) => view.getInt32(at, little) },
  uint32: { bytes: 4, dtype: "int", read: (view, at, little) => view.getUint32(at, little) },
  int64: {
    bytes: 8,
    dtype: "int",
    read: (view, at, little) =>
      view.getInt32(at + (little ? 4 : 0), little) * 2 ** 32 + view.getUint32(at + (little ? 0 : 4), little),
  },
  uint64: {
    bytes: 8,
    dtype: "int",
    read: (view, at, little) =>
      view.getUint32(at + (little ? 4 : 0), little) * 2 ** 32 + view.getUint32(at + (little ? 0 : 4), little),
  },
  float16: { bytes: 2, dtype: "float32", read: (view, at, little) => float16(view.getUint16(at, little)) },
  bfloat16: { bytes: 2, dtype: "float32", read: (view, at, little) => bfloat16(view.getUint16(at, little)) },
  float32: { bytes: 4, dtype: "float32", read: (view, at, little) => view.getFloat32(at, little) },
  float64: { bytes: 8, dtype: "float64", read: (view, at, little) => view.getFloat64(at, little) },
};

/** How an array lies in a file. */
export interface Layout {
  readonly kind: ElementKind;
  readonly shape: Shape;
  readonly littleEndian: boolean;
  /** Row-major (C) or column-major (Fortran) order of the elements. */
  readonly order: "rows" | "columns";
}

/** Where an array is read from, for messages and limits. */
export interface Destination {
  readonly file: string;
  readonly entry: string;
  readonly limit: number;
}

/** How many bytes the elements take in the file; may exceed 2^53 and is then only good for comparing. */
export function payloadBytes(layout: Layout): number {
  return elementCount(layout.shape) * elements[layout.kind].bytes;
}

/** Refuses an array that would not fit the memory limit, or that `available` bytes cannot hold. Allocates nothing. */
export function checkSize(layout: Layout, available: number, to: Destination): DataFailure | undefined {
  const what = `${to.entry === "" ? "its array" : `array \`${to.entry}\``} of shape [${layout.shape.join(", ")}]`;
  const count = elementCount(layout.shape);
  // Sizes whose product overflows to infinity give NaN beside a zero; no tensor has such a shape.
  const memory = Number.isNaN(count) ? Infinity : count * storageBytes(elements[layout.kind].dtype);
  if (memory > to.limit) return failure("tooLarge", { file: to.file, what, needed: memory, limit: to.limit });
  const needed = payloadBytes(layout);
  return needed > available
    ? failure("truncated", { file: to.file, what, needed, found: available })
    : undefined;
}

/** Reads all elements of an array. The size must have passed `checkSize`, which this does again with the reader's bound. */
export function readElements(reader: ByteReader, layout: Layout, to: Destination): DataResult<Tensor> {
  const refused = checkSize(layout, reader.atMost, to);
  if (refused) return refused;
  const element = elements[layout.kind];
  const count = elementCount(layout.shape);
  const allocated = storage(element.dtype, count, to);
  if (!allocated.ok) return allocated;
  const data = allocated.value;
  const place =
    layout.order === "columns" && layout.shape.length > 1 ? columnMajorWriter(data, layout.shape) : undefined;
  const perPiece = pieceBytes / element.bytes;
  for (let done = 0; done < count; done += perPiece) {
    const here = Math.min(perPiece, count - done);
    const piece = reader.take(here * element.bytes, `its array of shape [${layout.shape.join(", ")}]`);
    if (!piece.ok) return piece;
    const values = place ? allocate(element.dtype, here) : data.subarray(done, done + here);
    const inexact = decode(piece.value, layout, values);
    if (inexact !== undefined) {
      const flat = done + inexact;
      const value = bigValue(piece.value, inexact, layout);
      return failure("inexactInteger", {
        file: to.file,
        entry: to.entry,
        value,
        at: indexText(flat, layout),
      });
    }
    place?.(values);
  }
  return success({ dtype: element.dtype, shape: layout.shape, data });
}

/** Zeroed storage, or a failure where this machine has not that much. */
export function storage(dtype: DType, count: number, to: Destination): DataResult<TensorData> {
  try {
    return success(allocate(dtype, count));
  } catch {
    const needed = count * storageBytes(dtype);
    return failure("tooLarge", { file: to.file, what: "its array", needed, limit: to.limit });
  }
}

const littleEndianMachine = new Uint8Array(new Uint16Array([1]).buffer)[0] === 1;

/** Decodes bytes into `values`, which has one place for each; gives the position of the first integer beyond 2^53. */
function decode(bytes: Uint8Array, layout: Layout, values: TensorData): number | undefined {
  const { kind, littleEndian } = layout;
  if (kind === "uint8") {
    values.set(bytes);
    return undefined;
  }
  if ((kind === "float32" || kind === "float64") && littleEndian && littleEndianMachine) {
    // The file's bytes are the storage's bytes.
    new Uint8Array(values.buffer, values.byteOffset, values.byteLength).set(bytes);
    return undefined;
  }
  const element = elements[kind];
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  for (let index = 0; index < values.length; index++)
    values[index] = element.read(view, index * element.bytes, littleEndian);
  if (kind !== "int64" && kind !== "uint64") return undefined;
  const inexact = values.findIndex((value) => !Number.isSafeInteger(value));
  return inexact < 0 ? undefined : inexact;
}

/** Takes the elements of a column-major array in their order in the file and puts each at its row-major place. */
function columnMajorWriter(data: TensorData, shape: Shape): (values: TensorData) => void {
  const strides = stridesOf(shape);
  const counter = new Array<number>(shape.length).fill(0);
  let target = 0;
  return (values) => {
    for (const value of values) {
      data[target] = value;
      for (let axis = 0; axis < shape.length; axis++) {
        const next = (counter[axis] ?? 0) + 1;
        const stride = strides[axis] ?? 0;
        const size = shape[axis] ?? 1;
        target += stride;
        if (next < size) {
          counter[axis] = next;
          break;
        }
        counter[axis] = 0;
        target -= stride * size;
      }
    }
  };
}

/** `[2, 0]` for a position in file order. */
function indexText(flat: number, layout: Layout): string {
  const axes = layout.shape.map((_, axis) => axis);
  if (layout.order === "rows") axes.reverse();
  const index = new Array<number>(axes.length).fill(0);
  let rest = flat;
  for (const axis of axes) {
    const size = layout.shape[axis] ?? 1;
    index[axis] = rest % size;
    rest = Math.floor(rest / size);
  }
  return `[${index.join(", ")}]`;
}

function bigValue(bytes: Uint8Array, index: number, layout: Layout): string {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const at = index * 8;
  const value =
    layout.kind === "int64"
      ? view.getBigInt64(at, layout.littleEndian)
      : view.getBigUint64(at, layout.littleEndian);
  return value.toString();
}

function storageBytes(dtype: DType): number {
  return dtype === "bool" ? 1 : dtype === "float32" ? 4 : 8;
}

/** IEEE 754 binary16: 1 sign bit, 5 exponent bits, 10 fraction bits. */
function float16(bits: number): number {
  const sign = bits & 0x8000 ? -1 : 1;
  const exponent = (bits >> 10) & 0x1f;
  const fraction = bits & 0x3ff;
  if (exponent === 0) return sign * fraction * 2 ** -24;
  if (exponent === 31) return fraction === 0 ? sign * Infinity : NaN;
  return sign * (1 + fraction / 1024) * 2 ** (exponent - 15);
}

const scratch = new DataView(new ArrayBuffer(4));

/** bfloat16 is the upper half of a float32. */
function bfloat16(bits: number): number {
  scratch.setUint32(0, bits << 16);
  return scratch.getFloat32(0);
}
