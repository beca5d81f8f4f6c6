/** Safetensors files: a 64-bit header length, a JSON table of tensors, then their bytes without gaps or overlaps. */
import { type Tensor } from "../../runtime/tensor";
import { plainReader, readExactly } from "./byte-reader";
import { limitOf, type DataEntry, type DataFile, type DataHeader, type DataOptions } from "./data-file";
import { failure, success, type DataFailure, type DataProblem, type DataResult } from "./data-problems";
import {
  checkSize,
  elements,
  payloadBytes,
  readElements,
  type Destination,
  type ElementKind,
  type Layout,
} from "./elements";
import { describeStart } from "./magic";
import { decodeUtf8, displayText } from "./utf8";

/** The limit of the format's own implementation. */
const longestHeader = 100_000_000;

const kinds: ReadonlyMap<string, ElementKind> = new Map([
  ["BOOL", "bool"],
  ["I8", "int8"],
  ["U8", "uint8"],
  ["I16", "int16"],
  ["U16", "uint16"],
  ["I32", "int32"],
  ["U32", "uint32"],
  ["I64", "int64"],
  ["U64", "uint64"],
  ["F16", "float16"],
  ["BF16", "bfloat16"],
  ["F32", "float32"],
  ["F64", "float64"],
]);

interface Stored {
  readonly dtype: string;
  readonly shape: readonly number[];
  /** Offsets in the file, end exclusive. */
  readonly start: number;
  readonly end: number;
}

export function readSafetensorsHeader(file: DataFile, options: DataOptions): DataResult<DataHeader> {
  const table = readTable(file, options.name);
  if (!table.ok) return table;
  const entries = new Map<string, DataEntry>();
  const refused = new Map<string, DataProblem>();
  for (const [name, stored] of table.value) {
    const layout = layoutOf(name, stored, options);
    if (layout.ok) entries.set(name, { shape: layout.value.shape, dtype: elements[layout.value.kind].dtype });
    else refused.set(name, layout.problem);
  }
  return success({ entries, refused });
}

export function loadSafetensors(file: DataFile, name: string, options: DataOptions): DataResult<Tensor> {
  const table = readTable(file, options.name);
  if (!table.ok) return table;
  const stored = table.value.get(name);
  if (!stored)
    return failure("unknownEntry", { file: options.name, entry: name, names: [...table.value.keys()] });
  const layout = layoutOf(name, stored, options);
  if (!layout.ok) return layout;
  const reader = plainReader(file, options.name, { start: stored.start, end: stored.end });
  return readElements(reader, layout.value, destination(name, options));
}

function layoutOf(name: string, stored: Stored, options: DataOptions): DataResult<Layout> {
  const kind = kinds.get(stored.dtype);
  if (kind === undefined) {
    return failure("unsupportedElements", {
      file: options.name,
      entry: name,
      elements: `${stored.dtype} elements`,
    });
  }
  const layout: Layout = { kind, shape: stored.shape, littleEndian: true, order: "rows" };
  const refused = checkSize(layout, stored.end - stored.start, destination(name, options));
  if (refused) return refused;
  const needed = payloadBytes(layout);
  if (needed === stored.end - stored.start) return success(layout);
  return failure("badHeader", {
    file: options.name,
    needed: `${String(needed)} bytes for \`${name}\`, ${stored.dtype} [${stored.shape.join(", ")}]`,
    found: String(stored.end - stored.start),
  });
}

/** The header's table, each tensor's place checked against the file and the others. */
function readTable(file: DataFile, name: string): DataResult<ReadonlyMap<string, Stored>> {
  const prefix = readExactly(file, name, {
    offset: 0,
    length: Math.min(9, file.size),
    what: "the header's length",
  });
  if (!prefix.ok) return prefix;
  const bytes = prefix.value;
  // The table is a JSON object, so that the ninth byte is always a brace.
  if (bytes.length < 9 || bytes[8] !== 0x7b) {
    return failure("wrongFormat", {
      file: name,
      needed: "a safetensors file (a header length, then `{`)",
      found: describeStart(bytes),
    });
  }
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const length = view.getUint32(4, true) * 2 ** 32 + view.getUint32(0, true);
  if (length > longestHeader)
    return failure("tooLarge", { file: name, what: "its header", needed: length, limit: longestHeader });
  const header = readExactly(file, name, { offset: 8, length, what: "its header" });
  if (!header.ok) return header;
  const text = decodeUtf8(header.value);
  if (text === undefined)
    return failure("notUtf8", {
      file: name,
      what: `its header begins with \`${displayText(header.value)}\``,
    });
  const parsed = parseTable(text, 8 + length, name);
  if (!parsed.ok) return parsed;
  const misplaced = checkPlaces(parsed.value, { start: 8 + length, end: file.size, name });
  return misplaced ?? parsed;
}

function parseTable(text: string, dataStart: number, file: string): DataResult<ReadonlyMap<string, Stored>> {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (error) {
    return failure("badHeader", {
      file,
      needed: "JSON",
      found: error instanceof Error ? error.message : String(error),
    });
  }
  const table = new Map<string, Stored>();
  for (const [name, value] of Object.entries(json as object)) {
    if (name === "__metadata__") continue;
    const { dtype, shape, data_offsets: offsets } = asRecord(value);
    const [start, end] = isSizes(offsets) ? offsets : [];
    if (
      typeof dtype !== "string" ||
      !isSizes(shape) ||
      start === undefined ||
      end === undefined ||
      start > end
    ) {
      return failure("badHeader", {
        file,
        needed: `"dtype", "shape" and "data_offsets" for \`${name.slice(0, 80)}\``,
        found: `\`${JSON.stringify(value).slice(0, 120)}\``,
      });
    }
    table.set(name, { dtype: dtype.slice(0, 40), shape, start: dataStart + start, end: dataStart + end });
  }
  return success(table);
}

/** The tensors must follow one another from the header to the file's end: no gap, no overlap. */
function checkPlaces(
  table: ReadonlyMap<string, Stored>,
  data: { readonly start: number; readonly end: number; readonly name: string },
): DataFailure | undefined {
  let expected = data.start;
  for (const [name, stored] of [...table].sort(([, a], [, b]) => a.start - b.start || a.end - b.end)) {
    if (stored.end > data.end) {
      return failure("truncated", {
        file: data.name,
        what: `\`${name}\``,
        needed: stored.end - data.start,
        found: data.end - data.start,
      });
    }
    if (stored.start !== expected) {
      const what = `\`${name}\` begins at byte ${String(stored.start - data.start)} of the data, and the tensor before it ends at ${String(expected - data.start)}`;
      return failure("badOffsets", { file: data.name, what });
    }
    expected = stored.end;
  }
  if (expected === data.end) return undefined;
  return failure("badOffsets", {
    file: data.name,
    what: `${String(data.end - expected)} bytes after the last tensor belong to none`,
  });
}

function asRecord(value: unknown): Readonly<Record<string, unknown>> {
  // Any object may be looked at by key.
  return typeof value === "object" && value !== null ? (value as Record<string, unknown>) : {};
}

function isSizes(value: unknown): value is readonly number[] {
  return (
    Array.isArray(value) &&
    value.length <= 64 &&
    value.every((size) => Number.isSafeInteger(size) && size >= 0)
  );
}

function destination(entry: string, options: DataOptions): Destination {
  return { file: options.name, entry, limit: limitOf(options) };
}
