/**
 * The Graph tab: what of the computation is drawn and how, a search in it, and the drawing. Owns no report: it asks for the
 * graph of the target that it is given.
 */
import { html, LitElement, nothing, type PropertyValues, type TemplateResult } from "lit";
import type { GraphReport, TargetReport } from "../../../protocol";
import { icon } from "../look/icons";
import { countText, plural } from "../look/number-format";
import { sharedStyles } from "../look/shared-styles";
import type { GraphChoices } from "../state/graph-choices";
import type { PanelActions } from "../state/panel-actions";
import { type ReplayStep, replaySteps, stepHighlights } from "../replay/replay-steps";
import type { ReplayActions } from "../replay/replay-view";
import type { Box, Detail, FoldedGraph } from "./folded-graph";
import { finder, kinText, notes } from "./graph-parts";
import { graphLook } from "./graph-look";
import { graphSearch } from "./graph-search";
import { GraphSource, type GraphState, type KinOf, type LaidOut } from "./graph-source";
import type { GraphStage, StageEvents } from "./graph-stage";
import { graphToolbar } from "./graph-toolbar";
import { graphViewStyles } from "./graph-view-styles";
import { measureText } from "./measure-text";
import type { Highlights } from "./painter";
import { hasGradient, makeScene, type Scene } from "./scene";
import { sceneSvg } from "./svg-export";
import type { Kin } from "./walk";

const none: ReadonlySet<string> = new Set();

export class GraphView extends LitElement {
  static override readonly properties = {
    target: { attribute: false },
    run: { attribute: false },
    selected: { attribute: false },
    choices: { attribute: false },
    actions: { attribute: false },
    graphState: { state: true },
    shown: { state: true },
    box: { state: true },
    kin: { state: true },
    sought: { state: true },
    turn: { state: true },
    stepIndex: { state: true },
  };
  declare target: TargetReport;
  /** The session that answers; another one has other numbers. */
  declare run: number;
  /** The selected node's id. */
  declare selected: number | null;
  declare choices: GraphChoices;
  declare actions: PanelActions;
  declare private graphState: GraphState;
  /** The newest drawing; it stays while the next is made. */
  declare private shown: LaidOut | null;
  /** The key of the box that is selected. */
  declare private box: string | null;
  declare private kin: KinOf | null;
  declare private sought: string;
  /** Which of the boxes found was gone to last. */
  declare private turn: number;
  /** Which step of the backward pass is in view; null where the whole drawing is. */
  declare private stepIndex: number | null;

  private readonly source = new GraphSource(measureText, (state) => this.arrived(state));
  private scene: Scene | null = null;
  private faded: ReadonlySet<string> = none;
  private foundOf: {
    shown: LaidOut;
    sought: string;
    keys: readonly string[];
    set: ReadonlySet<string>;
  } | null = null;
  private highlighted: { step: ReplayStep; graph: FoldedGraph; highlights: Highlights["step"] } | null = null;
  private stepsOf: { report: GraphReport; detail: Detail; steps: readonly ReplayStep[] } | null = null;

  constructor() {
    super();
    this.selected = null;
    this.graphState = { kind: "asking" };
    this.shown = null;
    this.box = null;
    this.kin = null;
    this.sought = "";
    this.turn = -1;
    this.stepIndex = null;
  }

  private arrived(state: GraphState): void {
    this.graphState = state;
    if (state.kind === "none" || state.kind === "asking") this.shown = null;
    if (state.kind !== "ready") return;
    const step = this.stepIndex === null ? undefined : this.steps()[this.stepIndex];
    const before = this.shown?.report;
    this.shown = state.shown;
    if (before !== state.shown.report) this.goOnFrom(before?.nodes[step?.node ?? -1]?.name ?? null);
    if (this.box === null || !state.shown.graph.boxes.some(({ key }) => key === this.box))
      this.box = this.keyOf(this.selected) ?? null;
  }

  override willUpdate(changed: PropertyValues<this>): void {
    const isOtherTarget = changed.has("target") && changed.get("target")?.name !== this.target.name;
    if (isOtherTarget) this.stepIndex = null;
    if (isOtherTarget || changed.has("run")) {
      this.source.forget();
      this.kin = null;
    }
    void this.source.want(this.target, this.choices, this.kin, this.actions.ask);
    if (changed.has("selected") && !this.stands(this.selected)) {
      this.box = this.keyOf(this.selected);
      const key = this.box;
      if (key !== null) void this.updateComplete.then(() => this.stage()?.reveal(key));
    }
    this.makeScene();
  }

  private makeScene(): void {
    const { shown, choices } = this;
    if (shown === null) {
      this.scene = null;
      return;
    }
    const { drawing, report, graph } = shown;
    const { scene } = this;
    if (scene?.drawing !== drawing || scene.mode !== choices.mode || scene.sizes !== choices.sizes) {
      this.scene = makeScene(drawing, choices.mode, choices.sizes);
      const flowing = new Set(report.nodes.flatMap(({ gradient }, i) => (gradient === "flows" ? [i] : [])));
      const isFaded = (box: Box): boolean => choices.mode === "backward" && !hasGradient(box, flowing);
      this.faded = new Set(graph.boxes.filter(isFaded).map(({ key }) => key));
    }
  }

  /** The key of the box that stands for a node of the target. */
  private keyOf(id: number | null): string | null {
    const { shown } = this;
    if (id === null || shown === null) return null;
    const position = shown.report.nodes.findIndex(({ named }) => named === id);
    const key = shown.graph.boxOf[position] ?? null;
    return shown.graph.boxes.some((box) => box.key === key) ? key : null;
  }

  /** Whether the selected box stands for a node already. */
  private stands(id: number | null): boolean {
    return this.box !== null && this.box === this.keyOf(id);
  }

  private stage(): GraphStage | null {
    return this.renderRoot.querySelector<GraphStage>("nnspec-graph-stage");
  }

  private readonly save = (change: Partial<GraphChoices>): void =>
    this.actions.save({ graph: { ...this.choices, ...change } });

  private readonly toggle = (key: string): void => {
    const { toggled } = this.choices;
    const isToggled = toggled.includes(key);
    this.save({ toggled: isToggled ? toggled.filter((each) => each !== key) : [...toggled, key] });
  };

  private readonly stageEvents: StageEvents = {
    choose: (key, how) => this.choose(key, how),
    toggle: this.toggle,
    command: (command) => {
      if (command === "search") this.renderRoot.querySelector<HTMLElement>(".search")?.focus();
      else if (command === "everything") this.showKin(null);
      else this.showKin(command);
    },
  };

  private choose(key: string, how: "click" | "walk" | "open"): void {
    const { shown } = this;
    const box = shown?.graph.boxes.find((each) => each.key === key);
    if (shown === null || box === undefined) return;
    this.box = key;
    const node = box.node ?? resultOf(shown, box);
    if (node === null) return;
    if (node.named !== null) this.actions.select(node.named, { open: how === "open" && box.node !== null });
    if (how === "click" && node.range !== null) this.actions.reveal(node.range, node.file);
  }

  private showKin(kin: Kin | null): void {
    const box = this.shown?.graph.boxes.find(({ key }) => key === this.box);
    if (kin === null) this.kin = null;
    else if (box !== undefined && box.fold !== "open") this.kin = { key: box.key, kin, title: box.title };
    else return;
    this.actions.announce(this.kin === null ? "The whole graph." : `${kinText(this.kin)}.`);
  }

  private readonly export = (): void => {
    if (this.scene === null) return;
    const { name } = this.target;
    const svg = sceneSvg(this.scene, graphLook(), `${this.choices.mode} graph of ${name}`);
    this.actions.saveFile(
      `${name.replace(/[^\w.-]/g, "_")}-${this.choices.mode}.svg`,
      new TextEncoder().encode(svg),
    );
  };

  private goTo(step: 1 | -1, found: readonly string[]): void {
    if (found.length === 0) return;
    this.turn = (this.turn + step + found.length) % found.length;
    const key = found[this.turn];
    if (key === undefined) return;
    this.choose(key, "walk");
    this.stage()?.reveal(key);
    this.actions.announce(`${String(this.turn + 1)} of ${String(found.length)}.`);
  }

  private search(): readonly string[] | null {
    const { shown, sought } = this;
    if (shown === null) return null;
    if (this.foundOf?.shown !== shown || this.foundOf.sought !== sought) {
      const keys = graphSearch(shown, sought);
      this.foundOf = { shown, sought, keys, set: new Set(keys) };
    }
    return this.foundOf.keys;
  }

  override render(): TemplateResult {
    const found = this.search();
    return html`<div class="toolbar" role="group" aria-label="Graph">
        ${graphToolbar(this.choices, {
          save: this.save,
          fit: () => this.stage()?.fit(),
          zoom: (factor) => this.stage()?.zoom(factor),
          export: this.export,
        })}
        ${finder(this.sought, found, {
          seek: (sought) => {
            this.sought = sought;
            this.turn = -1;
          },
          goTo: (step) => this.goTo(step, found ?? []),
        })}
      </div>
      ${notes(this.kin, this.shown?.report.omitted ?? 0, () => this.showKin(null))} ${this.content()}`;
  }

  private content(): TemplateResult {
    const { graphState: state, scene } = this;
    switch (state.kind) {
      case "none":
        return html`<p class="page">${this.target.name} has no graph to show.</p>`;
      case "too-many":
        return html`<p class="page">
          ${countText(state.boxes)} boxes are too many to lay out.
          <button class="link" @click=${() => this.save({ detail: "names", toggled: [] })}>
            Fold the graph
          </button>
        </p>`;
      case "failed":
        return html`<p class="page">The graph could not be laid out: ${state.message}</p>`;
      case "asking":
      case "laying-out":
      case "ready":
    }
    const doing = state.kind === "asking" ? "Reading the graph…" : "Laying out the graph…";
    if (scene === null) return html`<p class="page faint">${doing}</p>`;
    return html`<nnspec-graph-stage
        .scene=${scene}
        .selected=${this.box}
        .found=${this.sought === "" ? null : (this.foundOf?.set ?? null)}
        .step=${this.highlightedStep()}
        .faded=${this.faded}
        .events=${this.stageEvents}
        .name=${this.target.name}
      ></nnspec-graph-stage>
      ${this.stepIndex === null ? this.foot(state.kind === "ready" ? null : doing, scene) : this.replay()}`;
  }

  private steps(): readonly ReplayStep[] {
    const { shown, choices } = this;
    if (shown === null) return [];
    const { report } = shown;
    if (this.stepsOf?.report !== report || this.stepsOf.detail !== choices.detail)
      this.stepsOf = { report, detail: choices.detail, steps: replaySteps(report, choices.detail) };
    return this.stepsOf.steps;
  }

  /** Another run's graph: the step in view stays where its node is there again. */
  private goOnFrom(name: string | null): void {
    if (this.stepIndex === null) return;
    const nodes = this.shown?.report.nodes ?? [];
    const again = name === null ? -1 : this.steps().findIndex(({ node }) => nodes[node]?.name === name);
    this.stepIndex = again >= 0 ? again : Math.min(this.stepIndex, Math.max(0, this.steps().length - 1));
  }

  private highlightedStep(): Highlights["step"] {
    const step = this.stepIndex === null ? undefined : this.steps()[this.stepIndex];
    const graph = this.shown?.graph;
    if (step === undefined || graph === undefined) return null;
    if (this.highlighted?.step !== step || this.highlighted.graph !== graph)
      this.highlighted = { step, graph, highlights: stepHighlights(graph, step) };
    return this.highlighted.highlights;
  }

  private readonly startReplay = (): void => {
    if (this.choices.mode !== "backward") this.save({ mode: "backward" });
    this.stepIndex = 0;
    void this.updateComplete.then(() => this.renderRoot.querySelector<HTMLElement>("nnspec-replay")?.focus());
  };

  private readonly replayActions: ReplayActions = {
    ask: (question) => this.actions.ask(question),
    goTo: (index) => {
      this.stepIndex = index;
    },
    close: () => {
      this.stepIndex = null;
      void this.updateComplete.then(() => this.renderRoot.querySelector<HTMLElement>(".replay")?.focus());
    },
    announce: (sentence) => this.actions.announce(sentence),
    reveal: (position) => {
      const node = this.shown?.report.nodes[position];
      if (node !== undefined && node.range !== null) this.actions.reveal(node.range, node.file);
    },
  };

  private replay(): TemplateResult {
    return html`<nnspec-replay
      .target=${this.target.name}
      .report=${this.shown?.report}
      .steps=${this.steps()}
      .index=${this.stepIndex}
      .actions=${this.replayActions}
    ></nnspec-replay>`;
  }

  private foot(doing: string | null, { drawing }: Scene): TemplateResult {
    const box = drawing.boxes.find((placed) => placed.box.key === this.box)?.box;
    const isSingle = box !== undefined && box.fold !== "open";
    return html`<div class="foot">
      <span class="code chosen">${box?.title ?? ""}</span>
      ${
        isSingle
          ? html`<button
                class="link"
                @click=${() => this.showKin("ancestors")}
                title="Show only what it comes from ([)"
              >
                ancestors
              </button>
              <button
                class="link"
                @click=${() => this.showKin("descendants")}
                title="Show only what it leads to (])"
              >
                descendants
              </button>`
          : nothing
      }
      ${
        box === undefined || box.container === null
          ? nothing
          : html`<button class="link" @click=${() => this.toggle(box.container ?? "")} title="Space">
              ${box.fold === "open" ? "close" : "open"}
            </button>`
      }
      <span class="spring"></span>
      ${
        this.steps().length === 0
          ? nothing
          : html`<button
              class="tool replay"
              @click=${this.startReplay}
              title="Step through the backward pass"
            >
              ${icon("run")} Replay backward
            </button>`
      }
      <span class="faint number">${doing ?? plural(drawing.boxes.length, "box", "boxes")}</span>
    </div>`;
  }

  static override readonly styles = [sharedStyles, graphViewStyles];
}

/** What a closed net gives: where a click on it leads. */
function resultOf({ report }: LaidOut, box: Box): FoldedGraphNode | null {
  const last = box.members.at(-1);
  return last === undefined ? null : (report.nodes[last] ?? null);
}

type FoldedGraphNode = NonNullable<FoldedGraph["boxes"][number]["node"]>;
