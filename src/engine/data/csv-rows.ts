/** Cutting CSV text into rows of cells (RFC 4180, with `#` comments and blank lines left out). Knows nothing of numbers. */
import { type ByteReader } from "./byte-reader";
import { failure, type DataFailure } from "./data-problems";
import { untilRead, type Steps } from "./steps";

/** A row, valid until the next: its cells' bytes one after another, each ending where `ends` says. */
export interface CsvRow {
  /** The line on which it begins, from 1. */
  readonly line: number;
  readonly bytes: Uint8Array;
  readonly ends: readonly number[];
}

/** Returns a failure to stop, "stop" to stop without one. */
export type RowSink = (row: CsvRow) => DataFailure | "stop" | undefined;

export interface RowLimits {
  readonly file: string;
  /** The most text that is read, so that a compressed file of blank lines ends. */
  readonly text: number;
}

const newline = 0x0a;
const carriageReturn = 0x0d;
const quote = 0x22;
const hash = 0x23;

/** A single row with more text than this is no table of numbers. */
const longestRow = 1 << 24;

/** Feeds every row to `sink`. Quotes count where they begin a cell; within quotes, two of them stand for one. */
export function* readRows(
  reader: ByteReader,
  delimiter: number,
  sink: RowSink,
  limits: RowLimits,
): Steps<DataFailure | undefined> {
  const rows = new RowCutter(delimiter, sink, limits.file);
  let total = 0;
  for (;;) {
    const piece = yield* untilRead(() => reader.next());
    if (!piece.ok) return piece;
    if (piece.value.length === 0) break;
    total += piece.value.length;
    if (total > limits.text) {
      return failure("tooLarge", { file: limits.file, what: "its text", needed: total, limit: limits.text });
    }
    const ended = rows.feed(piece.value);
    if (ended !== undefined) return ended === "stop" ? undefined : ended;
  }
  const ended = rows.end();
  if (ended !== undefined && ended !== "stop") return ended;
  const finished = yield* untilRead(() => reader.finish());
  return finished.ok ? undefined : finished;
}

/** The bytes of one cell, without the white space around it. */
export function cellBytes(row: CsvRow, column: number): Uint8Array {
  let start = column === 0 ? 0 : (row.ends[column - 1] ?? 0);
  let end = row.ends[column] ?? start;
  while (start < end && (row.bytes[start] ?? 0) <= 0x20) start++;
  while (end > start && (row.bytes[end - 1] ?? 0) <= 0x20) end--;
  return row.bytes.subarray(start, end);
}

/** The state between two bytes: what the next one may be. */
type Place = "line start" | "cell start" | "bare" | "quoted" | "after quote" | "comment";

class RowCutter {
  private readonly delimiter: number;
  private readonly sink: RowSink;
  private readonly file: string;
  private place: Place = "line start";
  private bytes = new Uint8Array(1024);
  private length = 0;
  private ends: number[] = [];
  private line = 1;
  private rowLine = 1;
  private quoteLine = 1;
  private blank = true;
  private afterReturn = false;

  constructor(delimiter: number, sink: RowSink, file: string) {
    this.delimiter = delimiter;
    this.sink = sink;
    this.file = file;
  }

  feed(piece: Uint8Array): DataFailure | "stop" | undefined {
    for (let at = 0; at < piece.length; at++) {
      if (this.place === "bare" || this.place === "cell start") at = this.appendRun(piece, at);
      const byte = piece[at];
      if (byte === undefined) break;
      const lineFeedOfPair = byte === newline && this.afterReturn;
      this.afterReturn = byte === carriageReturn;
      const lineEnds = byte === newline || byte === carriageReturn;
      if (this.place === "quoted") {
        if (byte === quote) this.place = "after quote";
        else this.append(byte);
        if (lineEnds && !lineFeedOfPair) this.line++;
      } else if (!lineEnds) this.within(byte);
      else if (!lineFeedOfPair) {
        const ended = this.endRow();
        if (ended !== undefined) return ended;
        this.line++;
        this.rowLine = this.line;
      }
      if (this.length > longestRow) {
        return failure("tooLarge", {
          file: this.file,
          what: `line ${String(this.rowLine)}`,
          needed: this.length,
          limit: longestRow,
        });
      }
    }
    return undefined;
  }

  /** The fast way through plain cells: takes bytes up to one that needs thought, and gives its position. */
  private appendRun(piece: Uint8Array, start: number): number {
    const { delimiter } = this;
    let { bytes, length, place } = this;
    let at = start;
    for (; at < piece.length; at++) {
      const byte = piece[at]!;
      if (byte === delimiter) {
        this.ends.push(length);
        place = "cell start";
      } else if (byte === newline || byte === carriageReturn) break;
      else if (place === "cell start" && (byte === quote || byte <= 0x20)) break;
      else {
        if (length === bytes.length) {
          if (length >= longestRow) break;
          bytes = this.grow();
        }
        bytes[length++] = byte;
        place = "bare";
      }
    }
    if (at > start) {
      this.blank = false;
      this.afterReturn = false;
    }
    this.length = length;
    this.place = place;
    return at;
  }

  /** The end of the text, which also ends a last row without a newline. */
  end(): DataFailure | "stop" | undefined {
    if (this.place === "quoted") return failure("openQuote", { file: this.file, line: this.quoteLine });
    return this.endRow();
  }

  private within(byte: number): void {
    switch (this.place) {
      case "comment":
        return;
      case "line start":
      case "cell start":
        if (byte === hash && this.place === "line start") this.place = "comment";
        else if (byte === this.delimiter) this.endCell();
        else if (byte === quote) {
          this.place = "quoted";
          this.quoteLine = this.line;
          this.blank = false;
        } else if (byte > 0x20) {
          this.append(byte);
          this.place = "bare";
        }
        return;
      case "bare":
        if (byte === this.delimiter) this.endCell();
        else this.append(byte);
        return;
      case "after quote":
        if (byte === this.delimiter) this.endCell();
        else {
          this.append(byte);
          this.place = byte === quote ? "quoted" : "bare";
        }
        return;
      case "quoted":
        return;
    }
  }

  private append(byte: number): void {
    if (this.length === this.bytes.length) this.grow();
    this.bytes[this.length++] = byte;
    this.blank = false;
  }

  private grow(): Uint8Array<ArrayBuffer> {
    const larger = new Uint8Array(2 * this.bytes.length);
    larger.set(this.bytes);
    this.bytes = larger;
    return larger;
  }

  private endCell(): void {
    this.ends.push(this.length);
    this.blank = false;
    this.place = "cell start";
  }

  private endRow(): DataFailure | "stop" | undefined {
    const commented = this.place === "comment";
    const blank = this.blank;
    this.ends.push(this.length);
    const row = { line: this.rowLine, bytes: this.bytes, ends: this.ends };
    const ended = blank || commented ? undefined : this.sink(row);
    this.ends = [];
    this.length = 0;
    this.blank = true;
    this.place = "line start";
    return ended;
  }
}
