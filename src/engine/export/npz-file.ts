/** Several tensors as an npz file: a zip of npy files, stored as `numpy.savez` stores them. Knows no host. */
import type { Tensor } from "../../runtime/tensor";
import { crc32 } from "../data/crc32";
import { encodeUtf8 } from "../data/utf8";
import { npyFile } from "./npy-file";
import { fixed, totalLength, type Segment } from "./segments";

/** Beyond these a zip needs its 64-bit records. */
const mostBytes = 0xffff_fffe;
const mostEntries = 0xfffe;

/** Bytes at a time while a checksum is made. */
const stride = 1 << 22;

/** 1 January 1980, midnight: files made from the same numbers are the same. */
const dosTime = [0, 0, 0x21, 0] as const;

/** Undefined where it would be larger than a zip of the first kind can be. */
export function npzFile(tensors: ReadonlyMap<string, Tensor>): readonly Segment[] | undefined {
  if (tensors.size > mostEntries) return undefined;
  const body: Segment[] = [];
  const directory: Uint8Array[] = [];
  let offset = 0;
  for (const [name, value] of tensors) {
    const path = encodeUtf8(`${name}.npy`);
    const file = npyFile(value);
    const length = totalLength(file);
    if (offset + length > mostBytes) return undefined;
    const common = commonFields(checksum(file), length, path.length);
    const local = joined([0x50, 0x4b, 3, 4], common, u16(0), path);
    body.push(fixed(local), ...file);
    // Made by version 2.0 on anything; no extra field, no comment, first disk, no attributes.
    directory.push(
      joined([0x50, 0x4b, 1, 2], u16(20), common, u16(0), u16(0), u16(0), u16(0), u32(0), u32(offset), path),
    );
    offset += local.length + length;
  }
  const size = directory.reduce((sum, { length }) => sum + length, 0);
  if (offset + size > mostBytes) return undefined;
  const count = u16(directory.length);
  const end = joined([0x50, 0x4b, 5, 6], u16(0), u16(0), count, count, u32(size), u32(offset), u16(0));
  return [...body, ...directory.map(fixed), fixed(end)];
}

/** What a local header and a directory entry have alike: version 2.0, UTF-8 names, stored, and the sizes. */
function commonFields(crc: number, length: number, nameLength: number): readonly number[] {
  return [
    ...u16(20),
    ...u16(0x0800),
    ...u16(0),
    ...dosTime,
    ...u32(crc),
    ...u32(length),
    ...u32(length),
    ...u16(nameLength),
  ];
}

function checksum(segments: readonly Segment[]): number {
  let crc = 0;
  for (const { length, read } of segments)
    for (let from = 0; from < length; from += stride)
      crc = crc32(read(from, Math.min(from + stride, length)), crc);
  return crc;
}

function u16(value: number): readonly number[] {
  return [value & 0xff, (value >>> 8) & 0xff];
}

function u32(value: number): readonly number[] {
  return [...u16(value), ...u16(value >>> 16)];
}

function joined(...parts: readonly (readonly number[] | Uint8Array)[]): Uint8Array {
  return Uint8Array.from(parts.flatMap((part) => [...part]));
}
