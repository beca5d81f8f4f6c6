/**
 * A tensor's histogram standing on its colour scale: the legend of a heatmap and the distribution of its values in
 * one drawing, with the value under the cursor marked. Stateless.
 */
import { css, html, nothing, svg, type TemplateResult } from "lit";
import type { TensorSummary } from "../../../protocol";
import { type ColorScale, placeOnScale, rampLength } from "../look/color-scale";
import { cssColor, type Rgb } from "../look/color-space";
import { barsPath, binRange } from "../look/histogram-shape";
import { countText, plural, shortNumber, trimmedNumber } from "../look/number-format";

const width = 300;
const barsHeight = 34;
const rampHeight = 8;
const stops = 17;

export function scaleLegend(
  summary: TensorSummary,
  scale: ColorScale,
  { id, cursorValue }: { readonly id: string; readonly cursorValue: number | undefined },
): TemplateResult {
  const from = placeOnScale(scale, summary.min) * width;
  const to = placeOnScale(scale, summary.max) * width;
  const bars = Math.max(to - from, 2);
  const marked = cursorValue !== undefined && Number.isFinite(cursorValue);
  return html`<div class="legend">
    <svg
      class="legend-picture"
      viewBox="0 0 ${width} ${barsHeight + rampHeight}"
      preserveAspectRatio="none"
      role="img"
      aria-label=${legendText(summary)}
    >
      <defs>
        <linearGradient id=${id}>
          ${Array.from({ length: stops }, (_, i) => rampStop(scale, i))}
        </linearGradient>
      </defs>
      <g transform="translate(${from} 0)">
        <path class="bars" d=${barsPath(summary.histogram, bars, barsHeight - 2)}></path>
        ${summary.histogram.map((count, bin) => binTarget(summary, { bin, count, width: bars / summary.histogram.length }))}
      </g>
      <rect y=${barsHeight} width=${width} height=${rampHeight} fill="url(#${id})"></rect>
      ${marked ? marker(placeOnScale(scale, cursorValue) * width) : nothing}
    </svg>
    <div class="legend-labels number">
      <span>${shortNumber(scale.low, 3)}</span>
      ${scale.mode === "diverging" ? html`<span>0</span>` : nothing}
      <span>${shortNumber(scale.high, 3)}</span>
    </div>
    ${specials(summary, scale)}
  </div>`;
}

function legendText(summary: TensorSummary): string {
  return `Histogram of ${plural(summary.count, "element")} from ${trimmedNumber(summary.min)} to ${trimmedNumber(summary.max)}`;
}

function rampStop(scale: ColorScale, i: number): TemplateResult {
  const share = i / (stops - 1);
  const at = 3 * Math.round(share * (rampLength - 1));
  const color: Rgb = [scale.ramp[at]!, scale.ramp[at + 1]!, scale.ramp[at + 2]!];
  return svg`<stop offset=${share} stop-color=${cssColor(color)}></stop>`;
}

function binTarget(
  summary: TensorSummary,
  bin: { readonly bin: number; readonly count: number; readonly width: number },
): TemplateResult {
  const { from, to } = binRange(summary, bin.bin);
  const range = `${trimmedNumber(from, 3)} to ${trimmedNumber(to, 3)}: ${countText(bin.count)}`;
  return svg`<rect class="bin" x=${bin.bin * bin.width} width=${bin.width} height=${barsHeight}><title>${range}</title></rect>`;
}

function marker(x: number): TemplateResult {
  return svg`<path class="marker" d="M${x} 0V${barsHeight + rampHeight}"></path>`;
}

/** What stands outside the scale, if there is any of it. */
function specials(
  { nan, infinite }: TensorSummary,
  { palette }: ColorScale,
): TemplateResult | typeof nothing {
  if (nan + infinite === 0) return nothing;
  return html`<div class="specials">
    ${nan > 0 ? html`<span>${swatch(palette.nan)} NaN × ${countText(nan)}</span>` : nothing}
    ${
      infinite > 0
        ? html`<span
            >${swatch(palette.positiveInfinity)} ∞ ${swatch(palette.negativeInfinity)} −∞ ×
            ${countText(infinite)}</span
          >`
        : nothing
    }
  </div>`;
}

function swatch(color: Rgb): TemplateResult {
  return html`<svg class="swatch" viewBox="0 0 10 10" width="10" height="10" aria-hidden="true">
    <rect width="10" height="10" rx="2" fill=${cssColor(color)}></rect>
  </svg>`;
}

export const legendStyles = css`
  .legend {
    max-width: 420px;
    margin-top: 10px;
  }
  .legend-picture {
    display: block;
    width: 100%;
    height: 42px;
    border-bottom: 1px solid var(--vscode-widget-border, transparent);
  }
  .legend .bars {
    fill: var(--vscode-foreground);
    fill-opacity: 0.45;
  }
  .legend .bin {
    fill: transparent;
  }
  .legend .bin:hover {
    fill: var(--vscode-list-hoverBackground);
  }
  .legend .marker {
    stroke: var(--vscode-focusBorder);
    stroke-width: 2;
    vector-effect: non-scaling-stroke;
  }
  .legend-labels {
    display: flex;
    justify-content: space-between;
  }
  .legend-labels > :first-child,
  .legend-labels > :last-child {
    flex: 1;
  }
  .legend-labels > :last-child {
    text-align: end;
  }
  .specials {
    display: flex;
    gap: 12px;
  }
`;
