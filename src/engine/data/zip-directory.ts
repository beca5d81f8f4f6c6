/** The central directory of a zip archive, zip64 included: which parts it has and where. Knows nothing of their contents. */
import { readBytes, readExactly } from "./byte-reader";
import { type DataFile } from "./data-file";
import { failure, success, type DataFailure, type DataResult } from "./data-problems";
import { describeStart } from "./magic";
import { untilRead, type Steps } from "./steps";
import { decodeUtf8, displayText } from "./utf8";

export interface ZipEntry {
  readonly name: string;
  readonly method: number;
  readonly encrypted: boolean;
  readonly checksum: number;
  readonly compressedBytes: number;
  readonly bytes: number;
  /** Where its local header begins. */
  readonly offset: number;
}

interface Directory {
  readonly offset: number;
  readonly bytes: number;
  readonly count: number;
}

const endSignature = 0x06054b50;
const end64LocatorSignature = 0x07064b50;
const end64Signature = 0x06064b50;
const entrySignature = 0x02014b50;
const endBytes = 22;
const longestComment = 65_535;

/** A directory of more than this is refused: a thousand arrays take about 70 kB. */
const largestDirectory = 1 << 24;

/** A field of all ones stands for "see the zip64 record". */
const see64 = 0xffffffff;

/** All entries, in the directory's order, each checked to lie before the directory. */
export function readZipDirectory(file: DataFile, name: string): DataResult<readonly ZipEntry[]> {
  const found = findDirectory(file, name);
  if (!found.ok) return found;
  const directory = found.value;
  if (directory.bytes > largestDirectory) {
    return failure("tooLarge", {
      file: name,
      what: "its table of contents",
      needed: directory.bytes,
      limit: largestDirectory,
    });
  }
  const read = readExactly(file, name, {
    offset: directory.offset,
    length: directory.bytes,
    what: "its table of contents",
  });
  if (!read.ok) return read;
  const bytes = read.value;
  const view = viewOf(bytes);
  const entries: ZipEntry[] = [];
  let at = 0;
  for (let index = 0; index < directory.count; index++) {
    const length =
      at + 46 <= bytes.length
        ? 46 + view.getUint16(at + 28, true) + view.getUint16(at + 30, true) + view.getUint16(at + 32, true)
        : Infinity;
    if (at + length > bytes.length || view.getUint32(at, true) !== entrySignature) {
      return failure("damaged", {
        file: name,
        what: `entry ${String(index + 1)} of ${String(directory.count)} in its table of contents is broken`,
      });
    }
    const entry = readEntry(bytes.subarray(at, at + length));
    if (entry.offset + entry.compressedBytes > directory.offset) {
      return failure("badOffsets", {
        file: name,
        what: `\`${entry.name}\` reaches into the table of contents`,
      });
    }
    entries.push(entry);
    at += length;
  }
  return success(entries);
}

/** Where the contents of each entry begin; refuses entries that overlap (a known way to build a bomb). */
export function* locateContents(
  file: DataFile,
  name: string,
  entries: readonly ZipEntry[],
): Steps<DataResult<ReadonlyMap<ZipEntry, number>>> {
  const starts = new Map<ZipEntry, number>();
  let endOfPrevious = 0;
  for (const entry of [...entries].sort((a, b) => a.offset - b.offset)) {
    const part = { offset: entry.offset, length: 30, what: `the header of \`${entry.name}\`` };
    const header = yield* untilRead(() => readExactly(file, name, part));
    if (!header.ok) return header;
    const view = viewOf(header.value);
    if (view.getUint32(0, true) !== 0x04034b50) {
      return failure("badOffsets", {
        file: name,
        what: `\`${entry.name}\` is not where the table of contents says`,
      });
    }
    const start = entry.offset + 30 + view.getUint16(26, true) + view.getUint16(28, true);
    if (entry.offset < endOfPrevious || start + entry.compressedBytes > file.size) {
      return failure("badOffsets", { file: name, what: `\`${entry.name}\` overlaps another part` });
    }
    endOfPrevious = start + entry.compressedBytes;
    starts.set(entry, start);
  }
  return success(starts);
}

function findDirectory(file: DataFile, name: string): DataResult<Directory> {
  const tailStart = Math.max(0, file.size - endBytes - longestComment);
  const tail = readBytes(file, name, tailStart, file.size - tailStart);
  if (!tail.ok) return tail;
  const view = viewOf(tail.value);
  let at = tail.value.length - endBytes;
  while (
    at >= 0 &&
    !(
      view.getUint32(at, true) === endSignature &&
      at + endBytes + view.getUint16(at + 20, true) <= tail.value.length
    )
  )
    at--;
  if (at < 0) return notAZip(file, name);
  const small = {
    count: view.getUint16(at + 10, true),
    bytes: view.getUint32(at + 12, true),
    offset: view.getUint32(at + 16, true),
  };
  const end = tailStart + at;
  const large = findDirectory64(file, name, end);
  if (!large.ok) return large;
  const directory = large.value ?? small;
  if (directory.offset + directory.bytes > end) {
    return failure("badOffsets", { file: name, what: "its table of contents reaches beyond the file" });
  }
  return success(directory);
}

/** The zip64 end record, if its locator stands before the ordinary one. */
function findDirectory64(file: DataFile, name: string, end: number): DataResult<Directory | undefined> {
  if (end < 20) return success(undefined);
  const locator = readExactly(file, name, { offset: end - 20, length: 20, what: "the zip64 locator" });
  if (!locator.ok) return locator;
  const locatorView = viewOf(locator.value);
  if (locatorView.getUint32(0, true) !== end64LocatorSignature) return success(undefined);
  const record = readExactly(file, name, {
    offset: uint64(locatorView, 8),
    length: 56,
    what: "the zip64 record",
  });
  if (!record.ok) return record;
  const view = viewOf(record.value);
  if (view.getUint32(0, true) !== end64Signature) {
    return failure("badOffsets", { file: name, what: "its zip64 record is not where its locator says" });
  }
  return success({ count: uint64(view, 32), bytes: uint64(view, 40), offset: uint64(view, 48) });
}

function notAZip(file: DataFile, name: string): DataFailure {
  const start = readBytes(file, name, 0, 8);
  if (!start.ok) return start;
  const zip = start.value[0] === 0x50 && start.value[1] === 0x4b;
  const found = zip
    ? "it begins as one, but its table of contents, which is at the end, is missing"
    : describeStart(start.value);
  return failure("wrongFormat", { file: name, needed: "an npz archive", found });
}

/** One directory entry; `bytes` is exactly its extent. */
function readEntry(bytes: Uint8Array): ZipEntry {
  const view = viewOf(bytes);
  const nameEnd = 46 + view.getUint16(28, true);
  const extra = bytes.subarray(nameEnd, nameEnd + view.getUint16(30, true));
  const large = zip64Fields(extra);
  const wide = (at: number) => {
    const value = view.getUint32(at, true);
    return value === see64 ? (large.shift() ?? value) : value;
  };
  // The zip64 record holds only the fields that are all ones, in this order.
  const size = wide(24);
  const compressedBytes = wide(20);
  const offset = wide(42);
  const nameBytes = bytes.subarray(46, nameEnd);
  return {
    name: decodeUtf8(nameBytes) ?? displayText(nameBytes, 255),
    method: view.getUint16(10, true),
    encrypted: (view.getUint16(8, true) & 1) !== 0,
    checksum: view.getUint32(16, true),
    compressedBytes,
    bytes: size,
    offset,
  };
}

/** The 64-bit numbers of the extra field with id 1. */
function zip64Fields(extra: Uint8Array): number[] {
  const view = viewOf(extra);
  for (let at = 0; at + 4 <= extra.length;) {
    const length = view.getUint16(at + 2, true);
    if (view.getUint16(at, true) === 1) {
      const count = Math.floor(Math.min(length, extra.length - at - 4) / 8);
      return Array.from({ length: Math.min(count, 3) }, (_, index) => uint64(view, at + 4 + 8 * index));
    }
    at += 4 + length;
  }
  return [];
}

function uint64(view: DataView, at: number): number {
  return view.getUint32(at + 4, true) * 2 ** 32 + view.getUint32(at, true);
}

function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}
