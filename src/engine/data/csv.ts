/**
 * CSV files of numbers, plain or gzipped: a tensor [rows, columns] of float64. Its header step counts the rows, because
 * nothing else tells how many there are; it reads the text in pieces and keeps nothing of it.
 */
import { type Tensor } from "../../runtime/tensor";
import { type ByteReader } from "./byte-reader";
import { numberIn } from "./csv-number";
import { cellBytes, readRows, type CsvRow } from "./csv-rows";
import { limitOf, type DataFile, type DataHeader, type DataOptions } from "./data-file";
import { failure, success, type DataFailure, type DataResult } from "./data-problems";
import { storage } from "./elements";
import { maybeGzippedReader } from "./gzip";
import { describeStart, looksBinary } from "./magic";
import { runNow, untilRead, type Steps } from "./steps";
import { displayText } from "./utf8";

interface Table {
  readonly delimiter: number;
  /** The names that the first row gives the columns, where it does. */
  readonly names: readonly string[] | undefined;
  readonly rows: number;
  readonly columns: number;
}

export function* readCsvHeader(file: DataFile, options: DataOptions): Steps<DataResult<DataHeader>> {
  const table = yield* measure(file, options);
  if (!table.ok) return table;
  const { rows, columns } = table.value;
  return success({
    entries: new Map([["", { shape: [rows, columns], dtype: "float64" }]]),
    refused: new Map(),
  });
}

export function loadCsv(file: DataFile, options: DataOptions): DataResult<Tensor> {
  const measured = runNow(measure(file, options));
  if (!measured.ok) return measured;
  const { rows, columns, names, delimiter } = measured.value;
  const allocated = storage("float64", rows * columns, {
    file: options.name,
    entry: "",
    limit: limitOf(options),
  });
  if (!allocated.ok) return allocated;
  const data = allocated.value;
  let rowIndex = names ? -1 : 0;
  const reading = eachRow(file, options, delimiter, (row) => {
    if (rowIndex >= rows) return "stop";
    for (let column = 0; rowIndex >= 0 && column < columns; column++) {
      const value = cellValue(row, column, names, options);
      if (!value.ok) return value;
      data[rowIndex * columns + column] = value.value;
    }
    rowIndex++;
    return undefined;
  });
  const failed = runNow(reading);
  if (failed) return failed;
  return success({ dtype: "float64", shape: [rows, columns], data });
}

/** Counts rows and columns, and refuses ragged rows. */
function* measure(file: DataFile, options: DataOptions): Steps<DataResult<Table>> {
  const delimiter = yield* findDelimiter(file, options);
  if (!delimiter.ok) return delimiter;
  const limit = limitOf(options);
  let names: readonly string[] | undefined;
  let first: { readonly line: number; readonly columns: number } | undefined;
  let rows = 0;
  const failed = yield* eachRow(file, options, delimiter.value, (row) => {
    if (!first) {
      first = { line: row.line, columns: row.ends.length };
      names = columnNames(row, options);
      if (names) return undefined;
    }
    if (row.ends.length !== first.columns) {
      return failure("raggedRow", {
        file: options.name,
        line: row.line,
        found: row.ends.length,
        needed: first.columns,
        firstLine: first.line,
      });
    }
    rows++;
    if (rows * first.columns * 8 <= limit) return undefined;
    return failure("tooLarge", {
      file: options.name,
      what: "its table",
      needed: rows * first.columns * 8,
      limit,
    });
  });
  if (failed) return failed;
  if (!first || rows === 0) return failure("noRows", { file: options.name });
  return success({ delimiter: delimiter.value, names, rows, columns: first.columns });
}

function* eachRow(
  file: DataFile,
  options: DataOptions,
  delimiter: number,
  sink: (row: CsvRow) => DataFailure | "stop" | undefined,
): Steps<DataFailure | undefined> {
  const reader = yield* untilRead(() => open(file, options.name));
  if (!reader.ok) return reader;
  return yield* readRows(reader.value, delimiter, sink, { file: options.name, text: limitOf(options) });
}

/** A reader that stands after the byte order mark, if there is one. */
function open(file: DataFile, name: string): DataResult<ByteReader> {
  const opened = maybeGzippedReader(file, name);
  if (!opened.ok) return opened;
  const reader = opened.value;
  const first = reader.next();
  if (!first.ok) return first;
  const bytes = first.value;
  const [a, b, c] = bytes;
  if ((a === 0xff && b === 0xfe) || (a === 0xfe && b === 0xff)) {
    return failure("notUtf8", { file: name, what: "begins as UTF-16; save it as UTF-8" });
  }
  if (looksBinary(bytes)) {
    return failure("wrongFormat", { file: name, needed: "CSV text", found: describeStart(bytes) });
  }
  // The first piece is put back, without the mark.
  let waiting: Uint8Array | undefined =
    a === 0xef && b === 0xbb && c === 0xbf ? bytes.slice(3) : bytes.slice();
  return success({
    get atMost() {
      return reader.atMost + (waiting?.length ?? 0);
    },
    take: (length, what) => reader.take(length, what),
    next() {
      const piece = waiting;
      waiting = undefined;
      return piece && piece.length > 0 ? success(piece) : reader.next();
    },
    finish: () => reader.finish(),
  });
}

/** Of comma, semicolon and tab, the one that gives the first row the most cells; the earlier of two that give as many. */
function* findDelimiter(file: DataFile, options: DataOptions): Steps<DataResult<number>> {
  const told = options.csv?.delimiter;
  if (told !== undefined) return success(told.charCodeAt(0));
  let best = 0x2c;
  let most = 1;
  for (const delimiter of [0x2c, 0x3b, 0x09]) {
    let cells = 0;
    const failed = yield* eachRow(file, options, delimiter, (row) => {
      cells = row.ends.length;
      return "stop";
    });
    if (failed) return failed;
    if (cells > most) {
      best = delimiter;
      most = cells;
    }
  }
  return success(best);
}

/** The first row's cells where they are names: when the options say so, or when one is neither a number nor missing. */
function columnNames(row: CsvRow, options: DataOptions): readonly string[] | undefined {
  const cells = row.ends.map((_, column) => cellBytes(row, column));
  const named = options.csv?.header ?? cells.some((cell) => numberIn(cell) === undefined);
  return named ? cells.map((cell) => displayText(cell)) : undefined;
}

function cellValue(
  row: CsvRow,
  column: number,
  names: readonly string[] | undefined,
  options: DataOptions,
): DataResult<number> {
  const bytes = cellBytes(row, column);
  const value = numberIn(bytes);
  if (value !== undefined && (value !== "missing" || options.csv?.missing === "nan"))
    return success(value === "missing" ? NaN : value);
  const place = {
    file: options.name,
    line: row.line,
    column: column + 1,
    columnName: names?.[column],
    cell: displayText(bytes),
  };
  return failure(value === "missing" ? "missingCell" : "notANumber", place);
}
