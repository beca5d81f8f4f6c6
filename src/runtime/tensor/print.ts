/**
 * Tensors as text, in the layout of NumPy's `array2string`: brackets, aligned columns, `...` for the middle of long ones. Booleans are
 * spelled as in the language. Knows nothing of colours, links or where the text goes.
 */
import { decimalOf, decimalUpTo, positional, scientific, shortestDecimal, type Decimal } from "./decimal";
import type { FloatDType } from "./dtype";
import { stridesOf, type Shape, type Tensor } from "./tensor";

export interface PrintOptions {
  /** The most digits after the decimal point. */
  readonly precision?: number;
  /** Tensors of more elements are abbreviated. */
  readonly threshold?: number;
  /** How many entries an abbreviated dimension shows at each end. */
  readonly edgeItems?: number;
  /** Rows wrap at this many characters. */
  readonly lineWidth?: number;
  /** Shows numbers near zero as 0 instead of turning to exponents. */
  readonly suppressSmall?: boolean;
  readonly separator?: string;
}

/** A tensor as NumPy's `array2string` writes it; a scalar without brackets. */
export function formatTensor(value: Tensor, options: PrintOptions = {}): string {
  const { precision = 4, threshold = 1000, edgeItems = 3, lineWidth = 75 } = options;
  const { suppressSmall = false, separator = " " } = options;
  if (value.data.length === 0) return "[]";
  const abbreviated = value.data.length > threshold;
  const strides = stridesOf(value.shape);
  const shown = abbreviated ? edgeOffsets(value.shape, strides, edgeItems) : undefined;
  const numbers = shown?.map((offset) => value.data[offset]!) ?? [...value.data];
  const formatElement = elementFormat(value, numbers, precision, suppressSmall);
  const element = (offset: number): string => formatElement(value.data[offset]!);
  const layout = { shape: value.shape, strides, edgeItems, abbreviated, separator, element };
  return formatAxis(layout, { axis: 0, offset: 0, indent: " ", width: lineWidth });
}

/**
 * A number for a sentence, as Python's `format(x, ".6g")`: up to so many significant digits, though no more than it takes to name the
 * number, and an exponent only if it is needed.
 */
export function formatNumber(value: number, significantDigits = 6): string {
  if (!Number.isFinite(value)) return nonFinite(value);
  const decimal = significantDecimal(value, "float64", significantDigits);
  const usesExponent = decimal.exponent < -4 || decimal.exponent >= significantDigits;
  const text = usesExponent ? scientific(decimal, 0, 2) : positional(decimal);
  return text.replace(/\.(?=e|$)/, "");
}

/** A shape as it is written in the language: `[5, 3]`. */
export function formatShape(shape: Shape): string {
  return `[${shape.join(", ")}]`;
}

function nonFinite(value: number): string {
  return Number.isNaN(value) ? "nan" : value > 0 ? "inf" : "-inf";
}

type ElementFormat = (value: number) => string;

/** The format that all shown numbers share, so that they align. */
function elementFormat(
  value: Tensor,
  numbers: readonly number[],
  precision: number,
  suppressSmall: boolean,
): ElementFormat {
  switch (value.dtype) {
    case "bool":
      return value.shape.length === 0 ? booleanWord : (element) => booleanWord(element).padStart(5);
    case "int": {
      const width = largest(numbers.map((number) => String(number).length));
      return (element) => String(element).padStart(width);
    }
    case "float32":
    case "float64":
      return floatFormat(value.dtype, numbers, precision, suppressSmall);
  }
}

function booleanWord(value: number): string {
  return value === 0 ? "false" : "true";
}

/** Exponents are used from 10^8 on, below 10^-4, and where the largest is over 1000 times the smallest, zeros aside. */
function floatFormat(
  dtype: FloatDType,
  numbers: readonly number[],
  precision: number,
  suppressSmall: boolean,
): ElementFormat {
  const finite = numbers.filter(Number.isFinite);
  const magnitudes = finite.filter((number) => number !== 0).map(Math.abs);
  const most = largest(magnitudes);
  const least = magnitudes.reduce((a, b) => Math.min(a, b), Infinity);
  const small = least < 1e-4 || most / least > 1000;
  const usesExponents = most >= 1e8 || (small && !suppressSmall);
  const write = usesExponents
    ? scientificFormat(dtype, finite, precision)
    : (number: number) => positional(decimalUpTo(number, dtype, -precision));
  const texts = finite.map(write);
  const before = largest(texts.map((text) => text.indexOf(".")));
  const after = largest(texts.map((text) => text.length - text.indexOf(".") - 1));
  const words = numbers.filter((number) => !Number.isFinite(number)).map(nonFinite);
  const width = Math.max(before + 1 + after, largest(words.map((word) => word.length)));
  return (value) => {
    if (!Number.isFinite(value)) return nonFinite(value).padStart(width);
    const text = write(value);
    return text.padEnd(text.indexOf(".") + 1 + after).padStart(width);
  };
}

/** All with as many digits as the longest needs, and exponents of one width. */
function scientificFormat(dtype: FloatDType, finite: readonly number[], precision: number): ElementFormat {
  const decimals = finite.map((value) => significantDecimal(value, dtype, precision + 1));
  const fraction = largest(decimals.map(({ digits }) => digits.length - 1));
  const exponentDigits = largest(decimals.map(({ exponent }) => String(Math.abs(exponent)).length));
  return (value) => scientific(decimalOf(value, dtype, fraction + 1), fraction, Math.max(2, exponentDigits));
}

function significantDecimal(value: number, dtype: FloatDType, digits: number): Decimal {
  return decimalUpTo(value, dtype, shortestDecimal(value, dtype).exponent - digits + 1);
}

/** The largest of a list of any length; 0 if it is empty. */
function largest(numbers: readonly number[]): number {
  return numbers.reduce((a, b) => Math.max(a, b), 0);
}

/** The offsets of the elements that an abbreviated tensor shows. */
function edgeOffsets(shape: Shape, strides: readonly number[], edgeItems: number): number[] {
  let offsets = [0];
  for (const [axis, size] of shape.entries()) {
    const shown = shownEntries(size, edgeItems).map((entry) => entry * strides[axis]!);
    offsets = offsets.flatMap((offset) => shown.map((step) => offset + step));
  }
  return offsets;
}

function shownEntries(size: number, edgeItems: number): number[] {
  const all = [...Array(size).keys()];
  return size > 2 * edgeItems ? [...all.slice(0, edgeItems), ...all.slice(size - edgeItems)] : all;
}

interface Layout {
  readonly shape: Shape;
  readonly strides: readonly number[];
  readonly edgeItems: number;
  readonly abbreviated: boolean;
  readonly separator: string;
  readonly element: (offset: number) => string;
}

interface Place {
  readonly axis: number;
  readonly offset: number;
  /** What lines after the first begin with. */
  readonly indent: string;
  readonly width: number;
}

/** One dimension in brackets: nested ones on lines of their own, with as many line breaks between them as they have dimensions. */
function formatAxis(layout: Layout, place: Place): string {
  const { shape, strides, edgeItems, abbreviated, separator } = layout;
  const { axis, offset, indent, width } = place;
  const size = shape[axis];
  if (size === undefined) return layout.element(offset);
  const cut = abbreviated && size > 2 * edgeItems;
  const entries = cut ? shownEntries(size, edgeItems) : [...Array(size).keys()];
  const parts = entries.map((entry) =>
    formatAxis(layout, {
      axis: axis + 1,
      offset: offset + entry * strides[axis]!,
      indent: `${indent} `,
      width: width - 1,
    }),
  );
  if (cut) parts.splice(edgeItems, 0, "...");
  if (axis === shape.length - 1) return `[${wrap(parts, place, separator)}]`;
  const breaks = separator.trimEnd() + "\n".repeat(shape.length - axis - 1) + indent;
  return `[${parts.join(breaks)}]`;
}

/** Joins a row's elements, breaking it where the next would not fit; an element that never fits stands alone. */
function wrap(parts: readonly string[], { indent, width }: Place, separator: string): string {
  const room = width - Math.max(separator.trimEnd().length, 1);
  let text = "";
  let line = indent;
  for (const [i, part] of parts.entries()) {
    if (line.length + part.length > room && line.length > indent.length) {
      text += `${line.trimEnd()}\n`;
      line = indent;
    }
    line += i === parts.length - 1 ? part : part + separator;
  }
  return (text + line).slice(indent.length);
}
