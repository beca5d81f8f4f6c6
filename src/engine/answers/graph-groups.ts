/** Which body each node of a graph was recorded in: instances of nets, applications of ops, one inside the other. */
import { instancePath, type InstanceValue } from "../../language/check";
import type { Application, Node } from "../../runtime/graph";
import type { GraphGroup } from "../../protocol";
import type { Target } from "../target";

export class GraphGroups {
  readonly groups: GraphGroup[] = [];
  readonly #target: Target;
  readonly #positions: ReadonlyMap<Node, number>;
  readonly #byInstance = new Map<InstanceValue, number>();
  readonly #byApplication = new Map<Application, number | null>();
  /** The innermost application that each id was recorded in, the op's or net's result aside. */
  readonly #around = new Map<number, Application>();
  /** The application directly around another. */
  readonly #outside = new Map<Application, Application>();
  /** The outermost op that gives a node. */
  readonly #results = new Map<Node, Application>();
  readonly #owners: ReadonlyMap<Node, InstanceValue>;

  constructor(target: Target, positions: ReadonlyMap<Node, number>) {
    this.#target = target;
    this.#positions = positions;
    this.#owners = new Map(
      target.rows.flatMap(({ node, named }) => (named.owner === undefined ? [] : [[node, named.owner]])),
    );
    this.#nest(target.machine.graph.applications);
  }

  /** Inner applications come before those around them. */
  #nest(applications: readonly Application[]): void {
    const open: Application[] = [];
    for (const application of applications) {
      const { first, end, result, kind } = application;
      for (let inner = open.at(-1); inner !== undefined && inner.first >= first; inner = open.at(-1)) {
        this.#outside.set(inner, application);
        open.pop();
      }
      open.push(application);
      if (kind === "op") this.#results.set(result, application);
      for (let id = first; id < end; id++)
        if (!this.#around.has(id) && id !== result.id) this.#around.set(id, application);
    }
  }

  /** The application of an op whose result a node is: the outermost. */
  resultOf(node: Node): Application | undefined {
    return this.#results.get(node);
  }

  groupOf(node: Node, owner: InstanceValue | undefined, isNamed: boolean): number | null {
    if (owner !== undefined) return this.#instance(owner);
    const around = this.#around.get(node.id);
    return isNamed || around === undefined ? null : this.#application(around);
  }

  #application(application: Application): number | null {
    const known = this.#byApplication.get(application);
    if (known !== undefined) return known;
    const group = application.kind === "net" ? this.#net(application) : this.#op(application);
    this.#byApplication.set(application, group);
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

  #op(application: Application): number {
    const { name, result } = application;
    const parent = this.#outer(application);
    return this.#add({ kind: "op", name, of: name, parent, result: this.#positions.get(result) ?? null });
  }

  /** The body around an application: the owner of its result, or the next application around it. */
  #outer(application: Application): number | null {
    const owner = this.#owners.get(application.result);
    if (owner !== undefined && application.kind === "op") return this.#instance(owner);
    const around = this.#outside.get(application);
    return around === undefined ? null : this.#application(around);
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
