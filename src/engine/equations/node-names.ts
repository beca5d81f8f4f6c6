/** What the nodes of a lowered body or run are called there. Knows nothing of equations. */
import {
  instancePath,
  type InstanceValue,
  type Module,
  type Place,
  type RunRecord,
  type Value,
} from "../../language/check";
import type { Node } from "../../runtime/graph";
import { isPlaceholder } from "./equation-machine";

/** A node as the text names it. */
export interface NamedPlace {
  readonly node: Node;
  readonly name: string;
  readonly place: Place;
  readonly turn: Readonly<Record<string, number | string>>;
  /** An inner name for what has another outside: it is asked by it, never called by it. */
  readonly alias?: boolean;
}

interface Defined {
  readonly name: string;
  readonly place: Place;
  readonly value: Value;
}

/** Every named node of a record; paths begin at `home`, or at the run. `definitions` tell where instances are named. */
export function namedPlaces(
  record: RunRecord,
  home: InstanceValue | undefined,
  definitions: Iterable<Defined>,
): readonly NamedPlace[] {
  const places: NamedPlace[] = [];
  const standing: NamedPlace[] = [];
  const prefix = home === undefined ? "" : `${instancePath(home)}.`;
  const relative = (path: string): string =>
    prefix !== "" && path.startsWith(prefix) ? path.slice(prefix.length) : path;
  // An instance stands for its result: in a body under its own name, in a run under the one inside of it, if there is one.
  for (const { place, value } of definitions) {
    if (value.kind !== "instance" || value === home || value.state.result.kind !== "tensor") continue;
    const { node } = value.state.result;
    if (node !== undefined) standing.push({ node, name: relative(instancePath(value)), place, turn: {} });
  }
  for (const { name, owner, value, place, turn } of record.named) {
    if (value.node === undefined) continue;
    const path = owner === undefined ? name : relative(`${instancePath(owner)}.${name}`);
    places.push({ node: value.node, name: path, place, turn });
  }
  for (const instance of record.instances) {
    const path = relative(`${instancePath(instance)}.`);
    for (const { name, role, value, place } of instance.scope.bindings()) {
      if (role !== "input" || value.kind !== "tensor" || value.node === undefined) continue;
      const alias = instance !== home;
      places.push({ node: value.node, name: path + name, place, turn: {}, alias });
    }
  }
  // Where one instance returns another, the outer name is the one that the text knows.
  standing.sort((a, b) => a.name.split(".").length - b.name.split(".").length);
  return home === undefined ? [...places, ...standing] : [...standing, ...places];
}

/** The names of an op's body, which are no nodes of a record. */
export function placesOf(definitions: Iterable<Defined>): readonly NamedPlace[] {
  const places: NamedPlace[] = [];
  for (const { name, place, value } of definitions) {
    if (value.kind === "tensor" && value.node !== undefined)
      places.push({ node: value.node, name, place, turn: {} });
  }
  return places;
}

/** `attention.p`: what the bodies of ops call what they compute. */
export function namesInOps(
  definitions: Iterable<Defined>,
  module: Module,
): (node: Node) => string | undefined {
  const names = new Map<Node, string>();
  const ops = opsOf(module);
  for (const { name, place, value } of definitions) {
    if (value.kind !== "tensor" || value.node?.kind !== "apply" || names.has(value.node)) continue;
    const op = ops.find(
      ({ file, start, end }) => file === place.file && start <= place.start && place.end <= end,
    );
    if (op !== undefined) names.set(value.node, `${op.name}.${name}`);
  }
  return (node) => names.get(node);
}

/** The ops of a file and of those it imports. */
function opsOf(module: Module, seen = new Set<Module>()): readonly (Place & { readonly name: string })[] {
  if (seen.has(module)) return [];
  seen.add(module);
  const own = module.file.declarations.flatMap((declaration) =>
    declaration.kind === "op"
      ? [{ file: module.id, start: declaration.start, end: declaration.end, name: declaration.name.name }]
      : [],
  );
  const imported = [...module.imports.values()].flatMap((each) => (each ? opsOf(each.module, seen) : []));
  return [...own, ...imported];
}

/** The first name of each node; what stands for data without a name is called as it is written. */
export function nameNodes(
  places: readonly NamedPlace[],
  textOf: (place: Place) => string | undefined,
): (node: Node) => string | undefined {
  const names = new Map<Node, string>();
  const known = [...places].sort((a, b) => Number(a.alias === true) - Number(b.alias === true));
  for (const { node, name } of known) if (!names.has(node)) names.set(node, name);
  return (node) => {
    const name = names.get(node) ?? elementOf(node, names);
    if (name !== undefined || node.kind !== "source" || !isPlaceholder(node.value)) return name;
    const { origin } = node;
    // The language gives nodes the places they come from, and nothing else.
    const place =
      typeof origin === "object" && origin !== null && "file" in origin ? (origin as Place) : undefined;
    return (place && textOf(place)) ?? "data";
  };
}

/** `x[3]`: one element of the first dimension of what has a name. */
function elementOf(node: Node, names: ReadonlyMap<Node, string>): string | undefined {
  if (node.kind !== "apply" || node.op.name !== "select" || node.attributes.dim !== 0) return undefined;
  const [of] = node.inputs;
  const name = of && names.get(of);
  return name === undefined ? undefined : `${name}[${String(node.attributes.index)}]`;
}
