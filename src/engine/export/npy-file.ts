/** Tensors as npy files, as numpy.lib.format writes them (version 1.0, little-endian, C order). Knows no host. */
import type { DType, Tensor } from "../../runtime/tensor";
import { fixed, type Segment } from "./segments";

const kinds: Readonly<Record<DType, { readonly descr: string; readonly bytes: number }>> = {
  float64: { descr: "<f8", bytes: 8 },
  float32: { descr: "<f4", bytes: 4 },
  int: { descr: "<i8", bytes: 8 },
  bool: { descr: "|b1", bytes: 1 },
};

/** The header, and the elements as they are asked for. */
export function npyFile(value: Tensor): readonly Segment[] {
  return [fixed(header(value)), elements(value)];
}

/** The magic, the version, the length, and a Python dictionary padded so that the elements start at a multiple of 64. */
function header({ dtype, shape }: Tensor): Uint8Array {
  const sizes = `(${shape.join(", ")}${shape.length === 1 ? "," : ""})`;
  const text = `{'descr': '${kinds[dtype].descr}', 'fortran_order': False, 'shape': ${sizes}, }`;
  const before = 10;
  const length = Math.ceil((before + text.length + 1) / 64) * 64;
  const bytes = new Uint8Array(length).fill(0x20);
  bytes.set([0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59, 1, 0, (length - before) & 0xff, (length - before) >> 8]);
  for (let i = 0; i < text.length; i++) bytes[before + i] = text.charCodeAt(i);
  bytes[length - 1] = 0x0a;
  return bytes;
}

function elements({ dtype, data }: Tensor): Segment {
  const size = kinds[dtype].bytes;
  return {
    length: data.length * size,
    read(from, to) {
      const first = Math.floor(from / size);
      const last = Math.ceil(to / size);
      const bytes = new Uint8Array((last - first) * size);
      const view = new DataView(bytes.buffer);
      for (let i = first; i < last; i++) write(view, (i - first) * size, dtype, data[i]!);
      return bytes.subarray(from - first * size, to - first * size);
    },
  };
}

/** Through a view, so that the order of bytes is not the machine's. */
function write(view: DataView, at: number, dtype: DType, value: number): void {
  switch (dtype) {
    case "float64":
      return view.setFloat64(at, value, true);
    case "float32":
      return view.setFloat32(at, value, true);
    case "int":
      return view.setBigInt64(at, BigInt(value), true);
    case "bool":
      return view.setUint8(at, value);
  }
}
