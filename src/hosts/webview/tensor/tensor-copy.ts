/** Gathers a tensor from the editor for a copy: all of it where that is sensible, else what is in view. No DOM. */
import type { TensorSummary } from "../../../protocol";
import { csvText, numpyText, specText } from "../look/copy-text";
import { shapeText } from "../look/number-format";
import { exactRequest, type SliceSubject } from "./slice-requests";
import type { StoredSlice } from "./slice-store";
import { leadingSizes, matrixOf } from "./tensor-axes";
import type { CellRange } from "./viewport";

export interface Copied {
  readonly text: string;
  /** What was copied, for the announcement. */
  readonly what: string;
}

export type CopyFormat = "numpy" | "csv" | "spec";

export const formatNames: Readonly<Record<CopyFormat, string>> = {
  numpy: "NumPy",
  csv: "CSV",
  spec: "nnspec",
};

export interface CopyOptions {
  readonly format: CopyFormat;
  readonly name: string;
  readonly summary: TensorSummary;
  readonly subject: SliceSubject;
  /** What is copied of a matrix that is too large. */
  readonly visible: CellRange;
  readonly fetch: (request: ReturnType<typeof exactRequest>) => Promise<StoredSlice>;
}

/** Text of more elements than this helps nobody. */
const mostElements = 250_000;

/** Whether what would be copied is more than a text can hold: then it is to be zoomed into, or saved. */
export function isTooLarge({ shape }: TensorSummary, visible: CellRange): boolean {
  return Math.min(sizeOf(wholeMatrix(shape)), sizeOf(visible)) > mostElements;
}

function wholeMatrix(shape: readonly number[]): CellRange {
  const { rows, columns } = matrixOf(shape);
  return { fromRow: 0, toRow: rows, fromColumn: 0, toColumn: columns };
}

function sizeOf({ fromRow, toRow, fromColumn, toColumn }: CellRange): number {
  return (toRow - fromRow) * (toColumn - fromColumn);
}

/** Null where the editor could not give the numbers. */
export async function copyTensor(options: CopyOptions): Promise<Copied | null> {
  const { summary, format, name } = options;
  const whole = wholeMatrix(summary.shape);
  if (format !== "csv" && summary.count <= mostElements) return wholeTensor(options, whole);
  const range = sizeOf(whole) <= mostElements ? whole : options.visible;
  const data = await window(options, options.subject.leading, range);
  if (data === null) return null;
  const size = [range.toRow - range.fromRow, range.toColumn - range.fromColumn] as const;
  const part =
    range === whole
      ? ""
      : `, rows ${range.fromRow} to ${range.toRow - 1} and columns ${range.fromColumn} to ${range.toColumn - 1}`;
  const leading = options.subject.leading.length === 0 ? "" : shapeText(options.subject.leading);
  return { text: textOf(format, size, data, summary.dtype), what: `${name}${leading}${part}` };
}

async function wholeTensor(options: CopyOptions, whole: CellRange): Promise<Copied | null> {
  const { shape, count, dtype } = options.summary;
  const data = new Float64Array(count);
  const perMatrix = (whole.toRow - whole.fromRow) * (whole.toColumn - whole.fromColumn);
  for (const [i, leading] of everyIndex(leadingSizes(shape)).entries()) {
    const matrix = await window(options, leading, whole);
    if (matrix === null) return null;
    data.set(matrix, i * perMatrix);
  }
  return { text: textOf(options.format, shape, data, dtype), what: `${options.name} ${shapeText(shape)}` };
}

function textOf(
  format: CopyFormat,
  shape: readonly number[],
  data: ArrayLike<number>,
  dtype: TensorSummary["dtype"],
): string {
  switch (format) {
    case "numpy":
      return numpyText(shape, data, dtype);
    case "spec":
      return specText(shape, data, dtype);
    case "csv":
      return csvText(shape[0] ?? 1, shape[1] ?? 1, data, dtype);
  }
}

async function window(
  options: CopyOptions,
  leading: readonly number[],
  range: CellRange,
): Promise<Float64Array | null> {
  if (range.toRow === range.fromRow || range.toColumn === range.fromColumn) return new Float64Array(0);
  const slice = await options.fetch(exactRequest({ ...options.subject, leading }, range));
  return slice === "unavailable" ? null : slice.data;
}

/** All index tuples of these sizes, row-major; one empty tuple where there are no sizes. */
function everyIndex(sizes: readonly number[]): readonly (readonly number[])[] {
  return sizes.reduce<readonly (readonly number[])[]>(
    (tuples, size) => tuples.flatMap((tuple) => Array.from({ length: size }, (_, i) => [...tuple, i])),
    [[]],
  );
}
