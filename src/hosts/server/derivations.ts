/**
 * Owns the derived equations of the files that were asked about: made when one is hovered, never while one types, and
 * kept as long as the checked file they belong to.
 */
import { Equations, type ShownEquation } from "../../engine";
import type { CheckedModule, Library } from "../../language/check";
import type { EquationQuestion } from "../../language/features";

/** Whether equations are shown: `unlessHoles` keeps an exercise's answers from whoever is to find them. */
export type EquationsWanted = "always" | "unlessHoles" | "never";

export class Derivations {
  readonly #library: Library;
  readonly #report: (error: unknown) => void;
  readonly #known = new WeakMap<CheckedModule, Equations>();

  constructor(library: Library, report: (error: unknown) => void) {
    this.#library = library;
    this.#report = report;
  }

  of(checked: CheckedModule, question: EquationQuestion): readonly ShownEquation[] {
    let equations = this.#known.get(checked);
    if (equations === undefined) {
      const { module } = checked;
      equations = new Equations({ module, library: this.#library, now: () => performance.now() });
      this.#known.set(checked, equations);
    }
    try {
      return equations.of(question);
    } catch (error) {
      // A mistake of ours costs the equation, not the hover.
      this.#report(error);
      return [];
    }
  }
}

/** Whether a file may show its equations. */
export function mayShow(checked: CheckedModule, wanted: EquationsWanted): boolean {
  if (wanted !== "unlessHoles") return wanted === "always";
  return !checked.facts.hasHoles;
}

export function readWanted(value: unknown): EquationsWanted {
  return value === "always" || value === "never" ? value : "unlessHoles";
}
