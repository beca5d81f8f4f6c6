/** NumPy's npy files, plain or gzipped: versions 1 to 3, either byte order, either element order. */
import { type Tensor } from "../../runtime/tensor";
import { type ByteReader } from "./byte-reader";
import { limitOf, type DataFile, type DataHeader, type DataOptions } from "./data-file";
import { success, type DataResult } from "./data-problems";
import { checkSize, elements, readElements, type Destination, type Layout } from "./elements";
import { maybeGzippedReader } from "./gzip";
import { readNpyHeader } from "./npy-header";

export function readNpyFileHeader(file: DataFile, options: DataOptions): DataResult<DataHeader> {
  const opened = open(file, options);
  if (!opened.ok) return opened;
  const { layout, reader } = opened.value;
  const refused = checkSize(layout, reader.atMost, destination(options));
  if (refused) return refused;
  const entry = { shape: layout.shape, dtype: elements[layout.kind].dtype };
  return success({ entries: new Map([["", entry]]), refused: new Map() });
}

/** The array; bytes after it are let be, as `numpy.load` does. */
export function loadNpy(file: DataFile, options: DataOptions): DataResult<Tensor> {
  const opened = open(file, options);
  if (!opened.ok) return opened;
  const { layout, reader } = opened.value;
  const loaded = readElements(reader, layout, destination(options));
  if (!loaded.ok) return loaded;
  const finished = reader.finish();
  return finished.ok ? loaded : finished;
}

function open(
  file: DataFile,
  options: DataOptions,
): DataResult<{ readonly layout: Layout; readonly reader: ByteReader }> {
  const reader = maybeGzippedReader(file, options.name);
  if (!reader.ok) return reader;
  const layout = readNpyHeader(reader.value, { file: options.name, entry: "" });
  return layout.ok ? success({ layout: layout.value, reader: reader.value }) : layout;
}

function destination(options: DataOptions): Destination {
  return { file: options.name, entry: "", limit: limitOf(options) };
}
