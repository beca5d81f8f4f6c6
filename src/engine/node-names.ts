/** What a run's nodes are called, and where: one value may have several names, `dz = da` gives it two. Knows no graph. */
import type { Place, RunRecord } from "../language/check";
import type { Node } from "../runtime/graph";
import { originPlace } from "./places";
import { pathOf } from "./values";

interface Named {
  readonly name: string;
  readonly place: Place;
}

export class NodeNames {
  readonly #names = new Map<Node, Named[]>();

  constructor({ named }: Pick<RunRecord, "named">) {
    for (const { name, owner, value, place } of named) {
      if (value.node === undefined) continue;
      const entry = { name: pathOf(name, owner), place };
      const known = this.#names.get(value.node);
      if (known === undefined) this.#names.set(value.node, [entry]);
      else known.push(entry);
    }
  }

  /** All names, in the order of their definition. */
  allOf(node: Node): readonly string[] {
    return (this.#names.get(node) ?? []).map(({ name }) => name);
  }

  /** The first name, or the one that is `inner` inside of its net. */
  of(node: Node, inner?: string): string | undefined {
    return this.#find(node, inner)?.name ?? inner;
  }

  /** Where the value is made that has the name; where that is another name for it, the name itself. */
  placeOf(node: Node, inner: string): Place | undefined {
    const found = this.#find(node, inner);
    const [first] = this.#names.get(node) ?? [];
    return found === first ? (originPlace(node.origin) ?? found?.place) : found?.place;
  }

  #find(node: Node, inner: string | undefined): Named | undefined {
    const all = this.#names.get(node) ?? [];
    if (inner === undefined) return all[0];
    return all.find(({ name }) => name === inner || name.endsWith(`.${inner}`)) ?? all[0];
  }
}
