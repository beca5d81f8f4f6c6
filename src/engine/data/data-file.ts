/** What a data file is to its readers: bytes on demand, a format, options, and a header. Knows no format's layout. */
import { type DType, type Shape } from "../../runtime/tensor";
import { type DataProblem } from "./data-problems";

/**
 * A file as the readers see it: bytes on demand, so that large files are read lazily. Hosts hand it in.
 * `read` is synchronous (a worker or Node); it may give fewer bytes than asked for, or throw, when the file changes
 * underneath: both become a problem, never an exception.
 */
export interface DataFile {
  readonly size: number;
  read(offset: number, length: number): Uint8Array;
}

/** Why a host gives no file. `detail` continues the sentence: the path that was tried, or the system's words. */
export interface Refusal {
  readonly problem: "missing" | "outside-workspace" | "unreadable";
  readonly detail: string;
}

/** Opens the files beside a spec; each host (Node, a browser's worker) has its own. */
export interface DataHost {
  open(path: string): DataFile | Refusal;
}

export type DataFormat = "npy" | "npz" | "csv" | "idx" | "safetensors" | "png";

/** One array of a file, as its header declares it. */
export interface DataEntry {
  readonly shape: Shape;
  readonly dtype: DType;
}

export interface DataHeader {
  /** By name; "" is the only entry of npy, csv, idx and png. */
  readonly entries: ReadonlyMap<string, DataEntry>;
  /** Entries that are there but cannot become a tensor (strings, objects, complex numbers), with the reason. */
  readonly refused: ReadonlyMap<string, DataProblem>;
}

export interface CsvOptions {
  /** Whether the first row names the columns; by default it does when one of its cells is neither number nor missing. */
  readonly header?: boolean;
  /** By default the one of `,` `;` tab that the first row uses most outside quotes. */
  readonly delimiter?: "," | ";" | "\t";
  /** What an empty cell (or NA, N/A, null) is: a problem with its line and column (the default), or NaN. */
  readonly missing?: "problem" | "nan";
}

export interface DataOptions {
  /** The file's name as the spec writes it, for messages. */
  readonly name: string;
  /** The most memory that one loaded tensor may take, in bytes; 2 GiB by default. */
  readonly maxBytes?: number;
  readonly csv?: CsvOptions;
}

/** The memory limit of one tensor where the options give none: 2 GiB. */
export const defaultMaxBytes = 2 ** 31;

export function limitOf(options: DataOptions): number {
  return options.maxBytes ?? defaultMaxBytes;
}

/** A file in memory, for hosts that have the bytes already and for tests. */
export function memoryFile(bytes: Uint8Array): DataFile {
  return { size: bytes.length, read: (offset, length) => bytes.subarray(offset, offset + length) };
}
