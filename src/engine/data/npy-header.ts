/** The header of an npy array: version, dtype, order and shape, as numpy.lib.format writes them. Never reads values. */
import { type ByteReader } from "./byte-reader";
import { failure, success, type DataFailure, type DataResult } from "./data-problems";
import { type ElementKind, type Layout } from "./elements";
import { describeStart, startsWith } from "./magic";
import { decodeUtf8, displayText } from "./utf8";

const magic = [0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59];

/** NumPy refuses headers beyond 10,000 characters for safety; those of plain arrays have about a hundred. */
const longestHeader = 65_536;

/** NumPy 2 allows this many dimensions. */
const mostDimensions = 64;

export interface NpyHeaderSource {
  /** The file, and within an npz the array, for messages. */
  readonly file: string;
  readonly entry: string;
}

/** Reads and checks the header; the reader then stands at the first element. */
export function readNpyHeader(reader: ByteReader, source: NpyHeaderSource): DataResult<Layout> {
  const { file } = source;
  const start = reader.take(Math.min(8, reader.atMost), "npy's first eight bytes");
  if (!start.ok) return start;
  if (!startsWith(start.value, magic) || start.value.length < 8) {
    return failure("wrongFormat", { file, needed: "an npy array", found: describeStart(start.value) });
  }
  const major = start.value[6] ?? 0;
  if (major < 1 || major > 3) {
    return failure("unsupportedFeature", {
      file,
      feature: `npy version ${String(major)}`,
      instead: "versions 1, 2 and 3 are",
    });
  }
  const lengthBytes = reader.take(major === 1 ? 2 : 4, "npy's header length");
  if (!lengthBytes.ok) return lengthBytes;
  const length = littleEndianNumber(lengthBytes.value);
  if (length > longestHeader) {
    return failure("badHeader", {
      file,
      needed: `at most ${String(longestHeader)} bytes`,
      found: String(length),
    });
  }
  const bytes = reader.take(length, "npy's header");
  if (!bytes.ok) return bytes;
  // Versions 1 and 2 are Latin-1, version 3 is UTF-8; everything that plain arrays need is ASCII, the same in all.
  const text = major === 3 ? decodeUtf8(bytes.value) : String.fromCharCode(...bytes.value);
  if (text === undefined)
    return failure("notUtf8", { file, what: `its npy header is \`${displayText(bytes.value)}\`` });
  return parseDictionary(text, source);
}

/** The header is a Python dictionary: `{'descr': '<f8', 'fortran_order': False, 'shape': (3, 4), }`. */
function parseDictionary(text: string, source: NpyHeaderSource): DataResult<Layout> {
  const { file } = source;
  const fields = new Map<string, string>();
  let rest = /^\s*\{/.test(text) ? text.replace(/^\s*\{/, "") : undefined;
  while (rest !== undefined && !/^\s*\}\s*$/.test(rest)) {
    const field = /^\s*(['"])(\w+)\1\s*:\s*/.exec(rest);
    const value = field ? pythonValue(rest.slice(field[0].length)) : undefined;
    if (!field || value === undefined || fields.has(field[2] ?? "")) {
      rest = undefined;
      break;
    }
    fields.set(field[2] ?? "", value.trim());
    rest = rest.slice(field[0].length + value.length).replace(/^\s*,/, "");
  }
  const [descr, order, shape] = ["descr", "fortran_order", "shape"].map((key) => fields.get(key));
  if (
    rest === undefined ||
    descr === undefined ||
    order === undefined ||
    shape === undefined ||
    fields.size !== 3
  ) {
    return failure("badHeader", {
      file,
      needed: "a dictionary of 'descr', 'fortran_order' and 'shape'",
      found: `\`${shown(text)}\``,
    });
  }
  const kind = parseDescr(descr, source);
  if (!kind.ok) return kind;
  if (order !== "True" && order !== "False") {
    return failure("badHeader", {
      file,
      needed: "'fortran_order' True or False",
      found: `\`${shown(order)}\``,
    });
  }
  const sizes = parseShape(shape, file);
  if (!sizes.ok) return sizes;
  return success({ ...kind.value, order: order === "True" ? "columns" : "rows", shape: sizes.value });
}

/** The text of the Python value that `text` begins with: up to the comma or brace that ends it. */
function pythonValue(text: string): string | undefined {
  let depth = 0;
  let quote = "";
  for (let at = 0; at < text.length; at++) {
    const character = text[at] ?? "";
    if (quote !== "") {
      if (character === quote) quote = "";
    } else if (character === "'" || character === '"') quote = character;
    else if (character === "(" || character === "[") depth++;
    else if (character === ")" || character === "]") depth--;
    else if (depth === 0 && (character === "," || character === "}")) return text.slice(0, at);
    if (depth < 0) return undefined;
  }
  return undefined;
}

const kinds: Readonly<Record<string, ElementKind>> = {
  b1: "bool",
  i1: "int8",
  u1: "uint8",
  i2: "int16",
  u2: "uint16",
  i4: "int32",
  u4: "uint32",
  i8: "int64",
  u8: "uint64",
  f2: "float16",
  f4: "float32",
  f8: "float64",
};

const refusedKinds: Readonly<Record<string, string>> = {
  O: "Python objects",
  U: "text",
  S: "byte strings",
  a: "byte strings",
  V: "raw bytes",
  c: "complex numbers",
  M: "dates",
  m: "time differences",
  f: "extended-precision floats",
};

function parseDescr(
  descr: string,
  source: NpyHeaderSource,
): DataResult<Pick<Layout, "kind" | "littleEndian">> {
  const { file, entry } = source;
  if (descr.startsWith("["))
    return failure("unsupportedElements", { file, entry, elements: `records (${shown(descr)})` });
  const parts = /^(['"])([<>=|]?)([A-Za-z])(\d*)(?:\[\w+\])?\1$/.exec(descr);
  const [, , byteOrder, letter = "", size = ""] = parts ?? [];
  const kind = kinds[letter === "?" ? "b1" : letter + size];
  if (kind !== undefined) return success({ kind, littleEndian: byteOrder !== ">" });
  const refused = Object.hasOwn(refusedKinds, letter) ? refusedKinds[letter] : undefined;
  if (refused !== undefined)
    return failure("unsupportedElements", { file, entry, elements: `${refused} (${shown(descr)})` });
  return failure("badHeader", {
    file,
    needed: "an element type like '<f8' as 'descr'",
    found: `\`${shown(descr)}\``,
  });
}

function parseShape(text: string, file: string): DataResult<readonly number[]> {
  const inner = /^\(\s*((?:\d+L?\s*,\s*)*(?:\d+L?\s*)?)\)$/.exec(text)?.[1];
  // `(3)` is a number in Python, not a tuple.
  if (inner === undefined || /^\d+L?\s*$/.test(inner)) return badShape(text, file);
  const sizes = inner
    .split(",")
    .map((part) => part.trim())
    .filter((part) => part !== "")
    .map((part) => Number(part.replace("L", "")));
  if (sizes.length > mostDimensions) {
    return failure("badHeader", {
      file,
      needed: `at most ${String(mostDimensions)} dimensions`,
      found: String(sizes.length),
    });
  }
  return sizes.every((size) => Number.isSafeInteger(size)) ? success(sizes) : badShape(text, file);
}

function badShape(text: string, file: string): DataFailure {
  return failure("badHeader", {
    file,
    needed: "a 'shape' like (3, 4) of sizes from 0 to 2^53",
    found: `\`${shown(text)}\``,
  });
}

function shown(text: string): string {
  const clean = text.trim().replace(/[\p{Cc}\p{Cf}`]/gu, "·");
  return clean.length > 80 ? `${clean.slice(0, 80)}…` : clean;
}

function littleEndianNumber(bytes: Uint8Array): number {
  return bytes.reduceRight((number, byte) => number * 256 + byte, 0);
}
