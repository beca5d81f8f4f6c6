/**
 * Owns what is remembered of a file's declarations from one checking to the next: what was found in each, for as long as
 * neither its text nor anything that it depends on has changed. Knows nothing of what is in a declaration.
 */
import { normalizedName, tokensIn, type Declaration, type File } from "../syntax";
import { checkDeclaration } from "./check-declaration";
import type { Diagnostic } from "./diagnostics/diagnostic";
import type { Facts } from "./facts";
import type { Module } from "./module";
import { anchor, placed, type AnchoredDiagnostic } from "./moved-diagnostics";
import type { Purse, Spent } from "./purse";

/** What was found in a declaration. */
export interface Verdict {
  readonly declaration: Checkable;
  readonly diagnostics: readonly Diagnostic[];
  /** Where it was checked this time; what is remembered has its facts found again when they are asked for. */
  readonly facts: Facts | undefined;
  /** What it may spend. */
  readonly given: number;
  readonly kept: Kept;
}

export type Checkable = Exclude<Declaration, { kind: "import" }>;

/** Of a verdict what does not know where in the file it stands. */
interface Kept {
  /** Undefined where they cannot be moved: the declaration is checked again every time. */
  readonly diagnostics: readonly AnchoredDiagnostic[] | undefined;
  readonly hasHoles: boolean;
  readonly spent: Spent;
  /** Whether what was asked outside of the texts still has the same answer. */
  readonly holds: () => boolean;
  /** The names in it. */
  readonly mentions: ReadonlySet<string>;
  /** What else was made of it, by whom: positions in there count from its beginning. */
  readonly derived: Map<unknown, unknown>;
}

/** What checking asks outside of the texts. */
export interface Outside {
  /** Does the work, and tells later whether all that it asked for still has the same answer. */
  watch<R>(work: () => R): { readonly result: R; readonly holds: () => boolean };
}

const nothingOutside: Outside = { watch: (work) => ({ result: work(), holds: () => true }) };

/** The state of a file's texts in one checking. */
interface Texts {
  readonly module: Module;
  /** The texts of its import statements, and the files that they lead to. */
  readonly imports: readonly (string | File)[];
  /** The text of the declaration that each name means. */
  readonly declared: ReadonlyMap<string, string>;
}

export class CheckMemory {
  readonly #outside: Outside;
  #kept: ReadonlyMap<string, Kept> = new Map();
  #before: Texts | undefined;
  #now: Texts | undefined;
  /** The names that do not mean what they meant. */
  #changed: ReadonlySet<string> = new Set();
  /** Whether other names are declared: what is suggested for an unknown one depends on them all. */
  #otherNames = false;

  constructor(outside = nothingOutside) {
    this.#outside = outside;
  }

  begin(module: Module): void {
    const now = textsOf(module);
    if (this.#before !== undefined && !sameList(this.#before.imports, now.imports)) this.#kept = new Map();
    this.#now = now;
    const before = this.#before?.declared ?? new Map<string, string>();
    this.#otherNames = !sameList([...before.keys()], [...now.declared.keys()]);
    this.#changed = this.#kept.size === 0 ? new Set() : this.#reach(changedNames(before, now.declared));
  }

  /** The verdict of the last checking, moved to where the declaration is now, if it still stands; its cost is paid. */
  recall(declaration: Checkable, purse: Purse): Verdict | undefined {
    const module = this.#now?.module;
    if (module === undefined || this.#kept.size === 0) return undefined;
    const kept = this.#kept.get(keyOf(module, declaration));
    if (kept?.diagnostics === undefined) return undefined;
    if (this.#otherNames && kept.diagnostics.length > 0) return undefined;
    for (const name of kept.mentions) if (this.#changed.has(name)) return undefined;
    const diagnostics = placed(kept.diagnostics, module, declaration, this.#changed);
    if (diagnostics === undefined || !kept.holds()) return undefined;
    const { given } = purse;
    if (!purse.pay(kept.spent)) return undefined;
    return { declaration, diagnostics, facts: undefined, given, kept };
  }

  check(declaration: Checkable, purse: Purse): Verdict {
    const module = this.#now?.module;
    if (module === undefined) throw new Error("Checking has not begun.");
    const { given } = purse;
    const { facts, make, close } = purse.open();
    const { result: diagnostics, holds } = this.#outside.watch(() =>
      checkDeclaration(module, declaration, make),
    );
    const spent = close();
    const kept: Kept = {
      diagnostics: anchor(diagnostics, module, declaration),
      hasHoles: [...facts.holes.values()].some(({ place }) => place.file === module.id),
      spent,
      holds,
      mentions: mentionsIn(module.file, declaration),
      derived: new Map(),
    };
    return { declaration, diagnostics, facts, given, kept };
  }

  end(verdicts: readonly Verdict[]): void {
    const { module } = this.#now ?? {};
    if (module === undefined) return;
    // The keys are parts of the new text, so that the old one is let go.
    this.#kept = new Map(
      verdicts.map(({ declaration, kept }) => [keyOf(module, declaration), kept] as const),
    );
    this.#before = this.#now;
  }

  /** The names whose declarations mention one that has changed have changed as well. */
  #reach(changed: ReadonlySet<string>): ReadonlySet<string> {
    const reached = new Set(changed);
    const module = this.#now?.module;
    if (module === undefined || reached.size === 0) return reached;
    const mentions = [...module.declarations.values()].flatMap((declaration) => {
      const kept = declaration.kind === "import" ? undefined : this.#kept.get(keyOf(module, declaration));
      return kept === undefined || declaration.kind === "import" ? [] : [{ declaration, kept }];
    });
    for (let grown = true; grown;) {
      grown = false;
      for (const { declaration, kept } of mentions) {
        if (reached.has(declaration.name.name)) continue;
        for (const name of reached) {
          if (!kept.mentions.has(name)) continue;
          reached.add(declaration.name.name);
          grown = true;
          break;
        }
      }
    }
    return reached;
  }
}

/** What a declaration's tree depends on: its text, its column, how it was read; and whether its name means it. */
function keyOf({ file: { text, errors }, declarations }: Module, declaration: Checkable): string {
  const { name, start, end } = declaration;
  const role = declarations.get(name.name) === declaration ? "the first" : "another of that name";
  const lineStart = text.lastIndexOf("\n", start - 1) + 1;
  const within = errors.filter((error) => error.end >= start && error.start <= end);
  const read = within.map((error) => [error.code, error.start - start, error.end - start].join(" "));
  return [text.slice(start, end), text.slice(lineStart, start), role, ...read].join("\n");
}

function textsOf(module: Module): Texts {
  const { text, declarations } = module.file;
  const imports: (string | File)[] = [];
  for (const { kind, start, end } of declarations)
    if (kind === "import") imports.push(text.slice(start, end));
  for (const each of reachableFrom(module)) if (each !== module) imports.push(each.file);
  const declared = new Map<string, string>();
  for (const [name, { start, end }] of module.declarations) declared.set(name, text.slice(start, end));
  return { module, imports, declared };
}

function reachableFrom(module: Module): ReadonlySet<Module> {
  const seen = new Set([module]);
  for (const each of seen)
    for (const imported of each.imports.values()) if (imported !== undefined) seen.add(imported.module);
  return seen;
}

function changedNames(
  before: ReadonlyMap<string, string>,
  now: ReadonlyMap<string, string>,
): ReadonlySet<string> {
  const changed = new Set<string>();
  for (const [name, text] of now) if (before.get(name) !== text) changed.add(name);
  for (const name of before.keys()) if (!now.has(name)) changed.add(name);
  return changed;
}

function mentionsIn(file: File, declaration: Declaration): ReadonlySet<string> {
  const names = new Set<string>();
  for (const { kind, text } of tokensIn(file, declaration))
    if (kind === "name") names.add(normalizedName(text));
  return names;
}

function sameList(a: readonly unknown[], b: readonly unknown[]): boolean {
  return a.length === b.length && a.every((each, i) => each === b[i]);
}
