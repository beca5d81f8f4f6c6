/**
 * The whole panel: header, tabs, and the view in them. Owns the conversation with the editor, the state it was sent,
 * and what is saved; views get plain data and `PanelActions`.
 */
import { html, LitElement, nothing, type TemplateResult } from "lit";
import { cache } from "lit/directives/cache.js";
import { panelProtocolVersion, type PanelState, type Range, type TargetReport } from "../../../protocol";
import { EditorLink } from "../state/editor-link";
import { inspectorPanelStyles } from "./inspector-panel-styles";
import { nodeTitle } from "../state/node-rows";
import type { PanelActions } from "../state/panel-actions";
import { type HeaderActions, type HeaderContext, panelHeader, panelHeaderStyles } from "./panel-header";
import { bannerRow, finishedText, runProgress, tabTitle } from "./panel-parts";
import { bannersOf, nodeInView, phaseOf, tabsOf, targetInView } from "../state/panel-phase";
import { phasePage, phasePageStyles, type VersionMismatch } from "./phase-pages";
import { lasting, passesOf } from "../state/kept-passes";
import { type InView, PassesInView } from "../state/passes-in-view";
import { QuestionDesk } from "../state/questions";
import type { PanelMessage } from "../state/read-message";
import { freshState, type SavedState, type Tab } from "../state/saved-state";
import { sharedStyles } from "../look/shared-styles";
import { comparedEntry, otherRuns, RunDifferences } from "../state/run-differences";
import { SliceStore } from "../tensor/slice-store";
import { tabBar, tabBarStyles } from "./tab-bar";
import { LiveTrainings } from "../training/training-curves";
import { placeOfIndex } from "../tensor/tensor-axes";
import { isGone, type PinnedTensor } from "../tensor/tensor-panes";

/** Slices asked for within this time go out together. */
const gatherMilliseconds = 12;

export class InspectorPanel extends LitElement {
  static override readonly properties = {
    state: { state: true },
    saved: { state: true },
    mismatch: { state: true },
    spoken: { state: true },
    goTo: { state: true },
    pinnedTensor: { state: true },
  };
  declare private state: PanelState | null;
  declare private saved: SavedState;
  declare private mismatch: VersionMismatch | null;
  /** What the screen reader is told. */
  declare private spoken: string;
  declare private goTo: readonly number[] | null;
  /** What other tensors are compared with, until it is let go or the document changes. */
  declare private pinnedTensor: PinnedTensor | null;

  private readonly link = new EditorLink();
  private readonly store = new SliceStore(
    (requestId, slice) => this.link.post({ type: "slice", requestId, slice }),
    (work) => void setTimeout(work, gatherMilliseconds),
  );
  private readonly questions = new QuestionDesk(
    (requestId, question) => this.link.post({ type: "ask", requestId, question }),
    (problem) => console.warn(`nnspec inspector: an answer was not understood: ${problem}`),
  );
  private readonly passes = new PassesInView(() => this.requestUpdate());
  private readonly differences = new RunDifferences(() => this.requestUpdate());
  private readonly trainings = new LiveTrainings();
  /** The run that the editor was told to keep. */
  private held: number | null = null;
  private endListening = (): void => undefined;

  constructor() {
    super();
    this.state = null;
    this.saved = freshState;
    this.mismatch = null;
    this.spoken = "";
    this.goTo = null;
    this.pinnedTensor = null;
  }

  override connectedCallback(): void {
    super.connectedCallback();
    this.saved = this.link.savedState();
    this.endListening = this.link.listen((message) => this.receive(message));
    this.link.post({ type: "ready", version: panelProtocolVersion });
    if (this.saved.pinned) this.link.post({ type: "pin", pinned: true });
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.endListening();
  }

  private receive(message: PanelMessage | { readonly type: "malformed"; readonly problem: string }): void {
    switch (message.type) {
      case "malformed":
        console.warn(`nnspec inspector: a message was not understood: ${message.problem}`);
        return;
      case "hello":
        this.mismatch =
          message.version === panelProtocolVersion
            ? null
            : { editor: message.version, panel: panelProtocolVersion };
        return;
      case "state":
        this.receiveState(message.state);
        return;
      case "follow":
        this.follow(message.target, message.node);
        return;
      case "slice":
        this.store.receive(message.requestId, message.reply);
        return;
      case "training":
        this.trainings.receive(message.runId, message.training);
        this.requestUpdate();
        return;
      case "answer":
        this.questions.receive(message.requestId, message.answer);
        return;
    }
  }

  private receiveState(state: PanelState): void {
    const before = this.state;
    if (before !== null && before.uri !== state.uri) this.keep(null);
    if (this.pinnedTensor !== null && isGone(this.pinnedTensor, state)) {
      this.keep(null);
      this.announce("The run of the pinned tensor is no longer kept.");
    }
    const same =
      before?.runId === state.runId &&
      before.uri === state.uri &&
      before.targets.length === state.targets.length;
    if (!same || (before.phase === "running" && state.phase === "finished")) {
      this.store.reset();
      this.questions.reset();
      this.differences.clear();
      this.passes.clear();
    }
    if (before?.phase === "running" && state.phase !== "running") this.announce(finishedText(state));
    if (state.phase !== "running" || before?.phase !== "running") this.trainings.clear();
    this.state = state;
    this.holdRun();
  }

  /** The cursor stands on a node in the editor. A reader of verdicts is not torn away: only the selection moves. */
  private follow(target: string, id: number): void {
    if (this.saved.pinned || this.state === null) return;
    if (this.state.target !== target) this.state = { ...this.state, target };
    const node = targetInView(this.state)?.nodes.find((candidate) => candidate.id === id);
    if (node === undefined) return;
    this.goTo = null;
    this.save({ selected: nodeTitle(node) });
  }

  private keep(pinned: PinnedTensor | null): void {
    this.pinnedTensor = pinned;
    this.holdRun();
  }

  /** The run of the tensor that others are compared with is kept as long, or else that of which the differences are shown. */
  private holdRun(): void {
    const { compared } = this.saved;
    const chosen =
      typeof compared === "number" && this.state !== null ? comparedEntry(this.state, compared) : null;
    const wanted = this.pinnedTensor?.run ?? chosen?.runId ?? null;
    if (wanted !== this.held) this.link.post({ type: "keep-run", runId: wanted });
    this.held = wanted;
  }

  private save(change: Partial<SavedState>): void {
    this.saved = { ...this.saved, ...change };
    this.link.save({ ...this.saved, passes: lasting(this.saved.passes) });
    if (change.compared !== undefined) this.holdRun();
  }

  private announce(sentence: string): void {
    // The same sentence twice is still news: a changed text is what is read.
    this.spoken = this.spoken === sentence ? `${sentence}\u00a0` : sentence;
  }

  private readonly actions: PanelActions = {
    reveal: (range: Range, file: string | null) => this.link.post({ type: "reveal", range, file }),
    select: (id, how) => {
      const node = this.target()?.nodes.find((candidate) => candidate.id === id);
      if (node === undefined) return;
      const { open = false, index = null } = how ?? {};
      const place = index === null ? null : placeOfIndex(node.value?.shape ?? [], index);
      this.goTo = index;
      this.save({
        selected: nodeTitle(node),
        ...(open ? { tab: "tensor" } : {}),
        ...(place === null ? {} : { leading: place.leading }),
      });
    },
    announce: (sentence) => this.announce(sentence),
    copy: (text, what) => {
      this.link.post({ type: "copy", text });
      this.announce(`Copied ${what}.`);
    },
    insertLine: (target, expression, name) => {
      this.link.post({ type: "insert-line", target, expression, name });
      this.announce(`Writing the line into run ${target}.`);
    },
    saveTensor: (name, target, tensor) => this.link.post({ type: "save-tensor", name, target, tensor }),
    pinTensor: (pinned) => this.keep(pinned),
    saveFile: (name, bytes) => this.link.post({ type: "save", name, bytes }),
    save: (change) => this.save(change),
    ask: this.questions.ask,
    stopTraining: () => {
      this.save({ tab: "training" });
      this.link.post({ type: "stop-training" });
    },
    continueTraining: () => this.link.post({ type: "continue-training" }),
    run: (action) => this.link.post({ type: "run", action }),
    repair: (message) => {
      this.link.post(message);
      this.announce(
        message.type === "apply-fix" ? "Applying the fix." : "Looking for a minimal reproduction.",
      );
    },
  };

  private readonly cancel = (): void => this.link.post({ type: "cancel" });

  private readonly headerActions: HeaderActions = {
    run: (action) => this.link.post({ type: "run", action }),
    cancel: this.cancel,
    chooseTarget: (target) => {
      if (this.state !== null) this.state = { ...this.state, target };
      this.link.post({ type: "choose-target", target });
    },
    chooseRoot: (target, root, name) => {
      this.passes.chooseAnew();
      this.save({ root: name });
      // A pass is asked for as soon as it is begun in this run.
      if (root !== null) this.link.post({ type: "choose-root", target, root });
    },
    chooseRun: (runId) => this.link.post({ type: "choose-run", runId }),
    chooseDocument: (uri) => this.link.post({ type: "choose-document", uri }),
    saveReport: () => this.link.post({ type: "save-report" }),
    saveValues: (name, target) => this.actions.saveTensor(name, target, null),
    pin: () => {
      const pinned = !this.saved.pinned;
      this.save({ pinned });
      this.link.post({ type: "pin", pinned });
      this.announce(pinned ? "Pinned." : "Following the cursor.");
    },
  };

  private target(): TargetReport | null {
    return this.state === null ? null : targetInView(this.state);
  }

  private inView(state: PanelState): InView {
    const target = targetInView(state)!; // Asked where there is a result.
    return this.passes.of(this.actions.ask, state, target, this.saved);
  }

  override updated(): void {
    const { state } = this;
    if (state === null || this.target() === null) return;
    const { target } = this.inView(state);
    const root = this.passes.wantedRoot(state, target, this.saved.root);
    if (root !== null) this.link.post({ type: "choose-root", target: target.name, root });
  }

  override render(): TemplateResult {
    const { state, mismatch } = this;
    const phase = phaseOf(state, mismatch !== null);
    const content =
      phase === "results" && state !== null
        ? this.results(state)
        : phase === "running" && this.trainings.all.length > 0
          ? html`<div class="view">${this.trainingView(null)}</div>`
          : phasePage(phase as Exclude<typeof phase, "results">, state, mismatch, {
              run: this.actions.run,
              cancel: this.cancel,
            }); // "results" has a state.
    return html`${state === null || mismatch !== null ? nothing : panelHeader(state, this.header(state), this.headerActions)}
      <main>${state?.phase === "running" ? runProgress(state) : nothing} ${content}</main>
      <div class="unseen" role="status" aria-live="polite">${this.spoken}</div>`;
  }

  private header(state: PanelState): HeaderContext {
    const target = this.target() === null ? null : this.inView(state).target;
    const { pinned, passes, root } = this.saved;
    const own = target === null ? [] : passesOf(passes, { document: state.uri, target: target.name });
    const begun = own.filter(({ direction }) => direction === "backward").map(({ name }) => name);
    return { target, pinned, passes: begun, root };
  }

  private results(state: PanelState): TemplateResult {
    const { target, passes } = this.inView(state);
    const tabs = tabsOf(target, this.trainings.all.length > 0);
    const tab = tabs.includes(this.saved.tab) ? this.saved.tab : tabs[0];
    const banners = bannersOf(state, target).map((banner) =>
      bannerRow(banner, target, {
        run: this.actions.run,
        showNewest: () => this.headerActions.chooseRun(null),
        reveal: this.actions.reveal,
      }),
    );
    if (tab === undefined)
      return html`${banners}
        <div class="page"><p>${target.name} has no values, checks or gradients to show.</p></div>`;
    const titles = tabs.map((name) => tabTitle(name, target));
    return html`${banners} ${tabBar(titles, tab, (chosen) => this.save({ tab: chosen }))}
      <div
        id="view"
        role="tabpanel"
        aria-labelledby="tab-${tab}"
        class="view ${state.stale || state.phase === "running" ? "old" : ""}"
      >
        ${tab === "derive" ? nothing : this.view(tab, { target, passes })}
        ${cache(tab === "derive" ? this.deriveView({ target, passes }) : nothing)}
      </div>`;
  }

  private view(tab: Exclude<Tab, "derive">, { target, passes }: InView): TemplateResult {
    const { actions, saved, store } = this;
    const node = nodeInView(target, saved.selected);
    const kept = passesOf(saved.passes, { document: this.state?.uri ?? "", target: target.name });
    const tensor = (preview: boolean): TemplateResult =>
      html`<nnspec-tensor
        .target=${target}
        .node=${node}
        .run=${this.state?.runId ?? 0}
        .pinned=${this.pinnedTensor}
        .store=${store}
        .saved=${saved}
        .passes=${passes}
        .hasPasses=${kept.length > 0}
        .actions=${actions}
        .goTo=${this.goTo}
        ?preview=${preview}
      ></nnspec-tensor>`;
    switch (tab) {
      case "values":
        return html`<nnspec-values
            .target=${target}
            .selected=${node?.id ?? null}
            .differences=${this.state && this.differences.get(actions.ask, this.state, target, saved.compared)}
            .runs=${this.state === null ? [] : otherRuns(this.state)}
            .saved=${saved}
            .actions=${actions}
          ></nnspec-values>
          ${saved.preview ? tensor(true) : nothing}`;
      case "tensor":
        return tensor(false);
      case "graph":
        return html`<nnspec-graph
          .target=${target}
          .run=${this.state?.runId ?? 0}
          .selected=${node?.id ?? null}
          .choices=${saved.graph}
          .actions=${actions}
        ></nnspec-graph>`;
      case "checks":
        return html`<nnspec-checks
          .target=${target}
          .run=${this.state?.runId ?? 0}
          .store=${store}
          .saved=${saved}
          .actions=${actions}
        ></nnspec-checks>`;
      case "training":
        return this.trainingView(target);
      case "gradcheck":
        return html`<nnspec-gradcheck .target=${target} .actions=${actions}></nnspec-gradcheck>`;
    }
  }

  /** It is kept while another tab is open, with its half-filled form and the passes that were begun. */
  private deriveView({ target, passes }: InView): TemplateResult {
    return html`<nnspec-derive
      .document=${this.state?.uri ?? ""}
      .target=${target}
      .passes=${passes}
      .saved=${this.saved}
      .node=${nodeInView(target, this.saved.selected)}
      .run=${this.state?.runId ?? 0}
      .actions=${this.actions}
    ></nnspec-derive>`;
  }

  private trainingView(target: TargetReport | null): TemplateResult {
    return html`<nnspec-training
      .target=${target}
      .live=${this.trainings.all}
      .run=${this.state?.runId ?? 0}
      ?stale=${this.state?.stale === true}
      .actions=${this.actions}
    ></nnspec-training>`;
  }

  static override readonly styles = [
    sharedStyles,
    phasePageStyles,
    tabBarStyles,
    panelHeaderStyles,
    inspectorPanelStyles,
  ];
}
