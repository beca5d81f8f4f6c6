/**
 * Looks for the edit that mends what an explanation tells of: candidates are tried one after another by executing the changed
 * text, and only one that is right is offered. Owns the order and the bounds of the search; knows no reports.
 */
import { checkModule, type Library, type Module } from "../../language/check";
import { format, type Edit } from "../../language/syntax";
import type { Explanation } from "../../protocol";
import { edited } from "../rewriting";
import { changedModule, modulesOf, type Findings } from "../trials";
import { composed } from "./compositions";
import { proposals } from "./proposals";
import type { Candidate, Site } from "./site";

export interface Wrong {
  readonly explanation: Explanation;
  readonly sites: readonly Site[];
  /** What must not be found any more. */
  readonly rule: string | undefined;
  readonly check: number | undefined;
  /** Whether only what the explanation says is tried: numbers may be met by accident where no derivative judges them. */
  readonly literal: boolean;
  /** Fixes of others, which may be this one's as well. */
  readonly known?: readonly FoundFix[];
}

export interface Search {
  readonly module: Module;
  /** The module itself, or one that it imports: whose text is changed. */
  readonly file: Module;
  readonly library: Library;
  /** What is wrong with a version; undefined where it cannot be executed. */
  readonly attempt: (module: Module) => Findings | undefined;
  /** Under other circumstances as well: of what the first attempt accepts. */
  readonly again: ((module: Module) => Findings | undefined) | undefined;
  readonly isLate: () => boolean;
}

export interface FoundFix {
  readonly title: string;
  readonly edits: readonly Edit[];
  /** What mends it in another way, where another mistake fits as well. */
  readonly other?: FoundFix;
}

/** Changes that are tried for one mistake. */
const most = 400;

/** A fix for each, in the order in which the error spreads: later ones are looked for with those before them made. */
export function findFixes(search: Search, wrongs: readonly Wrong[]): (FoundFix | undefined)[] {
  const found = wrongs.map((): FoundFix | undefined => undefined);
  let made: readonly Edit[] = [];
  let last: FoundFix | undefined;
  const state = new Versions(search);
  for (const [i, wrong] of wrongs.entries()) {
    const before = state.findings(made);
    if (before === undefined || search.isLate()) break;
    if (found[i] !== undefined) continue;
    if (isGone(wrong, before)) {
      // One edit has mended both: in a loop one text is several values.
      found[i] = last;
      continue;
    }
    const single = state.single(wrong, made, before);
    if (single !== undefined) {
      const other = state.other(wrong, single, made, before);
      found[i] = last = {
        title: single.title,
        edits: single.edits,
        ...(other === undefined ? {} : { other }),
      };
      made = [...made, ...single.edits];
      continue;
    }
    const partner = wrongs.findIndex(
      (other, j) => j > i && other.rule === wrong.rule && found[j] === undefined,
    );
    const both = partner < 0 ? undefined : state.both([wrong, wrongs[partner]!], made, before);
    if (both === undefined) continue;
    found[i] = found[partner] = last = both;
    made = [...made, ...both.edits];
  }
  return found;
}

function isGone({ rule, check }: Wrong, findings: Findings): boolean {
  return (
    (rule === undefined || !findings.rules.has(rule)) && (check === undefined || !findings.checks.has(check))
  );
}

/** Nothing else has become wrong. */
function isNoWorse(after: Findings, before: Findings): boolean {
  return (
    [...after.rules].every((rule) => before.rules.has(rule)) &&
    [...after.checks].every((check) => before.checks.has(check))
  );
}

class Versions {
  readonly #search: Search;
  readonly #text: string;
  readonly #isFormatted: boolean;
  #known: number | undefined;
  #knownElsewhere: Findings | undefined;

  constructor(search: Search) {
    this.#search = search;
    this.#text = search.file.file.text;
    this.#isFormatted = format(this.#text) === this.#text;
  }

  findings(edits: readonly Edit[]): Findings | undefined {
    const module = this.#version(edits);
    return module && this.#search.attempt(module);
  }

  single(wrong: Wrong, made: readonly Edit[], before: Findings): Candidate | undefined {
    let left = most;
    const { corrections = [] } = wrong.explanation;
    const together = corrections.length > 1 ? composed(wrong.sites, corrections) : [];
    for (const candidate of inTurn(wrong.known ?? [], together, proposals(wrong))) {
      if (left-- <= 0 || this.#search.isLate()) return undefined;
      if (this.#mends([wrong], [...made, ...candidate.edits], before)) return candidate;
    }
    return undefined;
  }

  /** What the explanation tells of that fits as well, and nothing else. */
  other(wrong: Wrong, first: FoundFix, made: readonly Edit[], before: Findings): FoundFix | undefined {
    const { otherCorrections = [] } = wrong.explanation;
    let left = most;
    for (const { title, edits } of otherCorrections.length === 0
      ? []
      : composed(wrong.sites, otherCorrections)) {
      if (left-- <= 0 || this.#search.isLate()) return undefined;
      if (JSON.stringify(edits) === JSON.stringify(first.edits)) continue;
      if (this.#mends([wrong], [...made, ...edits], before)) return { title, edits };
    }
    return undefined;
  }

  /** For two mistakes in one rule that hide each other. */
  both(wrongs: readonly [Wrong, Wrong], made: readonly Edit[], before: Findings): FoundFix | undefined {
    let left = most;
    const corrections = wrongs.flatMap(({ explanation }) => explanation.corrections ?? []);
    for (const found of corrections.length > 1 ? composed(wrongs[0].sites, corrections) : []) {
      if (left-- <= 0 || this.#search.isLate()) break;
      if (this.#mends(wrongs, [...made, ...found.edits], before)) return found;
    }
    return this.pair(wrongs, made, before);
  }

  /** Two changes at once. */
  pair([one, other]: readonly [Wrong, Wrong], made: readonly Edit[], before: Findings): FoundFix | undefined {
    const [firsts, seconds] = [one, other].map((wrong) => [...proposals(wrong)].slice(0, mostOfPair));
    for (const first of firsts!) {
      for (const second of seconds!) {
        if (this.#search.isLate()) return undefined;
        const edits = [...first.edits, ...second.edits];
        if (this.#mends([one, other], [...made, ...edits], before))
          return { title: `${first.title}, and ${decapitalized(second.title)}`, edits };
      }
    }
    return undefined;
  }

  #mends(wrongs: readonly Wrong[], edits: readonly Edit[], before: Findings): boolean {
    const module = this.#version(edits);
    if (module === undefined) return false;
    const { attempt, again } = this.#search;
    const isMendedBy = (trial: Search["attempt"], known: Findings): boolean => {
      const after = trial(module);
      return after !== undefined && isNoWorse(after, known) && wrongs.every((wrong) => isGone(wrong, after));
    };
    if (!isMendedBy(attempt, before)) return false;
    if (again !== undefined && !isMendedBy(again, this.#elsewhere ?? before)) return false;
    if (this.#errorsIn(module) > this.#errors) return false;
    const changed = modulesOf(module).get(this.#search.file.id)!.file.text;
    return !this.#isFormatted || format(changed) === changed;
  }

  /** What is wrong with the text as it is under other circumstances, where a check may hold for one seed alone. */
  get #elsewhere(): Findings | undefined {
    return (this.#knownElsewhere ??= this.#search.again?.(this.#search.module));
  }

  get #errors(): number {
    return (this.#known ??= this.#errorsIn(this.#search.module));
  }

  /** What is wrong for sizes in general, though it may be right for those of a run. */
  #errorsIn(module: Module): number {
    const { library, file } = this.#search;
    const changed = modulesOf(module).get(file.id)!;
    const { diagnostics } = checkModule(changed, { library });
    return diagnostics.filter(({ severity }) => severity === "error").length;
  }

  #version(edits: readonly Edit[]): Module | undefined {
    if (edits.length === 0) return this.#search.module;
    const text = edited(this.#text, edits);
    return text === undefined || text === this.#text
      ? undefined
      : changedModule(this.#search.module, text, this.#search.file.id);
  }
}

const mostOfPair = 60;

function* inTurn<T>(...groups: readonly Iterable<T>[]): Generator<T> {
  for (const group of groups) yield* group;
}

function decapitalized(title: string): string {
  return title.charAt(0).toLowerCase() + title.slice(1);
}
