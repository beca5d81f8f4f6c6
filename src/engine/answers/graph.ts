/** The computation of a target as nodes and edges, and how the chosen root's cotangents flow back through it. */
import type { GraphEdge, GraphFlow, GraphNode, GraphReport, Question } from "../../protocol";
import type { Place } from "../../language/check";
import type { BackwardPass, Node } from "../../runtime/graph";
import { isFloat } from "../../runtime/tensor";
import { originPlace } from "../places";
import type { Row } from "../root-passes";
import type { Target } from "../target";
import { GraphGroups } from "./graph-groups";
import { normOf } from "./norm";

/** More than can be laid out, folded or not. */
const mostNodes = 20_000;
/** Of an expression's text, as a label. */
const longestText = 40;

export function answerGraph(target: Target, { root, norms }: Question<"graph">): GraphReport {
  return new GraphAnswer(target, root ?? target.defaultRoot, norms).report();
}

/** The forward nodes of a target in the order of an answer: what positions in it mean. */
export function drawnNodes(target: Target): { readonly nodes: readonly Node[]; readonly omitted: number } {
  const named = namedRows(target);
  const found = new Set(named.keys());
  for (const node of found) for (const input of node.inputs) found.add(input);
  const all = [...found].filter((node) => named.has(node) || !isBareNumber(node)).sort((a, b) => a.id - b.id);
  return { nodes: all.slice(0, mostNodes), omitted: Math.max(0, all.length - mostNodes) };
}

/** The rows that are drawn; a node with two names has its first. */
export function namedRows(target: Target): ReadonlyMap<Node, Row> {
  const rows = new Map<Node, Row>();
  for (const row of target.rows)
    if (row.named.role !== "gradient" && !rows.has(row.node)) rows.set(row.node, row);
  return rows;
}

/** A number written in an expression; it needs no node of its own. */
function isBareNumber(node: Node): boolean {
  return node.kind === "source" && node.shape.length === 0;
}

class GraphAnswer {
  readonly #target: Target;
  readonly #root: number | null;
  readonly #norms: boolean;
  readonly #pass: BackwardPass | undefined;
  readonly #rows: ReadonlyMap<Node, Row>;
  readonly #nodes: readonly Node[];
  readonly #omitted: number;
  readonly #positions: ReadonlyMap<Node, number>;
  readonly #groups: GraphGroups;
  readonly #innerNames: ReadonlyMap<Node, string>;
  readonly #namedPlaces: ReadonlySet<string>;

  constructor(target: Target, root: number | null, norms: boolean) {
    this.#target = target;
    this.#root = root;
    this.#norms = norms;
    this.#pass = target.pass(root);
    this.#rows = namedRows(target);
    const { nodes, omitted } = drawnNodes(target);
    this.#nodes = nodes;
    this.#omitted = omitted;
    this.#positions = new Map(nodes.map((node, index) => [node, index]));
    this.#groups = new GraphGroups(target, this.#positions);
    this.#innerNames = new Map(
      target.machine.graph.applications.flatMap(({ names, first, end }) =>
        [...(names ?? [])].filter(([{ id }]) => id >= first && id < end),
      ),
    );
    this.#namedPlaces = new Set([...this.#rows.keys()].map(({ origin }) => placeKey(originPlace(origin))));
  }

  report(): GraphReport {
    return {
      root: this.#root,
      nodes: this.#nodes.map((node) => this.#node(node)),
      groups: this.#groups.groups,
      edges: this.#nodes.flatMap((node) => this.#edgesInto(node)),
      flows: this.#nodes.flatMap((node) => this.#flowsInto(node)),
      omitted: this.#omitted,
    };
  }

  #node(node: Node): GraphNode {
    const target = this.#target;
    const row = this.#rows.get(node);
    const place = row?.named.place ?? originPlace(node.origin);
    const gradient = this.#gradient(node);
    return {
      named: row === undefined ? null : (target.idOf(node) ?? null),
      name: row?.named.name ?? this.#innerNames.get(node) ?? null,
      text: oneLine(this.#textOf(node, row)),
      role: row?.named.role ?? (node.kind === "apply" ? "operator" : "constant"),
      op: this.#groups.resultOf(node)?.name ?? (node.kind === "apply" ? node.op.name : ""),
      group: this.#groups.groupOf(node, row?.named.owner, row !== undefined),
      shape: node.shape,
      dtype: node.dtype,
      range: place === undefined ? null : target.places.rangeOf(place),
      file: place === undefined ? null : target.places.otherFile(place),
      gradient: typeof gradient === "object" && gradient !== null ? "flows" : gradient,
      norm: typeof gradient === "object" && gradient !== null ? this.#norm(gradient) : null,
    };
  }

  /** The expression that a node is the value of, where it stands in the text. */
  #textOf(node: Node, row: Row | undefined): string {
    if (node.kind !== "apply") return "";
    const { places } = this.#target;
    if (this.#groups.isDerived(node)) return "";
    const origin = originPlace(this.#groups.resultOf(node)?.origin ?? node.origin);
    if (origin === undefined) return "";
    // What else comes from a named node's own expression is a step of its making.
    if (row === undefined) return this.#namedPlaces.has(placeKey(origin)) ? "" : places.textOf(origin);
    // A derivative comes from an expression elsewhere than behind its name.
    const { file, end } = row.named.place;
    const between = places.textOf({ file, start: end, end: Math.max(end, origin.start) });
    return origin.file === file && /^[^=\n]*=\s*$/.test(between) ? places.textOf(origin) : "";
  }

  #gradient(node: Node): Node | "zero" | "pending" | null {
    if (this.#pass === undefined || !isFloat(node.dtype)) return null;
    return this.#pass.gradient(node) ?? "zero";
  }

  #norm(node: Node): number | null {
    return this.#norms ? normOf(this.#target, node) : null;
  }

  #edgesInto(node: Node): readonly GraphEdge[] {
    const to = this.#positions.get(node);
    if (node.kind === "source" || to === undefined) return [];
    return Object.entries(node.operands).flatMap(([input, operand]) => {
      if (operand === undefined) return [];
      const operands: readonly Node[] = "kind" in operand ? [operand] : operand;
      return operands.flatMap((each) => {
        const from = this.#positions.get(each);
        return from === undefined ? [] : [{ from, to, input }];
      });
    });
  }

  #flowsInto(node: Node): readonly GraphFlow[] {
    const to = this.#positions.get(node);
    if (this.#pass === undefined || to === undefined || !isFloat(node.dtype)) return [];
    return this.#pass.contributions(node).flatMap(({ through, rule, value }) => {
      const from = through === undefined ? undefined : this.#positions.get(through);
      return from === undefined ? [] : [{ from, to, rule: rule ?? null, norm: this.#norm(value) }];
    });
  }
}

function placeKey(place: Place | undefined): string {
  return place === undefined ? "" : [place.file, place.start, place.end].join(" ");
}

/** Without line breaks, and not too long for a label. */
export function oneLine(text: string): string {
  const line = text.replace(/\s+/g, " ").trim();
  return line.length > longestText ? `${line.slice(0, longestText - 1)}…` : line;
}
