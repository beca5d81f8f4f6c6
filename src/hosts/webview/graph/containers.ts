/**
 * The bodies of a graph as a tree of containers that can be opened and closed: nets, ops, and families — z[1] … z[9] and
 * blocks[0] … blocks[5] — which are told by their names. Knows nothing of edges or drawing.
 */
import type { GraphReport } from "../../../protocol";

export interface Container {
  /** The same in every run of the same text. */
  readonly key: string;
  readonly kind: "net" | "op" | "family";
  readonly name: string;
  /** Of a net or op, the declaration; of a family, what its members are. */
  readonly of: string;
  readonly parent: Container | null;
  /** Of an op, the position of the node that it gives. */
  readonly result: number | null;
}

/** Fewer of a kind are shown one by one. */
const smallestFamily = 3;

export class Containers {
  readonly all: readonly Container[];
  readonly byKey: ReadonlyMap<string, Container>;
  /** The op that gives a node, by its position; the outermost. */
  readonly byResult: ReadonlyMap<number, Container>;
  readonly #ofNode: readonly (Container | null)[];

  constructor(report: GraphReport) {
    const all: Container[] = [];
    const families = new Families(all);
    const groups = familiesOf(
      report.groups.map(({ kind, name, parent }) => ({ name, home: [kind, parent].join() })),
    );
    const containers: Container[] = [];
    const taken = new Map<string, number>();
    for (const [index, { kind, name, of, parent, result }] of report.groups.entries()) {
      const outer = parent === null ? null : (containers[parent] ?? null);
      const family = kind === "net" ? groups.get(index) : undefined;
      const inside = family === undefined ? outer : families.find(family, outer, of);
      const path = `${inside === null ? "" : `${inside.key}/`}${kind}:${name}`;
      const same = taken.get(path) ?? 0;
      taken.set(path, same + 1);
      const key = same === 0 ? path : `${path}#${String(same)}`;
      const made = { key, kind, name, of, parent: inside, result: kind === "op" ? result : null };
      all.push(made);
      containers.push(made);
    }
    const named = familiesOf(
      report.nodes.map(({ name, named: id, group }) => ({
        name: id === null ? "" : (name ?? ""),
        home: String(group),
      })),
    );
    const ofNode = report.nodes.map(({ group, op }, position) => {
      const outer = group === null ? null : (containers[group] ?? null);
      const family = named.get(position);
      return family === undefined ? outer : families.find(family, outer, op);
    });
    this.#ofNode = adopted(report, ofNode);
    this.all = all;
    this.byKey = new Map(all.map((each) => [each.key, each]));
    this.byResult = new Map(
      all.toReversed().flatMap((each) => (each.result === null ? [] : [[each.result, each]])),
    );
  }

  of(position: number): Container | null {
    return this.#ofNode[position] ?? null;
  }

  /** The containers around a node, the outermost first. */
  around(position: number): readonly Container[] {
    const found: Container[] = [];
    for (let each = this.of(position); each !== null; each = each.parent) found.unshift(each);
    return found;
  }
}

/** The families made so far, by their place and base. */
class Families {
  readonly #found = new Map<string, Container>();
  readonly #all: Container[];

  constructor(all: Container[]) {
    this.#all = all;
  }

  find(base: string, parent: Container | null, of: string): Container {
    const key = `${parent === null ? "" : `${parent.key}/`}family:${base}`;
    const known = this.#found.get(key);
    if (known !== undefined) return known;
    const made: Container = { key, kind: "family", name: `${base}[…]`, of, parent, result: null };
    this.#found.set(key, made);
    this.#all.push(made);
    return made;
  }
}

/** The base of each whose name is one of a family: `z` of `z[3]`, where enough share it in one home. */
function familiesOf(
  named: readonly { readonly name: string; readonly home: string }[],
): ReadonlyMap<number, string> {
  const bases = named.map(({ name }) => /^(.+?)\[[^\]]*\]$/.exec(name)?.[1]);
  const counts = new Map<string, number>();
  const keyOf = (index: number): string => `${named[index]?.home ?? ""} ${bases[index] ?? ""}`;
  for (const [index, base] of bases.entries())
    if (base !== undefined) counts.set(keyOf(index), (counts.get(keyOf(index)) ?? 0) + 1);
  return new Map(
    bases.flatMap((base, index) =>
      base !== undefined && (counts.get(keyOf(index)) ?? 0) >= smallestFamily ? [[index, base]] : [],
    ),
  );
}

/** A nameless step of nothing but a family's members is in the family too. */
function adopted(
  { nodes, edges }: GraphReport,
  ofNode: readonly (Container | null)[],
): readonly (Container | null)[] {
  const found = [...ofNode];
  const consumers: number[][] = nodes.map(() => []);
  for (const { from, to } of edges) consumers[from]?.push(to);
  for (let position = nodes.length - 1; position >= 0; position--) {
    const [first, ...rest] = (consumers[position] ?? []).map((each) => found[each] ?? null);
    if (nodes[position]?.name !== null || first?.kind !== "family" || first.parent !== found[position])
      continue;
    if (rest.every((each) => each === first)) found[position] = first;
  }
  return found;
}
