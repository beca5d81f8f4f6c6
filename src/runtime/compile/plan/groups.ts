/**
 * Which values are computed in one loop: elementwise ones of one shape that read each other's elements in order, and what
 * is folded from them. Levels keep groups free of cycles: whatever is not fused is at least one level further on. Knows
 * nothing of memory.
 */
import type { Program } from "../program/program";
import { operandsOf, type Value } from "../program/value";
import { isAligned, loopShape, squeezed, type Usage, type Use } from "./usage";

export interface Group {
  readonly level: number;
  /** Ascending. */
  readonly members: readonly number[];
}

export interface Grouping {
  readonly groups: readonly Group[];
  readonly levels: readonly number[];
}

/** More than this in one loop takes more registers than there are. */
const largestGroup = 40;

interface OpenGroup {
  members: number[];
  folded: string | undefined;
}

/** Values that last are not in one loop with others: `isLasting` says which do. */
export function groupsOf(program: Program, usage: Usage, isLasting: readonly boolean[]): Grouping {
  return new Grouper(program, usage, isLasting).run();
}

class Grouper {
  readonly #values: readonly Value[];
  readonly #usage: Usage;
  readonly #isLasting: readonly boolean[];
  readonly #levels: number[];
  readonly #earliest: number[];
  readonly #groups: (OpenGroup | undefined)[];
  /** Groups that read a value in order, by level, shape and value. */
  readonly #readers = new Map<string, OpenGroup>();

  constructor({ values }: Program, usage: Usage, isLasting: readonly boolean[]) {
    this.#values = values;
    this.#usage = usage;
    this.#isLasting = isLasting;
    this.#levels = values.map(() => 0);
    this.#earliest = values.map(() => 0);
    this.#groups = values.map(() => undefined);
  }

  run(): Grouping {
    for (const value of this.#alive()) this.#levels[value] = this.#leastLevel(value);
    for (const value of this.#alive().reverse()) this.#sink(value);
    for (const value of this.#alive()) this.#place(value);
    const open = new Set(this.#groups.filter((group) => group !== undefined));
    const groups = [...open].map(({ members }) => {
      members.sort((a, b) => a - b);
      return { members, level: this.#levels[members[0]!]! };
    });
    return { groups, levels: this.#levels };
  }

  #alive(): number[] {
    return this.#values.flatMap((_, value) => (this.#usage.isAlive[value] ? [value] : []));
  }

  #isFusible({ consumer, access }: Use): boolean {
    const producer = this.#values[access.value]!;
    return (
      producer.kind === "elementwise" &&
      this.#isLasting[consumer] === this.#isLasting[access.value] &&
      loopShape(this.#values[consumer]!) !== undefined &&
      isAligned(access, producer)
    );
  }

  #leastLevel(value: number): number {
    let level = this.#earliest[value]!;
    for (const access of operandsOf(this.#values[value]!)) {
      const { kind } = this.#values[access.value]!;
      if (kind === "source" || kind === "constant") continue;
      const further = this.#isFusible({ consumer: value, access }) ? 0 : 1;
      level = Math.max(level, this.#levels[access.value]! + further);
    }
    return level;
  }

  /** What only loops read, in order, is computed in them and not before. */
  #sink(value: number): void {
    const own = this.#values[value]!;
    const uses = this.#usage.uses[value]!;
    if (own.kind !== "elementwise" || this.#usage.isWanted[value] || uses.length === 0) return;
    if (!uses.every((use) => this.#isFusible(use))) return;
    const level = Math.min(...uses.map(({ consumer }) => this.#levels[consumer]!));
    this.#earliest[value] = level;
    this.#levels[value] = Math.max(level, this.#levels[value]!);
  }

  #place(value: number): void {
    const own = this.#values[value]!;
    const level = this.#leastLevel(value);
    this.#levels[value] = level;
    const shape = loopShape(own);
    if (shape === undefined) return;
    const producers = new Set<OpenGroup>();
    for (const access of operandsOf(own)) {
      if (!this.#isFusible({ consumer: value, access }) || this.#levels[access.value] !== level) continue;
      producers.add(this.#groups[access.value]!);
    }
    let group: OpenGroup | undefined = { members: [value], folded: foldKey(own) };
    for (const producer of producers) group = group && joined(group, producer);
    if (group === undefined) {
      this.#levels[value] = level + 1;
      group = { members: [value], folded: foldKey(own) };
    }
    this.#adopt(group);
    this.#joinReaders(value, squeezed(shape).join(" "));
  }

  /** Loops that read the same elements in order become one. */
  #joinReaders(value: number, shape: string): void {
    for (const access of operandsOf(this.#values[value]!)) {
      if (!isAligned(access, this.#values[access.value]!)) continue;
      const key = `${String(this.#isLasting[value])} ${this.#levels[value]!} ${access.value} ${shape}`;
      const own = this.#groups[value]!;
      const other = this.#readers.get(key);
      const both =
        other === undefined || this.#groups[other.members[0]!] === own
          ? undefined
          : joined(own, this.#groups[other.members[0]!]!);
      if (both !== undefined) this.#adopt(both);
      this.#readers.set(key, this.#groups[value]!);
    }
  }

  #adopt(group: OpenGroup): void {
    for (const member of group.members) this.#groups[member] = group;
  }
}

/** Both as one; undefined where they fold along other axes or are too many. */
function joined(a: OpenGroup, b: OpenGroup): OpenGroup | undefined {
  if (a.members.length + b.members.length > largestGroup) return undefined;
  if (a.folded !== undefined && b.folded !== undefined && a.folded !== b.folded) return undefined;
  return { members: [...a.members, ...b.members], folded: a.folded ?? b.folded };
}

function foldKey(value: Value): string | undefined {
  if (value.kind !== "fold") return undefined;
  return value.folded
    .flatMap((folded, axis) => (value.operand.shape[axis] === 1 ? [] : [Number(folded)]))
    .join("");
}
