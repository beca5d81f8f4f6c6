/** The pieces of a scale's legend that need no state of their own. */
import { html, nothing, svg, type SVGTemplateResult, type TemplateResult } from "lit";
import type { TensorSummary } from "../../../protocol";
import { type Brush, type ColorScale, placeOnScale, rampLength } from "../look/color-scale";
import { cssColor, type Rgb } from "../look/color-space";
import { binRange } from "../look/histogram-shape";
import { countText, trimmedNumber } from "../look/number-format";
import { barsOn, clippedOf, type LegendBar } from "./legend-bins";

const barsHeight = 34;
const rampHeight = 10;
const stops = 17;

export interface LegendMarks {
  readonly width: number;
  readonly brush: Brush | null;
  readonly cursorValue: number | undefined;
}

/** Bars over the ramp; its clipped ends are arrows, and what the brush leaves out is dimmed. */
export function legendParts(
  summary: TensorSummary,
  scale: ColorScale,
  { width, brush, cursorValue }: LegendMarks,
): SVGTemplateResult {
  const bars = barsOn(summary, scale);
  const most = Math.max(...bars.map(({ count }) => count), 1);
  const marked = cursorValue !== undefined && Number.isFinite(cursorValue);
  return svg`
    ${bars.map((bar) => drawnBar(summary, bar, { width, most }))}
    <defs>
      <linearGradient id="ramp">${Array.from({ length: stops }, (_, i) => rampStop(scale, i))}</linearGradient>
    </defs>
    <rect class="ramp" y=${barsHeight} width=${width} height=${rampHeight} fill="url(#ramp)"></rect>
    ${arrows(summary, scale, width)}
    ${brush === null ? nothing : dimmed(scale, brush, width)}
    ${marked ? svg`<path class="marker" d="M${placeOnScale(scale, cursorValue) * width} 0V${barsHeight + rampHeight}"></path>` : nothing}`;
}

function drawnBar(
  summary: TensorSummary,
  bar: LegendBar,
  { width, most }: { readonly width: number; readonly most: number },
): SVGTemplateResult {
  const height = Math.max(1, (bar.count / most) * (barsHeight - 3));
  const range = binRange(summary, bar.bin);
  const title = `${trimmedNumber(range.from, 3)} to ${trimmedNumber(range.to, 3)}: ${countText(bar.count)}`;
  const wide = Math.max((bar.to - bar.from) * width, 1.5);
  return svg`<rect class="bar" x=${bar.from * width} y=${barsHeight - height} width=${wide} height=${height}><title>${title}</title></rect>`;
}

function rampStop(scale: ColorScale, i: number): SVGTemplateResult {
  const share = i / (stops - 1);
  const at = 3 * Math.round(share * (rampLength - 1));
  const color: Rgb = [scale.ramp[at]!, scale.ramp[at + 1]!, scale.ramp[at + 2]!];
  return svg`<stop offset=${share} stop-color=${cssColor(color)}></stop>`;
}

/** An end beyond which there are values is cut to an arrowhead. */
function arrows(summary: TensorSummary, scale: ColorScale, width: number): SVGTemplateResult {
  const clipped = clippedOf(summary, scale);
  const middle = barsHeight + rampHeight / 2;
  const bottom = barsHeight + rampHeight;
  const left = svg`<path class="cut" d="M0 ${barsHeight}H8L0 ${middle}L8 ${bottom}H0Z"></path>`;
  const right = svg`<path class="cut" d="M${width} ${barsHeight}H${width - 8}L${width} ${middle}L${width - 8} ${bottom}H${width}Z"></path>`;
  return svg`${clipped.low ? left : nothing}${clipped.high ? right : nothing}`;
}

function dimmed(scale: ColorScale, brush: Brush, width: number): SVGTemplateResult {
  const from = placeOnScale(scale, brush.from) * width;
  const to = placeOnScale(scale, brush.to) * width;
  const height = barsHeight + rampHeight;
  return svg`<rect class="shade" width=${from} height=${height}></rect>
    <rect class="shade" x=${to} width=${width - to} height=${height}></rect>`;
}

/** What stands outside the scale, if there is any of it: each with the sign that it has in the picture. */
export function specials(
  { nan, infinite }: TensorSummary,
  { palette }: ColorScale,
): TemplateResult | typeof nothing {
  if (nan + infinite === 0) return nothing;
  return html`<div class="specials">
    ${nan > 0 ? html`<span>${swatch(palette.nan, "M3 3l6 6M9 3l-6 6")} NaN × ${countText(nan)}</span>` : nothing}
    ${
      infinite > 0
        ? html`<span
            >${swatch(palette.positiveInfinity, "M2.5 6h7M6 2.5v7")} ∞
            ${swatch(palette.negativeInfinity, "M2.5 6h7")} −∞ × ${countText(infinite)}</span
          >`
        : nothing
    }
  </div>`;
}

function swatch(color: Rgb, sign: string): TemplateResult {
  return html`<svg class="swatch" viewBox="0 0 12 12" width="12" height="12" aria-hidden="true">
    <rect class="sign-ground" width="12" height="12" rx="2"></rect>
    <path d=${sign} stroke=${cssColor(color)} stroke-width="2.2" fill="none"></path>
  </svg>`;
}
