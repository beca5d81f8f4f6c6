/**
 * Mistakes that have been found, and which hypotheses about another value are the same mistake in the same line: what one text makes in
 * every turn is wrong in every turn alike. Knows nothing of whether they fit.
 */
import type { Node } from "../../graph";
import type { Candidate } from "../explain/candidate";
import type { Expression, Outcome } from "../explain/expression";
import type { CandidateGroup } from "../explain/search";
import { isSameOrigin } from "./telling";

interface Known {
  readonly kind: Candidate["kind"];
  readonly message: string;
  readonly origin: unknown;
}

/** The first turn may be another mistake, or have too few numbers. */
const enoughUnknown = 2;

export class LikeBefore {
  readonly #known: Known[] = [];
  readonly #unknown: unknown[] = [];
  readonly #lines: unknown[] = [];
  /** Where a value was given the name that it has in the expression. */
  readonly #definedAt: ((node: Node, name: string) => unknown) | undefined;

  constructor(definedAt: ((node: Node, name: string) => unknown) | undefined) {
    this.#definedAt = definedAt;
  }

  note(expression: Expression, candidate: Candidate, outcome: Outcome): void {
    const known = this.#of(expression, candidate);
    if (known !== undefined) this.#known.push(known);
    this.#lines.push(this.#originOf(expression, outcome));
  }

  /** Whether a mistake has been found in another value that the same line makes. */
  isOfLine(expression: Expression, outcome: Outcome): boolean {
    const own = this.#originOf(expression, outcome);
    return this.#lines.some((origin) => isSameOrigin(origin, own));
  }

  /** What nothing has been found for. */
  noteUnknown(expression: Expression, outcome: Outcome): void {
    this.#unknown.push(this.#originOf(expression, outcome));
  }

  /** Whether nothing has been found for others that the same line makes: what is known of one turn is known of all. */
  isHopeless(expression: Expression, outcome: Outcome): boolean {
    const own = this.#originOf(expression, outcome);
    return this.#unknown.filter((origin) => isSameOrigin(origin, own)).length >= enoughUnknown;
  }

  #originOf(expression: Expression, { node, label }: Outcome): unknown {
    const original = expression.originalOf(node);
    return original && (this.#definedAt?.(original, label) ?? original.origin);
  }

  /** Those of the hypotheses that are like a mistake found before; none where nothing is known. */
  among(expression: Expression, groups: readonly CandidateGroup[]): CandidateGroup[] {
    if (this.#known.length === 0) return [];
    return groups.map(({ least, candidates }) => ({ least, candidates: this.#like(expression, candidates) }));
  }

  *#like(expression: Expression, candidates: Iterable<Candidate>): Generator<Candidate> {
    for (const candidate of candidates) {
      const own = this.#of(expression, candidate);
      const isKnown = this.#known.some(
        ({ kind, message, origin }) =>
          kind === own?.kind && message === own.message && isSameOrigin(origin, own.origin),
      );
      if (isKnown) yield candidate;
    }
  }

  /** Whatever the turn: without the numbers in its message. */
  #of(expression: Expression, { kind, message, change }: Candidate): Known | undefined {
    if (change.how !== "edit") return undefined;
    const { place } = change.edit;
    const step = place.kind === "use" ? place.consumer : "node" in place ? place.node : undefined;
    const original = step && expression.originalOf(step);
    if (step === undefined || original === undefined) return undefined;
    const name = expression.nameOf(step);
    const origin =
      (place.kind === "node" && name !== undefined ? this.#definedAt?.(original, name) : undefined) ??
      original.origin;
    return { kind, message: message.replaceAll(/\d+(?:\.\d+)?/gu, "#"), origin };
  }
}
