/** Data files: what is in them (`readHeader`, cheap, at check time) and the values of one entry (`loadEntry`). */
import { type Tensor } from "../../runtime/tensor";
import { loadCsv, readCsvHeader } from "./csv";
import { type DataFile, type DataFormat, type DataHeader, type DataOptions, type Refusal } from "./data-file";
import { failure, type DataFailure, type DataResult } from "./data-problems";
import { loadIdx, readIdxHeader } from "./idx";
import { loadNpy, readNpyFileHeader } from "./npy";
import { loadNpz, readNpzHeader } from "./npz";
import { loadPng, readPngHeader } from "./png";
import { runLater, type LaterFile } from "./later-file";
import { loadSafetensors, readSafetensorsHeader } from "./safetensors";
import { runNow, untilRead, type Steps } from "./steps";

export { wholeNumbers } from "./whole-numbers";
export {
  memoryFile,
  type CsvOptions,
  type DataEntry,
  type DataFile,
  type DataFormat,
  type DataHeader,
  type DataHost,
  type DataOptions,
  type Refusal,
} from "./data-file";
export { type LaterFile } from "./later-file";
export { dataProblemCodes, type DataFailure, type DataProblem, type DataResult } from "./data-problems";

interface FormatReader {
  readonly header: (file: DataFile, options: DataOptions) => Steps<DataResult<DataHeader>>;
  readonly load: (file: DataFile, entry: string, options: DataOptions) => DataResult<Tensor>;
}

const formats: Readonly<Record<DataFormat, FormatReader>> = {
  npy: { header: begin(readNpyFileHeader), load: single(loadNpy) },
  npz: { header: readNpzHeader, load: loadNpz },
  csv: { header: readCsvHeader, load: single(loadCsv) },
  idx: { header: begin(readIdxHeader), load: single(loadIdx) },
  safetensors: { header: begin(readSafetensorsHeader), load: loadSafetensors },
  png: { header: begin(readPngHeader), load: single(loadPng) },
};

/**
 * The shape and dtype of every entry, without reading values: bounded work, except that a CSV file has to be read through
 * to count its rows. Sizes are checked against the file and the memory limit here already.
 */
export function readHeader(format: DataFormat, file: DataFile, options: DataOptions): DataResult<DataHeader> {
  return runNow(formats[format].header(file, options));
}

/** The same of a file whose bytes come later; nothing is waited for meanwhile. */
export function readHeaderLater(
  format: DataFormat,
  file: LaterFile,
  options: DataOptions,
): Promise<DataResult<DataHeader>> {
  return runLater(file, (pages) => formats[format].header(pages, options));
}

/** The values of one entry ("" in npy, csv, idx and png); checksums are verified where the format has them. */
export function loadEntry(
  format: DataFormat,
  file: DataFile,
  entry: string,
  options: DataOptions,
): DataResult<Tensor> {
  return formats[format].load(file, entry, options);
}

/** The problem of a file that a host does not give. */
export function refusalProblem(refusal: Refusal, name: string): DataFailure {
  const parameters = { file: name, detail: refusal.detail };
  switch (refusal.problem) {
    case "missing":
      return failure("missing", parameters);
    case "outside-workspace":
      return failure("outsideWorkspace", parameters);
    case "unreadable":
      return failure("unreadable", parameters);
  }
}

/** A format whose header is read from its beginning, again where bytes were lacking. */
function begin(
  read: (file: DataFile, options: DataOptions) => DataResult<DataHeader>,
): FormatReader["header"] {
  return (file, options) => untilRead(() => read(file, options));
}

/** A format whose files hold one array, whose name is "". */
function single(load: (file: DataFile, options: DataOptions) => DataResult<Tensor>): FormatReader["load"] {
  return (file, entry, options) =>
    entry === "" ? load(file, options) : failure("oneArray", { file: options.name, entry });
}
