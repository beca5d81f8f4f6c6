/**
 * The passes that were begun in the derive tab. Owns what a person chose for each, and with it repeats them on every new
 * run, whose ids are others: their numbers are always of the run in view. Knows no page.
 */
import type { DerivedRow, DeriveReport, TargetReport } from "../../../protocol";
import { nodeTitle } from "../state/node-rows";
import type { Ask } from "../state/questions";
import { type Direction, readSeedFields, type SeedFields } from "./seed-form";

/** What a person chose, in names. */
export interface WantedPass {
  readonly direction: Direction;
  readonly node: string;
  readonly fields: SeedFields;
}

export interface BegunPass {
  readonly wanted: WantedPass;
  /** The run that its numbers are of. */
  readonly run: number;
  readonly report: DeriveReport & { readonly pass: number };
  /** The report's rows with the names that their nodes had in that run. */
  readonly rows: readonly (DerivedRow & { readonly title: string })[];
}

/** The run in view. */
export interface PassSource {
  readonly target: TargetReport;
  readonly run: number;
  readonly ask: Ask;
}

const gone = "The run is gone: run it again.";

/** A new run leaves questions unanswered, however often: then it is the one to ask. */
const mostTries = 8;

export class BegunPasses {
  list: readonly BegunPass[] = [];
  /** The pass in view; null is the run's own root. */
  shown: WantedPass | null = null;
  /** The pass it is compared with. */
  against: WantedPass | null = null;
  private generation = 0;
  private readonly source: () => PassSource | null;
  private readonly changed: () => void;

  /** `source` gives null while nobody looks; `changed` is told when passes are others. */
  constructor(source: () => PassSource | null, changed: () => void) {
    this.source = source;
    this.changed = changed;
  }

  find(wanted: WantedPass | null): BegunPass | undefined {
    return this.list.find((pass) => pass.wanted === wanted);
  }

  /** Whether its numbers are of the run in view. */
  isFresh(pass: BegunPass): boolean {
    return pass.run === this.source()?.run;
  }

  /** The pass, which is now the one in view; or the sentence of why there is none; null where it is not wanted any more. */
  async begin(wanted: WantedPass): Promise<BegunPass | string | null> {
    const { generation } = this;
    const pass = await this.derive(wanted);
    if (generation !== this.generation) return null;
    if (typeof pass === "string") return pass;
    this.list = [...this.list, pass];
    this.shown = wanted;
    this.changed();
    return pass;
  }

  /** Another run is in view: the same passes again, of it. What is not possible in it is dropped. */
  async renew(): Promise<void> {
    const { generation } = this;
    for (const { wanted } of this.list) {
      const again = await this.derive(wanted);
      const before = this.find(wanted);
      if (generation !== this.generation || this.source() === null) return;
      if (before === undefined || this.isFresh(before)) continue;
      const kept = typeof again === "string" ? [] : [again];
      this.list = this.list.flatMap((pass) => (pass === before ? kept : [pass]));
      if (this.find(this.shown) === undefined) this.shown = this.list.at(-1)?.wanted ?? null;
      if (this.find(this.against) === undefined) this.against = null;
      this.changed();
    }
  }

  /** Something else is in view than what they were begun in. */
  forget(): void {
    this.generation += 1;
    this.list = [];
    this.shown = null;
    this.against = null;
  }

  private async derive(wanted: WantedPass): Promise<BegunPass | string> {
    const { direction } = wanted;
    for (let tries = 0; tries < mostTries; tries++) {
      const source = this.source();
      if (source === null) break;
      const { target, run, ask } = source;
      const node = target.nodes.find((each) => nodeTitle(each) === wanted.node);
      if (node === undefined) return `There is no ${wanted.node} in ${target.name} any more.`;
      const seed = readSeedFields(wanted.fields, target, node);
      if (typeof seed === "string") return seed;
      const report = await ask({ kind: "derive", target: target.name, direction, node: node.id, seed });
      if (report !== null) {
        const { pass, problem } = report;
        if (pass === null) return problem ?? gone;
        const titles = new Map(target.nodes.map((each) => [each.id, nodeTitle(each)]));
        const rows = report.rows.map((row) => ({ ...row, title: titles.get(row.node) ?? "" }));
        return { wanted, run, report: { ...report, pass }, rows };
      }
      // The run that left it unanswered is in view a moment later.
      await new Promise((resolve) => setTimeout(resolve, 2 ** tries));
    }
    return gone;
  }
}
