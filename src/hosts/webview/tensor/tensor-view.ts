/**
 * The tensor tab: one node's value and gradient side by side, with one viewport and one cursor for both. Owns where
 * it looks; the node and the saved choices come from the panel.
 */
import { html, LitElement, nothing, type PropertyValues, type TemplateResult } from "lit";
import type { NodeSummary, TargetReport, TensorSummary } from "../../../protocol";
import { movedCell } from "./cursor-keys";
import type { HeatMap, HeatMapHost } from "./heat-map";
import { edge, leftGutter } from "./heat-map-drawing";
import { icon } from "../look/icons";
import { nodeTitle } from "../state/node-rows";
import { plural } from "../look/number-format";
import type { PanelActions } from "../state/panel-actions";
import type { SavedState } from "../state/saved-state";
import { ScaleCache } from "./scale-cache";
import { legendStyles, scaleLegend } from "./scale-legend";
import { sharedStyles } from "../look/shared-styles";
import { exactRequest, type SliceSubject } from "./slice-requests";
import type { SliceStore } from "./slice-store";
import { figureStyles, summaryFigures } from "./summary-figures";
import { elementName, fullIndex, leadingIndices, leadingSizes, matrixOf, placeOfIndex } from "./tensor-axes";
import { copyTensor } from "./tensor-copy";
import {
  copyTools,
  dimensionSlider,
  nodeChooser,
  nodeFacts,
  noGradient,
  type Pointed,
  readOut,
  rootName,
  type Side,
  sameTensor,
  sideTitle,
  singleNumber,
  spokenElement,
  summaryOf,
  tensorTools,
} from "./tensor-parts";
import { TensorLook } from "./tensor-look";
import { tensorViewStyles } from "./tensor-view-styles";
import { onDidChangeTheme } from "../look/theme";
import { type Cell, type Grid, visibleCells } from "./viewport";

export class TensorView extends LitElement {
  static override readonly properties = {
    target: { attribute: false },
    node: { attribute: false },
    store: { attribute: false },
    saved: { attribute: false },
    actions: { attribute: false },
    goTo: { attribute: false },
    preview: { type: Boolean, reflect: true },
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
  /** Only the pictures and the numbers under the cursor: below the table of values. */
  declare preview: boolean;
  declare private paneWidth: number;
  declare private roomHeight: number;

  private ends: (() => void)[] = [];
  private readonly scales = new ScaleCache();
  private readonly look = new TensorLook(() => this.requestUpdate());
  /** The cursor's cell, while its number is still on its way. */
  private unspoken: Cell | null = null;
  private resize: ResizeObserver | null = null;

  constructor() {
    super();
    this.paneWidth = 0;
    this.roomHeight = 320;
    this.goTo = null;
    this.preview = false;
  }

  override connectedCallback(): void {
    super.connectedCallback();
    const again = (): void => {
      this.scales.clear();
      this.requestUpdate();
    };
    const arrived = (): void => {
      this.requestUpdate();
      if (this.unspoken !== null) this.announce(this.unspoken);
    };
    this.ends = [onDidChangeTheme(again), this.store.onDidArrive(arrived)];
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
    if (before !== undefined && !sameTensor(before, this.node)) this.look.reset();
    if (changed.has("goTo") && this.goTo !== null) this.look.cursor = this.cellOf(this.goTo);
    const grid = this.grid();
    const width = Math.max(40, this.paneWidth - leftGutter(grid) - edge);
    this.look.layOut(grid, { width, height: this.roomHeight });
  }

  override updated(changed: PropertyValues<this>): void {
    this.measure();
    if (changed.has("goTo") && this.goTo !== null && this.look.cursor !== null)
      this.announce(this.look.cursor);
  }

  override render(): TemplateResult {
    const { node, saved, actions } = this;
    if (node === null)
      return html`<p class="empty">Put the cursor on a name in the editor to see its tensor.</p>`;
    const { value } = node;
    const choices = value !== null && value.count > 1;
    const zoomable = saved.layout === "heatmap" && choices;
    const tools = {
      zoom: (factor: number) => this.look.zoom(factor),
      fit: () => this.look.showEverything(),
      save: actions.save,
    };
    return html`<div class="header">
        ${this.preview ? html`<b class="code">${nodeTitle(node)}</b>` : nodeChooser(this.target, node, this.onChooseNode)}
        ${nodeFacts(node, this.onReveal)}
        ${this.preview && value !== null ? this.readOut(node, value) : nothing}
        <span class="spring"></span>
        ${this.preview ? this.openButton(node) : value === null ? nothing : tensorTools(saved, { zoomable, choices }, tools)}
      </div>
      ${
        value === null
          ? html`<div class="notice error" role="note">
              ${icon("error", "error")} ${node.fault ?? `${node.name} was not computed.`}
            </div>`
          : this.body(node, value)
      }`;
  }

  private openButton(node: NodeSummary): TemplateResult {
    return html`<button class="tool" @click=${() => this.actions.select(node.id, { open: true })}>
      Open
    </button>`;
  }

  private body(node: NodeSummary, value: TensorSummary): TemplateResult {
    const leading = this.leading(value);
    const sliders = leadingSizes(value.shape).map((size, axis) =>
      dimensionSlider(axis, size, leading[axis]!, (to) =>
        this.actions.save({ leading: leading.map((at, other) => (other === axis ? to : at)) }),
      ),
    );
    const noRoot = this.target.root === null && node.gradient === null;
    return html`${sliders} ${this.preview ? nothing : this.readOut(node, value)}
      <div class="panes">
        ${this.pane("value", node, value)}
        ${this.target.root === null ? nothing : this.gradientPane(node, value)}
      </div>
      ${
        noRoot
          ? html`<p class="faint">No gradient: ${this.target.name} has no backward pass to show one of.</p>`
          : nothing
      }`;
  }

  private readOut(node: NodeSummary, value: TensorSummary): TemplateResult | typeof nothing {
    const { cell } = this.look;
    if (value.count < 2) return nothing;
    if (cell === null) return html`<p class="read-out faint">Point at a cell, or use the arrow keys.</p>`;
    return readOut(this.pointedAt(cell, node, value), rootName(this.target));
  }

  private pointedAt(cell: Cell, node: NodeSummary, value: TensorSummary): Pointed {
    const gradient = summaryOf("gradient", node);
    return {
      name: elementName(node.name, fullIndex(value.shape, this.leading(value), cell)),
      value: this.map("value")?.numberAt(cell),
      gradient: gradient === null ? null : this.map("gradient")?.numberAt(cell),
      dtypes: { value: value.dtype, gradient: gradient?.dtype ?? value.dtype },
    };
  }

  private gradientPane(node: NodeSummary, value: TensorSummary): TemplateResult {
    const gradient = summaryOf("gradient", node);
    if (gradient !== null) return this.pane("gradient", node, gradient);
    return html`<section class="pane" aria-label="Gradient">
      <h2><span class="code">${sideTitle("gradient", node, this.target)}</span></h2>
      <p class="notice" role="note">${noGradient(node, value, rootName(this.target))}</p>
    </section>`;
  }

  private pane(side: Side, node: NodeSummary, summary: TensorSummary): TemplateResult {
    const copy = (format: "numpy" | "csv"): void => void this.copy(side, node, format);
    const title = sideTitle(side, node, this.target);
    return html`<section class="pane" aria-label=${side === "value" ? "Value" : "Gradient"}>
      <h2>
        <span class="code" title=${title}>${title}</span>
        ${summary.count === 0 || this.preview ? nothing : copyTools(side, copy)}
      </h2>
      ${
        summary.count === 0
          ? html`<p class="faint">Empty: it has no elements.</p>`
          : this.picture(side, node, summary)
      }
    </section>`;
  }

  private picture(side: Side, node: NodeSummary, summary: TensorSummary): TemplateResult {
    const grid = matrixOf(summary.shape);
    const subject = this.subject(side, node, summary);
    if (summary.count === 1) return singleNumber(summary, this.onlyElement(subject));
    const title = sideTitle(side, node, this.target);
    const { cell, cursor, space, view } = this.look;
    const { store } = this;
    if (this.saved.layout === "table" && !this.preview) {
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
    const scale = this.scales.scaleFor(summary, this.saved.scale);
    const cursorValue = cell === null ? undefined : this.map(side)?.numberAt(cell);
    const label = `Heatmap of ${title}, ${plural(grid.rows, "row")}, ${plural(grid.columns, "column")}. The arrow keys move the cell.`;
    return html`<nnspec-heat-map
        data-side=${side}
        .store=${store}
        .subject=${subject}
        .grid=${grid}
        .space=${space}
        .view=${view}
        .scale=${scale}
        .dtype=${summary.dtype}
        .cursor=${cell}
        .host=${this.host}
        .label=${label}
      ></nnspec-heat-map>
      ${
        this.preview
          ? nothing
          : html`${scaleLegend(summary, scale, { id: `ramp-${side}`, cursorValue })}
            ${summaryFigures(summary)}`
      }`;
  }

  /** A scalar's number where its summary does not have it. */
  private onlyElement(subject: SliceSubject): number | undefined {
    const request = exactRequest(subject, { fromRow: 0, toRow: 1, fromColumn: 0, toColumn: 1 });
    this.store.want(`single-${subject.of}`, [request]);
    const slice = this.store.get(request);
    return slice === undefined || slice === "unavailable" ? undefined : slice.data[0];
  }

  private async copy(side: Side, node: NodeSummary, format: "numpy" | "csv"): Promise<void> {
    const summary = summaryOf(side, node);
    if (summary === null) return;
    const grid = matrixOf(summary.shape);
    const copied = await copyTensor({
      format,
      summary,
      name: sideTitle(side, node, this.target),
      subject: this.subject(side, node, summary),
      visible: visibleCells(this.look.view, grid, this.look.space),
      fetch: (request) => this.store.fetch(request),
    });
    if (copied === null) this.actions.announce("The editor has no numbers to copy.");
    else this.actions.copy(copied.text, `${copied.what} as ${format === "numpy" ? "NumPy" : "CSV"}`);
  }

  private readonly host: HeatMapHost = {
    look: (view) => this.look.look(view),
    point: (cell) => {
      this.look.point(cell);
      if (cell !== null) this.wantNumbers(cell);
    },
    mark: (cell) => this.moveTo(cell),
    key: (event) => this.onKey(event),
  };

  private moveTo(cell: Cell): void {
    this.look.moveTo(cell);
    this.wantNumbers(cell);
    this.announce(cell);
  }

  private wantNumbers(cell: Cell): void {
    for (const side of ["value", "gradient"] as const) this.map(side)?.wantNumberAt(cell);
  }

  private announce(cell: Cell): void {
    const { node } = this;
    const value = node?.value ?? null;
    if (node === null || value === null) return;
    const pointed = this.pointedAt(cell, node, value);
    const waits = pointed.value === undefined || pointed.gradient === undefined;
    this.unspoken = waits ? cell : null;
    if (!waits) this.actions.announce(spokenElement(pointed));
  }

  private onKey(event: KeyboardEvent): boolean {
    if (event.ctrlKey || event.metaKey || event.altKey) return false;
    const cell = movedCell(event.key, event.shiftKey, this.look.cursor, this.grid());
    if (cell !== null) this.moveTo(cell);
    else if (event.key === "+" || event.key === "=") this.look.zoom(1.6);
    else if (event.key === "-") this.look.zoom(1 / 1.6);
    else if (event.key === "0") this.look.showEverything();
    else return false;
    return true;
  }

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

  /** Value and gradient have one shape. */
  private grid(): Grid {
    return matrixOf(this.node?.value?.shape ?? []);
  }

  private cellOf(index: readonly number[]): Cell | null {
    const value = this.node?.value ?? null;
    return value === null ? null : (placeOfIndex(value.shape, index)?.cell ?? null);
  }

  private map(side: Side): HeatMap | null {
    return this.renderRoot.querySelector<HeatMap>(`nnspec-heat-map[data-side="${side}"]`);
  }

  private measure(): void {
    const pane = this.renderRoot.querySelector<HTMLElement>(".pane");
    if (pane !== null && pane.clientWidth > 0) this.paneWidth = pane.clientWidth;
    this.roomHeight = Math.max(140, Math.min(this.clientHeight - (this.preview ? 100 : 260), 720));
  }

  static override readonly styles = [sharedStyles, legendStyles, figureStyles, tensorViewStyles];
}
