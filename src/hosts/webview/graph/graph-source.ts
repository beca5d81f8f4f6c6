/**
 * Owns the way from a question to a drawing: asks for the graph, folds it, has it laid out, and forgets what is overtaken
 * on the way. Knows nothing of how it is shown.
 */
import type { GraphReport, TargetReport } from "../../../protocol";
import type { Ask } from "../state/questions";
import type { GraphChoices } from "../state/graph-choices";
import { type Container, Containers } from "./containers";
import type { Drawing } from "./drawing";
import { fromElk, toElk } from "./elk-graph";
import { opening } from "./first-opening";
import { foldGraph, type FoldedGraph } from "./folded-graph";
import { layOut } from "./layout-engine";
import type { Measure } from "./box-size";
import { type Kin, kinOf } from "./walk";

/** More are not laid out: it would take minutes, and nobody could read them. */
export const mostBoxes = 3000;

export interface KinOf {
  readonly key: string;
  readonly kin: Kin;
  readonly title: string;
}

export interface LaidOut {
  readonly report: GraphReport;
  readonly graph: FoldedGraph;
  readonly drawing: Drawing;
}

export type GraphState =
  | { readonly kind: "asking" }
  | { readonly kind: "none" }
  | { readonly kind: "laying-out"; readonly boxes: number }
  | { readonly kind: "too-many"; readonly boxes: number }
  | { readonly kind: "failed"; readonly message: string }
  | { readonly kind: "ready"; readonly shown: LaidOut };

export class GraphSource {
  readonly #changed: (state: GraphState) => void;
  readonly #measure: Measure;
  #asked = "";
  #report: GraphReport | null = null;
  #containers: Containers | null = null;
  #initiallyOpen: ReadonlySet<string> = new Set();
  #drawn = "";
  /** Grows with every question and layout, so that overtaken ones are told. */
  #turn = 0;

  constructor(measure: Measure, changed: (state: GraphState) => void) {
    this.#measure = measure;
    this.#changed = changed;
  }

  /** The graph of this target is wanted, in this form; what is there already is not asked for again. */
  async want(target: TargetReport, choices: GraphChoices, kin: KinOf | null, ask: Ask): Promise<void> {
    const question = { kind: "graph", target: target.name, root: target.root, norms: choices.sizes } as const;
    const asked = JSON.stringify(question);
    const drawn = JSON.stringify([asked, choices.detail, choices.direction, choices.toggled, kin]);
    if (drawn === this.#drawn) return;
    this.#drawn = drawn;
    const turn = ++this.#turn;
    if (asked !== this.#asked || this.#report === null) {
      this.#asked = asked;
      if (this.#report === null) this.#changed({ kind: "asking" });
      // What a new state has left unanswered is asked again.
      const report = (await ask(question)) ?? (await ask(question));
      if (turn !== this.#turn) return;
      this.#take(report, choices);
    }
    await this.#draw(turn, choices, kin);
  }

  /** A new run: what was answered before is of other numbers. */
  forget(): void {
    this.#turn++;
    this.#asked = "";
    this.#drawn = "";
  }

  #take(report: GraphReport | null, { detail }: GraphChoices): void {
    this.#report = report;
    this.#containers = report === null ? null : new Containers(report);
    if (report !== null && this.#containers !== null)
      this.#initiallyOpen = opening(report, this.#containers, detail);
  }

  async #draw(turn: number, choices: GraphChoices, kin: KinOf | null): Promise<void> {
    const [report, containers] = [this.#report, this.#containers];
    if (report === null || containers === null) {
      this.#changed({ kind: "none" });
      return;
    }
    const toggled = new Set(choices.toggled);
    const isOpen = ({ key }: Container): boolean => this.#initiallyOpen.has(key) !== toggled.has(key);
    const whole = foldGraph(report, containers, choices.detail, isOpen);
    const graph = kin === null ? whole : kinOf(whole, kin.key, kin.kin);
    if (graph.boxes.length === 0) {
      this.#changed({ kind: "none" });
      return;
    }
    if (graph.boxes.length > mostBoxes) {
      this.#changed({ kind: "too-many", boxes: graph.boxes.length });
      return;
    }
    this.#changed({ kind: "laying-out", boxes: graph.boxes.length });
    try {
      const laidOut = await layOut(toElk(graph, choices.direction, this.#measure));
      if (turn !== this.#turn) return;
      const drawing = fromElk(graph, laidOut, choices.direction);
      this.#changed({ kind: "ready", shown: { report, graph, drawing } });
    } catch (error) {
      if (turn !== this.#turn) return;
      this.#drawn = "";
      this.#changed({ kind: "failed", message: error instanceof Error ? error.message : String(error) });
    }
  }
}
