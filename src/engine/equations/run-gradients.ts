/** Which pass and which node of a run a path means: `dJ.W2` is a pass's, `m.W2` a node of the first pass that reaches it. */
import { instancePath, type PassValue, type Place } from "../../language/check";
import { backward, type BackwardPass, type JvpPass, type Node } from "../../runtime/graph";
import { full, isFloat } from "../../runtime/tensor";
import type { Lowered } from "./lowering";
import type { NamedPlace } from "./node-names";

export interface RunGradient {
  readonly pass: BackwardPass;
  readonly at: NamedPlace;
  readonly gradientName: (name: string) => string;
}

interface NamedPass {
  /** The name it is bound to, if any. */
  readonly name: string | undefined;
  readonly value: PassValue;
  readonly pass: BackwardPass;
}

function passesOf(passes: readonly PassValue[]): readonly NamedPass[] {
  return passes.flatMap((value) => {
    const pass = value.mode === "backward" ? value.transform?.() : undefined;
    return pass !== undefined && "gradient" in pass ? [{ name: nameOf(value), value, pass }] : [];
  });
}

function nameOf(pass: PassValue): string | undefined {
  return [...pass.scope.bindings()].find(({ value }) => value === pass)?.name;
}

/** A pass that is not a backward one, by the name that a path begins with. */
function otherPass({ record }: Lowered, head: string): PassValue | undefined {
  return record.passes.find((pass) => pass.mode !== "backward" && nameOf(pass) === head);
}

export interface RunTangent {
  readonly pass: JvpPass;
  readonly at: NamedPlace;
  /** What the tangent at a node of that name is called. */
  readonly tangentName: (name: string) => string;
}

/** What `t.o` reads of a `jvp` pass `t`; undefined for other paths. */
export function runTangent(
  lowered: Lowered,
  places: readonly NamedPlace[],
  place: Place,
  path: string,
): RunTangent | undefined {
  const [head = "", ...rest] = path.split(".");
  const value = rest.length === 0 ? undefined : otherPass(lowered, head);
  const pass = value?.transform?.();
  if (value === undefined || pass === undefined || !("tangentOf" in pass)) return undefined;
  const at = nodeRead(places, place, value, rest.join("."));
  return at && { pass, at, tangentName: inPass(head, prefixOf(value)) };
}

/** The node that a pass reads by a name: of the root's instance first. */
function nodeRead(
  places: readonly NamedPlace[],
  place: Place,
  pass: PassValue,
  name: string,
): NamedPlace | undefined {
  const here = places.filter((each) => each.place.file === place.file && each.place.start === place.start);
  const inside = prefixOf(pass) + name;
  return here.find((each) => each.name === inside || each.name === name) ?? here[0];
}

export function runGradient(
  lowered: Lowered,
  places: readonly NamedPlace[],
  place: Place,
  path: string,
): RunGradient | undefined {
  const { record, machine } = lowered;
  const passes = passesOf(record.passes);
  const [head = "", ...rest] = path.split(".");
  const read = passes.find(({ name }) => name === head);
  const here = places.filter((each) => each.place.file === place.file && each.place.start === place.start);
  if (rest.length > 0 && otherPass(lowered, head) !== undefined) return undefined;
  if (read !== undefined && rest.length > 0) {
    const at = nodeRead(places, place, read.value, rest.join("."));
    return at && { pass: read.pass, at, gradientName: gradientsOf(read, places) };
  }
  const at = here.find(({ name }) => name === path) ?? here[0];
  if (at === undefined) return undefined;
  const through = passes.find(({ pass }) => pass.root !== at.node && pass.gradient(at.node) !== undefined);
  if (through !== undefined) return { pass: through.pass, at, gradientName: gradientsOf(through, places) };
  for (const { node, name: root } of [...places].reverse()) {
    if (node.shape.length > 0 || !isFloat(node.dtype) || node === at.node || node.kind === "source") continue;
    const pass = onesPass(machine.graph, node);
    if (pass.gradient(at.node) !== undefined)
      return { pass, at, gradientName: (name) => `∂${root}/∂${name}` };
  }
  return undefined;
}

function onesPass(graph: Lowered["machine"]["graph"], root: Node): BackwardPass {
  return backward(graph, root, graph.source(full(root.dtype, root.shape, 1)), { rules: "hand" });
}

function prefixOf({ rootInstance }: PassValue): string {
  return rootInstance === undefined ? "" : `${instancePath(rootInstance)}.`;
}

/** `dJ.W2`: the name of the pass and that of the node in the root's instance; ∂m.J/∂m.W2 where the pass has none. */
function gradientsOf(
  { name: pass, value }: NamedPass,
  places: readonly NamedPlace[],
): (name: string) => string {
  const prefix = prefixOf(value);
  if (pass === undefined) {
    const root = places.find(({ node }) => node === value.root.node)?.name ?? "J";
    return (name) => `∂${root}/∂${name}`;
  }
  return inPass(pass, prefix);
}

function inPass(pass: string, prefix: string): (name: string) => string {
  return (name) => `${pass}.${prefix !== "" && name.startsWith(prefix) ? name.slice(prefix.length) : name}`;
}
