/** Owns the colour scales of the current theme: one for each range and mode, so that pictures made with it are kept. */
import type { TensorSummary } from "../../../protocol";
import { type ColorScale, colorScale, paletteFor, scaleRange, type ScaleMode } from "../look/color-scale";
import { currentTheme } from "../look/theme";

export class ScaleCache {
  private readonly scales = new Map<string, ColorScale>();

  scaleFor(
    summary: TensorSummary,
    { mode, clip }: { readonly mode: ScaleMode; readonly clip: boolean },
  ): ColorScale {
    const { min, max } = scaleRange(summary, mode, clip);
    const key = `${mode} ${String(min)} ${String(max)}`;
    let scale = this.scales.get(key);
    if (scale === undefined) {
      const theme = currentTheme();
      scale = colorScale(paletteFor(theme.kind, theme.background), mode, min, max);
      this.scales.set(key, scale);
    }
    return scale;
  }

  /** The theme has changed. */
  clear(): void {
    this.scales.clear();
  }
}
