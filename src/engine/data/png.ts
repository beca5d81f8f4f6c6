/**
 * PNG pictures as tensors of float64 in 0…1, shaped as matplotlib's `imread` shapes them: gray [height, width], rgb
 * [height, width, 3], everything with transparency or a palette [height, width, 4]. Samples of 16 bits keep all of them.
 */
import { Unzlib } from "fflate";
import { elementCount, type Shape, type Tensor, type TensorData } from "../../runtime/tensor";
import { type ByteReader } from "./byte-reader";
import { limitOf, type DataFile, type DataHeader, type DataOptions } from "./data-file";
import { failure, success, type DataFailure, type DataResult } from "./data-problems";
import { storage, type Destination } from "./elements";
import { inflatingReader, largestExpansion } from "./inflating-reader";
import { openPng, readPngIhdr, type Palette, type PngHeader } from "./png-format";
import { unfilter } from "./png-filter";

export function readPngHeader(file: DataFile, options: DataOptions): DataResult<DataHeader> {
  const header = readPngIhdr(file, options.name);
  if (!header.ok) return header;
  const refused = checkPictureSize(header.value, file.size, options);
  if (refused) return refused;
  return success({
    entries: new Map([["", { shape: shapeOf(header.value), dtype: "float64" }]]),
    refused: new Map(),
  });
}

export function loadPng(file: DataFile, options: DataOptions): DataResult<Tensor> {
  // The same checks as at check time come first, so that both steps name the same fault.
  const declared = readPngHeader(file, options);
  if (!declared.ok) return declared;
  const opened = openPng(file, options.name);
  if (!opened.ok) return opened;
  const picture = opened.value;
  const shape = shapeOf(picture.header);
  const allocated = storage("float64", elementCount(shape), destination(options));
  if (!allocated.ok) return allocated;
  const reader = inflatingReader({
    name: options.name,
    inflater: new Unzlib(),
    compressedBytes: picture.compressedBytes,
    pull: picture.pull,
  });
  const target: Target = {
    data: allocated.value,
    header: picture.header,
    palette: picture.palette,
    channels: shape[2] ?? 1,
  };
  for (const pass of picture.header.interlaced ? adam7 : [wholePicture]) {
    const failed = readPass(reader, pass, target, options.name);
    if (failed) return failed;
  }
  const finished = reader.finish();
  return finished.ok ? success({ dtype: "float64", shape, data: target.data }) : finished;
}

interface Target {
  readonly data: TensorData;
  readonly header: PngHeader;
  readonly palette: Palette | undefined;
  readonly channels: number;
}

/** Which pixels a pass holds: every `dx`-th from `x`, every `dy`-th from `y`. */
interface Pass {
  readonly x: number;
  readonly y: number;
  readonly dx: number;
  readonly dy: number;
}

const wholePicture: Pass = { x: 0, y: 0, dx: 1, dy: 1 };

/** The seven passes of an interlaced picture. */
const adam7: readonly Pass[] = [
  { x: 0, y: 0, dx: 8, dy: 8 },
  { x: 4, y: 0, dx: 8, dy: 8 },
  { x: 0, y: 4, dx: 4, dy: 8 },
  { x: 2, y: 0, dx: 4, dy: 4 },
  { x: 0, y: 2, dx: 2, dy: 4 },
  { x: 1, y: 0, dx: 2, dy: 2 },
  { x: 0, y: 1, dx: 1, dy: 2 },
];

const samplesPerPixel: Readonly<Record<PngHeader["color"], number>> = {
  gray: 1,
  rgb: 3,
  palette: 1,
  "gray-alpha": 2,
  "rgb-alpha": 4,
};

function shapeOf({ width, height, color }: PngHeader): Shape {
  return color === "gray" ? [height, width] : [height, width, color === "rgb" ? 3 : 4];
}

function checkPictureSize(
  header: PngHeader,
  compressed: number,
  options: DataOptions,
): DataFailure | undefined {
  const shape = shapeOf(header);
  const what = `a picture of ${String(header.width)} by ${String(header.height)}`;
  const memory = elementCount(shape) * 8;
  const limit = limitOf(options);
  if (memory > limit) return failure("tooLarge", { file: options.name, what, needed: memory, limit });
  const least = Math.ceil((header.height * rowBytes(header, header.width)) / largestExpansion);
  return least > compressed
    ? failure("truncated", { file: options.name, what, needed: least, found: compressed })
    : undefined;
}

function rowBytes(header: PngHeader, width: number): number {
  return Math.ceil((width * samplesPerPixel[header.color] * header.depth) / 8);
}

function readPass(reader: ByteReader, pass: Pass, target: Target, name: string): DataFailure | undefined {
  const { header } = target;
  const width = Math.ceil((header.width - pass.x) / pass.dx);
  if (width <= 0) return undefined;
  const length = rowBytes(header, width);
  const pixelBytes = Math.max(1, (samplesPerPixel[header.color] * header.depth) / 8);
  let above: Uint8Array = new Uint8Array(length);
  for (let y = pass.y; y < header.height; y += pass.dy) {
    const taken = reader.take(1 + length, `row ${String(y)} of the picture`);
    if (!taken.ok) return taken;
    const row = taken.value.slice(1);
    if (!unfilter(row, above, taken.value[0] ?? 0, pixelBytes)) {
      return failure("damaged", {
        file: name,
        what: `row ${String(y)} has filter ${String(taken.value[0])}, and PNG defines 0 to 4`,
      });
    }
    const problem = writeRow(row, y, pass, target);
    if (problem !== undefined) return failure("damaged", { file: name, what: `row ${String(y)} ${problem}` });
    above = row;
  }
  return undefined;
}

/** Puts one row's pixels at their places; says what is wrong with them, if anything is. */
function writeRow(row: Uint8Array, y: number, pass: Pass, target: Target): string | undefined {
  const { data, header, palette, channels } = target;
  const { color, depth } = header;
  const largest = 2 ** depth - 1;
  const samples = samplesPerPixel[color];
  let sample = 0;
  for (let x = pass.x; x < header.width; x += pass.dx) {
    const at = (y * header.width + x) * channels;
    const first = sampleAt(row, sample, depth);
    if (color === "palette") {
      const from = first * 4;
      if (!palette || from >= palette.length)
        return `uses color ${String(first)} of a palette of ${String((palette?.length ?? 0) / 4)}`;
      for (let channel = 0; channel < 4; channel++) data[at + channel] = (palette[from + channel] ?? 0) / 255;
    } else if (color === "gray-alpha") {
      data.fill(first / largest, at, at + 3);
      data[at + 3] = sampleAt(row, sample + 1, depth) / largest;
    } else {
      for (let channel = 0; channel < channels; channel++)
        data[at + channel] = sampleAt(row, sample + channel, depth) / largest;
    }
    sample += samples;
  }
  return undefined;
}

/** The sample with that number in a row, 1 to 16 bits wide, packed from the highest bit down. */
function sampleAt(row: Uint8Array, index: number, depth: number): number {
  if (depth === 8) return row[index] ?? 0;
  if (depth === 16) return (row[2 * index] ?? 0) * 256 + (row[2 * index + 1] ?? 0);
  const bit = index * depth;
  return ((row[bit >> 3] ?? 0) >> (8 - depth - (bit & 7))) & ((1 << depth) - 1);
}

function destination(options: DataOptions): Destination {
  return { file: options.name, entry: "", limit: limitOf(options) };
}
