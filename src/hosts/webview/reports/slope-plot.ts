/** The Taylor remainder against the step, log–log, with lines of slope 1 and 2 to judge by. Stateless. */
import { css, html, nothing, svg, type TemplateResult } from "lit";
import type { GradcheckReport } from "../../../protocol";
import {
  decadesAround,
  guideLine,
  labelledDecades,
  type LogAxis,
  type LogPoint,
  placeOnAxis,
  plotPoints,
} from "./log-plot";
import { type Box, labelPlace, type Spot } from "./label-place";
import { trimmedNumber } from "../look/number-format";

type Slope = NonNullable<GradcheckReport["slope"]>;

const plot = { left: 46, top: 10, width: 264, height: 170 };
const inside: Box = { x: plot.left, y: plot.top, width: plot.width, height: plot.height };
/** Of ten pixels, in the editor's font. */
const labelSize = { width: 44, height: 11 };

export function slopePlot(slope: Slope): TemplateResult {
  const xAxis = decadesAround(slope.steps);
  const yAxis = decadesAround(slope.remainders);
  if (xAxis === null || yAxis === null) {
    return html`<p class="faint">The remainder is exactly 0 at every step: the function is linear here.</p>`;
  }
  const points = pointsOf(slope, xAxis, yAxis);
  const largest = points.reduce((a, b) => (b.x > a.x ? b : a));
  const guides = ([2, 1] as const).map((which) => {
    const { from, to } = guideLine(which, largest, xAxis, yAxis);
    return { which, line: [onScreen(from), onScreen(to)] as const };
  });
  return html`<figure class="slope">
    <svg
      viewBox="0 0 ${plot.left + plot.width + 24} ${plot.top + plot.height + 38}"
      role="img"
      aria-label=${spoken(slope)}
    >
      ${axes(xAxis, yAxis)} ${roundingBand(slope.rounding ?? 0, yAxis)}
      ${guides.map(({ which, line: [from, to] }) => svg`<path class="guide slope-${which}" d="M${from.x} ${from.y}L${to.x} ${to.y}"></path>`)}
      ${curve(points)} ${labels(guides, points)}
    </svg>
    <figcaption>
      Slope <b class="number">${trimmedNumber(slope.value, 3)}</b>
      <span class="faint"
        >The remainder |f(x + hv) − f(x) − h·∇f·v| falls with h² where the gradient is right, with h where it
        is wrong.</span
      >
      <ul class="legend">
        ${guides.map(({ which }) => legend(svg`<path class="guide slope-${which}" d="M0 6H22"></path>`, which === 2 ? "slope 2: right" : "slope 1: wrong"))}
        ${chosenLegend(slope)}
        ${(slope.rounding ?? 0) > 0 ? legend(svg`<rect class="rounding" width="22" height="12"></rect>`, "rounding: says nothing") : nothing}
      </ul>
    </figcaption>
  </figure>`;
}

function spoken({ value, chosen }: Slope): string {
  const read = chosen ? `, read from steps between ${stepText(chosen.from)} and ${stepText(chosen.to)}` : "";
  return `Taylor remainder against the step: slope ${trimmedNumber(value, 3)}${read}; 2 is right, 1 is wrong`;
}

function legend(sample: TemplateResult, words: string): TemplateResult {
  return html`<li>
    <svg viewBox="0 0 22 12" width="22" height="12" aria-hidden="true">${sample}</svg> ${words}
  </li>`;
}

function chosenLegend({ chosen }: Slope): TemplateResult | typeof nothing {
  if (chosen === undefined) return nothing;
  if (chosen === null) return html`<li>every remainder is rounding: linear along this direction</li>`;
  const sample = svg`<path class="curve chosen" d="M0 6H22"></path><circle class="point chosen" cx="11" cy="6" r="4"></circle>`;
  return legend(sample, `chosen: h from ${stepText(chosen.from)} to ${stepText(chosen.to)}`);
}

function stepText(step: number): string {
  return step.toExponential(0) === step.toExponential(1).replace(".0", "")
    ? step.toExponential(0)
    : step.toExponential(1);
}

interface SlopePoint extends LogPoint {
  /** Whether the slope is read from it. */
  readonly chosen: boolean;
}

function pointsOf(
  { steps, remainders, chosen }: Slope,
  xAxis: LogAxis,
  yAxis: LogAxis,
): readonly SlopePoint[] {
  return steps.flatMap((step, i) =>
    plotPoints([step], remainders.slice(i, i + 1), xAxis, yAxis).map((point) => ({
      ...point,
      chosen: chosen !== undefined && chosen !== null && step >= chosen.from && step <= chosen.to,
    })),
  );
}

function onScreen({ x, y }: LogPoint): LogPoint {
  return { x: plot.left + x * plot.width, y: plot.top + (1 - y) * plot.height };
}

interface Guide {
  readonly which: 1 | 2;
  readonly line: readonly [Spot, Spot];
}

/** Beside their lines, where neither a line, nor the curve, nor another label runs through the words; else the legend says it. */
function labels(guides: readonly Guide[], points: readonly LogPoint[]): readonly TemplateResult[] {
  const drawn = points.map(onScreen);
  const boxes: Box[] = drawn.map(({ x, y }) => ({ x: x - 4, y: y - 4, width: 8, height: 8 }));
  return guides.flatMap(({ which, line }) => {
    const taken = { lines: [drawn, ...guides.map((guide) => guide.line)], boxes };
    const box = labelPlace(line, { ...labelSize, side: which === 1 ? "above" : "below" }, inside, taken);
    if (box === null) return [];
    boxes.push(box);
    return [svg`<text class="guide-label" x=${box.x} y=${box.y + box.height - 2}>slope ${which}</text>`];
  });
}

/** Below it remainders are rounding. */
function roundingBand(rounding: number, yAxis: LogAxis): TemplateResult | typeof nothing {
  if (!(rounding > 0) || !Number.isFinite(rounding)) return nothing;
  const height = Math.min(1, Math.max(0, placeOnAxis(yAxis, rounding))) * plot.height;
  return svg`<rect
    class="rounding"
    x=${plot.left}
    y=${plot.top + plot.height - height}
    width=${plot.width}
    height=${height}
  ></rect>`;
}

function curve(points: readonly SlopePoint[]): TemplateResult {
  const path = (some: readonly SlopePoint[]): string =>
    some
      .map(onScreen)
      .map(({ x, y }, i) => `${i === 0 ? "M" : "L"}${String(x)} ${String(y)}`)
      .join("");
  return svg`<path class="curve" d=${path(points)}></path>
    <path class="curve chosen" d=${path(points.filter(({ chosen }) => chosen))}></path>
    ${points.map((point) => {
      const { x, y } = onScreen(point);
      return svg`<circle class="point ${point.chosen ? "chosen" : ""}" cx=${x} cy=${y} r=${point.chosen ? 4 : 2.5}></circle>`;
    })}`;
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
    stroke-dasharray: 6 3;
  }
  .slope .guide.slope-1 {
    stroke-dasharray: 2 3;
  }
  .slope .rounding {
    fill: var(--vscode-foreground);
    fill-opacity: 0.08;
  }
  .slope .curve {
    fill: none;
    stroke: var(--vscode-charts-blue);
    stroke-opacity: 0.5;
    stroke-width: 1.5;
  }
  .slope .curve.chosen {
    stroke-opacity: 1;
    stroke-width: 3;
  }
  .slope .point {
    fill: var(--vscode-editor-background);
    stroke: var(--vscode-charts-blue);
  }
  .slope .point.chosen {
    fill: var(--vscode-charts-blue);
  }
  .slope .legend {
    display: flex;
    flex-wrap: wrap;
    gap: 2px 14px;
    margin: 4px 0 0;
    padding: 0;
    list-style: none;
  }
  .slope .legend li {
    display: flex;
    align-items: center;
    gap: 5px;
  }
  .slope .legend svg {
    flex: none;
    display: inline-block;
    width: 22px;
  }
  .slope figcaption .faint {
    display: block;
  }
`;
