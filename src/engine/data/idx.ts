/** IDX files (the format of MNIST), plain or gzipped: two zero bytes, a type code, a rank, big-endian sizes, big-endian values. */
import { type Tensor } from "../../runtime/tensor";
import { type ByteReader } from "./byte-reader";
import { limitOf, type DataFile, type DataHeader, type DataOptions } from "./data-file";
import { failure, success, type DataResult } from "./data-problems";
import {
  checkSize,
  elements,
  readElements,
  type Destination,
  type ElementKind,
  type Layout,
} from "./elements";
import { maybeGzippedReader } from "./gzip";
import { describeStart } from "./magic";

/** The third byte of the file. Source: the description beside the MNIST files. */
const typeCodes: ReadonlyMap<number, ElementKind> = new Map([
  [0x08, "uint8"],
  [0x09, "int8"],
  [0x0b, "int16"],
  [0x0c, "int32"],
  [0x0d, "float32"],
  [0x0e, "float64"],
]);

export function readIdxHeader(file: DataFile, options: DataOptions): DataResult<DataHeader> {
  const opened = open(file, options);
  if (!opened.ok) return opened;
  const { layout, reader } = opened.value;
  const refused = checkSize(layout, reader.atMost, destination(options));
  if (refused) return refused;
  const entry = { shape: layout.shape, dtype: elements[layout.kind].dtype };
  return success({ entries: new Map([["", entry]]), refused: new Map() });
}

export function loadIdx(file: DataFile, options: DataOptions): DataResult<Tensor> {
  const opened = open(file, options);
  if (!opened.ok) return opened;
  const { layout, reader } = opened.value;
  const loaded = readElements(reader, layout, destination(options));
  if (!loaded.ok) return loaded;
  const after = reader.next();
  if (!after.ok) return after;
  if (after.value.length > 0) {
    return failure("damaged", {
      file: options.name,
      what: `it goes on after its array of shape [${layout.shape.join(", ")}]`,
    });
  }
  const finished = reader.finish();
  return finished.ok ? loaded : finished;
}

function open(
  file: DataFile,
  options: DataOptions,
): DataResult<{ readonly layout: Layout; readonly reader: ByteReader }> {
  const { name } = options;
  const opened = maybeGzippedReader(file, name);
  if (!opened.ok) return opened;
  const reader = opened.value;
  const start = reader.take(Math.min(4, reader.atMost), "idx's magic number");
  if (!start.ok) return start;
  const [first, second, code = 0, rank = 0] = start.value;
  const kind = typeCodes.get(code);
  if (first !== 0 || second !== 0 || start.value.length < 4 || kind === undefined) {
    const begun = start.value.slice();
    const more = reader.take(Math.min(4, reader.atMost), "a magic number");
    return failure("wrongFormat", {
      file: name,
      needed: "an idx file (00 00, a type code from 08 to 0E, a rank)",
      found: describeStart(Uint8Array.of(...begun, ...(more.ok ? more.value : []))),
    });
  }
  const sizes = reader.take(4 * rank, `idx's ${String(rank)} sizes`);
  if (!sizes.ok) return sizes;
  const view = new DataView(sizes.value.buffer, sizes.value.byteOffset, sizes.value.byteLength);
  const shape = Array.from({ length: rank }, (_, axis) => view.getUint32(4 * axis));
  return success({ layout: { kind, shape, littleEndian: false, order: "rows" }, reader });
}

function destination(options: DataOptions): Destination {
  return { file: options.name, entry: "", limit: limitOf(options) };
}
