/**
 * The tensor tab: one node's value and gradient side by side, with one viewport and one cursor for both. Owns where
 * it looks; the node and the saved choices come from the panel.
 */
import { html, LitElement, nothing, type PropertyValues, type TemplateResult } from "lit";
import type { NodeSummary, TargetReport, TensorSummary } from "../../protocol";
import { type ColorScale, colorScale, paletteFor, type ScaleMode } from "./color-scale";
import { HeatMap, type HeatMapHost } from "./heat-map";
import { edge, leftGutter } from "./heat-map-drawing";
import { icon } from "./icons";
import { nodeTitle } from "./node-rows";
import { exactNumber, plural, shapeText } from "./number-format";
import type { PanelActions } from "./panel-actions";
import type { SavedState } from "./saved-state";
import { legendStyles, scaleLegend } from "./scale-legend";
import { sharedStyles } from "./shared-styles";
import type { SliceSubject } from "./slice-requests";
import type { SliceStore } from "./slice-store";
import { figureStyles, summaryFigures } from "./summary-figures";
import { elementName, fullIndex, leadingIndices, leadingSizes, matrixOf, placeOfIndex } from "./tensor-axes";
import { copyTensor } from "./tensor-copy";
import { tensorViewStyles } from "./tensor-view-styles";
import { currentTheme, onDidChangeTheme } from "./theme";
import {
  bringIntoView,
  type Cell,
  fit,
  fittedHeight,
  type Grid,
  isFitted,
  type Size,
  type Viewport,
  visibleCells,
  zoomAt,
} from "./viewport";

type Side = "value" | "gradient";

export class TensorView extends LitElement {
  static override readonly properties = {
    target: { attribute: false },
    node: { attribute: false },
    store: { attribute: false },
    saved: { attribute: false },
    actions: { attribute: false },
    goTo: { attribute: false },
    view: { state: true },
    pointed: { state: true },
    cursor: { state: true },
    paneWidth: { state: true },
    roomHeight: { state: true },
  };
  declare target: TargetReport;
  declare node: NodeSummary | null;
  declare store: SliceStore;
  declare saved: SavedState;
  declare actions: PanelActions;
  /** An element to put the cursor on, as soon as the node that has it is shown. */
  declare goTo: readonly number[] | null;
  /** null: everything is in view, whatever the size. */
  declare private view: Viewport | null;
  declare private pointed: Cell | null;
  declare private cursor: Cell | null;
  declare private paneWidth: number;
  declare private roomHeight: number;

  private ends: (() => void)[] = [];
  private scales = new Map<string, ColorScale>();
  private resize: ResizeObserver | null = null;

  constructor() {
    super();
    this.view = null;
    this.pointed = null;
    this.cursor = null;
    this.paneWidth = 0;
    this.roomHeight = 320;
    this.goTo = null;
  }

  override connectedCallback(): void {
    super.connectedCallback();
    const again = (): void => {
      this.scales.clear();
      this.requestUpdate();
    };
    this.ends = [onDidChangeTheme(again), this.store.onDidArrive(() => this.requestUpdate())];
    this.resize = new ResizeObserver(() => this.measure());
    this.resize.observe(this);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    for (const end of this.ends) end();
    this.resize?.disconnect();
  }

  override willUpdate(changed: PropertyValues<this>): void {
    const before = changed.get("node");
    if (before !== undefined && !sameTensor(before, this.node)) {
      this.view = null;
      this.pointed = null;
      this.cursor = null;
    }
    if (changed.has("goTo") && this.goTo !== null) this.cursor = this.cellOf(this.goTo);
  }

  override updated(changed: PropertyValues<this>): void {
    this.measure();
    if (changed.has("goTo") && this.goTo !== null && this.cursor !== null) this.announce(this.cursor);
  }

  override render(): TemplateResult {
    const { node } = this;
    if (node === null) {
      return html`<p class="empty">
        Choose a node in <b>Values</b>, or put the cursor on a name in the editor.
      </p>`;
    }
    return html`${this.header(node)} ${node.value === null ? this.fault(node) : this.body(node, node.value)}`;
  }

  private header(node: NodeSummary): TemplateResult {
    const { value } = node;
    return html`<div class="header">
      <select class="code" aria-label="Node" @change=${this.onChooseNode}>
        ${this.target.nodes.map(
          (other) =>
            html`<option
              value=${other.id}
              ?selected=${other.id === node.id}
              .selected=${other.id === node.id}
            >
              ${nodeTitle(other)}
            </option>`,
        )}
      </select>
      ${value === null ? nothing : html`<span class="number">${shapeText(value.shape)}</span> <span class="faint">${value.dtype}</span>`}
      <span class="faint">${node.op === node.role ? node.op : `${node.op} · ${node.role}`}</span>
      <button class="link" @click=${this.onReveal} title="Show where ${node.name} is defined">
        ${icon("line")} line ${node.range.start.line + 1}
      </button>
      <span class="spring"></span>
      ${value === null ? nothing : this.tools(value)}
    </div>`;
  }

  private tools(value: TensorSummary): TemplateResult {
    const { layout, scale } = this.saved;
    const choose = (change: Partial<SavedState>) => (): void => this.actions.save(change);
    const zoomable = layout === "heatmap" && value.count > 1;
    return html`<div class="tools" role="toolbar" aria-label="Tensor">
      ${
        zoomable
          ? html`<button class="tool" aria-label="Zoom in" title="Zoom in (+)" @click=${() => this.zoom(1.6)}>
                ${icon("plus")}
              </button>
              <button
                class="tool"
                aria-label="Zoom out"
                title="Zoom out (-)"
                @click=${() => this.zoom(1 / 1.6)}
              >
                ${icon("minus")}
              </button>
              <button
                class="tool"
                aria-label="Show everything"
                title="Show everything (0)"
                @click=${this.onFit}
              >
                ${icon("fit")}
              </button>
              <button
                class="tool"
                aria-pressed=${scale === "sequential"}
                title="Colours from the smallest to the largest value, instead of centred on zero"
                @click=${choose({ scale: scale === "diverging" ? "sequential" : "diverging" })}
              >
                min–max
              </button>`
          : nothing
      }
      <button
        class="tool"
        aria-label="Table of numbers"
        title="Table of numbers"
        aria-pressed=${layout === "table"}
        @click=${choose({ layout: layout === "table" ? "heatmap" : "table" })}
      >
        ${icon("table")}
      </button>
    </div>`;
  }

  private fault(node: NodeSummary): TemplateResult {
    return html`<div class="notice error" role="note">
      ${icon("error")} ${node.fault ?? `${node.name} was not computed.`}
    </div>`;
  }

  private body(node: NodeSummary, value: TensorSummary): TemplateResult {
    const leading = this.leading(value);
    return html`
      ${leadingSizes(value.shape).map((size, axis) => this.slider(axis, size, leading[axis]!))}
      ${this.readOut(node, value)}
      <div class="panes">
        ${this.pane("value", node, value)}
        ${this.target.root === null ? nothing : this.gradientPane(node, value)}
      </div>
      ${
        this.target.root === null && node.gradient === null
          ? html`<p class="faint">
              No gradient: there is no backward pass to a scalar in ${this.target.name}.
            </p>`
          : nothing
      }
    `;
  }

  private slider(axis: number, size: number, at: number): TemplateResult {
    const move = (event: Event): void => {
      const leading = [...this.leading(this.node!.value!)];
      leading[axis] = Number((event.target as HTMLInputElement).value); // The listener is on a range input.
      this.actions.save({ leading });
    };
    return html`<label class="slider">
      <span>dimension ${axis}</span>
      <input type="range" min="0" max=${size - 1} .value=${String(at)} ?disabled=${size < 2} @input=${move} />
      <output class="number">${at} of 0–${size - 1}</output>
    </label>`;
  }

  private readOut(node: NodeSummary, value: TensorSummary): TemplateResult {
    const cell = this.pointed ?? this.cursor;
    if (cell === null || value.count < 2)
      return html`<p class="read-out faint">
        ${value.count < 2 ? nothing : "Point at a cell, or use the arrow keys."}
      </p>`;
    const name = elementName(node.name, fullIndex(value.shape, this.leading(value), cell));
    const gradient = this.numberText("gradient", cell);
    return html`<p class="read-out">
      <span class="code">${name}</span> = <b class="number">${this.numberText("value", cell) ?? "…"}</b>
      ${
        typeof node.gradient === "object" && node.gradient !== null
          ? html`<span class="gradient-part"
              ><span class="code">∂${this.rootName()}/∂${name}</span> =
              <b class="number">${gradient ?? "…"}</b></span
            >`
          : nothing
      }
    </p>`;
  }

  private gradientPane(node: NodeSummary, value: TensorSummary): TemplateResult {
    const { gradient } = node;
    if (gradient !== null && typeof gradient === "object") return this.pane("gradient", node, gradient);
    const said =
      gradient === "zero"
        ? html`<b>0</b> everywhere: ${this.rootName()} does not depend on ${node.name}.`
        : gradient === "pending"
          ? html`Pending: a rule on the way back is still a hole, <span class="code">?</span>.`
          : value.dtype === "int" || value.dtype === "bool"
            ? html`None: ${node.name} is ${value.dtype === "int" ? "a tensor of integers" : "boolean"}, and
              those have no gradient.`
            : html`None: the backward pass does not reach ${node.name}.`;
    return html`<section class="pane" aria-label="Gradient">
      <h3>${this.sideTitle("gradient", node)}</h3>
      <p class="notice" role="note">${said}</p>
    </section>`;
  }

  private pane(side: Side, node: NodeSummary, summary: TensorSummary): TemplateResult {
    return html`<section class="pane" aria-label=${side === "value" ? "Value" : "Gradient"}>
      <h3>
        <span class="code">${this.sideTitle(side, node)}</span>
        ${summary.count === 0 ? nothing : this.copyTools(side, node)}
      </h3>
      ${summary.count === 0 ? html`<p class="faint">Empty: it has no elements.</p>` : this.picture(side, node, summary)}
    </section>`;
  }

  private picture(side: Side, node: NodeSummary, summary: TensorSummary): TemplateResult {
    if (summary.count === 1) return this.single(side, summary);
    const grid = matrixOf(summary.shape);
    const subject = this.subject(side, node, summary);
    const title = this.sideTitle(side, node);
    const { store, cursor } = this;
    if (this.saved.layout === "table") {
      return html`<nnspec-number-table
          .store=${store}
          .subject=${subject}
          .grid=${grid}
          .dtype=${summary.dtype}
          .name=${title}
          .cursor=${cursor}
        ></nnspec-number-table>
        ${summaryFigures(summary)}`;
    }
    const cell = this.pointed ?? cursor;
    const scale = this.scaleOf(summary, this.saved.scale);
    const cursorValue = cell === null ? undefined : this.map(side)?.numberAt(cell);
    return html`<nnspec-heat-map
        data-side=${side}
        .store=${store}
        .subject=${subject}
        .grid=${grid}
        .space=${this.space(grid)}
        .view=${this.shownView(grid)}
        .scale=${scale}
        .dtype=${summary.dtype}
        .cursor=${cell}
        .host=${this.host}
        .label="Heatmap of ${title}, ${plural(grid.rows, "row")}, ${plural(grid.columns, "column")}. The arrow keys move the cell."
      ></nnspec-heat-map>
      ${scaleLegend(summary, scale, { id: `ramp-${side}`, cursorValue })} ${summaryFigures(summary)}`;
  }

  /** A scalar is its number. */
  private single(_side: Side, summary: TensorSummary): TemplateResult {
    const value = summary.nan > 0 ? NaN : summary.mean;
    const shown = summary.infinite > 0 ? (summary.mean < 0 ? -Infinity : Infinity) : value;
    return html`<p class="single number ${Number.isFinite(shown) ? "" : "special"}">
      ${exactNumber(shown, summary.dtype)}
    </p>`;
  }

  private copyTools(side: Side, node: NodeSummary): TemplateResult {
    const button = (format: "numpy" | "csv", title: string): TemplateResult =>
      html`<button
        class="tool"
        title="Copy as ${title}"
        aria-label="Copy the ${side} as ${title}"
        @click=${() => void this.copy(side, node, format)}
      >
        ${icon("copy")} ${title}
      </button>`;
    return html`<span class="copy">${button("numpy", "NumPy")} ${button("csv", "CSV")}</span>`;
  }

  private async copy(side: Side, node: NodeSummary, format: "numpy" | "csv"): Promise<void> {
    const summary = side === "value" ? node.value : node.gradient;
    if (summary === null || typeof summary === "string") return;
    const grid = matrixOf(summary.shape);
    const copied = await copyTensor({
      format,
      summary,
      name: this.sideTitle(side, node),
      subject: this.subject(side, node, summary),
      visible: visibleCells(this.shownView(grid), grid, this.space(grid)),
      fetch: (request) => this.store.fetch(request),
    });
    if (copied === null) this.actions.announce("The editor has no numbers to copy.");
    else this.actions.copy(copied.text, `${copied.what} as ${format === "numpy" ? "NumPy" : "CSV"}`);
  }

  private readonly host: HeatMapHost = {
    look: (view) => this.look(view),
    point: (cell) => this.point(cell),
    mark: (cell) => this.moveTo(cell),
    key: (event) => this.onKey(event),
  };

  private look(view: Viewport): void {
    const grid = matrixOf(this.node!.value!.shape);
    this.view = isFitted(view, grid, this.space(grid)) ? null : view;
  }

  private point(cell: Cell | null): void {
    this.pointed = cell;
    if (cell !== null) this.wantNumbers(cell);
  }

  private moveTo(cell: Cell): void {
    this.cursor = cell;
    this.pointed = null;
    this.wantNumbers(cell);
    const grid = matrixOf(this.node!.value!.shape);
    this.look(bringIntoView(this.shownView(grid), grid, this.space(grid), cell));
    this.announce(cell);
  }

  private wantNumbers(cell: Cell): void {
    for (const map of this.renderRoot.querySelectorAll("nnspec-heat-map"))
      (map as HeatMap).wantNumberAt(cell);
  }

  private announce(cell: Cell): void {
    const { node } = this;
    if (node?.value == null) return;
    const name = elementName(node.name, fullIndex(node.value.shape, this.leading(node.value), cell));
    const gradient = this.numberText("gradient", cell);
    const value = this.numberText("value", cell) ?? "not here yet";
    this.actions.announce(`${name}: ${value}${gradient === null ? "" : `, gradient ${gradient}`}`);
  }

  private onKey(event: KeyboardEvent): boolean {
    const value = this.node?.value;
    if (value == null || event.ctrlKey || event.metaKey || event.altKey) return false;
    const grid = matrixOf(value.shape);
    const { row, column } = this.cursor ?? { row: 0, column: 0 };
    const far = event.shiftKey ? 10 : 1;
    const started = this.cursor !== null;
    const move = (down: number, right: number): true => {
      const within = (at: number, count: number): number => Math.min(Math.max(0, at), count - 1);
      this.moveTo(
        started
          ? { row: within(row + down, grid.rows), column: within(column + right, grid.columns) }
          : { row, column },
      );
      return true;
    };
    switch (event.key) {
      case "ArrowUp":
        return move(-far, 0);
      case "ArrowDown":
        return move(far, 0);
      case "ArrowLeft":
        return move(0, -far);
      case "ArrowRight":
        return move(0, far);
      case "Home":
        return move(0, -grid.columns);
      case "End":
        return move(0, grid.columns);
      case "+":
      case "=":
        this.zoom(1.6);
        return true;
      case "-":
        this.zoom(1 / 1.6);
        return true;
      case "0":
        this.view = null;
        return true;
      default:
        return false;
    }
  }

  /** Zooms around the cursor where it is in view, else around the middle. */
  private zoom(factor: number): void {
    const value = this.node?.value;
    if (value == null) return;
    const grid = matrixOf(value.shape);
    const space = this.space(grid);
    const view = this.shownView(grid);
    const cell = this.cursor ?? {
      row: view.top + space.height / view.cellHeight / 2,
      column: view.left + space.width / view.cellWidth / 2,
    };
    const x = Math.min(Math.max(0, (cell.column + 0.5 - view.left) * view.cellWidth), space.width);
    const y = Math.min(Math.max(0, (cell.row + 0.5 - view.top) * view.cellHeight), space.height);
    this.look(zoomAt(view, { grid, space, factor, x, y }));
  }

  private readonly onFit = (): void => {
    this.view = null;
  };

  private readonly onReveal = (): void => {
    if (this.node !== null) this.actions.reveal(this.node.range, this.node.file);
  };

  private readonly onChooseNode = (event: Event): void => {
    this.actions.select(Number((event.target as HTMLSelectElement).value)); // The listener is on the select.
  };

  private subject(of: Side, node: NodeSummary, summary: TensorSummary): SliceSubject {
    return {
      node: node.id,
      of,
      root: of === "gradient" ? this.target.root : null,
      leading: this.leading(summary),
    };
  }

  private leading(summary: TensorSummary): readonly number[] {
    return leadingIndices(summary.shape, this.saved.leading);
  }

  private cellOf(index: readonly number[]): Cell | null {
    const value = this.node?.value;
    return value == null ? null : (placeOfIndex(value.shape, index)?.cell ?? null);
  }

  private sideTitle(side: Side, node: NodeSummary): string {
    return side === "value" ? nodeTitle(node) : `∂${this.rootName()}/∂${node.name}`;
  }

  private rootName(): string {
    return this.target.roots.find((root) => root.id === this.target.root)?.name ?? "root";
  }

  private numberText(side: Side, cell: Cell): string | null {
    const summary = side === "value" ? this.node?.value : this.node?.gradient;
    if (summary == null || typeof summary === "string") return null;
    const number = this.map(side)?.numberAt(cell);
    return number === undefined ? null : exactNumber(number, summary.dtype);
  }

  private map(side: Side): HeatMap | null {
    return this.renderRoot.querySelector<HeatMap>(`nnspec-heat-map[data-side="${side}"]`);
  }

  /** A scale is kept for as long as its summary and the theme are, so that pictures made with it are kept too. */
  private scaleOf(summary: TensorSummary, mode: ScaleMode): ColorScale {
    const key = `${mode} ${String(summary.min)} ${String(summary.max)}`;
    let scale = this.scales.get(key);
    if (scale === undefined) {
      const theme = currentTheme();
      scale = colorScale(paletteFor(theme.kind, theme.background), mode, summary.min, summary.max);
      this.scales.set(key, scale);
    }
    return scale;
  }

  private room(grid: Grid): Size {
    return { width: Math.max(40, this.paneWidth - leftGutter(grid) - edge), height: this.roomHeight };
  }

  private space(grid: Grid): Size {
    const room = this.room(grid);
    return { width: room.width, height: fittedHeight(grid, room) };
  }

  private shownView(grid: Grid): Viewport {
    return this.view ?? fit(grid, this.room(grid));
  }

  private measure(): void {
    const pane = this.renderRoot.querySelector<HTMLElement>(".pane");
    if (pane !== null && pane.clientWidth > 0) this.paneWidth = pane.clientWidth;
    this.roomHeight = Math.max(140, Math.min(this.clientHeight - 260, 720));
  }

  static override readonly styles = [sharedStyles, legendStyles, figureStyles, tensorViewStyles];
}

/** Whether the place looked at still means the same: the same node with the same shape. */
function sameTensor(a: NodeSummary | null, b: NodeSummary | null): boolean {
  return (
    a !== null &&
    b !== null &&
    nodeTitle(a) === nodeTitle(b) &&
    shapeText(a.value?.shape ?? []) === shapeText(b.value?.shape ?? [])
  );
}
