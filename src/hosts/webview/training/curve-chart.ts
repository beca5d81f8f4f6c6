/**
 * One chart of curves over the steps of a training, drawn by uPlot: drag to zoom, a double click for all of it, the arrow
 * keys move a cursor whose values are told. Owns the chart.
 */
import { css, html, LitElement, type PropertyValues, type TemplateResult } from "lit";
import type uPlot from "uplot";
import { shortNumber, trimmedNumber } from "../look/number-format";
import { sharedStyles } from "../look/shared-styles";
import { currentTheme, onDidChangeTheme } from "../look/theme";
import { loadScript } from "../state/page-parts";

declare global {
  interface Window {
    /** What curves.js gives the page. */
    nnspecPlotter?: typeof uPlot;
  }
}

/** uPlot names it by a const enum, which is not there at run time: hence the cast. */
const logarithmic = { distr: 3 } as unknown as uPlot.Scale;

export interface ChartSeries {
  readonly label: string;
  /** A property that holds a colour. */
  readonly color: string;
  /** Drawn in the background, as what another is made from. */
  readonly faint?: boolean;
  readonly y: Float64Array;
}

export class CurveChart extends LitElement {
  static override readonly properties = {
    label: { attribute: false },
    x: { attribute: false },
    series: { attribute: false },
    logarithmic: { type: Boolean },
    until: { attribute: false },
    announce: { attribute: false },
  };
  declare label: string;
  /** Every series has its values at these steps. */
  declare x: Float64Array;
  declare series: readonly ChartSeries[];
  declare logarithmic: boolean;
  /** The last step: the axis reaches it before the curve does. */
  declare until: number;
  declare announce: (sentence: string) => void;

  private chart: uPlot | null = null;
  private ends: (() => void)[] = [];
  private cursor = -1;

  override connectedCallback(): void {
    super.connectedCallback();
    const resize = new ResizeObserver(() => this.fit());
    resize.observe(this);
    this.ends = [() => resize.disconnect(), onDidChangeTheme(() => this.rebuild())];
    loadScript("curves.js").then(
      () => this.requestUpdate(),
      (error: unknown) => console.error(error),
    );
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    for (const end of this.ends) end();
    this.drop();
  }

  override render(): TemplateResult {
    return html`<div
      class="chart"
      tabindex="0"
      role="application"
      aria-roledescription="chart"
      aria-label="${this.label} over ${String(this.x.length)} points. The arrow keys move the cursor."
      aria-keyshortcuts="ArrowLeft ArrowRight Home End"
      @keydown=${this.onKey}
    ></div>`;
  }

  override updated(changed: PropertyValues<this>): void {
    if (
      this.chart === null ||
      changed.has("logarithmic") ||
      this.chart.series.length !== this.series.length + 1
    )
      this.rebuild();
    else this.chart.setData(this.data(), this.isWhole());
  }

  private data(): uPlot.AlignedData {
    const positive = (value: number): number | null => (Number.isFinite(value) && value > 0 ? value : null);
    const finite = (value: number): number | null => (Number.isFinite(value) ? value : null);
    const shown = this.logarithmic ? positive : finite;
    return [this.x, ...this.series.map(({ y }) => Array.from(y, shown))];
  }

  /** Whether everything is in view: then it stays so as the curve grows. */
  private isWhole(): boolean {
    const { min = 0, max = 0 } = this.chart?.scales["x"] ?? {};
    const shown = this.chart?.data[0] ?? [];
    return min <= (shown[0] ?? 0) && max >= (shown[shown.length - 1] ?? 0);
  }

  private drop(): void {
    this.chart?.destroy();
    this.chart = null;
  }

  private rebuild(): void {
    const place = this.renderRoot.querySelector<HTMLElement>(".chart");
    const Plotter = window.nnspecPlotter;
    if (place === null || Plotter === undefined) return;
    this.drop();
    const theme = currentTheme();
    const styles = getComputedStyle(document.body);
    const color = (token: string): string => styles.getPropertyValue(token).trim() || theme.foreground;
    const axis: uPlot.Axis = {
      stroke: theme.faint,
      font: theme.numberFont,
      grid: { stroke: withAlpha(theme.foreground, 0.1), width: 1 },
      ticks: { show: false },
    };
    const options: uPlot.Options = {
      width: Math.max(120, place.clientWidth),
      height: 190,
      legend: { show: false },
      cursor: { y: false, points: { size: 7 }, drag: { x: true, y: false, dist: 4 } },
      scales: {
        x: {
          time: false,
          range: (_, low, high) => (high > low ? [low, high] : [0, Math.max(1, this.until)]),
        },
        y: this.logarithmic ? logarithmic : {},
      },
      axes: [
        { ...axis, size: 26, values: (_, ticks) => ticks.map((tick) => shortNumber(tick)) },
        {
          ...axis,
          size: 62,
          values: (_, ticks) => ticks.map((tick) => (Number.isFinite(tick) ? trimmedNumber(tick, 3) : "")),
        }, // Log axes leave some out.
      ],
      series: [
        {},
        ...this.series.map(({ label, color: token, faint = false }): uPlot.Series => ({
          label,
          stroke: withAlpha(color(token), faint ? 0.35 : 1),
          width: faint ? 1 : 1.8,
          points: { show: this.x.length < 40 },
        })),
      ],
    };
    this.chart = new Plotter(options, this.data(), place);
  }

  private fit(): void {
    const place = this.renderRoot.querySelector<HTMLElement>(".chart");
    if (place !== null && this.chart !== null && place.clientWidth > 0)
      this.chart.setSize({ width: place.clientWidth, height: 190 });
  }

  private readonly onKey = (event: KeyboardEvent): void => {
    if (event.ctrlKey || event.metaKey || event.altKey || this.chart === null) return;
    const last = this.x.length - 1;
    const far = Math.max(1, Math.round(event.shiftKey ? last / 10 : last / 100));
    const places: Readonly<Record<string, number>> = {
      ArrowLeft: this.cursor < 0 ? last : this.cursor - far,
      ArrowRight: this.cursor < 0 ? 0 : this.cursor + far,
      Home: 0,
      End: last,
    };
    const place = places[event.key];
    if (place === undefined || last < 0) return;
    event.preventDefault();
    this.cursor = Math.min(Math.max(0, place), last);
    const step = this.x[this.cursor]!;
    this.chart.setCursor({ left: this.chart.valToPos(step, "x"), top: 10 });
    const values = this.series.map(({ label, y }) => `${label} ${trimmedNumber(y[this.cursor] ?? NaN)}`);
    this.announce(`Step ${String(step)}: ${values.join(", ")}`);
  };

  static override readonly styles = [
    sharedStyles,
    css`
      :host {
        display: block;
        min-width: 0;
        height: 192px;
      }
      .chart {
        height: 192px;
      }
      .u-wrap {
        position: relative;
        user-select: none;
      }
      .u-over,
      .u-under {
        position: absolute;
      }
      .u-under {
        overflow: hidden;
      }
      .uplot canvas {
        position: relative;
        display: block;
        width: 100%;
        height: 100%;
      }
      .u-select {
        position: absolute;
        background: var(--vscode-editor-selectionBackground, var(--vscode-focusBorder));
        opacity: 0.5;
        pointer-events: none;
      }
      .u-cursor-x {
        position: absolute;
        top: 0;
        left: 0;
        height: 100%;
        border-right: 1px dashed var(--vscode-descriptionForeground);
        pointer-events: none;
      }
      .u-cursor-pt {
        position: absolute;
        top: 0;
        left: 0;
        border: 0 solid;
        border-radius: 50%;
        pointer-events: none;
      }
      .u-off {
        display: none;
      }
    `,
  ];
}

function withAlpha(color: string, alpha: number): string {
  return alpha === 1 ? color : `color-mix(in srgb, ${color} ${String(100 * alpha)}%, transparent)`;
}
