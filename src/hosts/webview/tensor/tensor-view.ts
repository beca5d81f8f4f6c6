/**
 * The tensor tab: one node's value and gradient side by side, with one viewport and one cursor for all. Owns where
 * it looks; the node, what is compared and the saved choices come from the panel.
 */
import { html, LitElement, nothing, type PropertyValues, type TemplateResult } from "lit";
import type { NodeSummary, TargetReport, TensorSummary } from "../../../protocol";
import { icon } from "../look/icons";
import type { MenuEntry } from "../look/menu-button";
import { sharedStyles } from "../look/shared-styles";
import { onDidChangeTheme } from "../look/theme";
import { AskedAnswers } from "../state/asked-answers";
import type { ShownPass } from "../state/kept-passes";
import { nodeTitle } from "../state/node-rows";
import type { PanelActions } from "../state/panel-actions";
import type { SavedState } from "../state/saved-state";
import { movedCell } from "./cursor-keys";
import type { HeatMapHost } from "./heat-map";
import { edge, guttersOf } from "./heat-map-axes";
import { errorMapsOf, NodelessPanes } from "./nodeless-panes";
import { paneEntries } from "./pane-actions";
import { ScaleCache } from "./scale-cache";
import type { SliceStore } from "./slice-store";
import {
  type AxisNames,
  axisNames,
  elementName,
  fullIndex,
  leadingIndices,
  matrixOf,
  placeOfIndex,
} from "./tensor-axes";
import { TensorComparison } from "./tensor-comparison";
import { TensorLook } from "./tensor-look";
import type { TensorPane } from "./tensor-pane";
import { type Pane, type PinnedTensor, rootName, sameTensor, scaleSummary } from "./tensor-panes";
import {
  causeNotice,
  comparisonFigures,
  dimensionSliders,
  keptNotice,
  nodeChooser,
  nodeFacts,
  noGradient,
  openButton,
  type PointedNumber,
  readOut,
  spokenElement,
  tensorTools,
} from "./tensor-parts";
import { tensorViewStyles } from "./tensor-view-styles";
import type { Cell, Grid } from "./viewport";

export class TensorView extends LitElement {
  static override readonly properties = {
    target: { attribute: false },
    node: { attribute: false },
    run: { attribute: false },
    pinned: { attribute: false },
    store: { attribute: false },
    saved: { attribute: false },
    passes: { attribute: false },
    actions: { attribute: false },
    goTo: { attribute: false },
    hasPasses: { type: Boolean },
    preview: { type: Boolean, reflect: true },
    paneWidth: { state: true },
    roomHeight: { state: true },
  };
  declare target: TargetReport;
  declare node: NodeSummary | null;
  /** The run that the target is of. */
  declare run: number;
  /** What the node is compared with, where its shape fits. */
  declare pinned: PinnedTensor | null;
  declare store: SliceStore;
  declare saved: SavedState;
  /** The passes that are kept, as far as they are wanted here. */
  declare passes: readonly ShownPass[];
  declare actions: PanelActions;
  /** Whether there are any that could stand beside the node. */
  declare hasPasses: boolean;
  /** An element to put the cursor on, as soon as the node that has it is shown. */
  declare goTo: readonly number[] | null;
  /** Only the pictures and the numbers under the cursor: below the table of values. */
  declare preview: boolean;
  declare private paneWidth: number;
  declare private roomHeight: number;

  private ends: (() => void)[] = [];
  private readonly scales = new ScaleCache();
  private readonly look = new TensorLook(() => this.requestUpdate());
  private readonly comparison = new TensorComparison(() => this.requestUpdate());
  private readonly nodeless = new NodelessPanes(() => this.requestUpdate());
  private readonly causes = new AskedAnswers<"cause">(() => this.requestUpdate());
  private panes: readonly Pane[] = [];
  /** The cursor's cell, while its numbers are still on their way. */
  private unspoken: Cell | null = null;
  private resize: ResizeObserver | null = null;

  constructor() {
    super();
    this.paneWidth = 0;
    this.roomHeight = 320;
    this.run = 0;
    this.pinned = null;
    this.passes = [];
    this.hasPasses = false;
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
    if (changed.has("run") || changed.has("pinned") || changed.has("store"))
      this.comparison.reset(this.store, this.pinned, this.run);
    if (changed.has("run") || changed.has("target")) {
      this.causes.clear();
      this.nodeless.clear();
    }
    this.panes = this.node === null ? [] : this.madePanes(this.node);
    if (changed.has("goTo") && this.goTo !== null) this.look.cursor = this.cellOf(this.goTo);
    const grid = this.grid();
    const width = Math.max(40, this.paneWidth - guttersOf(grid, this.axes()).left - edge);
    this.look.layOut(grid, { width, height: this.roomHeight });
  }

  override updated(changed: PropertyValues<this>): void {
    this.measure();
    if (changed.has("goTo") && this.goTo !== null && this.look.cursor !== null)
      this.announce(this.look.cursor);
  }

  private madePanes(node: NodeSummary): readonly Pane[] {
    const { target, run, pinned, store } = this;
    const { ask } = this.actions;
    const { leading: wished, errors, parts, beside } = this.saved;
    const context = { target, node, run, pinned, source: store, wished };
    const own = this.comparison.panes(ask, context);
    if (this.preview) return own;
    return [
      ...own,
      ...(errors ? this.nodeless.errors(ask, context) : []),
      ...(parts ? this.nodeless.contributions(ask, context) : []),
      ...(beside ? this.nodeless.passes(context, this.passes) : []),
    ];
  }

  override render(): TemplateResult {
    const { node } = this;
    if (node === null)
      return html`<p class="empty">Put the cursor on a name in the editor to see its tensor.</p>`;
    const { value } = node;
    return html`<div class="header">${this.header(node, value)}</div>
      ${
        value === null
          ? html`<div class="notice error" role="note">
              ${icon("error", "error")} ${node.fault ?? `${node.name} was not computed.`}
            </div>`
          : this.body(node, value)
      }`;
  }

  private header(node: NodeSummary, value: TensorSummary | null): TemplateResult {
    const { saved, actions } = this;
    const choices = value !== null && value.count > 1;
    const given = {
      zoomable: saved.layout === "heatmap" && choices,
      choices,
      leading: choices && value.shape.length > 2,
      errors: errorMapsOf({ target: this.target, node }).length > 0,
      parts: node.gradient !== null && typeof node.gradient === "object",
      passes: this.hasPasses,
    };
    const tools = {
      zoom: (factor: number) => this.look.zoom(factor),
      fit: () => this.look.showEverything(),
      save: actions.save,
    };
    return html`${this.preview ? html`<b class="code">${nodeTitle(node)}</b>` : nodeChooser(this.target, node, this.onChooseNode)}
      ${nodeFacts(node, this.onReveal)}
      ${this.preview && value !== null ? this.readOut(node, value) : nothing}
      <span class="spring"></span>
      ${this.preview ? openButton(node, this.actions) : value === null ? nothing : tensorTools(saved, given, tools)}`;
  }

  private body(node: NodeSummary, value: TensorSummary): TemplateResult {
    const noRoot = this.target.root === null && node.gradient === null;
    const sliders =
      value.count === 0
        ? nothing
        : dimensionSliders(node, value.shape, this.saved.leading, this.actions.save);
    return html`${sliders} ${this.preview ? nothing : this.facets(value)}
      ${this.preview ? nothing : this.readOut(node, value)}
      ${this.preview ? nothing : [this.notices(node), keptNotice(this.pinned, this.panes, this.actions)]}
      <div class="panes">${this.panes.map((pane) => this.pane(pane, node, value))}</div>
      ${
        noRoot
          ? html`<p class="faint">No gradient: ${this.target.name} has no backward pass to show one of.</p>`
          : nothing
      }`;
  }

  private facets(value: TensorSummary): TemplateResult | typeof nothing {
    const [pane] = this.panes;
    if (!this.saved.facets || value.shape.length < 3 || value.count === 0 || pane === undefined)
      return nothing;
    return html`<nnspec-facets
      .source=${pane.source}
      .subject=${pane.subject}
      .shape=${value.shape}
      .dims=${this.node?.dims ?? []}
      .scale=${this.scaleOf(value)}
      .choose=${(leading: readonly number[]): void => this.actions.save({ leading })}
    ></nnspec-facets>`;
  }

  private notices(node: NodeSummary): readonly (TemplateResult | typeof nothing)[] {
    return this.panes.map(({ key, ref, summary, title }) => {
      const isOwn = key === "value" || key === "gradient";
      if (ref === null || summary === null || !isOwn || summary.nan + summary.infinite === 0) return nothing;
      const cause = this.causes.get(this.actions.ask, {
        kind: "cause",
        target: this.target.name,
        tensor: ref,
      });
      // Said where it is born, the line says it all.
      if (cause === null || cause === undefined || (cause.node === node.id && node.value?.count === 1))
        return nothing;
      const of = `${summary.nan > 0 ? "NaN" : "infinities"} in ${title}`;
      return causeNotice(of, cause, this.actions.reveal);
    });
  }

  private readOut(node: NodeSummary, value: TensorSummary): TemplateResult | typeof nothing {
    const { cell } = this.look;
    if (value.count < 2) return nothing;
    if (cell === null) return html`<p class="read-out faint">Point at a cell, or use the arrow keys.</p>`;
    return readOut(this.pointedAt(cell, node, value));
  }

  private pointedAt(cell: Cell, node: NodeSummary, value: TensorSummary): readonly PointedNumber[] {
    const index = fullIndex(value.shape, leadingIndices(value.shape, this.saved.leading), cell);
    return this.panes.flatMap(({ key, name: paneName, title, summary }) => {
      if (summary === null) return [];
      const name = key === "value" ? node.name : key === "difference" ? "Δ" : title;
      return [
        {
          spoken: paneName.toLowerCase(),
          name: elementName(name, index, key === "value" ? node.dims : []),
          value: this.paneOf(key)?.numberAt(cell),
          dtype: summary.dtype,
        },
      ];
    });
  }

  private pane(pane: Pane, node: NodeSummary, value: TensorSummary): TemplateResult {
    const { key, summary } = pane;
    const { cell, cursor, space, view } = this.look;
    const note =
      summary === null
        ? html`<p class="notice" role="note">${noGradient(node, value, rootName(this.target))}</p>`
        : key === "difference"
          ? this.comparisonLine()
          : nothing;
    return html`<nnspec-tensor-pane
      class="pane"
      data-pane=${key}
      .pane=${pane}
      .look=${{ cell, cursor, space, view }}
      .names=${this.axes()}
      .scale=${summary === null ? null : this.scaleOf(scaleSummary(this.panes, pane, summary))}
      ?table=${this.saved.layout === "table" && !this.preview}
      ?preview=${this.preview}
      .host=${this.host}
      .entries=${this.preview ? [] : this.entriesOf(pane)}
      .note=${note}
    ></nnspec-tensor-pane>`;
  }

  private entriesOf(pane: Pane): readonly MenuEntry[] {
    const { actions, store, run, target, look, pinned } = this;
    const { view, space } = look;
    const canvas = (): HTMLCanvasElement | null => this.paneOf(pane.key)?.canvas ?? null;
    return paneEntries(pane, { actions, store, run, target: target.name, view, space, pinned, canvas });
  }

  private comparisonLine(): TemplateResult | typeof nothing {
    const found = this.comparison.report;
    if (found === null) return nothing;
    return comparisonFigures(found, (index) => {
      const place = placeOfIndex(this.node?.value?.shape ?? [], index);
      if (place === null) return;
      this.actions.save({ leading: place.leading });
      this.moveTo(place.cell);
    });
  }

  private scaleOf(summary: TensorSummary): ReturnType<ScaleCache["scaleFor"]> {
    return this.scales.scaleFor(summary, { mode: this.saved.scale, clip: this.saved.clip });
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
    for (const { key } of this.panes) this.paneOf(key)?.wantNumberAt(cell);
  }

  private announce(cell: Cell): void {
    const { node } = this;
    const value = node?.value ?? null;
    if (node === null || value === null) return;
    const pointed = this.pointedAt(cell, node, value);
    const waits = pointed.some(({ value }) => value === undefined);
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

  /** Value, gradient and what is compared have one shape. */
  private grid(): Grid {
    return matrixOf(this.node?.value?.shape ?? []);
  }

  private axes(): AxisNames {
    return axisNames(this.node?.value?.shape ?? [], this.node?.dims ?? []);
  }

  private cellOf(index: readonly number[]): Cell | null {
    const value = this.node?.value ?? null;
    return value === null ? null : (placeOfIndex(value.shape, index)?.cell ?? null);
  }

  private paneOf(key: string): TensorPane | null {
    return this.renderRoot.querySelector<TensorPane>(`nnspec-tensor-pane[data-pane="${key}"]`);
  }

  private measure(): void {
    const pane = this.renderRoot.querySelector<HTMLElement>(".pane");
    if (pane !== null && pane.clientWidth > 0) this.paneWidth = pane.clientWidth;
    this.roomHeight = Math.max(140, Math.min(this.clientHeight - (this.preview ? 100 : 260), 720));
  }

  static override readonly styles = [sharedStyles, tensorViewStyles];
}
