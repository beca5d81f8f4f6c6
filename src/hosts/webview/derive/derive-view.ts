/**
 * The derive tab: passes from any node, backward with any cotangent or forward along any tangent, kept under names beside one
 * another; and each gradient as the sum of what arrives over its paths. Owns the form, which no run that arrives changes;
 * the passes that were begun are kept by the panel.
 */
import { html, LitElement, nothing, type PropertyValues, type TemplateResult } from "lit";
import type { DeriveReport, NodeSummary, Question, TargetReport } from "../../../protocol";
import { shortNumber } from "../look/number-format";
import { sharedStyles } from "../look/shared-styles";
import { AskedAnswers } from "../state/asked-answers";
import {
  type Direction,
  type KeptPass,
  keptSeed,
  nameProblem,
  type ShownPass,
  withName,
  withPass,
} from "../state/kept-passes";
import { nodeTitle } from "../state/node-rows";
import type { PanelActions } from "../state/panel-actions";
import type { SavedState } from "../state/saved-state";
import { gradientTitle, rootName } from "../tensor/tensor-panes";
import { contributionsList, contributionsStyles } from "./contributions-list";
import { deriveStyles } from "./derive-styles";
import { isDifferentiable, passForm } from "./pass-form";
import { passSection, passTitle } from "./pass-section";
import { freshFields, readSeedFields, type SeedFields } from "./seed-form";

const gone = "The run is gone: run it again.";
/** A new run leaves questions unanswered, however often: then it is the one to ask. */
const mostTries = 8;

export class DeriveView extends LitElement {
  static override readonly properties = {
    document: { attribute: false },
    target: { attribute: false },
    node: { attribute: false },
    run: { attribute: false },
    passes: { attribute: false },
    saved: { attribute: false },
    actions: { attribute: false },
    direction: { state: true },
    fields: { state: true },
    problem: { state: true },
    renaming: { state: true },
    against: { state: true },
    removed: { state: true },
  };
  declare document: string;
  declare target: TargetReport;
  declare node: NodeSummary | null;
  declare run: number;
  /** Those that are kept of the target in view. */
  declare passes: readonly ShownPass[];
  declare saved: SavedState;
  declare actions: PanelActions;
  declare private direction: Direction;
  declare private fields: SeedFields;
  declare private problem: string | null;
  /** Why the last name that was written is not taken. */
  declare private renaming: string | null;
  /** The pass that the one in view is compared with. */
  declare private against: number | null;
  declare private removed: number | null;

  private readonly contributions = new AskedAnswers<"contributions">(() => this.requestUpdate());
  private readonly comparisons = new AskedAnswers<"compare">(() => this.requestUpdate());

  constructor() {
    super();
    this.passes = [];
    this.direction = "backward";
    this.fields = freshFields;
    this.problem = null;
    this.renaming = null;
    this.against = null;
    this.removed = null;
  }

  override willUpdate(changed: PropertyValues<this>): void {
    const isOther = changed.has("target") && changed.get("target")?.name !== this.target.name;
    if (isOther || changed.has("run")) {
      this.contributions.clear();
      this.comparisons.clear();
      this.removed = null;
    }
    if (isOther) {
      this.problem = null;
      this.renaming = null;
    }
    if (changed.has("node") && titleOf(changed.get("node")) !== titleOf(this.node)) this.removed = null;
  }

  override render(): TemplateResult {
    const { node, target, direction, fields, problem, actions } = this;
    if (node === null) return html`<p class="faint empty">There is no node to derive from.</p>`;
    const form = {
      target,
      node,
      direction,
      fields,
      problem,
      turn: (to: Direction) => (this.direction = to),
      select: (id: number) => actions.select(id),
      edit: (change: Partial<SeedFields>) => this.edit(change),
      begin: () => void this.begin(node),
    };
    return html`${passForm(form)} ${this.passSection()} ${this.sum(node)}`;
  }

  private edit(change: Partial<SeedFields>): void {
    this.fields = { ...this.fields, ...change };
    this.problem = null;
  }

  /** Asked before it is kept: what cannot begin is told of beside the form. */
  private async begin(node: NodeSummary): Promise<void> {
    const { direction, fields, document } = this;
    const kind = direction === "forward" && fields.kind === "upstream" ? "ones" : fields.kind;
    const title = nodeTitle(node);
    const target = this.target.name;
    const asked = await this.asked(title, direction, { ...fields, kind });
    if (target !== this.target.name) return;
    this.problem = typeof asked === "string" ? asked : null;
    if (typeof asked === "string") return;
    const wanted = { document, target, direction, node: title, seed: keptSeed(asked.seed, this.target) };
    const passes = withPass(this.saved.passes, wanted);
    const { id, name } = passes.at(-1)!; // It was just added.
    this.renaming = null;
    this.actions.save({ passes, pass: id });
    this.actions.announce(
      `${name}, ${passTitle(wanted)}: ${String(asked.report.rows.length)} nodes are reached.`,
    );
  }

  private async asked(
    title: string,
    direction: Direction,
    fields: SeedFields,
  ): Promise<{ readonly seed: Question<"derive">["seed"]; readonly report: DeriveReport } | string> {
    for (let tries = 0; tries < mostTries; tries++) {
      const { target, actions } = this;
      const node = target.nodes.find((each) => nodeTitle(each) === title);
      if (node === undefined) return `There is no ${title} in ${target.name} any more.`;
      const seed = readSeedFields(fields, target, node);
      if (typeof seed === "string") return seed;
      const question = { kind: "derive", target: target.name, direction, node: node.id, seed } as const;
      const report = await actions.ask(question);
      if (report !== null) return report.pass === null ? (report.problem ?? gone) : { seed, report };
      // The run that left it unanswered is in view a moment later.
      await new Promise((resolve) => setTimeout(resolve, 2 ** tries));
    }
    return gone;
  }

  private shown(): ShownPass | undefined {
    return this.passes.find(({ kept }) => kept.id === this.saved.pass);
  }

  private passSection(): TemplateResult | typeof nothing {
    const { passes, target, actions } = this;
    const shown = this.shown();
    const against = passes.find(({ kept }) => kept.id === this.against && kept.id !== shown?.kept.id);
    return passSection({
      passes,
      shown,
      against,
      own: target.root === null ? null : `∂${rootName(target)}`,
      run: target.kind === "run" ? target.name : null,
      selected: titleOf(this.node),
      problem: this.renaming,
      actions,
      show: (pass) => {
        this.renaming = null;
        actions.save({ pass });
      },
      compare: (id) => (this.against = id),
      rename: (kept, name) => this.rename(kept, name.trim()),
      forget: (kept) => this.forget(kept),
      distance: (node) => this.distance(node, shown, against),
    });
  }

  private rename(kept: KeptPass, name: string): void {
    if (name === kept.name) {
      this.renaming = null;
      return;
    }
    const { passes } = this.saved;
    this.renaming = nameProblem(passes, kept, name);
    if (this.renaming !== null) return;
    this.actions.save({ passes: withName(passes, kept.id, name) });
    this.actions.announce(`${kept.name} is now called ${name}.`);
  }

  private forget(kept: KeptPass): void {
    const passes = this.saved.passes.filter(({ id }) => id !== kept.id);
    const left = this.passes.filter((each) => each.kept.id !== kept.id).at(-1)?.kept.id ?? null;
    this.renaming = null;
    this.actions.save({ passes, pass: left });
    this.actions.announce(`${kept.name} is no longer kept.`);
    // The button that was pressed is gone.
    void this.updateComplete.then(() =>
      this.renderRoot.querySelector<HTMLElement>("[aria-pressed=true], .begin")?.focus(),
    );
  }

  private distance(node: number, pass: ShownPass | undefined, other: ShownPass | undefined): string {
    const [own, theirs] = [pass, other].map((each) => (each?.fresh === true ? each.begun : null));
    if (!own || !theirs) return "…";
    const answer = this.comparisons.get(this.actions.ask, {
      kind: "compare",
      target: this.target.name,
      tensor: { node, of: "gradient", root: own.report.pass },
      with: { node, of: "gradient", root: theirs.report.pass, run: null },
    });
    if (answer === undefined) return "…";
    return answer === null ? "–" : shortNumber(answer.relative, 3);
  }

  private sum(node: NodeSummary): TemplateResult | typeof nothing {
    const { target } = this;
    const pass = this.shown();
    if (pass?.kept.direction === "forward" || !isDifferentiable(node)) return nothing;
    const root = pass === undefined ? target.root : (pass.begun?.report.pass ?? null);
    if (root === null) return nothing;
    const gradient =
      pass === undefined ? gradientTitle(target, nodeTitle(node)) : `${pass.kept.name} at ${nodeTitle(node)}`;
    const question = { kind: "contributions", target: target.name, root, node: node.id } as const;
    const isFresh = pass === undefined || pass.fresh;
    const answer = isFresh ? this.contributions.get(this.actions.ask, question) : undefined;
    return html`<section aria-label="Contributions">
      <h2><span class="code">${gradient}</span> as the sum of its parts</h2>
      ${
        answer === undefined
          ? html`<p class="faint">…</p>`
          : answer === null
            ? html`<p class="faint">${gone}</p>`
            : contributionsList(answer, gradient, {
                removed: this.removed,
                remove: (part) => (this.removed = part),
              })
      }
    </section>`;
  }

  static override readonly styles = [sharedStyles, deriveStyles, contributionsStyles];
}

function titleOf(node: NodeSummary | null | undefined): string | null {
  return node ? nodeTitle(node) : null;
}
