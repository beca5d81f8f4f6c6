/**
 * The passes that people began in the panel, as they are kept: how each begins, and what it is called. They outlive runs
 * and reloads, for they are begun again in whatever run is in view. Owns what the engine tells of them. No DOM.
 */
import type { DerivedRow, DeriveReport, Question, SeedChoice, TargetReport } from "../../../protocol";
import { AskedAnswers } from "./asked-answers";
import { count, list, nullable, oneOf, type Reader, record, text } from "./decode";
import { nodeTitle } from "./node-rows";
import type { Ask } from "./questions";

export type Direction = "backward" | "forward";

/** What a pass begins with, in words that mean the same in every run. */
export interface KeptSeed {
  readonly kind: SeedChoice["kind"];
  readonly index: readonly number[];
  readonly seed: number;
  /** The name of the root whose gradient it is. */
  readonly root: string | null;
  readonly text: string;
}

export interface KeptPass {
  /** No two have the same. */
  readonly id: number;
  readonly document: string;
  readonly target: string;
  /** What it is called: a name as a spec's values have. */
  readonly name: string;
  readonly direction: Direction;
  /** The title of the node that it begins at. */
  readonly node: string;
  readonly seed: KeptSeed;
}

/** A kept pass, and what the engine tells of it. */
export interface ShownPass {
  readonly kept: KeptPass;
  /** Null until the engine has answered for the first time, and where the run in view has no such pass. */
  readonly begun: BegunPass | null;
  /** Whether that is of the run in view: while a new one is asked, the last stays. */
  readonly fresh: boolean;
  /** Why the run in view has no such pass; null where it has, or may have. */
  readonly problem: string | null;
}

export interface BegunPass {
  readonly report: DeriveReport & { readonly pass: number };
  /** The report's rows, with the titles that their nodes have in that run. */
  readonly rows: readonly (DerivedRow & { readonly title: string })[];
}

/** More are not kept: the oldest make room. */
const mostPasses = 24;
/** Longer pasted numbers are not remembered for the next time. */
const longestText = 20_000;

const keptPass: Reader<KeptPass> = record<KeptPass>({
  id: count,
  document: text,
  target: text,
  name: text,
  direction: oneOf("backward", "forward"),
  node: text,
  seed: record<KeptSeed>({
    kind: oneOf("ones", "one-hot", "random", "upstream", "numbers"),
    index: list(count),
    seed: count,
    root: nullable(text),
    text,
  }),
});

export const keptPasses: Reader<readonly KeptPass[]> = list(keptPass);

/** Those that are worth remembering. */
export function lasting(passes: readonly KeptPass[]): readonly KeptPass[] {
  return passes.filter(({ seed }) => seed.text.length <= longestText);
}

export function withPass(
  passes: readonly KeptPass[],
  pass: Omit<KeptPass, "id" | "name">,
): readonly KeptPass[] {
  const id = passes.reduce((most, each) => Math.max(most, each.id), 0) + 1;
  return [...passes, { ...pass, id, name: freeName(passes, pass) }].slice(-mostPasses);
}

/** Under another name, where that is one and nobody has it; else as they are. */
export function withName(passes: readonly KeptPass[], id: number, name: string): readonly KeptPass[] {
  const pass = passes.find((each) => each.id === id);
  if (pass === undefined || nameProblem(passes, pass, name) !== null) return passes;
  return passes.map((each) => (each.id === id ? { ...each, name } : each));
}

/** Why a pass cannot be called that; null where it can. */
export function nameProblem(passes: readonly KeptPass[], pass: KeptPass, name: string): string | null {
  if (!/^[\p{L}_][\p{L}\p{M}\p{Nd}₀-₉_']*$/u.test(name))
    return "A name has letters, digits and _, and no digit at its beginning.";
  if (["and", "or", "not"].includes(name)) return `${name} is a word of the language.`;
  const isTaken = passesOf(passes, pass).some((each) => each.id !== pass.id && each.name === name);
  return isTaken ? `Another pass is called ${name}.` : null;
}

/** Those of the same run. */
export function passesOf(
  passes: readonly KeptPass[],
  pass: Pick<KeptPass, "document" | "target">,
): readonly KeptPass[] {
  return passes.filter(({ document, target }) => document === pass.document && target === pass.target);
}

/** `d_h` for a pass backward from `m.h`, `t_h` for one forward. */
function freeName(passes: readonly KeptPass[], pass: Omit<KeptPass, "id" | "name">): string {
  const last = /[\p{L}\p{N}_]+(?=[^\p{L}\p{N}_]*$)/u.exec(pass.node.replace(/\[.*$| \(.*$/u, ""))?.[0] ?? "";
  const stem = `${pass.direction === "backward" ? "d" : "t"}_${last}`;
  const taken = new Set(passesOf(passes, pass).map(({ name }) => name));
  for (let i = 1; ; i++) {
    const name = i === 1 ? stem : `${stem}_${String(i)}`;
    if (!taken.has(name)) return name;
  }
}

const gone = "The run is gone: run it again.";

export class KeptPasses {
  private readonly answers: AskedAnswers<"derive">;
  private readonly last = new Map<number, BegunPass>();
  private readonly read = new WeakMap<DeriveReport, BegunPass>();

  constructor(changed: () => void) {
    this.answers = new AskedAnswers(changed);
  }

  /** Other results: every pass is to be begun again. */
  clear(): void {
    this.answers.clear();
  }

  /** Those of a run in view, begun in it. */
  of(ask: Ask, passes: readonly KeptPass[], document: string, target: TargetReport): readonly ShownPass[] {
    return passesOf(passes, { document, target: target.name }).map((kept) => this.shown(ask, kept, target));
  }

  private shown(ask: Ask, kept: KeptPass, target: TargetReport): ShownPass {
    const failed = (problem: string): ShownPass => ({ kept, begun: null, fresh: true, problem });
    const question = passQuestion(kept, target);
    if (typeof question === "string") return failed(question);
    const answer = this.answers.get(ask, question);
    if (answer === undefined)
      return { kept, begun: this.last.get(kept.id) ?? null, fresh: false, problem: null };
    if (answer === null) return failed(gone);
    if (answer.pass === null) return failed(answer.problem ?? gone);
    const begun = this.read.get(answer) ?? begunPass({ ...answer, pass: answer.pass }, target);
    this.read.set(answer, begun);
    this.last.set(kept.id, begun);
    return { kept, begun, fresh: true, problem: null };
  }
}

function begunPass(report: BegunPass["report"], target: TargetReport): BegunPass {
  const titles = new Map(target.nodes.map((node) => [node.id, nodeTitle(node)]));
  return { report, rows: report.rows.map((row) => ({ ...row, title: titles.get(row.node) ?? "" })) };
}

/** What begins it in the run in view, or the sentence that says why nothing does. */
export function passQuestion(
  { node: title, direction, seed }: Pick<KeptPass, "node" | "direction" | "seed">,
  target: TargetReport,
): Question<"derive"> | string {
  const node = target.nodes.find((each) => nodeTitle(each) === title);
  if (node === undefined) return `${title} is not in ${target.name} any more.`;
  const begun = { kind: "derive", target: target.name, direction, node: node.id } as const;
  const { kind, index, text, root } = seed;
  switch (kind) {
    case "ones":
      return { ...begun, seed: { kind } };
    case "one-hot":
      return { ...begun, seed: { kind, index } };
    case "random":
      return { ...begun, seed: { kind, seed: seed.seed } };
    case "numbers":
      return { ...begun, seed: { kind, text } };
    case "upstream": {
      const found = target.roots.find(({ name }) => name === root);
      if (found === undefined) return `${root ?? "The root"} is not a root of ${target.name} any more.`;
      return { ...begun, seed: { kind, root: found.id } };
    }
  }
}

/** A choice in words that mean the same in every run. */
export function keptSeed(choice: SeedChoice, target: TargetReport): KeptSeed {
  const plain: KeptSeed = { kind: choice.kind, index: [], seed: 0, root: null, text: "" };
  switch (choice.kind) {
    case "ones":
      return plain;
    case "one-hot":
      return { ...plain, index: choice.index };
    case "random":
      return { ...plain, seed: choice.seed };
    case "numbers":
      return { ...plain, text: choice.text };
    case "upstream":
      return { ...plain, root: target.roots.find(({ id }) => id === choice.root)?.name ?? null };
  }
}

/** The target with the passes that were begun backward among its roots, so that every view can show their gradients. */
export function withPassRoots(target: TargetReport, passes: readonly ShownPass[]): TargetReport {
  const begun = passes.flatMap(({ kept, begun: pass, fresh }) =>
    pass === null || !fresh || kept.direction === "forward"
      ? []
      : [{ id: pass.report.pass, name: kept.name, begun: true }],
  );
  return begun.length === 0 ? target : { ...target, roots: [...target.roots, ...begun] };
}
