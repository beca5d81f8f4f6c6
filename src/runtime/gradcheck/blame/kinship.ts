/**
 * Which values of the body members of a family may stand for: those of one place, in the turn of each or in the one before or after it,
 * as `delta[2]` and `delta[3]` for what is given to `tanh` in `h[2]` and `h[3]`; or in the other order, `e[1]` for the last layer. Knows
 * nothing of their values.
 */
import type { Node } from "../../graph";
import { bodyPlaces, placeOf, shifted, type BodyPlace } from "./body-places";
import type { GradientSummand } from "./dropped-contributions";
import { familyOf } from "./gradient-names";
import type { Naming } from "./naming";

/** A family of places, and by how many turns it is further; in the other order, which index it is counted back from. */
export interface Kinship {
  readonly family: string;
  readonly offset: number;
  readonly isReverse?: true;
}

export class Kinships {
  readonly #body: readonly Node[];
  readonly #isPart: ReadonlySet<Node>;
  readonly #named: Naming;
  readonly #places: Map<Node, BodyPlace>;
  readonly #byPlace = new Map<string, Node>();
  /** What members of families have turned out to be. */
  readonly #known = new Map<string, Kinship>();

  /** Of the values of a body in topological order, and of parts of gradients. */
  constructor(body: readonly Node[], parts: readonly GradientSummand[], named: Naming) {
    this.#body = [...parts.map(({ part }) => part), ...body];
    this.#isPart = new Set(parts.map(({ part }) => part));
    this.#named = named;
    this.#places = bodyPlaces(body, named);
    for (const { part, at, through } of parts) {
      const [place, by] = [this.#places.get(at), through && this.#places.get(through)];
      if (place === undefined || by === undefined) continue;
      this.#places.set(part, { family: `${place.family} by ${by.family}`, index: place.index });
    }
    for (const [node, { family, index }] of this.#places) this.#byPlace.set(`${family} ${index}`, node);
  }

  isKnown(family: string): boolean {
    return this.#known.has(family);
  }

  settle(family: string, kinship: Kinship): void {
    this.#known.set(family, kinship);
  }

  /** What a member of a family has turned out to be tells what the others are. */
  remember(label: string, at: Node): void {
    const [kinship] = this.between(label, at);
    if (kinship !== undefined) this.settle(familyOf(label), kinship);
  }

  /** How a member and a value of the body may stand to one another: in the same order, or in the other one. */
  between(label: string, at: Node): Kinship[] {
    const place = this.#places.get(at);
    const own = placeOf(label).index;
    if (place === undefined || own === "") return [];
    const { family } = place;
    const offset = offsets.find((by) => shifted(own, by) === place.index);
    const [from, to] = [numberIn(own), numberIn(place.index)];
    return [
      ...(offset === undefined ? [] : [{ family, offset }]),
      ...(from === undefined || to === undefined
        ? []
        : [{ family, offset: from + to, isReverse: true } as const]),
    ];
  }

  /** What stands at the place of a family in a member's turn. */
  kinOf(label: string, kinship = this.#known.get(familyOf(label))): Node | undefined {
    if (kinship === undefined) return undefined;
    const { family, offset, isReverse } = kinship;
    const own = placeOf(label).index;
    const index = isReverse === true ? reversed(own, offset) : shifted(own, offset);
    return index === undefined ? undefined : this.#byPlace.get(`${family} ${index}`);
  }

  /** Kinships in which each of these has its kin, those nearest to the result first. */
  *of(labels: readonly string[]): Generator<Kinship> {
    const families = new Set(
      [...this.#body].reverse().flatMap((node) => this.#places.get(node)?.family ?? []),
    );
    const isWhole = (kinship: Kinship): boolean =>
      labels.every((label) => this.kinOf(label, kinship) !== undefined);
    for (const offset of offsets)
      for (const family of families) if (isWhole({ family, offset })) yield { family, offset };
    const indices = labels.flatMap((label) => numberIn(placeOf(label).index) ?? []);
    const ends = Math.min(...indices) + Math.max(...indices);
    for (const offset of offsets.map((by) => ends + by))
      for (const family of families)
        if (isWhole({ family, offset, isReverse: true })) yield { family, offset, isReverse: true };
  }

  /** Any value of the body: those of the same index and those with names first, parts of gradients last. */
  strangers(label: string): Node[] {
    const { index } = placeOf(label);
    const rank = (at: Node): number =>
      this.#isPart.has(at)
        ? -1
        : Number(index !== "" && this.#places.get(at)?.index === index) +
          Number(this.#named(at) !== undefined);
    return [...this.#body].reverse().sort((a, b) => rank(b) - rank(a));
  }
}

const offsets = [0, -1, 1];

/** 3 of "[3]". */
function numberIn(index: string): number | undefined {
  const digits = /^\[?(\d+)\]?$/u.exec(index)?.[1];
  return digits === undefined ? undefined : Number(digits);
}

/** "[2]" of "[3]", counted back from 5. */
function reversed(index: string, from: number): string | undefined {
  const number = numberIn(index);
  return number === undefined ? undefined : index.replace(String(number), String(from - number));
}
