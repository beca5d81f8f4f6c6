/** Sizes in scope by number, and constants told and written with them. Knows nothing of what the constants belong to. */
import { elementCount } from "../../tensor";
import { formatNumber } from "./print-node";

export interface SizeName {
  /** As in "5 is N", or "the size of dimension 0 of x". */
  readonly is: string;
  /** As a spec writes it. */
  readonly text: string;
}

export type Sizes = ReadonlyMap<number, SizeName>;

/**
 * Declared sizes and rates by name, else the numbers of elements of what is named, else the sizes of dimensions; of these two not those
 * that are written as numbers, an exponent for one.
 */
export function sizesOf(
  named: Iterable<readonly [string, readonly number[]]>,
  declared: ReadonlyMap<string, number> = new Map(),
  rates: ReadonlyMap<string, number> = new Map(),
  written: readonly number[] = [],
): Map<number, SizeName> {
  const sizes = new Map<number, SizeName>();
  const add = (size: number, is: string, text: string): void => {
    if (size > 1 && !sizes.has(size)) sizes.set(size, { is, text });
  };
  for (const [name, size] of declared) add(size, name, name);
  for (const [name, rate] of rates)
    if (rate > 0 && !sizes.has(rate)) sizes.set(rate, { is: name, text: name });
  const shapes = [...named];
  const addUnnamed: typeof add = (size, is, text) => {
    if (!written.includes(size)) add(size, is, text);
  };
  // A column has as many elements as its longer dimension is long.
  for (const [name, shape] of shapes)
    if (shape.length < 2 || !shape.includes(1))
      addUnnamed(elementCount(shape), `the number of elements of ${name}`, `size(${name})`);
  for (const [name, shape] of shapes)
    shape.forEach((size, axis) => {
      addUnnamed(size, `the size of dimension ${axis} of ${name}`, `shape(${name})[${axis}]`);
    });
  return sizes;
}

interface Symbolic {
  readonly size: number;
  readonly name: SizeName;
  /** The constant as a spec writes it: "2 / N". */
  readonly text: string;
  /** The same with the size as a number: "2/5". */
  readonly short: string;
}

/** A constant as a size, twice one, or the root of one, or such a fraction; sizes that are declared come first. */
export function symbolic(factor: number, sizes: Sizes): Symbolic | undefined {
  const sign = factor < 0 ? "-" : "";
  const value = Math.abs(factor);
  const entries = [...sizes];
  const declared = entries.filter(([, name]) => name.is === name.text);
  const rate = declared.find(([size]) => size < 1 && Math.abs(size - value) < 1e-9);
  if (rate !== undefined)
    return { size: rate[0], name: rate[1], text: sign + rate[1].text, short: sign + String(rate[0]) };
  const wholly = (
    among: typeof entries,
    wanted: number,
    text: (size: string) => string,
  ): Symbolic | undefined => {
    const found = among.find(([size]) => Math.abs(size - wanted) < 1e-6 * size);
    if (found === undefined) return undefined;
    const [size, name] = found;
    const short = sign + text(String(size)).replaceAll(" ", "");
    return { size, name, text: sign + text(name.text), short };
  };
  const isInverse = value < 1;
  const isPlain = value === 2 || value === 0.5;
  for (const among of [...declared.map((entry) => [entry]), entries]) {
    const found =
      (isInverse ? wholly(among, 1 / value, (n) => `1 / ${n}`) : wholly(among, value, (n) => n)) ??
      (isPlain ? undefined : wholly(among, 2 / value, (n) => `2 / ${n}`));
    if (found !== undefined) return found;
  }
  if (isPlain) return undefined;
  return isInverse
    ? wholly(entries, 1 / value ** 2, (n) => `1 / sqrt(${n})`)
    : wholly(entries, value ** 2, (n) => `sqrt(${n})`);
}

/** 2 and ½ are what squares make of a rule, and may be the root of a declared size: "sqrt(d)". */
export function rootOfSize(factor: number, sizes: Sizes): string | undefined {
  const name = factor === 2 || factor === 0.5 ? sizes.get(4) : undefined;
  if (name === undefined || name.is !== name.text) return undefined;
  return factor === 2 ? `sqrt(${name.text})` : `1 / sqrt(${name.text})`;
}

/** What is missing, with a constant by name: a whole number or fraction, or the size (or its root) that it is. */
export function factorMessage(factor: number, sizes: Sizes, at: string): string {
  const found = symbolic(factor, sizes);
  const root = factor < 1 ? rootOfSize(factor, sizes) : undefined;
  const other = root === undefined ? "" : ` (${root} is also ${formatNumber(factor)})`;
  if (found === undefined) return `the factor ${plainText(factor)} is missing${at}${other}`;
  const { size, name, short } = found;
  if (short.includes("sqrt"))
    return `the factor ${short.replace("/", " / ")} is missing${at}: ${size} is ${name.is}`;
  const hint = size === 2 ? ` (2 is also ${name.is})` : ` (${size} is ${name.is})`;
  // What is short by itself is not written as a fraction.
  const number = formatNumber(factor);
  const isTwice = short.includes("2/");
  const text = size === 2 ? number : isTwice ? `${number} = ${short}` : short;
  return `the factor ${text} is missing${at}${hint}`;
}

function plainText(factor: number): string {
  const inverse = 1 / factor;
  const isInverse = Math.abs(factor) < 1 && Math.abs(inverse - Math.round(inverse)) < 1e-9;
  return isInverse && String(factor).length > 4 ? `1/${Math.round(inverse)}` : formatNumber(factor);
}
