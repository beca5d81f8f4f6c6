/** A histogram's bins on a colour scale: which lie beyond its ends, where bars stand, how many a range holds. No DOM. */
import type { TensorSummary } from "../../../protocol";
import type { Brush, ColorScale } from "../look/color-scale";
import { binRange } from "../look/histogram-shape";

/** Whether there are values beyond the scale's ends. */
export function clippedOf(
  { min, max }: TensorSummary,
  { low, high }: ColorScale,
): { readonly low: boolean; readonly high: boolean } {
  // Ends that are rounded are no clipping.
  const tolerance = 1e-9 * (high - low);
  return { low: min < low - tolerance, high: max > high + tolerance };
}

/** A bar: its place between the scale's ends from 0 to 1, and how many elements it stands for. */
export interface LegendBar {
  readonly bin: number;
  readonly from: number;
  readonly to: number;
  readonly count: number;
}

/** The bins that are at least partly on the scale, cut at its ends. */
export function barsOn(summary: TensorSummary, { low, high }: ColorScale): readonly LegendBar[] {
  // Halved: high - low of the largest doubles overflows.
  const place = (value: number): number => (value / 2 - low / 2) / (high / 2 - low / 2);
  return summary.histogram.flatMap((count, bin) => {
    const range = binRange(summary, bin);
    const from = Math.max(0, place(range.from));
    const to = Math.min(1, place(range.to));
    // All elements may be equal: a bar of no width, drawn as a line.
    return count > 0 && to >= from ? [{ bin, from, to, count }] : [];
  });
}

/** About how many elements the range holds: bins count by the share of them that is inside. */
export function brushed(summary: TensorSummary, { from, to }: Brush): number {
  const { min, max, histogram } = summary;
  if (from <= min && to >= max) return histogram.reduce((sum, count) => sum + count, 0);
  const sum = histogram.reduce((found, count, bin) => {
    const range = binRange(summary, bin);
    const width = range.to - range.from;
    const inside = Math.min(to, range.to) - Math.max(from, range.from);
    const share = width === 0 ? Number(inside >= 0) : Math.max(0, inside) / width;
    return found + share * count;
  }, 0);
  return Math.round(sum);
}
