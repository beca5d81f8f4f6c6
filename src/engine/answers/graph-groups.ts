/** Which body each node of a graph was recorded in: instances of nets, applications of ops, one inside the other. */
import { instancePath, type InstanceValue } from "../../language/check";
import type { Application, Node, Section } from "../../runtime/graph";
import type { GraphGroup } from "../../protocol";
import type { Target } from "../target";

/** Sections are drawn as ops are: as their result, which can be opened. */
type Body = Application | (Section & { readonly kind: "section"; readonly origin?: undefined });

export class GraphGroups {
  readonly groups: GraphGroup[] = [];
  readonly #target: Target;
  readonly #positions: ReadonlyMap<Node, number>;
  readonly #byInstance = new Map<InstanceValue, number>();
  readonly #byBody = new Map<Body, number | null>();
  /** The innermost body that each id was recorded in, the op's or net's result aside. */
  readonly #around = new Map<number, Body>();
  /** The body directly around another. */
  readonly #outside = new Map<Body, Body>();
  /** The outermost op or section that gives a node. */
  readonly #results = new Map<Node, Body>();
  readonly #owners: ReadonlyMap<Node, InstanceValue>;

  constructor(target: Target, positions: ReadonlyMap<Node, number>) {
    this.#target = target;
    this.#positions = positions;
    this.#owners = new Map(
      target.rows.flatMap(({ node, named }) => (named.owner === undefined ? [] : [[node, named.owner]])),
    );
    this.#nest(bodiesOf(target));
  }

  /** Inner bodies come before those around them. */
  #nest(bodies: readonly Body[]): void {
    const consumers = consumersOf([...this.#positions.keys()]);
    const open: Body[] = [];
    for (const body of bodies) {
      const { first, result, kind } = body;
      const members = kind === "section" ? this.#ownNodes(body, consumers) : idsOf(body);
      if (kind === "section" && members.length < 2) continue;
      for (let inner = open.at(-1); inner !== undefined && inner.first >= first; inner = open.at(-1)) {
        this.#outside.set(inner, body);
        open.pop();
      }
      open.push(body);
      if (kind !== "net") this.#results.set(result, body);
      for (const id of members) if (!this.#around.has(id)) this.#around.set(id, body);
    }
  }

  /** The drawn nodes of a section that nothing outside of it uses. */
  #ownNodes({ first, result }: Section, consumers: ReadonlyMap<Node, readonly Node[]>): readonly number[] {
    if (!this.#positions.has(result)) return [];
    const own = new Set<Node>([result]);
    const { nodes } = this.#target.machine.graph;
    // Results are the last to be recorded, consumers after what they use.
    for (let id = result.id - 1; id >= first; id--) {
      const node = nodes[id]!; // Ids are positions.
      const users = consumers.get(node);
      if (this.#positions.has(node) && users?.every((user) => own.has(user)) === true) own.add(node);
    }
    return [...own].flatMap(({ id }) => (id === result.id ? [] : [id]));
  }

  /** The application of an op, or the section, whose result a node is: the outermost. */
  resultOf(node: Node): Body | undefined {
    return this.#results.get(node);
  }

  /** Whether it was recorded on the way to a derivative: what its place says is not what it is the value of. */
  isDerived(node: Node): boolean {
    return (this.#around.get(node.id) ?? this.#results.get(node))?.kind === "section";
  }

  groupOf(node: Node, owner: InstanceValue | undefined, isNamed: boolean): number | null {
    if (owner !== undefined) return this.#instance(owner);
    const around = this.#around.get(node.id);
    return isNamed || around === undefined ? null : this.#body(around);
  }

  #body(body: Body): number | null {
    const known = this.#byBody.get(body);
    if (known !== undefined) return known;
    const group = body.kind === "net" ? this.#net(body) : this.#op(body);
    this.#byBody.set(body, group);
    return group;
  }

  /** The instance that a net's application made; where it cannot be told, the body around it. */
  #net(application: Application): number | null {
    const { result, name } = application;
    const instance = this.#target.record.instances.find(
      ({ layer, state }) =>
        layer.name === name && state.result.kind === "tensor" && state.result.node === result,
    );
    return instance === undefined ? this.#outer(application) : this.#instance(instance);
  }

  #op(body: Body): number {
    const { name, result } = body;
    const parent = this.#outer(body);
    return this.#add({ kind: "op", name, of: name, parent, result: this.#positions.get(result) ?? null });
  }

  /** The body around another: the owner of its result, or the next one around it. */
  #outer(body: Body): number | null {
    const owner = this.#owners.get(body.result);
    if (owner !== undefined && body.kind !== "net") return this.#instance(owner);
    const around = this.#outside.get(body);
    return around === undefined ? null : this.#body(around);
  }

  #instance(instance: InstanceValue): number {
    const known = this.#byInstance.get(instance);
    if (known !== undefined) return known;
    const { parent, result } = instance.state;
    const outer = parent === undefined ? null : this.#instance(parent);
    const path = instancePath(instance);
    const name = parent === undefined ? path : path.slice(instancePath(parent).length + 1);
    const node = result.kind === "tensor" ? result.node : undefined;
    const position = node === undefined ? undefined : this.#positions.get(node);
    const group = this.#add({
      kind: "net",
      name,
      of: instance.layer.name,
      parent: outer,
      result: position ?? null,
    });
    this.#byInstance.set(instance, group);
    return group;
  }

  #add(group: GraphGroup): number {
    return this.groups.push(group) - 1;
  }
}

/** By their ends, inner ones before those around them. */
function bodiesOf({ machine: { graph } }: Target): readonly Body[] {
  const sections = graph.sections.map((section): Body => ({ ...section, kind: "section" }));
  return sections.length === 0
    ? graph.applications
    : [...graph.applications, ...sections].sort((a, b) => a.end - b.end || b.first - a.first);
}

function idsOf({ first, end, result }: Body): readonly number[] {
  return Array.from({ length: end - first }, (_, index) => first + index).filter((id) => id !== result.id);
}

function consumersOf(nodes: readonly Node[]): ReadonlyMap<Node, readonly Node[]> {
  const consumers = new Map<Node, Node[]>();
  for (const node of nodes)
    for (const input of node.inputs) {
      const known = consumers.get(input);
      if (known === undefined) consumers.set(input, [node]);
      else known.push(node);
    }
  return consumers;
}
