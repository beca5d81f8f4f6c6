/**
 * What of a graph is drawn: open containers with what is in them, closed ones as one box each, nameless steps left out
 * unless they are wanted, and between the boxes the edges and flows of all that they stand for. No DOM, no places.
 */
import type { GraphNode, GraphReport } from "../../../protocol";
import { shapeText } from "../look/number-format";
import type { Container, Containers } from "./containers";

export const details = ["names", "operators"] as const;
/** "names": what has a name; "operators": every step. */
export type Detail = (typeof details)[number];

export interface Box {
  readonly key: string;
  readonly kind: "node" | Container["kind"];
  readonly title: string;
  /** The operator or declaration. */
  readonly what: string;
  /** Of a single node. */
  readonly node: GraphNode | null;
  /** The nodes that it stands for, by position. */
  readonly members: readonly number[];
  /** How many of them have names. */
  readonly named: number;
  /** The key of the open container around it. */
  readonly parent: string | null;
  /** "open" boxes hold others; "closed" ones can be opened; null where there is nothing inside. */
  readonly fold: "open" | "closed" | null;
  /** The container that is opened or closed. */
  readonly container: string | null;
}

export interface Line {
  readonly key: string;
  readonly from: string;
  readonly to: string;
  /** The shapes that go along it, each once. */
  readonly shapes: readonly string[];
  /** The Euclidean norm of what flows; null where it is not known. */
  readonly norm: number | null;
}

export interface FoldedGraph {
  /** The key of the box that stands for each node, by its position; null for a step that is left out. */
  readonly boxOf: readonly (string | null)[];
  /** Containers before what is in them. */
  readonly boxes: readonly Box[];
  readonly edges: readonly Line[];
  readonly flows: readonly Line[];
}

export function foldGraph(
  report: GraphReport,
  containers: Containers,
  detail: Detail,
  isOpen: (container: Container) => boolean,
): FoldedGraph {
  return new Folding(report, containers, detail, isOpen).result();
}

/** The boxes that would be seen, without their lines: what opening costs. */
export function countBoxes(
  report: GraphReport,
  containers: Containers,
  detail: Detail,
  isOpen: (container: Container) => boolean,
): number {
  return new Folding(report, containers, detail, isOpen).boxes().length;
}

class Folding {
  readonly #report: GraphReport;
  readonly #containers: Containers;
  readonly #detail: Detail;
  readonly #isOpen: (container: Container) => boolean;
  readonly #boxOf: readonly (string | null)[];

  constructor(
    report: GraphReport,
    containers: Containers,
    detail: Detail,
    isOpen: (container: Container) => boolean,
  ) {
    this.#report = report;
    this.#containers = containers;
    this.#detail = detail;
    this.#isOpen = (container) => (detail === "names" && container.kind === "op" ? false : isOpen(container));
    this.#boxOf = report.nodes.map((_, position) => this.#represent(position));
  }

  result(): FoldedGraph {
    const { edges, flows } = this.#report;
    return {
      boxOf: this.#boxOf,
      boxes: this.boxes(),
      edges: this.#lines(edges, true),
      flows: this.#lines(flows, false),
    };
  }

  boxes(): readonly Box[] {
    const members = new Map<string, number[]>();
    for (const [position, key] of this.#boxOf.entries()) {
      if (key === null) continue;
      const known = members.get(key);
      if (known === undefined) members.set(key, [position]);
      else known.push(position);
    }
    const boxes = new Map<string, Box>();
    for (const [key, positions] of members) {
      const container = this.#containers.byKey.get(key);
      const own = positions.find((position) => nodeKey(position) === key);
      const around = container === undefined ? this.#containers.around(own ?? 0) : ancestors(container);
      for (const outer of around)
        if (!boxes.has(outer.key) && outer.key !== key) boxes.set(outer.key, opened(outer));
      boxes.set(
        key,
        container === undefined
          ? this.#single(own ?? 0, positions)
          : closed(
              container,
              positions,
              positions.filter((position) => this.#report.nodes[position]?.named !== null).length,
            ),
      );
    }
    return [...boxes.values()];
  }

  #single(position: number, members: readonly number[]): Box {
    const node = this.#report.nodes[position]!; // Positions are of this report.
    const op = this.#detail === "operators" ? this.#containers.byResult.get(position) : undefined;
    const isFolded = op !== undefined && !this.#isOpen(op);
    const title = node.name ?? (node.text || node.op || "constant");
    // What is left out of the drawing is said in the box.
    const what = this.#detail === "names" && node.text !== "" ? node.text : node.op;
    return {
      key: nodeKey(position),
      kind: "node",
      title,
      what: what === title ? "" : what,
      node,
      members,
      named: 1,
      parent: this.#containers.of(position)?.key ?? null,
      fold: isFolded ? "closed" : null,
      container: isFolded ? op.key : null,
    };
  }

  /** The outermost closed container; a closed op is its result. */
  #represent(position: number): string | null {
    const node = this.#report.nodes[position]!; // Positions are of this report.
    const shut = this.#containers.around(position).find((container) => !this.#isOpen(container));
    if (shut?.kind === "op" && shut.result !== null && shut.result !== position)
      return this.#represent(shut.result);
    if (shut !== undefined) return shut.key;
    return this.#detail === "names" && node.named === null ? null : nodeKey(position);
  }

  /** The nodes in boxes from which something comes by way of nodes left out; the node itself where it is in one. */
  #origins(into: ReadonlyMap<number, Comings>, isForward: boolean): (position: number) => readonly number[] {
    const found = new Map<number, readonly number[]>();
    const count = this.#boxOf.length;
    const origins = (position: number): readonly number[] => found.get(position) ?? [position];
    // Edges lead to later positions, flows to earlier ones: each is reached after all that comes to it.
    for (let step = 0; step < count; step++) {
      const position = isForward ? step : count - 1 - step;
      if (this.#boxOf[position] !== null) continue;
      const comings = into.get(position) ?? [];
      found.set(position, [...new Set(comings.flatMap(({ from }) => origins(from)))]);
    }
    return origins;
  }

  /** Lines between boxes: nodes left out hand on what comes to them. */
  #lines(
    given: readonly { readonly from: number; readonly to: number; readonly norm?: number | null }[],
    isForward: boolean,
  ): readonly Line[] {
    const into = new Map<number, { readonly from: number; readonly norm: number | null }[]>();
    for (const { from, to, norm = null } of given) {
      const known = into.get(to);
      if (known === undefined) into.set(to, [{ from, norm }]);
      else known.push({ from, norm });
    }
    const origins = this.#origins(into, isForward);
    const merged = new Map<
      string,
      { from: string; to: string; shapes: Set<string>; squares: number | null }
    >();
    for (const [to, comings] of into) {
      const target = this.#boxOf[to] ?? null;
      if (target === null) continue;
      for (const { from, norm } of comings)
        for (const origin of origins(from)) {
          const source = this.#boxOf[origin] ?? null;
          if (source === null || source === target) continue;
          const key = `${source}→${target}`;
          const shape = shapeText(this.#report.nodes[isForward ? origin : to]?.shape ?? []);
          const line = merged.get(key) ?? { from: source, to: target, shapes: new Set(), squares: null };
          line.shapes.add(shape);
          if (norm !== null) line.squares = (line.squares ?? 0) + norm ** 2;
          merged.set(key, line);
        }
    }
    return [...merged].map(([key, { from, to, shapes, squares }]) => ({
      key,
      from,
      to,
      shapes: [...shapes],
      norm: squares === null ? null : Math.sqrt(squares),
    }));
  }
}

type Comings = readonly { readonly from: number; readonly norm: number | null }[];

export function nodeKey(position: number): string {
  return `#${String(position)}`;
}

function ancestors(container: Container): readonly Container[] {
  const found: Container[] = [];
  for (let each = container.parent; each !== null; each = each.parent) found.unshift(each);
  return found;
}

function opened({ key, kind, name, of, parent }: Container): Box {
  return {
    key,
    kind,
    title: name,
    what: of === name ? "" : of,
    node: null,
    members: [],
    named: 0,
    parent: parent?.key ?? null,
    fold: "open",
    container: key,
  };
}

function closed(container: Container, members: readonly number[], named: number): Box {
  return { ...opened(container), members, named, fold: "closed" };
}
