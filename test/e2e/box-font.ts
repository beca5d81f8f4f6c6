// Owns a font of the tests' own, in which every character is the same box: pictures of text that are equal on every
// machine, whatever fonts it has. It knows nothing of who draws with it.

const unitsPerEm = 1000;
/** As wide as the letters of usual fonts are on average, so that lines break and columns end where they would. */
const advance = 540;
const box = { left: 60, right: 480, bottom: 0, top: 520 };

/** The bytes of a TrueType font in which white space is empty and every other character is one box. */
export function boxFont(): Uint8Array {
  const tables: readonly (readonly [string, Uint8Array])[] = [
    ["OS/2", os2Table()],
    ["cmap", characterTable()],
    ["glyf", bytes(...boxOutline())],
    ["head", headTable()],
    ["hhea", horizontalHeader()],
    ["hmtx", bytes(...u16(advance), ...u16(0), ...u16(advance), ...u16(box.left))],
    ["loca", bytes(...u32(0), ...u32(0), ...u32(boxOutline().length))],
    ["maxp", maximaTable()],
    ["name", nameTable()],
    ["post", bytes(...u32(0x00030000), ...zeros(28))],
  ];
  return fontFile(tables);
}

const u16 = (value: number): readonly number[] => [(value >> 8) & 255, value & 255];
const u32 = (value: number): readonly number[] => [...u16(value >>> 16), ...u16(value & 0xffff)];
const zeros = (count: number): readonly number[] => Array<number>(count).fill(0);
const bytes = (...values: readonly number[]): Uint8Array => Uint8Array.from(values);

/** The directory of tables, the tables, and the sum over everything that `head` holds. */
function fontFile(tables: readonly (readonly [string, Uint8Array])[]): Uint8Array {
  const power = 2 ** Math.floor(Math.log2(tables.length));
  const directory = 12 + 16 * tables.length;
  const size = tables.reduce((sum, [, { length }]) => sum + 4 * Math.ceil(length / 4), directory);
  const file = new Uint8Array(size);
  const search = [power * 16, Math.log2(power), (tables.length - power) * 16];
  file.set([...u32(0x00010000), ...u16(tables.length), ...search.flatMap((each) => u16(each))]);
  let offset = directory;
  for (const [i, [tag, content]] of tables.entries()) {
    file.set(content, offset);
    const entry = [sumOf(content), offset, content.length].flatMap((each) => u32(each));
    file.set([...Buffer.from(tag, "latin1"), ...entry], 12 + 16 * i);
    offset += 4 * Math.ceil(content.length / 4);
  }
  return file;
}

function sumOf(content: Uint8Array): number {
  let sum = 0;
  for (let i = 0; i < content.length; i++) sum = (sum + content[i]! * 2 ** (24 - 8 * (i % 4))) % 2 ** 32;
  return sum;
}

/** Format 13: a range of characters has one glyph in common. */
function characterTable(): Uint8Array {
  const ranges = [
    [0x00, 0x20, 0],
    [0x21, 0x9f, 1],
    [0xa0, 0xa0, 0],
    [0xa1, 0x1fff, 1],
    [0x2000, 0x200f, 0],
    [0x2010, 0x10ffff, 1],
  ].flatMap((range) => range.flatMap((each) => u32(each)));
  const groups = [...u16(13), ...u16(0), ...u32(16 + ranges.length), ...u32(0), ...u32(ranges.length / 12)];
  return bytes(...u16(0), ...u16(1), ...u16(3), ...u16(10), ...u32(12), ...groups, ...ranges);
}

function boxOutline(): readonly number[] {
  const { left, right, bottom, top } = box;
  const header = [1, left, bottom, right, top, 3, 0].flatMap((each) => u16(each));
  const onCurve = [1, 1, 1, 1];
  const steps = [left, 0, right - left, 0, bottom, top - bottom, 0, bottom - top];
  return [...header, ...onCurve, ...steps.flatMap((each) => u16(each)), 0, 0];
}

function headTable(): Uint8Array {
  const { left, right, bottom, top } = box;
  const places = [left, bottom, right, top, 0, 8, 2, 1, 0];
  return bytes(
    ...[0x00010000, 0x00010000, 0, 0x5f0f3cf5].flatMap((each) => u32(each)),
    ...[0, unitsPerEm].flatMap((each) => u16(each)),
    ...zeros(16), // made and changed at no time
    ...places.flatMap((each) => u16(each)),
  );
}

const ascent = 900;
const descent = 250;

function horizontalHeader(): Uint8Array {
  const metrics = [ascent, -descent, 0, advance, box.left, advance - box.right, box.right, 1, 0, 0];
  return bytes(...u32(0x00010000), ...metrics.flatMap((each) => u16(each)), ...zeros(10), ...u16(2));
}

function maximaTable(): Uint8Array {
  return bytes(
    ...u32(0x00010000),
    ...[2, 4, 1, 0, 0, 2, 0, 0, 0, 0, 0, 0, 0, 0].flatMap((each) => u16(each)),
  );
}

function os2Table(): Uint8Array {
  return bytes(
    ...[4, advance, 400, 5, 0].flatMap((each) => u16(each)),
    ...zeros(20), // sub- and superscripts, strike-out
    ...u16(0),
    ...zeros(10), // Panose
    ...zeros(16), // Unicode ranges
    ...Buffer.from("TEST", "latin1"),
    ...[0x40, 0x20, 0xffff, ascent, -descent, 0, ascent, descent].flatMap((each) => u16(each)),
    ...zeros(8), // code pages
    ...[box.top, 700, 0, 0x20, 1].flatMap((each) => u16(each)),
  );
}

function nameTable(): Uint8Array {
  const name = Buffer.from("Boxes", "utf16le").swap16();
  const record = [3, 1, 0x409, 1, name.length, 0].flatMap((each) => u16(each));
  return bytes(...u16(0), ...u16(1), ...u16(18), ...record, ...name);
}
