/**
 * Time travel through a backward pass: one step in view, with its equations and pictures, and the controls to play, pause
 * and scrub. Tells its owner which step is in view; knows nothing of the drawing that shows it.
 */
import { html, LitElement, nothing, type PropertyValues, type TemplateResult } from "lit";
import type { GraphReport, StepEquation, StepReport, StepTensor, StepTerm } from "../../../protocol";
import { icon } from "../look/icons";
import { sharedStyles } from "../look/shared-styles";
import type { Ask } from "../state/questions";
import { replayStyles } from "./replay-styles";
import type { ReplayStep } from "./replay-steps";
import { sharedLimit } from "./thumb-nail";

export interface ReplayActions {
  readonly ask: Ask;
  readonly goTo: (index: number) => void;
  readonly close: () => void;
  readonly announce: (sentence: string) => void;
  /** Shows where a node is defined. */
  readonly reveal: (position: number) => void;
}

const stepMilliseconds = 1600;

export class ReplayView extends LitElement {
  static override readonly properties = {
    target: { attribute: false },
    report: { attribute: false },
    steps: { attribute: false },
    index: { attribute: false },
    actions: { attribute: false },
    answer: { state: true },
    isPlaying: { state: true },
  };
  declare target: string;
  declare report: GraphReport;
  declare steps: readonly ReplayStep[];
  declare index: number;
  declare actions: ReplayActions;
  /** Of the step in view; the one before it stays until it is there. */
  declare private answer: StepReport | "none" | null;
  declare private isPlaying: boolean;

  private readonly answers = new Map<number, StepReport | "none">();
  private timer: ReturnType<typeof setTimeout> | undefined;

  constructor() {
    super();
    this.answer = null;
    this.isPlaying = false;
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.pause();
  }

  override willUpdate(changed: PropertyValues<this>): void {
    if (changed.has("report") || changed.has("steps")) this.answers.clear();
    if (changed.has("report") || changed.has("steps") || changed.has("index")) void this.fetch();
  }

  /** The keyboard goes to the controls. */
  override focus(): void {
    void this.updateComplete.then(() => this.renderRoot.querySelector<HTMLElement>("input")?.focus());
  }

  private async fetch(): Promise<void> {
    const { index, steps, report, target } = this;
    const step = steps[index];
    if (step === undefined) return;
    const known = this.answers.get(index);
    const { node, through } = step;
    const question = { kind: "step", target, root: report.root, node, through } as const;
    const { ask } = this.actions;
    // What a new state has left unanswered is asked again.
    const asked = known ?? (await ask(question)) ?? (await ask(question)) ?? "none";
    if (report !== this.report || steps !== this.steps) return;
    this.answers.set(index, asked);
    if (index !== this.index) return;
    this.answer = asked;
    const words = asked === "none" ? "" : `: ${asked.terms.map(termText).join("; ")}`;
    this.actions.announce(
      `Step ${String(index + 1)} of ${String(steps.length)}, ${this.titleOf(node)}${words}.`,
    );
  }

  private goTo(index: number): void {
    this.actions.goTo(Math.min(Math.max(index, 0), this.steps.length - 1));
  }

  private play(): void {
    if (this.index >= this.steps.length - 1) this.goTo(0);
    this.isPlaying = true;
    const tick = (): void => {
      if (!this.isPlaying) return;
      if (this.index >= this.steps.length - 1) return this.pause();
      this.goTo(this.index + 1);
      this.timer = setTimeout(tick, stepMilliseconds);
    };
    this.timer = setTimeout(tick, stepMilliseconds);
  }

  private pause(): void {
    clearTimeout(this.timer);
    this.isPlaying = false;
  }

  private readonly onKey = (event: KeyboardEvent): void => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const isSlider = event.composedPath()[0] instanceof HTMLInputElement;
    const isButton = event.composedPath()[0] instanceof HTMLButtonElement;
    const moves: Readonly<Record<string, () => void>> = {
      ArrowLeft: () => this.goTo(this.index - 1),
      ArrowRight: () => this.goTo(this.index + 1),
      Home: () => this.goTo(0),
      End: () => this.goTo(this.steps.length - 1),
      Escape: () => this.actions.close(),
      ...(isButton ? {} : { " ": () => (this.isPlaying ? this.pause() : this.play()) }),
    };
    const move = moves[event.key];
    // A slider moves by its own arrows.
    if (move === undefined || (isSlider && event.key !== " " && event.key !== "Escape")) return;
    event.preventDefault();
    if (event.key !== " ") this.pause();
    move();
  };

  override render(): TemplateResult {
    const step = this.steps[this.index];
    return html`<section aria-label="Steps of the backward pass" @keydown=${this.onKey}>
      ${this.controls(step)}
      ${step === undefined ? html`<p class="faint empty">No gradient flows here.</p>` : this.content(step)}
    </section>`;
  }

  private controls(step: ReplayStep | undefined): TemplateResult {
    const { index, steps, isPlaying } = this;
    const last = steps.length - 1;
    return html`<div class="controls" role="group" aria-label="Steps">
      <button
        class="tool"
        aria-label="Step back"
        title="Step back (←)"
        ?disabled=${index <= 0}
        @click=${() => this.goTo(index - 1)}
      >
        ${icon("previous")}
      </button>
      <button
        class="tool"
        aria-label=${isPlaying ? "Pause" : "Play"}
        title="${isPlaying ? "Pause" : "Play"} (Space)"
        @click=${() => (isPlaying ? this.pause() : this.play())}
      >
        ${icon(isPlaying ? "pause" : "run")}
      </button>
      <button
        class="tool"
        aria-label="Step on"
        title="Step on (→)"
        ?disabled=${index >= last}
        @click=${() => this.goTo(index + 1)}
      >
        ${icon("next")}
      </button>
      <input
        type="range"
        aria-label="Step"
        aria-valuetext="Step ${index + 1} of ${steps.length}${step === undefined ? "" : `, ${this.titleOf(step.node)}`}"
        min="0"
        max=${Math.max(last, 0)}
        .value=${String(index)}
        @input=${(event: Event) => {
          this.pause();
          this.goTo(Number((event.target as HTMLInputElement).value)); // The listener is on the slider.
        }}
      />
      <span class="number faint where">${Math.min(index + 1, steps.length)} / ${steps.length}</span>
      <button class="tool" aria-label="Close" title="Close (Esc)" @click=${this.actions.close}>
        ${icon("cross")}
      </button>
    </div>`;
  }

  private content({ node }: ReplayStep): TemplateResult {
    const { answer } = this;
    const name = html`<button class="link code" @click=${() => this.actions.reveal(node)}>
      ${this.titleOf(node)}
    </button>`;
    if (answer === null) return html`<p class="faint empty">Reading the step…</p>`;
    if (answer === "none") return html`<p class="faint empty">Nothing is known of this step.</p>`;
    return html`<div class="step">
      <div class="arrives">
        <p class="what"><span class="faint">arrives at</span> ${name}</p>
        ${this.tensor(answer.cotangent, sharedLimit([answer.cotangent.picture]))}
      </div>
      <ol class="terms">
        ${answer.terms.map((term) => this.term(term))}
      </ol>
    </div>`;
  }

  private term(term: StepTerm): TemplateResult {
    const { gradient, share, rule, factors, value, before, after, isComplete } = term;
    const limit = sharedLimit([value, before, after]);
    return html`<li class="term">
      <div class="line">
        ${equation(gradient)} <span class="sign">${before === null ? "=" : "+="}</span> ${equation(share)}
        ${rule === null ? nothing : html`<span class="badge" title="A hand-written rule made this">${rule}</span>`}
      </div>
      <div class="sum">
        ${factors.map((factor) => html`${this.tensor(factor, sharedLimit([factor.picture]), "multiplied")}`)}
        ${factors.length === 0 ? nothing : html`<span class="sign" aria-hidden="true">→</span>`}
        ${
          before === null
            ? nothing
            : html`${this.figure(before, "so far", limit)} <span class="sign" aria-hidden="true">+</span>`
        }
        ${this.figure(value, before !== null ? "share" : isComplete ? "complete" : "adds", limit)}
        ${
          before === null
            ? nothing
            : html`<span class="sign" aria-hidden="true">=</span>
                ${this.figure(after, isComplete ? "complete" : "now", limit)}`
        }
        ${isComplete ? nothing : html`<span class="faint more">more arrives later</span>`}
      </div>
    </li>`;
  }

  private tensor({ name, picture }: StepTensor, limit: number, kind = ""): TemplateResult {
    return html`<figure class=${kind}>
      ${picture === null ? html`<span class="faint">no value</span>` : thumb(picture, name.text, limit)}
      <figcaption>${equation(name)}</figcaption>
    </figure>`;
  }

  private figure(picture: StepTerm["value"], caption: string, limit: number): TemplateResult {
    return html`<figure>
      ${picture === null ? html`<span class="faint">no value</span>` : thumb(picture, caption, limit)}
      <figcaption class="faint">${caption}</figcaption>
    </figure>`;
  }

  private titleOf(position: number): string {
    const node = this.report.nodes[position];
    return node?.name ?? (node?.text || node?.op) ?? "";
  }

  static override readonly styles = [sharedStyles, replayStyles];
}

function thumb(picture: NonNullable<StepTensor["picture"]>, label: string, limit: number): TemplateResult {
  return html`<nnspec-thumb .picture=${picture} .label=${label} .limit=${limit}></nnspec-thumb>`;
}

function equation({ text, tex }: StepEquation): TemplateResult {
  return html`<nnspec-equation .tex=${tex} .text=${text}></nnspec-equation>`;
}

function termText({ gradient, share, before }: StepTerm): string {
  return `${gradient.text} ${before === null ? "=" : "+="} ${share.text}`;
}
