/** PNG's container: signature, IHDR, and the chunks up to the picture data. Knows nothing of pixels. Source: PNG, third edition. */
import { plainReader, readExactly } from "./byte-reader";
import { crc32 } from "./crc32";
import { type DataFile } from "./data-file";
import { failure, success, type DataFailure, type DataResult } from "./data-problems";
import { describeStart, startsWith } from "./magic";

export interface PngHeader {
  readonly width: number;
  readonly height: number;
  readonly depth: 1 | 2 | 4 | 8 | 16;
  readonly color: "gray" | "rgb" | "palette" | "gray-alpha" | "rgb-alpha";
  readonly interlaced: boolean;
}

/** Red, green, blue and alpha of each palette entry, 0 to 255. */
export type Palette = Uint8Array;

export interface PngPicture {
  readonly header: PngHeader;
  readonly palette: Palette | undefined;
  /** The size of all IDAT chunks together, an upper bound. */
  readonly compressedBytes: number;
  /** The zlib stream of the IDAT chunks in order; none at the end. */
  readonly pull: (length: number) => DataResult<Uint8Array>;
}

const signature = [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a];
const colors: ReadonlyMap<number, PngHeader["color"]> = new Map([
  [0, "gray"],
  [2, "rgb"],
  [3, "palette"],
  [4, "gray-alpha"],
  [6, "rgb-alpha"],
]);
const depths: Readonly<Record<PngHeader["color"], readonly number[]>> = {
  gray: [1, 2, 4, 8, 16],
  rgb: [8, 16],
  palette: [1, 2, 4, 8],
  "gray-alpha": [8, 16],
  "rgb-alpha": [8, 16],
};

/** The signature (8 bytes), and IHDR with its length, name and checksum (25). */
const headerEnd = 33;

export function readPngIhdr(file: DataFile, name: string): DataResult<PngHeader> {
  const start = readExactly(file, name, {
    offset: 0,
    length: Math.min(headerEnd, file.size),
    what: "PNG's header",
  });
  if (!start.ok) return start;
  const bytes = start.value;
  if (!startsWith(bytes, signature))
    return failure("wrongFormat", { file: name, needed: "a PNG picture", found: describeStart(bytes) });
  if (bytes.length < headerEnd) {
    return failure("truncated", { file: name, what: "PNG's header", needed: headerEnd, found: bytes.length });
  }
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (view.getUint32(8) !== 13 || chunkName(bytes, 12) !== "IHDR") {
    return failure("badHeader", {
      file: name,
      needed: "IHDR as PNG's first chunk",
      found: `\`${chunkName(bytes, 12)}\``,
    });
  }
  if (crc32(bytes.subarray(12, 29)) !== view.getUint32(29)) {
    return failure("damaged", { file: name, what: "its header does not match its checksum" });
  }
  const [width, height] = [view.getUint32(16), view.getUint32(20)];
  const [depth = 0, colorType = 0, compression, filter, interlace = 0] = bytes.subarray(24, 29);
  const color = colors.get(colorType);
  if (width === 0 || height === 0 || width > 0x7fffffff || height > 0x7fffffff) {
    return failure("badHeader", {
      file: name,
      needed: "a width and height from 1 to 2^31 - 1",
      found: `${String(width)} by ${String(height)}`,
    });
  }
  if (
    !color ||
    !isDepth(depth) ||
    !depths[color].includes(depth) ||
    compression !== 0 ||
    filter !== 0 ||
    interlace > 1
  ) {
    const found = `depth ${String(depth)}, color type ${String(colorType)}, methods ${Array.from(bytes.subarray(26, 29)).join(" ")}`;
    return failure("badHeader", { file: name, needed: "a combination that PNG defines", found });
  }
  return success({ width, height, depth, color, interlaced: interlace === 1 });
}

/** Reads the chunks before the picture data, and gives the data's compressed stream. */
export function openPng(file: DataFile, name: string): DataResult<PngPicture> {
  const header = readPngIhdr(file, name);
  if (!header.ok) return header;
  let palette: Palette | undefined;
  let offset = headerEnd;
  for (;;) {
    const chunk = readChunkStart(file, name, offset);
    if (!chunk.ok) return chunk;
    const { kind, length } = chunk.value;
    if (kind === "IDAT") break;
    if (kind === "IEND") return failure("damaged", { file: name, what: "it has no picture data" });
    if (header.value.color === "palette" && (kind === "PLTE" || kind === "tRNS")) {
      const body = readPaletteChunk(file, name, { offset, length, kind });
      if (!body.ok) return body;
      if (kind === "PLTE") palette = opaque(body.value);
      else palette?.forEach((_, at, all) => (at % 4 === 3 ? (all[at] = body.value[(at - 3) / 4] ?? 255) : 0));
    }
    offset += 12 + length;
  }
  if (header.value.color === "palette" && !palette)
    return failure("damaged", { file: name, what: "it needs a palette and has none" });
  return success({
    header: header.value,
    palette,
    compressedBytes: file.size - offset,
    pull: pictureData(file, name, offset),
  });
}

function readPaletteChunk(
  file: DataFile,
  name: string,
  chunk: { readonly offset: number; readonly length: number; readonly kind: string },
): DataResult<Uint8Array> {
  const { offset, length, kind } = chunk;
  const multiple = kind === "PLTE" ? 3 : 1;
  if (length === 0 || length > 256 * multiple || length % multiple !== 0) {
    return failure("damaged", { file: name, what: `its ${kind} chunk has ${String(length)} bytes` });
  }
  const read = readExactly(file, name, { offset: offset + 4, length: length + 8, what: kind });
  if (!read.ok) return read;
  const view = new DataView(read.value.buffer, read.value.byteOffset, read.value.byteLength);
  if (crc32(read.value.subarray(0, length + 4)) !== view.getUint32(length + 4))
    return wrongChecksum(name, kind);
  return success(read.value.slice(4, length + 4));
}

function opaque(rgb: Uint8Array): Palette {
  const palette = new Uint8Array((rgb.length / 3) * 4).fill(255);
  rgb.forEach((value, at) => (palette[Math.floor(at / 3) * 4 + (at % 3)] = value));
  return palette;
}

/** Hands out the contents of successive IDAT chunks, each verified when it ends. */
function pictureData(
  file: DataFile,
  name: string,
  firstChunk: number,
): (length: number) => DataResult<Uint8Array> {
  let reader = plainReader(file, name, { start: firstChunk, end: firstChunk });
  let next = firstChunk;
  let ended = false;
  return (length) => {
    while (reader.atMost === 0 && !ended) {
      const finished = reader.finish();
      if (!finished.ok) return finished;
      const chunk = readChunkStart(file, name, next);
      if (!chunk.ok) return chunk;
      ended = chunk.value.kind !== "IDAT";
      if (ended) break;
      const start = next + 8;
      const end = start + chunk.value.length;
      let checksum = crc32(idat);
      reader = plainReader(file, name, {
        start,
        end,
        observe: (piece) => {
          checksum = crc32(piece, checksum);
        },
        verify: () => {
          const stored = readExactly(file, name, { offset: end, length: 4, what: "IDAT's checksum" });
          if (!stored.ok) return stored;
          const view = new DataView(stored.value.buffer, stored.value.byteOffset, 4);
          return view.getUint32(0) === checksum ? success(undefined) : wrongChecksum(name, "IDAT");
        },
      });
      next = end + 4;
    }
    return ended ? success(new Uint8Array(0)) : reader.take(Math.min(length, reader.atMost), "picture data");
  };
}

const idat = new Uint8Array([0x49, 0x44, 0x41, 0x54]);

function readChunkStart(
  file: DataFile,
  name: string,
  offset: number,
): DataResult<{ readonly kind: string; readonly length: number }> {
  const read = readExactly(file, name, { offset, length: 8, what: "a PNG chunk" });
  if (!read.ok) return read;
  const length = new DataView(read.value.buffer, read.value.byteOffset, 8).getUint32(0);
  if (offset + 12 + length <= file.size) return success({ kind: chunkName(read.value, 4), length });
  return failure("truncated", {
    file: name,
    what: `PNG's chunk \`${chunkName(read.value, 4)}\``,
    needed: length + 12,
    found: file.size - offset,
  });
}

function chunkName(bytes: Uint8Array, at: number): string {
  return String.fromCharCode(...bytes.subarray(at, at + 4));
}

function wrongChecksum(name: string, kind: string): DataFailure {
  return failure("damaged", { file: name, what: `its ${kind} chunk does not match its checksum` });
}

function isDepth(depth: number): depth is PngHeader["depth"] {
  return [1, 2, 4, 8, 16].includes(depth);
}
