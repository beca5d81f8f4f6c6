/** The errors of a gradient by entry as a picture of characters: the fuller a cell, the larger its error. */
import { formatNumber } from "../../../runtime/tensor";
import type { ErrorMap } from "../error-maps";
import type { Page } from "./page";
import { printable } from "./text-width";

const shades = ["·", "░", "▒", "▓", "█"] as const;
/** Matrices up to this many columns have cells of two characters, which are about square. */
const wide = 24;

export function errorMapText(
  { paint, width }: Page,
  name: string,
  { rows, columns, data }: ErrorMap,
): string[] {
  const largest = data.reduce((most, error) => (error > most ? error : most), 0);
  const cell = columns <= wide && columns * 2 <= width - 8 ? 2 : 1;
  if (largest === 0 || columns * cell > width - 8) return [];
  const lines = Array.from({ length: rows }, (_, row) =>
    Array.from(data.subarray(row * columns, (row + 1) * columns), (error) => {
      // Not compared with a difference.
      if (Number.isNaN(error)) return " ".repeat(cell);
      const shade = error === largest ? 4 : Math.min(4, Math.floor((error / largest) * 5));
      const drawn = shades[shade]!.repeat(cell);
      return shade === 0 ? paint("faint", drawn) : paint("failed", drawn);
    }).join(""),
  );
  const head = `the error at each entry of ${printable(name)}, ${shades[4]} is ${formatNumber(largest, 2)}`;
  return [paint("faint", head), ...lines.map((line) => `  ${line}`)];
}
