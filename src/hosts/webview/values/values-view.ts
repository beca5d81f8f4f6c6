/**
 * The values tab: every node of the target in a tree of groups, with the statistics of its value and its gradient.
 * Owns which row has the keyboard's focus; filter, order and folding are saved by the panel.
 */
import { html, LitElement, nothing, type PropertyValues, type TemplateResult } from "lit";
import { repeat } from "lit/directives/repeat.js";
import type { NodeSummary, SizedDifference, TargetReport } from "../../../protocol";
import { type HealthMark, healthOf } from "../state/node-health";
import { type NodeRow, nodeRows, nodeTitle, type Sort } from "../state/node-rows";
import { layerMarks, withLayers } from "../state/layer-ratio";
import { plural } from "../look/number-format";
import type { PanelActions } from "../state/panel-actions";
import type { Differences } from "../state/run-differences";
import type { SavedState } from "../state/saved-state";
import { sideTitle } from "../tensor/tensor-panes";
import { sharedStyles } from "../look/shared-styles";
import { type TableLayout, tableLayout } from "./table-layout";
import { type RowWindow, rowWindow, scrollToRow } from "./row-window";
import { deltaCells } from "./delta-cells";
import { groupRow, nodeCells, rowKey } from "./values-cells";
import { valuesHead } from "./values-head";
import { type ToolbarContext, valuesToolbar } from "./values-toolbar";
import { valuesViewStyles } from "./values-view-styles";

/** Until a row has been measured. */
const usualRowHeight = 24;

export class ValuesView extends LitElement {
  static override readonly properties = {
    target: { attribute: false },
    selected: { attribute: false },
    differences: { attribute: false },
    runs: { attribute: false },
    saved: { attribute: false },
    actions: { attribute: false },
    focused: { state: true },
    width: { state: true },
    scrolled: { state: true },
  };
  declare target: TargetReport;
  declare selected: number | null;
  /** To another run; null where none is compared. */
  declare differences: Differences | null;
  /** The other runs that are kept. */
  declare runs: ToolbarContext["runs"];
  declare saved: SavedState;
  declare actions: PanelActions;
  /** The key of the row that Tab reaches. */
  declare private focused: string | null;

  declare private width: number;
  /** Where the table is scrolled to. */
  declare private scrolled: number;

  private resize: ResizeObserver | null = null;
  private health: ReadonlyMap<number, readonly HealthMark[]> = new Map();
  private rows: readonly NodeRow[] = [];

  constructor() {
    super();
    this.differences = null;
    this.runs = [];
    this.focused = null;
    this.width = 0;
    this.scrolled = 0;
  }

  override connectedCallback(): void {
    super.connectedCallback();
    this.width = this.clientWidth;
    this.resize = new ResizeObserver(() => {
      this.width = this.clientWidth;
    });
    this.resize.observe(this);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.resize?.disconnect();
  }

  override willUpdate(changed: PropertyValues<this>): void {
    const { nodes } = this.target;
    if (changed.has("target")) this.health = withLayers(healthOf(nodes), layerMarks(nodes));
    const { filter, grouping, sort, problemsOnly } = this.saved;
    const shown = problemsOnly ? nodes.filter((node) => this.troubled(node)) : nodes;
    this.rows = nodeRows(shown, {
      filter,
      grouping,
      sort,
      collapsed: new Set(this.saved.collapsed),
      differences: this.differences?.of ?? null,
    });
    if (changed.has("selected") && this.selected !== null) this.focused = String(this.selected);
    if (!this.rows.some((row) => rowKey(row) === this.focused)) {
      const first = this.rows[0];
      this.focused = first === undefined ? null : rowKey(first);
    }
  }

  override updated(changed: PropertyValues<this>): void {
    const { above, below } = this.window();
    const gaps = [above, below].filter((height) => height > 0);
    // Through the object model: the content policy lets no style stand in the markup.
    this.renderRoot.querySelectorAll<HTMLElement>("tr.gap").forEach((gap, i) => {
      gap.style.height = `${String(gaps[i])}px`;
    });
    if (changed.has("selected") && this.selected !== null) {
      const at = this.rows.findIndex((row) => row.kind === "node" && row.node.id === this.selected);
      if (at >= 0) this.bringIntoView(at);
    }
  }

  private window(): RowWindow {
    return rowWindow(this.rows.length, this.view());
  }

  private view(): { readonly top: number; readonly height: number; readonly rowHeight: number } {
    const height = this.renderRoot.querySelector(".scroll")?.clientHeight ?? 600;
    const row = this.renderRoot.querySelector<HTMLElement>("tbody tr:not(.gap)");
    return { top: this.scrolled, height, rowHeight: row?.offsetHeight ?? usualRowHeight };
  }

  private bringIntoView(at: number): void {
    const scroll = this.renderRoot.querySelector(".scroll");
    const head = this.renderRoot.querySelector("thead")?.clientHeight ?? 0;
    const top = scrollToRow(at, { ...this.view(), top: scroll?.scrollTop ?? 0 }, head);
    if (scroll === null || top === null) return;
    scroll.scrollTop = top;
    this.scrolled = top;
  }

  private readonly onScroll = (event: Event): void => {
    const before = this.window();
    const { scrollTop } = event.currentTarget as HTMLElement; // The listener is on the scrolling box.
    const after = rowWindow(this.rows.length, { ...this.view(), top: scrollTop });
    if (after.from !== before.from || after.to !== before.to) this.scrolled = scrollTop;
  };

  override render(): TemplateResult {
    const { target, saved, differences } = this;
    const withGradient = target.nodes.some((node) => node.gradient !== null);
    const layout = tableLayout(this.width, withGradient, differences !== null);
    const shown = this.window();
    const toolbar = {
      saved,
      nodes: target.nodes.length,
      troubled: target.nodes.filter((node) => this.troubled(node)).length,
      runs: this.runs,
      save: this.actions.save,
    };
    const head = {
      target,
      layout,
      sort: saved.sort,
      compared: differences?.title ?? null,
      sortBy: (sort: Sort | null) => this.sortBy(sort),
    };
    return html`${valuesToolbar(toolbar)}
      <div class="scroll" @scroll=${this.onScroll}>
        <table role="treegrid" aria-label="Values of ${this.target.name}" aria-rowcount=${this.rows.length}>
          ${valuesHead(head)}
          <tbody @keydown=${this.onKey} @focusin=${this.onFocusIn}>
            ${shown.above > 0 ? html`<tr class="gap" aria-hidden="true"></tr>` : nothing}
            ${repeat(this.rows.slice(shown.from, shown.to), rowKey, (row, i) => this.row(row, layout, shown.from + i))}
            ${shown.below > 0 ? html`<tr class="gap" aria-hidden="true"></tr>` : nothing}
          </tbody>
        </table>
        ${this.rows.length === 0 ? this.nothingFound() : nothing}
      </div>`;
  }

  private troubled(node: NodeSummary): boolean {
    return node.fault !== null || this.health.has(node.id);
  }

  private nothingFound(): TemplateResult {
    const clear = (): void => this.actions.save({ filter: "", problemsOnly: false });
    return html`<p class="nothing">
      No node fits the filter.
      <button class="link" @click=${clear}>Show all ${plural(this.target.nodes.length, "node")}</button>
    </p>`;
  }

  private row(row: NodeRow, layout: TableLayout, at: number): TemplateResult {
    const key = rowKey(row);
    const tabIndex = key === this.focused ? 0 : -1;
    if (row.kind === "group") {
      const marks = row.nodes.reduce((sum, node) => sum + (this.troubled(node) ? 1 : 0), 0);
      return html`<tr
        class="group"
        data-key=${key}
        aria-rowindex=${at + 1}
        tabindex=${tabIndex}
        aria-level="1"
        aria-expanded=${row.expanded}
        @click=${() => this.fold(row)}
      >
        ${groupRow(row, { name: this.target.name, marks, layout })}
      </tr>`;
    }
    const { node } = row;
    return html`<tr
      data-key=${key}
      aria-rowindex=${at + 1}
      class=${row.level === 2 ? "member" : ""}
      tabindex=${tabIndex}
      aria-level=${row.level}
      aria-selected=${node.id === this.selected}
      @click=${() => this.choose(node)}
      @dblclick=${() => this.actions.select(node.id, { open: true })}
    >
      ${nodeCells(node, { marks: this.health.get(node.id) ?? [], layout, root: this.rootName() })}
      ${this.deltas(node, layout, tabIndex === 0)}
    </tr>`;
  }

  private deltas(node: NodeSummary, layout: TableLayout, reachable: boolean): readonly TemplateResult[] {
    const { differences } = this;
    if (differences === null) return [];
    const open = (of: NodeSummary, { other, summary }: SizedDifference): void => {
      const { run, title } = differences;
      this.actions.pinTensor({
        run,
        target: this.target.name,
        ref: other,
        title: sideTitle(other.of, of, this.target),
        moment: title,
        summary,
      });
      this.actions.select(of.id, { open: true });
    };
    return deltaCells(node, { layout, differences, reachable, open });
  }

  private rootName(): string {
    return this.target.roots.find((root) => root.id === this.target.root)?.name ?? "the root";
  }

  /** A click selects the node and shows its line. */
  private choose(node: NodeSummary): void {
    this.actions.select(node.id);
    this.actions.reveal(node.range, node.file);
  }

  private fold(row: NodeRow & { readonly kind: "group" }): void {
    const { collapsed } = this.saved;
    this.actions.save({
      collapsed: row.expanded ? [...collapsed, row.key] : collapsed.filter((key) => key !== row.key),
    });
  }

  private sortBy(sort: Sort | null): void {
    this.actions.save({ sort });
    this.actions.announce(
      sort === null ? "In source order." : `Sorted by ${sort.column.replace(".", " ")}, ${sort.direction}.`,
    );
  }

  private readonly onFocusIn = (event: FocusEvent): void => {
    const key = (event.target as HTMLElement).closest("tr")?.dataset["key"]; // Only elements take focus.
    if (key !== undefined) this.focused = key;
  };

  private readonly onKey = (event: KeyboardEvent): void => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    // A button in a row is pressed itself.
    if (event.target instanceof HTMLButtonElement && (event.key === "Enter" || event.key === " ")) return;
    const at = this.rows.findIndex((row) => rowKey(row) === this.focused);
    const row = this.rows[at];
    if (row === undefined) return;
    const last = this.rows.length - 1;
    const places: Readonly<Record<string, number>> = {
      ArrowDown: at + 1,
      ArrowUp: at - 1,
      PageDown: at + 12,
      PageUp: at - 12,
      Home: 0,
      End: last,
    };
    const place = places[event.key];
    if (place !== undefined) this.focusRow(Math.min(Math.max(0, place), last));
    else if (!this.onRowKey(event.key, row, at)) return;
    event.preventDefault();
  };

  private onRowKey(key: string, row: NodeRow, at: number): boolean {
    if (row.kind === "group") {
      const wanted =
        key === "ArrowRight"
          ? !row.expanded
          : key === "ArrowLeft"
            ? row.expanded
            : key === "Enter" || key === " ";
      if (wanted) this.fold(row);
      return wanted;
    }
    switch (key) {
      case "Enter":
        this.choose(row.node);
        return true;
      case " ":
        this.actions.select(row.node.id);
        this.actions.announce(`${nodeTitle(row.node)} selected.`);
        return true;
      case "ArrowRight":
        this.actions.select(row.node.id, { open: true });
        return true;
      case "ArrowLeft": {
        const group = this.rows.findLastIndex((other, i) => i < at && other.kind === "group");
        if (row.level === 2 && group >= 0) this.focusRow(group);
        return true;
      }
      default:
        return false;
    }
  }

  private focusRow(at: number): void {
    const row = this.rows[at];
    if (row === undefined) return;
    this.focused = rowKey(row);
    this.bringIntoView(at);
    void this.updateComplete.then(() => {
      this.renderRoot.querySelector<HTMLElement>("tr[tabindex='0']")?.focus();
    });
  }

  static override readonly styles = [sharedStyles, valuesViewStyles];
}
