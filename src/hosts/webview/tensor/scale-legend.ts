/**
 * A tensor's histogram standing on its colour scale: legend and distribution in one drawing, the value under the cursor
 * marked, arrows where values lie beyond the scale's ends. A range of values is brushed with the pointer or with two
 * handles. Owns the drag; the range is its owner's.
 */
import { html, LitElement, nothing, type TemplateResult } from "lit";
import type { TensorSummary } from "../../../protocol";
import { type Brush, type ColorScale, placeOnScale } from "../look/color-scale";
import { countText, percentText, plural, shortNumber, trimmedNumber } from "../look/number-format";
import { sharedStyles } from "../look/shared-styles";
import { legendParts, specials } from "./legend-parts";
import { brushed, clippedOf } from "./legend-bins";
import { legendStyles } from "./scale-legend-styles";

const width = 300;
/** Steps of a handle from one end of the scale to the other. */
const steps = 48;

export class ScaleLegend extends LitElement {
  static override readonly properties = {
    summary: { attribute: false },
    scale: { attribute: false },
    brush: { attribute: false },
    cursorValue: { attribute: false },
    changed: { attribute: false },
  };
  declare summary: TensorSummary;
  declare scale: ColorScale;
  declare brush: Brush | null;
  declare cursorValue: number | undefined;
  /** Told the range that is to be singled out. */
  declare changed: (brush: Brush | null) => void;

  private anchor: number | null = null;

  override render(): TemplateResult {
    const { summary, scale, brush, cursorValue } = this;
    const clipped = clippedOf(summary, scale);
    return html`<div
        class="picture"
        @pointerdown=${this.onDown}
        @pointermove=${this.onMove}
        @pointerup=${this.onUp}
        @dblclick=${this.onDoubleClick}
      >
        <svg
          viewBox="0 0 ${width} 44"
          preserveAspectRatio="none"
          role="img"
          aria-label=${legendText(summary)}
        >
          ${legendParts(summary, scale, { width, brush, cursorValue })}
        </svg>
        ${brush === null ? nothing : this.handles(brush)}
      </div>
      <div class="labels number">
        ${this.endLabel("low", clipped.low)} ${scale.mode === "diverging" ? html`<span>0</span>` : nothing}
        ${this.endLabel("high", clipped.high)}
      </div>
      ${brush === null ? this.brushButton() : this.brushLine(brush)} ${specials(summary, scale)}`;
  }

  /** Through the object model: the content policy lets no style stand in the markup. */
  override updated(): void {
    const { brush, scale } = this;
    if (brush === null) return;
    for (const handle of this.renderRoot.querySelectorAll<HTMLElement>(".handle")) {
      const value = handle.dataset["end"] === "from" ? brush.from : brush.to;
      handle.style.left = `${String(100 * placeOnScale(scale, value))}%`;
    }
  }

  private endLabel(end: "low" | "high", beyond: boolean): TemplateResult {
    const { summary, scale } = this;
    const sign = end === "low" ? "≤" : "≥";
    const farthest = shortNumber(end === "low" ? summary.min : summary.max, 3);
    const words = shortNumber(scale[end], 3);
    return beyond
      ? html`<span class=${end} title="Clipped: values reach ${farthest}"
          >${sign} ${words} <span class="faint">${end === "low" ? "min" : "max"} ${farthest}</span></span
        >`
      : html`<span class=${end}>${words}</span>`;
  }

  private handles(brush: Brush): readonly TemplateResult[] {
    return (["from", "to"] as const).map((end) => {
      const value = Math.min(Math.max(brush[end], this.scale.low), this.scale.high);
      return html`<div
        class="handle"
        data-end=${end}
        role="slider"
        tabindex="0"
        aria-label=${end === "from" ? "Smallest value singled out" : "Largest value singled out"}
        aria-valuemin=${this.scale.low}
        aria-valuemax=${this.scale.high}
        aria-valuenow=${value}
        aria-valuetext=${trimmedNumber(brush[end], 3)}
        @keydown=${(event: KeyboardEvent): void => this.onKey(event, end)}
      ></div>`;
    });
  }

  private brushButton(): TemplateResult {
    const middle = (): void => {
      const { low, high } = this.scale;
      this.changed({ from: low + (high - low) / 4, to: high - (high - low) / 4 });
      void this.updateComplete.then(() => this.renderRoot.querySelector<HTMLElement>(".handle")?.focus());
    };
    return html`<div class="brush faint">
      <button class="link" @click=${middle} title="Or drag over the histogram">Single out a range</button>
    </div>`;
  }

  private brushLine(brush: Brush): TemplateResult {
    const count = brushed(this.summary, brush);
    const about = count === this.summary.count ? "" : "≈ ";
    return html`<div class="brush">
      <span class="number">${trimmedNumber(brush.from, 3)} … ${trimmedNumber(brush.to, 3)}</span>
      <span class="faint">${about}${countText(count)} (${percentText(count, this.summary.count)})</span>
      <button class="link" @click=${(): void => this.changed(null)}>Show all</button>
    </div>`;
  }

  private onKey(event: KeyboardEvent, end: "from" | "to"): void {
    const { low, high } = this.scale;
    const step = ((high - low) / steps) * (event.shiftKey ? 4 : 1);
    const now = this.brush ?? { from: low, to: high };
    const places: Readonly<Record<string, number>> = {
      ArrowLeft: now[end] - step,
      ArrowDown: now[end] - step,
      ArrowRight: now[end] + step,
      ArrowUp: now[end] + step,
      Home: low,
      End: high,
    };
    const place = places[event.key];
    if (event.key === "Escape") this.changed(null);
    else if (place === undefined) return;
    else {
      const value = Math.min(Math.max(place, low), high);
      this.changed(
        end === "from"
          ? { from: Math.min(value, now.to), to: now.to }
          : { from: now.from, to: Math.max(value, now.from) },
      );
    }
    event.preventDefault();
  }

  private valueUnder(event: MouseEvent): number {
    const box = this.renderRoot.querySelector(".picture")!.getBoundingClientRect();
    const share = Math.min(Math.max((event.clientX - box.left) / box.width, 0), 1);
    return this.scale.low + share * (this.scale.high - this.scale.low);
  }

  private readonly onDown = (event: PointerEvent): void => {
    if (event.button !== 0) return;
    const handle = (event.target as HTMLElement).dataset["end"]; // Only elements are pressed.
    const { brush } = this;
    this.anchor =
      handle === undefined || brush === null
        ? this.valueUnder(event)
        : handle === "from"
          ? brush.to
          : brush.from;
    (event.currentTarget as HTMLElement).setPointerCapture(event.pointerId); // The listener is on the picture.
  };

  private readonly onMove = (event: PointerEvent): void => {
    if (this.anchor === null) return;
    const value = this.valueUnder(event);
    const from = Math.min(this.anchor, value);
    const to = Math.max(this.anchor, value);
    if (to > from) this.changed(this.untilTheEnds({ from, to }));
  };

  /** A range that reaches an end of the scale reaches what is clipped beyond it. */
  private untilTheEnds({ from, to }: Brush): Brush {
    const { scale, summary } = this;
    return {
      from: from <= scale.low ? Math.min(from, summary.min) : from,
      to: to >= scale.high ? Math.max(to, summary.max) : to,
    };
  }

  private readonly onUp = (): void => {
    this.anchor = null;
  };

  private readonly onDoubleClick = (): void => this.changed(null);

  static override readonly styles = [sharedStyles, legendStyles];
}

function legendText(summary: TensorSummary): string {
  return `Histogram of ${plural(summary.count, "element")} from ${trimmedNumber(summary.min)} to ${trimmedNumber(summary.max)}`;
}
