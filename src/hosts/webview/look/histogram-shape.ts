/** A histogram's outline as SVG path data, and where its zero stands. No DOM. */
import type { TensorSummary } from "../../../protocol";

/** Bars from the left, touching, in a box of that size; a bin that is not empty is at least one unit high. */
export function barsPath(counts: readonly number[], width: number, height: number): string {
  const most = Math.max(...counts, 0);
  if (most === 0) return "";
  const bar = width / counts.length;
  const round = (x: number): string => String(Math.round(x * 100) / 100);
  return counts
    .map((count, i) => {
      if (count === 0) return "";
      const top = height - Math.max(1, (count / most) * height);
      return `M${round(i * bar)} ${round(height)}V${round(top)}H${round((i + 1) * bar)}V${round(height)}Z`;
    })
    .join("");
}

/** Where 0 lies between min and max, 0 to 1; null where it lies outside. */
export function zeroPlace({ min, max }: Pick<TensorSummary, "min" | "max">): number | null {
  if (!(min <= 0 && max >= 0) || min === max) return null;
  return -min / (max - min);
}

/** What one bin holds, as a range of values. */
export function binRange(
  { min, max, histogram }: Pick<TensorSummary, "min" | "max" | "histogram">,
  bin: number,
): { readonly from: number; readonly to: number } {
  const width = (max - min) / Math.max(1, histogram.length);
  return { from: min + bin * width, to: min + (bin + 1) * width };
}
