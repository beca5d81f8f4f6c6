/**
 * Owns the facts of a checked file, by declaration: those of one are what its own checking learns. What was not checked
 * because nothing had changed is elaborated when it is asked for. Knows nothing of who asks.
 */
import { checkDeclaration } from "./check-declaration";
import type { Checkable, Verdict } from "./check-memory";
import { Facts } from "./facts";
import { Elaborator } from "./elaborator";
import type { Library } from "./machine";
import type { Module } from "./module";

/** Stands for what one maker makes; its type is that of what is made. */
export interface DerivedKey<T> {
  readonly what: string;
  readonly made?: T;
}

export class FileFacts {
  readonly #module: Module;
  readonly #library: Library | undefined;
  /** In the order of checking. */
  readonly #verdicts: ReadonlyMap<Checkable, Verdict>;
  readonly #found = new Map<Checkable, Facts>();
  #everything: Facts | undefined;

  constructor(module: Module, library: Library | undefined, verdicts: readonly Verdict[]) {
    this.#module = module;
    this.#library = library;
    this.#verdicts = new Map(verdicts.map((verdict) => [verdict.declaration, verdict]));
    for (const { declaration, facts } of verdicts)
      if (facts !== undefined) this.#found.set(declaration, facts);
  }

  /** The declarations that there are facts of, in the order of the text. */
  get declarations(): readonly Checkable[] {
    return this.#module.file.declarations.filter((each) => each.kind !== "import");
  }

  of(declaration: Checkable): Facts {
    let facts = this.#found.get(declaration);
    if (facts === undefined) {
      facts = new Facts();
      const learned = facts;
      const budget = this.#verdicts.get(declaration)?.given ?? 0;
      checkDeclaration(
        this.#module,
        declaration,
        () => new Elaborator({ library: this.#library, budget }, learned),
      );
      this.#found.set(declaration, facts);
    }
    return facts;
  }

  /** The declaration that an offset lies in or directly behind, and its facts. */
  at(offset: number): Facts {
    const found = this.declarationAt(offset);
    return found === undefined ? new Facts() : this.of(found);
  }

  declarationAt(offset: number): Checkable | undefined {
    const { declarations } = this.#module.file;
    let low = 0;
    let high = declarations.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((declarations[middle]?.start ?? 0) <= offset) low = middle + 1;
      else high = middle;
    }
    const found = declarations[low - 1];
    return found === undefined || found.kind === "import" || offset > found.end ? undefined : found;
  }

  /** All of them together; a net's own stand before those of its applications. */
  everything(): Facts {
    if (this.#everything !== undefined) return this.#everything;
    const everything = new Facts();
    for (const declaration of this.#verdicts.keys()) everything.add(this.of(declaration));
    this.#everything = everything;
    return everything;
  }

  /** Whether anything in the file is still to be written. */
  get hasHoles(): boolean {
    return [...this.#verdicts.values()].some(({ kept }) => kept.hasHoles);
  }

  /**
   * What is made of a declaration's facts, kept for as long as they do not change. It must not know where in the file the
   * declaration stands; `key` tells it from what others make.
   */
  derive<T>(declaration: Checkable, key: DerivedKey<T>, make: () => T): T {
    const derived = this.#verdicts.get(declaration)?.kept.derived;
    // Under a key stands only what its own maker made.
    if (derived?.has(key) === true) return derived.get(key) as T;
    const made = make();
    derived?.set(key, made);
    return made;
  }
}
