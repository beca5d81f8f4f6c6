/** Numbers as text: short in tables and cells, exact in read-outs and copies. Knows no layout. */
import type { TensorSummary } from "../../../protocol";

export type DType = TensorSummary["dtype"];

/** A number in few characters: four significant digits, scientific where that is shorter. */
export function shortNumber(value: number, digits = 4): string {
  const special = specialNumber(value);
  if (special !== null) return special;
  if (value === 0) return "0";
  const size = Math.abs(value);
  if (Number.isInteger(value) && size < 1e6) return String(value);
  if (size >= 1e-3 && size < 10 ** Math.max(4, digits)) {
    const text = value.toPrecision(digits);
    return text.includes("e") ? String(Math.round(value)) : text;
  }
  return value.toExponential(Math.max(0, digits - 2)).replace("e+", "e");
}

/** The same with trailing zeros left out, for a running text. */
export function trimmedNumber(value: number, digits = 4): string {
  return shortNumber(value, digits)
    .replace(/(\.\d*?)0+(?=$|e)/, "$1")
    .replace(/\.(?=$|e)/, "");
}

/** The shortest text that reads back to the same number of that type. */
export function exactNumber(value: number, dtype: DType): string {
  const special = specialNumber(value);
  if (special !== null) return special;
  if (dtype === "bool") return value === 0 ? "false" : "true";
  if (Object.is(value, -0)) return "-0";
  if (dtype === "float32") {
    for (let digits = 1; digits <= 9; digits++) {
      const candidate = Number(value.toPrecision(digits));
      if (Math.fround(candidate) === value) return String(candidate);
    }
  }
  return String(value);
}

function specialNumber(value: number): string | null {
  if (Number.isNaN(value)) return "NaN";
  if (value === Infinity) return "∞";
  if (value === -Infinity) return "-∞";
  return null;
}

/** For a cell of a heatmap: at most `characters` long, or null where no honest text fits. */
export function cellNumber(value: number, dtype: DType, characters: number): string | null {
  const special = specialNumber(value);
  if (special !== null) return special.length <= characters ? special : null;
  if (dtype === "bool") return String(value);
  for (let digits = 4; digits >= 2; digits--) {
    const text = shortNumber(value, digits);
    if (text.length <= characters) return text;
  }
  return null;
}

/** `[5, 3]`; `[]` for a scalar. */
export function shapeText(shape: readonly number[]): string {
  return `[${shape.join(", ")}]`;
}

/** Whole percent, but never 0 % or 100 % for a part that is neither none nor all. */
export function percentText(part: number, whole: number): string {
  if (whole === 0 || part === 0) return "0 %";
  const percent = (100 * part) / whole;
  if (part < whole && percent > 99) return ">99 %";
  return percent < 1 ? "<1 %" : `${String(Math.round(percent))} %`;
}

/** Grouped by narrow spaces: 1 000 000. */
export function countText(count: number): string {
  return String(count).replace(/\B(?=(\d{3})+$)/g, "\u202f");
}

export function plural(count: number, noun: string, many = `${noun}s`): string {
  return `${countText(count)} ${count === 1 ? noun : many}`;
}

/** A duration in the unit that suits it. */
export function durationText(milliseconds: number): string {
  if (milliseconds < 0.995) return `${trimmedNumber(milliseconds * 1000, 3)} µs`;
  if (milliseconds < 999.5) return `${trimmedNumber(milliseconds, 3)} ms`;
  return `${trimmedNumber(milliseconds / 1000, 3)} s`;
}
