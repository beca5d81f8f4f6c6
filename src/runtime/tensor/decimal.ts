/**
 * Floating-point numbers as decimal digits: the fewest that name the number in its dtype, rounded to even where fewer are asked for, as
 * NumPy's Dragon4 gives them. Knows nothing of tensors or layout.
 */
import type { FloatDType } from "./dtype";

/** The number d₀.d₁d₂… · 10^exponent, `digits` being d₀d₁d₂… without trailing zeros ("0" for zero); the sign is kept apart. */
export interface Decimal {
  readonly negative: boolean;
  readonly digits: string;
  readonly exponent: number;
}

/** The shortest digits that read back as the same number of that dtype. The value is finite; zero has a sign. */
export function shortestDecimal(value: number, dtype: FloatDType): Decimal {
  return dtype === "float64"
    ? parse(Math.abs(value).toExponential(), isNegative(value))
    : shortestFloat32(value);
}

/** The value's digits cut after 10^lastPlace: its shortest digits if they end before, else its exact value rounded half to even. */
export function decimalUpTo(value: number, dtype: FloatDType, lastPlace: number): Decimal {
  const shortest = shortestDecimal(value, dtype);
  const kept = shortest.exponent - lastPlace + 1;
  return shortest.digits.length <= kept ? shortest : roundTo(exactDecimal(value), kept);
}

/** So many significant digits of the value, going on after its shortest digits with those of its exact value, as Dragon4 does. */
export function decimalOf(value: number, dtype: FloatDType, count: number): Decimal {
  const shortest = shortestDecimal(value, dtype);
  return shortest.digits.length === count ? shortest : roundTo(exactDecimal(value), count);
}

/** d₀.d₁d₂… in positional notation, "12.5"; the point always stands. */
export function positional({ negative, digits, exponent }: Decimal): string {
  const padded = exponent < 0 ? "0".repeat(-exponent) + digits : digits.padEnd(exponent + 1, "0");
  const point = Math.max(exponent, 0) + 1;
  return `${negative ? "-" : ""}${padded.slice(0, point)}.${padded.slice(point)}`;
}

/** d₀.d₁d₂…e±xx with exactly `fraction` digits after the point and at least `exponentDigits` in the exponent. */
export function scientific(decimal: Decimal, fraction: number, exponentDigits: number): string {
  const { negative, digits, exponent } = decimal;
  const mantissa = `${digits.slice(0, 1)}.${digits.slice(1).padEnd(fraction, "0")}`;
  const power = String(Math.abs(exponent)).padStart(exponentDigits, "0");
  return `${negative ? "-" : ""}${mantissa}e${exponent < 0 ? "-" : "+"}${power}`;
}

/** The value's first 101 digits, which are all that rounding to a printable length looks at. */
function exactDecimal(value: number): Decimal {
  return parse(Math.abs(value).toExponential(100), isNegative(value));
}

/** Nine digits always name a float32. `toExponential` rounds a half up where Dragon4 rounds it to even. */
function shortestFloat32(value: number): Decimal {
  const magnitude = Math.abs(value);
  const names = (text: string): boolean => Math.fround(Number(text)) === magnitude;
  let fraction = 0;
  while (fraction < 8 && !names(magnitude.toExponential(fraction))) fraction++;
  const even = roundTo(exactDecimal(value), fraction + 1);
  const isName = names(scientific({ ...even, negative: false }, 0, 1));
  return isName ? even : parse(magnitude.toExponential(fraction), even.negative);
}

function isNegative(value: number): boolean {
  return value < 0 || Object.is(value, -0);
}

function parse(exponential: string, negative: boolean): Decimal {
  const [mantissa = "", power = "0"] = exponential.split("e");
  const digits = mantissa.replace(".", "").replace(/(?<=.)0+$/, "");
  return { negative, digits, exponent: Number(power) };
}

/** The first `kept` digits, rounded half to even by the rest; `kept` may be 0 or negative, and the result then 0 or one unit. */
function roundTo({ negative, digits, exponent }: Decimal, kept: number): Decimal {
  const head = kept > 0 ? digits.slice(0, kept) : "0";
  const rest = kept >= 0 ? digits.slice(kept) : "0";
  const lastIsOdd = Number(head.at(-1)) % 2 === 1;
  const up = rest > "5" || (rest === "5" && lastIsOdd);
  const shift = kept > 0 ? 0 : 1 - kept;
  const rounded = up ? String(BigInt(head) + 1n) : head;
  const grown = rounded.length - head.length;
  const trimmed = rounded.replace(/(?<=.)0+$/, "");
  return { negative, digits: trimmed, exponent: trimmed === "0" ? 0 : exponent + grown + shift };
}
