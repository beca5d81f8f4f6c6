/** Shown values as text: name, type, and the numbers as NumPy prints them. */
import { formatNumber, formatShape, formatTensor, fromArray } from "../../../runtime/tensor";
import type { ValueReport } from "../../../protocol";
import type { Page } from "./page";
import { indented } from "./text-width";
import { turnText } from "./wording";

export function valueText(page: Page, { name, shape, dtype, data, at }: ValueReport): string[] {
  const { paint, width } = page;
  const turn = at === undefined ? "" : `  ${turnText(at)}`;
  if (shape.length === 0) {
    const value = warned(page, scalarText(dtype, data[0] ?? NaN));
    return [`${paint("strong", name)} = ${value}${paint("faint", `  ${dtype}${turn}`)}`];
  }
  const type = paint("faint", `${dtype} ${formatShape(shape)}${turn}`);
  const tensor = fromArray(dtype, shape, data);
  const lines = formatTensor(tensor, { lineWidth: Math.max(40, width - 8) }).split("\n");
  const troubles = countOf(data, Number.isNaN, "NaN") + countOf(data, (x) => Math.abs(x) === Infinity, "Inf");
  const head = `${paint("strong", name)}  ${type}${troubles === "" ? "" : paint("warning", troubles)}`;
  return [
    head,
    ...indented(
      lines.map((line) => warned(page, line)),
      2,
    ),
  ];
}

/** Eight digits for a float64, as NumPy's arrays have; a float32 has no more than seven. */
function scalarText(dtype: ValueReport["dtype"], value: number): string {
  if (dtype === "bool") return value === 0 ? "false" : "true";
  if (dtype === "int") return String(value);
  return formatNumber(value, dtype === "float32" ? 7 : 8);
}

function warned({ paint }: Page, text: string): string {
  return text.replace(/-?\b(?:nan|inf)\b/g, (word) => paint("warning", word));
}

function countOf(data: ArrayLike<number>, holds: (value: number) => boolean, word: string): string {
  let count = 0;
  for (let i = 0; i < data.length; i++) if (holds(data[i]!)) count++;
  return count === 0 ? "" : `  ${String(count)} ${word}`;
}
