/** A histogram small enough for a table cell; a scalar is shown as its number instead. Stateless. */
import { html, nothing, svg, type TemplateResult } from "lit";
import type { TensorSummary } from "../../../protocol";
import { barsPath, zeroPlace } from "../look/histogram-shape";
import { shortNumber, trimmedNumber } from "../look/number-format";

const width = 72;
const height = 18;

export function sparkLine(summary: TensorSummary): TemplateResult {
  if (summary.count === 1) {
    const value = summary.nan > 0 ? NaN : summary.mean;
    return html`<span class="number scalar">${shortNumber(value)}</span>`;
  }
  const zero = zeroPlace(summary);
  const label = `from ${trimmedNumber(summary.min, 3)} to ${trimmedNumber(summary.max, 3)}`;
  return html`<svg
    class="spark"
    viewBox="0 0 ${width} ${height}"
    width=${width}
    height=${height}
    role="img"
    aria-label=${label}
  >
    <title>${label}</title>
    <path class="base" d="M0 ${height - 0.5}H${width}"></path>
    <path class="bars" d=${barsPath(summary.histogram, width, height - 1)}></path>
    ${zero === null ? nothing : svg`<path class="zero" d="M${zero * width} 0V${height}"></path>`}
  </svg>`;
}
