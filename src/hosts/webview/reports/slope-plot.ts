/** The Taylor remainder against the step, log–log, with lines of slope 1 and 2 to judge by. Stateless. */
import { css, html, svg, type TemplateResult } from "lit";
import type { GradcheckReport } from "../../../protocol";
import {
  decadesAround,
  guideLine,
  labelledDecades,
  type LogAxis,
  type LogPoint,
  plotPoints,
} from "./log-plot";
import { trimmedNumber } from "../look/number-format";

const plot = { left: 46, top: 10, width: 264, height: 170 };

export function slopePlot(slope: NonNullable<GradcheckReport["slope"]>): TemplateResult {
  const xAxis = decadesAround(slope.steps);
  const yAxis = decadesAround(slope.remainders);
  if (xAxis === null || yAxis === null) {
    return html`<p class="faint">The remainder is exactly 0 at every step: the function is linear here.</p>`;
  }
  const points = plotPoints(slope.steps, slope.remainders, xAxis, yAxis);
  const largest = points.reduce((a, b) => (b.x > a.x ? b : a));
  const label = `Taylor remainder against the step: slope ${trimmedNumber(slope.value, 3)}; 2 is right, 1 is wrong`;
  return html`<figure class="slope">
    <svg
      viewBox="0 0 ${plot.left + plot.width + 44} ${plot.top + plot.height + 38}"
      role="img"
      aria-label=${label}
    >
      ${axes(xAxis, yAxis)} ${guide(2, largest, xAxis, yAxis)} ${guide(1, largest, xAxis, yAxis)}
      ${curve(points)}
    </svg>
    <figcaption>
      Slope <b class="number">${trimmedNumber(slope.value, 3)}</b>
      <span class="faint"
        >The remainder |f(x + hv) − f(x) − h·∇f·v| falls with h² where the gradient is right, with h where it
        is wrong.</span
      >
    </figcaption>
  </figure>`;
}

function onScreen({ x, y }: LogPoint): LogPoint {
  return { x: plot.left + x * plot.width, y: plot.top + (1 - y) * plot.height };
}

function guide(slope: 1 | 2, through: LogPoint, xAxis: LogAxis, yAxis: LogAxis): TemplateResult {
  const line = guideLine(slope, through, xAxis, yAxis);
  const from = onScreen(line.from);
  const to = onScreen(line.to);
  // Below the line, where neither it nor the curve runs through the words.
  const x = from.x + (to.x - from.x) * 0.3;
  const y = from.y + (to.y - from.y) * 0.3;
  return svg`<path class="guide" d="M${from.x} ${from.y}L${to.x} ${to.y}"></path>
    <text class="guide-label" x=${x + 4} y=${y + 14}>slope ${slope}</text>`;
}

function curve(points: readonly LogPoint[]): TemplateResult {
  const drawn = points.map(onScreen);
  const path = drawn.map(({ x, y }, i) => `${i === 0 ? "M" : "L"}${String(x)} ${String(y)}`).join("");
  return svg`<path class="curve" d=${path}></path>
    ${drawn.map(({ x, y }) => svg`<circle class="point" cx=${x} cy=${y} r="3"></circle>`)}`;
}

function axes(xAxis: LogAxis, yAxis: LogAxis): TemplateResult {
  const bottom = plot.top + plot.height;
  const x = (exponent: number): number =>
    plot.left + ((exponent - xAxis.from) / (xAxis.to - xAxis.from)) * plot.width;
  const y = (exponent: number): number =>
    bottom - ((exponent - yAxis.from) / (yAxis.to - yAxis.from)) * plot.height;
  return svg`${labelledDecades(xAxis, 6).map(
    (exponent) => svg`<path class="grid" d="M${x(exponent)} ${plot.top}V${bottom}"></path>
      <text x=${x(exponent)} y=${bottom + 15} text-anchor="middle">1e${exponent}</text>`,
  )}
  ${labelledDecades(yAxis, 5).map(
    (exponent) => svg`<path class="grid" d="M${plot.left} ${y(exponent)}H${plot.left + plot.width}"></path>
      <text x=${plot.left - 6} y=${y(exponent) + 4} text-anchor="end">1e${exponent}</text>`,
  )}
  <text x=${plot.left + plot.width / 2} y=${bottom + 32} text-anchor="middle">step h</text>`;
}

export const slopePlotStyles = css`
  .slope {
    max-width: 380px;
    margin: 6px 0 0;
  }
  .slope svg {
    display: block;
    width: 100%;
  }
  .slope text {
    fill: var(--vscode-descriptionForeground);
    font: 10px var(--vscode-editor-font-family, monospace);
  }
  .slope .grid {
    stroke: var(--vscode-foreground);
    stroke-opacity: 0.14;
  }
  .slope .guide {
    stroke: var(--vscode-descriptionForeground);
    stroke-dasharray: 4 3;
  }
  .slope .curve {
    fill: none;
    stroke: var(--vscode-charts-blue);
    stroke-width: 2;
  }
  .slope .point {
    fill: var(--vscode-charts-blue);
  }
  .slope figcaption .faint {
    display: block;
  }
`;
