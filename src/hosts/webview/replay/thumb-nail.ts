/** A tensor as a small picture, with its numbers where they fit, and what it is called below. */
import { css, html, LitElement, type PropertyValues, type TemplateResult } from "lit";
import type { Picture } from "../../../protocol";
import { colorOf, type ColorScale, colorScale, paletteFor } from "../look/color-scale";
import { cssColor, inkOn } from "../look/color-space";
import { cellNumber, shapeText, shortNumber } from "../look/number-format";
import { currentTheme, onDidChangeTheme } from "../look/theme";

/** Cells are as large as numbers need where there are few of them. */
const numberCell = { width: 50, height: 18 };
const mostNumbers = { rows: 6, columns: 5 };
const largest = 84;

export class ThumbNail extends LitElement {
  static override readonly properties = {
    picture: { attribute: false },
    label: { attribute: false },
    limit: { attribute: false },
    small: { type: Boolean },
  };
  declare picture: Picture;
  /** What is seen, for screen readers. */
  declare label: string;
  /** The magnitude at the ends of the colour scale; pictures that are added to one another share it. */
  declare limit: number;
  /** Colours alone, for a row of a table. */
  declare small: boolean;
  private endTheme = (): void => undefined;

  override connectedCallback(): void {
    super.connectedCallback();
    this.endTheme = onDidChangeTheme(() => this.paint());
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.endTheme();
  }

  override render(): TemplateResult {
    const { shape, norm } = this.picture;
    return html`<canvas
      role="img"
      aria-label="${this.label}, shape ${shapeText(shape)}, size ${shortNumber(norm)}"
    ></canvas>`;
  }

  override updated(_changed: PropertyValues<this>): void {
    this.paint();
  }

  private paint(): void {
    const canvas = this.renderRoot.querySelector("canvas");
    const context = canvas?.getContext("2d");
    if (canvas === null || context === undefined || context === null) return;
    const { rows, columns, whole } = this.picture;
    const theme = currentTheme();
    const scale = colorScale(paletteFor(theme.kind, theme.background), "diverging", -this.limit, this.limit);
    const isNumbers = !this.small && whole && rows <= mostNumbers.rows && columns <= mostNumbers.columns;
    const cell = isNumbers ? numberCell : squareCell(rows, columns, this.small ? 28 : largest);
    const [width, height] = [Math.max(columns * cell.width, 1), Math.max(rows * cell.height, 1)];
    const ratio = window.devicePixelRatio;
    canvas.width = Math.round(width * ratio);
    canvas.height = Math.round(height * ratio);
    canvas.style.width = `${String(width)}px`;
    canvas.style.height = `${String(height)}px`;
    context.setTransform(ratio, 0, 0, ratio, 0, 0);
    this.cells(context, scale, cell, isNumbers ? theme.numberFont : null);
  }

  private cells(
    context: CanvasRenderingContext2D,
    scale: ColorScale,
    cell: { readonly width: number; readonly height: number },
    font: string | null,
  ): void {
    const { rows, columns, data } = this.picture;
    context.textAlign = "center";
    context.textBaseline = "middle";
    if (font !== null) context.font = font;
    for (let row = 0; row < rows; row++)
      for (let column = 0; column < columns; column++) {
        const value = data[row * columns + column] ?? NaN;
        const color = colorOf(scale, value);
        context.fillStyle = cssColor(color);
        context.fillRect(column * cell.width, row * cell.height, cell.width, cell.height);
        if (font === null) continue;
        const text = cellNumber(value, "float64", 6) ?? shortNumber(value, 2);
        context.fillStyle = cssColor(inkOn(color));
        context.fillText(text, (column + 0.5) * cell.width, (row + 0.5) * cell.height, cell.width - 4);
      }
  }

  static override readonly styles = css`
    :host {
      display: inline-block;
      /* Room for the line around it. */
      padding: 1px;
    }
    canvas {
      display: block;
      outline: 1px solid var(--vscode-widget-border, var(--vscode-panel-border));
    }
  `;
}

function squareCell(
  rows: number,
  columns: number,
  room: number,
): { readonly width: number; readonly height: number } {
  const side = Math.max(room < largest ? 1 : 3, Math.min(14, Math.floor(room / Math.max(rows, columns, 1))));
  return { width: side, height: side };
}

/** The largest finite magnitude in pictures that share a scale. */
export function sharedLimit(pictures: readonly (Picture | null)[]): number {
  let limit = 0;
  for (const picture of pictures)
    for (const value of picture?.data ?? [])
      if (Number.isFinite(value)) limit = Math.max(limit, Math.abs(value));
  return limit === 0 ? 1 : limit;
}
