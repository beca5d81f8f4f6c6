/**
 * The derive tab: passes from any node, backward with any cotangent or forward along any tangent, kept beside one another; and
 * each gradient as the sum of what arrives over its paths. Owns the form, which no run that arrives changes; the passes
 * that were begun are begun-passes.ts's.
 */
import { html, LitElement, nothing, type PropertyValues, type TemplateResult } from "lit";
import type { NodeSummary, TargetReport } from "../../../protocol";
import { icon } from "../look/icons";
import { shapeText, shortNumber } from "../look/number-format";
import { sharedStyles } from "../look/shared-styles";
import { sharedLimit } from "../replay/thumb-nail";
import { AskedAnswers } from "../state/asked-answers";
import { nodeTitle } from "../state/node-rows";
import type { PanelActions } from "../state/panel-actions";
import { sparkLine } from "../values/spark-line";
import { type BegunPass, BegunPasses, type WantedPass } from "./begun-passes";
import { contributionsList, contributionsStyles } from "./contributions-list";
import { deriveStyles } from "./derive-styles";
import { type Direction, freshFields, type SeedFields, seedTitles } from "./seed-form";

export class DeriveView extends LitElement {
  static override readonly properties = {
    target: { attribute: false },
    node: { attribute: false },
    run: { attribute: false },
    actions: { attribute: false },
    direction: { state: true },
    fields: { state: true },
    problem: { state: true },
    removed: { state: true },
  };
  declare target: TargetReport;
  declare node: NodeSummary | null;
  declare run: number;
  declare actions: PanelActions;
  declare private direction: Direction;
  declare private fields: SeedFields;
  declare private problem: string | null;
  declare private removed: number | null;

  private readonly passes = new BegunPasses(
    () =>
      this.isConnected ? { target: this.target, run: this.run, ask: (each) => this.actions.ask(each) } : null,
    () => this.requestUpdate(),
  );
  private readonly contributions = new AskedAnswers<"contributions">(() => this.requestUpdate());
  private readonly comparisons = new AskedAnswers<"compare">(() => this.requestUpdate());

  constructor() {
    super();
    this.direction = "backward";
    this.fields = freshFields;
    this.problem = null;
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
      this.passes.forget();
      this.problem = null;
    } else if (changed.has("run")) void this.passes.renew();
    if (changed.has("node") && titleOf(changed.get("node")) !== titleOf(this.node)) this.removed = null;
  }

  override render(): TemplateResult {
    const { node } = this;
    if (node === null) return html`<p class="faint empty">There is no node to derive from.</p>`;
    return html`${this.form(node)} ${this.passList()} ${this.sum(node)}`;
  }

  private form(node: NodeSummary): TemplateResult {
    const { direction, fields, problem } = this;
    const submit = (event: Event): void => {
      event.preventDefault();
      void this.begin(node);
    };
    const isBackward = direction === "backward";
    return html`<form aria-label="Begin a pass" @submit=${submit}>
      <div class="row">
        <label>
          <span>Direction</span>
          <select @change=${(event: Event) => (this.direction = valueOf(event) as Direction)}>
            <option value="backward" .selected=${isBackward}>backward from</option>
            <option value="forward" .selected=${!isBackward}>forward from</option>
          </select>
        </label>
        <label>
          <span>Node</span>
          <select class="code" @change=${(event: Event) => this.actions.select(Number(valueOf(event)))}>
            ${this.target.nodes
              .filter(isDifferentiable)
              .map(
                (each) =>
                  html`<option value=${each.id} .selected=${each.id === node.id}>${nodeTitle(each)}</option>`,
              )}
          </select>
        </label>
        <label>
          <span>${isBackward ? "Cotangent" : "Tangent"}</span>
          <select @change=${(event: Event) => this.edit({ kind: valueOf(event) as SeedFields["kind"] })}>
            ${Object.entries(seedTitles)
              .filter(([kind]) => isBackward || kind !== "upstream")
              .map(
                ([kind, title]) =>
                  html`<option value=${kind} .selected=${kind === fields.kind}>${title}</option>`,
              )}
          </select>
        </label>
        ${this.details(node)}
        <button class="begin" type="submit">${icon("run")} ${isBackward ? "Backward" : "Forward"}</button>
      </div>
      ${problem === null ? nothing : html`<p class="problem" role="alert">${icon("error", "error")} ${problem}</p>`}
    </form>`;
  }

  private edit(change: Partial<SeedFields>): void {
    this.fields = { ...this.fields, ...change };
    this.problem = null;
  }

  private details(node: NodeSummary): TemplateResult | typeof nothing {
    const { kind, index, random, root, numbers } = this.fields;
    const rank = node.value?.shape.length ?? 0;
    switch (kind) {
      case "ones":
        return nothing;
      case "one-hot":
        return rank === 0
          ? nothing
          : html`<label
              ><span>Element</span>
              <input
                class="code"
                size="8"
                placeholder=${Array(rank).fill("0").join(", ")}
                .value=${index}
                @input=${(event: Event) => this.edit({ index: valueOf(event) })}
            /></label>`;
      case "random":
        return html`<label
          ><span>Seed</span>
          <input
            class="code"
            size="4"
            inputmode="numeric"
            .value=${random}
            @input=${(event: Event) => this.edit({ random: valueOf(event) })}
        /></label>`;
      case "upstream":
        return html`<label
          ><span>Gradient of</span>
          <select class="code" @change=${(event: Event) => this.edit({ root: valueOf(event) })}>
            ${this.target.roots.map(
              ({ id, name }) =>
                html`<option
                  value=${name}
                  .selected=${root === null ? id === this.target.root : name === root}
                >
                  ${name}
                </option>`,
            )}
          </select></label
        >`;
      case "numbers":
        return html`<label class="wide"
          ><span>Numbers of shape ${shapeText(node.value?.shape ?? [])}</span>
          <textarea
            class="code"
            rows="2"
            placeholder="[[1, 2], [3, 4]]"
            .value=${numbers}
            @input=${(event: Event) => this.edit({ numbers: valueOf(event) })}
          ></textarea>
        </label>`;
    }
  }

  private async begin(node: NodeSummary): Promise<void> {
    const { direction, fields } = this;
    const kind = direction === "forward" && fields.kind === "upstream" ? "ones" : fields.kind;
    const wanted: WantedPass = { direction, node: nodeTitle(node), fields: { ...fields, kind } };
    const begun = await this.passes.begin(wanted);
    if (begun === null) return;
    this.problem = typeof begun === "string" ? begun : null;
    if (typeof begun === "string") return;
    this.actions.announce(`${passTitle(wanted)}: ${String(begun.rows.length)} nodes are reached.`);
  }

  private passList(): TemplateResult | typeof nothing {
    const { list, shown, against } = this.passes;
    const pass = this.passes.find(shown);
    if (pass === undefined) return nothing;
    const { report } = pass;
    const option = ({ wanted }: BegunPass, i: number, selected: WantedPass | null): TemplateResult =>
      html`<option value=${i} .selected=${wanted === selected}>
        ${String(i + 1)}: ${passTitle(wanted)}
      </option>`;
    const chosen = (event: Event): WantedPass | null => list[Number(valueOf(event) || NaN)]?.wanted ?? null;
    return html`<section aria-label="Passes">
      <div class="row">
        <label>
          <span>Pass</span>
          <select @change=${(event: Event) => this.choose({ shown: chosen(event) })}>
            ${list.map((each, i) => option(each, i, shown))}
          </select>
        </label>
        ${
          list.length < 2
            ? nothing
            : html`<label>
                <span>Compared with</span>
                <select @change=${(event: Event) => this.choose({ against: chosen(event) })}>
                  <option value="" .selected=${against === null}>nothing</option>
                  ${list.map((each, i) => (each === pass ? nothing : option(each, i, against)))}
                </select>
              </label>`
        }
      </div>
      <div class="row begins">
        ${
          report.line === null
            ? html`<span class="faint">Too many numbers for a line of the spec.</span>`
            : this.line(report.line)
        }
        ${
          report.seed === null
            ? nothing
            : html`<nnspec-thumb
                .picture=${report.seed}
                .label=${"What it begins with"}
                .limit=${sharedLimit([report.seed])}
              ></nnspec-thumb>`
        }
      </div>
      ${this.table(pass)}
    </section>`;
  }

  private choose(change: Partial<Pick<BegunPasses, "shown" | "against">>): void {
    Object.assign(this.passes, change);
    this.requestUpdate();
  }

  /** The pass as a line of the spec: copied, or written into the run. */
  private line(expression: string): TemplateResult {
    const { actions, target } = this;
    const line = `d = ${expression}`;
    return html`<span class="code expression" title=${line}>${line}</span>
      <button
        class="tool"
        aria-label="Copy the line"
        title="Copy the line"
        @click=${() => actions.copy(line, "the line")}
      >
        ${icon("copy")}
      </button>
      ${
        target.kind === "run"
          ? html`<button
              class="tool"
              title="Write the line at the end of run ${target.name}"
              @click=${() => actions.insertLine(target.name, expression)}
            >
              ${icon("line")} Insert into the spec
            </button>`
          : nothing
      }`;
  }

  private table(pass: BegunPass): TemplateResult {
    const { against } = this.passes;
    const other = against === pass.wanted ? undefined : this.passes.find(against);
    return html`<table>
      <thead>
        <tr>
          <th scope="col">Node</th>
          <th scope="col">${pass.wanted.direction === "backward" ? "Gradient" : "Tangent"}</th>
          <th scope="col" class="number">μ</th>
          <th scope="col" class="number">σ</th>
          <th scope="col" class="number">min</th>
          <th scope="col" class="number">max</th>
          ${other === undefined ? nothing : html`<th scope="col" class="number" title="‖this − other‖ / the larger norm">differs by</th>`}
        </tr>
      </thead>
      <tbody>
        ${pass.rows.map((row) => this.row(row, pass, other))}
      </tbody>
    </table>`;
  }

  private row(
    { node: id, value, title }: BegunPass["rows"][number],
    pass: BegunPass,
    other: BegunPass | undefined,
  ): TemplateResult {
    const figures =
      value === "pending"
        ? html`<td colspan="5" class="faint">waits for a hole</td>`
        : html`<td>${sparkLine(value)}</td>
            ${[value.mean, value.deviation, value.min, value.max].map(
              (figure) => html`<td class="number">${shortNumber(figure, 3)}</td>`,
            )}`;
    return html`<tr class=${title === titleOf(this.node) ? "selected" : ""}>
      <th scope="row"><button class="link code" @click=${() => this.actions.select(id)}>${title}</button></th>
      ${figures}
      ${other === undefined ? nothing : html`<td class="number">${this.distance(id, pass, other)}</td>`}
    </tr>`;
  }

  private distance(node: number, pass: BegunPass, other: BegunPass): string {
    if (!this.passes.isFresh(pass) || !this.passes.isFresh(other)) return "…";
    const answer = this.comparisons.get(this.actions.ask, {
      kind: "compare",
      target: this.target.name,
      tensor: { node, of: "gradient", root: pass.report.pass },
      with: { node, of: "gradient", root: other.report.pass, run: null },
    });
    if (answer === undefined) return "…";
    return answer === null ? "–" : shortNumber(answer.relative, 3);
  }

  private sum(node: NodeSummary): TemplateResult | typeof nothing {
    const { passes, target } = this;
    const pass = passes.find(passes.shown);
    if (pass?.wanted.direction === "forward" || !isDifferentiable(node)) return nothing;
    const root = pass?.report.pass ?? target.root;
    if (root === null) return nothing;
    const gradient =
      pass === undefined
        ? `∂${target.roots.find(({ id }) => id === root)?.name ?? "root"}/∂${nodeTitle(node)}`
        : `pass ${String(passes.list.indexOf(pass) + 1)} at ${nodeTitle(node)}`;
    const question = { kind: "contributions", target: target.name, root, node: node.id } as const;
    const isFresh = pass === undefined || passes.isFresh(pass);
    const answer = isFresh ? this.contributions.get(this.actions.ask, question) : undefined;
    return html`<section aria-label="Contributions">
      <h2><span class="code">${gradient}</span> as the sum of its parts</h2>
      ${
        answer === undefined
          ? html`<p class="faint">…</p>`
          : answer === null
            ? html`<p class="faint">The run is gone: run it again.</p>`
            : contributionsList(answer, gradient, {
                removed: this.removed,
                remove: (part) => (this.removed = part),
              })
      }
    </section>`;
  }

  static override readonly styles = [sharedStyles, deriveStyles, contributionsStyles];
}

function passTitle({ direction, node, fields }: WantedPass): string {
  return `${direction} from ${node}, ${seedTitles[fields.kind]}`;
}

function titleOf(node: NodeSummary | null | undefined): string | null {
  return node ? nodeTitle(node) : null;
}

function isDifferentiable({ value }: NodeSummary): boolean {
  return value?.dtype === "float32" || value?.dtype === "float64";
}

function valueOf(event: Event): string {
  // Only fields listen with it.
  return (event.target as HTMLInputElement | HTMLSelectElement | HTMLTextAreaElement).value;
}
