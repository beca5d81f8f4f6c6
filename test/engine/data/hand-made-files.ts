/** Files made byte by byte, so that a test can say which byte is wrong; and the check that all of them go through. */
import assert from "node:assert/strict";
import {
  loadEntry,
  memoryFile,
  readHeader,
  type DataFormat,
  type DataOptions,
} from "../../../src/engine/data";
import { crc32 } from "../../../src/engine/data/crc32";

export const text = (characters: string) => new Uint8Array(Buffer.from(characters, "utf8"));
export const join = (...parts: readonly (Uint8Array | readonly number[])[]) =>
  Uint8Array.from(parts.flatMap((part) => [...part]));

export function npy(
  dictionary: string,
  payload: Uint8Array | readonly number[] = [],
  version = 1,
): Uint8Array {
  const header = text(dictionary);
  const size =
    version === 1
      ? [header.length & 255, header.length >> 8]
      : [header.length & 255, header.length >> 8, 0, 0];
  return join([0x93], text("NUMPY"), [version, 0], size, header, payload);
}

export function npyOf(shape: string, payload: readonly number[] = [], descr = "<f8"): Uint8Array {
  return npy(`{'descr': '${descr}', 'fortran_order': False, 'shape': ${shape}, }`, payload);
}

export function idx(code: number, sizes: readonly number[], payload: readonly number[] = []): Uint8Array {
  return join(
    [0, 0, code, sizes.length],
    sizes.flatMap((size) => [size >>> 24, (size >> 16) & 255, (size >> 8) & 255, size & 255]),
    payload,
  );
}

export function safetensors(header: string, payload: readonly number[] = [], length?: bigint): Uint8Array {
  const prefix = new DataView(new ArrayBuffer(8));
  prefix.setBigUint64(0, length ?? BigInt(text(header).length), true);
  return join(new Uint8Array(prefix.buffer), text(header), payload);
}

export function pngChunk(kind: string, data: readonly number[] | Uint8Array): Uint8Array {
  const body = join(text(kind), data);
  const view = new DataView(new ArrayBuffer(8));
  view.setUint32(0, data.length);
  view.setUint32(4, crc32(body));
  return join(new Uint8Array(view.buffer, 0, 4), body, new Uint8Array(view.buffer, 4, 4));
}

export function png(
  width: number,
  height: number,
  kind: readonly number[],
  ...chunks: readonly Uint8Array[]
): Uint8Array {
  const view = new DataView(new ArrayBuffer(8));
  view.setUint32(0, width);
  view.setUint32(4, height);
  return join(
    [0x89, 0x50, 0x4e, 0x47, 13, 10, 26, 10],
    pngChunk("IHDR", join(new Uint8Array(view.buffer), kind)),
    ...chunks,
  );
}

interface Reading {
  readonly entry?: string;
  readonly options?: Partial<DataOptions>;
}

/** A broken file: what it is, its bytes, the code and words of its problem, and the step that must notice it first. */
export type BrokenFile = readonly [
  title: string,
  bytes: Uint8Array,
  code: string,
  message: RegExp,
  step: "check" | "load",
  given?: Reading,
];

/** Loading gives the problem; the header step gives the same one where it can know, and otherwise none. */
export function checkBroken(format: DataFormat, [, bytes, code, message, step, given]: BrokenFile): void {
  const options = { name: "d", ...given?.options };
  const loaded = loadEntry(format, memoryFile(bytes), given?.entry ?? "", options);
  assert.ok(!loaded.ok, "was read without a problem");
  assert.equal(loaded.problem.code, code, loaded.problem.message);
  assert.match(loaded.problem.message, message);
  assert.match(loaded.problem.message, /^(The header of )?`d`.*\.$/s);
  const header = readHeader(format, memoryFile(bytes), options);
  assert.equal(header.ok ? undefined : header.problem.code, step === "check" ? code : undefined);
}
