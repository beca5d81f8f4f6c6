/** What passes have made of named values, by the names that it can be read by: `d.h`, `d.z[1]`, `d[m.h]`. Knows nothing of what it is for. */
import type { NamedNode, PassValue, RunRecord } from "../language/check";
import type { Node } from "../runtime/graph";
import { isFloat } from "../runtime/tensor";
import { pathOf } from "./values";

export interface PassRead {
  readonly name: string;
  readonly node: Node;
}

/** More would make every gradient of a long program. */
const mostReads = 2000;

/** Of each pass that has a name, at each named value, but for what has a name of its own. */
export function passReads(
  { named }: Pick<RunRecord, "named">,
  passes: ReadonlyMap<string, PassValue>,
): PassRead[] {
  const known = new Set(named.flatMap(({ value }) => value.node ?? []));
  if (passes.size * known.size > mostReads) return [];
  const reads = new Map<Node, string>();
  for (const [pass, { read, rootInstance }] of passes)
    for (const entry of named) {
      const node = isFloat(entry.value.dtype) ? read?.(entry.value) : undefined;
      if (typeof node !== "object" || node.kind === "source" || known.has(node) || reads.has(node)) continue;
      reads.set(node, readName(pass, rootInstance, entry));
    }
  return [...reads].map(([node, name]) => ({ name, node }));
}

/** Names of the root's instance come first, then those of the run. */
function readName(
  pass: string,
  root: PassValue["rootInstance"],
  { name, owner, value }: Pick<NamedNode, "name" | "owner" | "value">,
): string {
  const [family = ""] = name.split("[");
  const inRoot = root?.scope.own(family)?.value;
  const isSame = inRoot?.kind === "tensor" && inRoot.node === value.node;
  const isPlain = owner === root || (owner === undefined && (inRoot === undefined || isSame));
  return isPlain ? `${pass}.${name}` : `${pass}[${pathOf(name, owner)}]`;
}
