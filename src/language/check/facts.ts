/** What elaboration learns about places in the text, for the editor: what names mean, what values are. */
import type { Dim } from "../../runtime/tensor";
import type { Place } from "./diagnostics/diagnostic";
import type { BindingRole, Scope } from "./scope";
import type { Value } from "./value";

/** A use of a name, and where it is defined. */
export interface Reference {
  readonly name: string;
  readonly place: Place;
  readonly definition: Definition;
}

export type Definition =
  | { readonly kind: "binding"; readonly role: BindingRole; readonly place: Place; readonly value: Value }
  | {
      readonly kind: "declaration";
      readonly declaration: "op" | "net" | "run" | "const";
      readonly place: Place;
    }
  | { readonly kind: "builtin"; readonly name: string };

/** A name where it is defined. */
export interface DefinedName {
  readonly name: string;
  readonly place: Place;
  readonly role: BindingRole;
  readonly value: Value;
  readonly scope: Scope;
  /** `net SimpleClassifier`, `run section_5_3`. */
  readonly container: string;
}

export interface HoleFact {
  readonly place: Place;
  readonly scope: Scope;
  /** What it must be, where that is known. */
  readonly shape: readonly Dim[] | undefined;
  /** Rules see every name of the body, other statements the earlier ones. */
  readonly inRule: boolean;
  /** The name that the hole's statement defines: it is no answer to itself. */
  readonly own?: string | undefined;
}

/** The facts of one checking; keyed by file and start so that unrolled loops do not repeat them (the last turn stands). */
export class Facts {
  readonly references = new Map<string, Reference>();
  readonly definitions = new Map<string, DefinedName>();
  readonly holes = new Map<string, HoleFact>();
  /** The value of each expression that has a member or a call, by the offset of its end: for completion after `.`. */
  readonly values = new Map<string, Value>();

  refer(reference: Reference): void {
    this.references.set(`${reference.place.file}:${String(reference.place.start)}`, reference);
  }

  define(defined: DefinedName): void {
    this.definitions.set(`${defined.place.file}:${String(defined.place.start)}`, defined);
  }

  hole(hole: HoleFact): void {
    this.holes.set(`${hole.place.file}:${String(hole.place.start)}`, hole);
  }

  /** Takes in what others have learned; of one place theirs stands. */
  add({ references, definitions, holes, values }: Facts): void {
    for (const [key, reference] of references) this.references.set(key, reference);
    for (const [key, defined] of definitions) this.definitions.set(key, defined);
    for (const [key, hole] of holes) this.holes.set(key, hole);
    for (const [key, value] of values) this.values.set(key, value);
  }

  valueAt(place: Place, value: Value): void {
    this.values.set(`${place.file}:${String(place.end)}`, value);
  }
}
