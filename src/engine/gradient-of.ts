/** Which gradient or tangent a value is: of what, at which named node. Knows nothing of what is asked about it. */
import type { RunRecord } from "../language/check";
import type { BackwardPass, JvpPass, Node } from "../runtime/graph";
import { isFloat } from "../runtime/tensor";

export interface FoundGradient {
  readonly pass: BackwardPass;
  readonly at: Node;
}

const mostLooks = 20_000;

/** The backward pass of the run that has made a value; undefined where it is no gradient at a named node. */
export function gradientIn(record: RunRecord, wanted: Node): FoundGradient | undefined {
  for (const [pass, at] of looks(record, wanted))
    if ("gradient" in pass && pass.gradient(at) === wanted) return { pass, at };
  return undefined;
}

export interface FoundTangent {
  readonly pass: JvpPass;
  readonly of: Node;
}

/** The forward pass of the run that has made a value; undefined where it is the tangent of no named node. */
export function tangentIn(record: RunRecord, wanted: Node): FoundTangent | undefined {
  for (const [pass, of] of looks(record, wanted))
    if ("tangentOf" in pass && pass.tangentOf(of) === wanted) return { pass, of };
  return undefined;
}

/** Every pass with every node that it may have been asked about. */
function* looks(record: RunRecord, wanted: Node): Generator<readonly [BackwardPass | JvpPass, Node]> {
  // Values of instances are no gradients of the run; and looking must not make every gradient of a long program.
  if (record.named.some(({ owner, value }) => owner !== undefined && value.node === wanted)) return;
  const nodes = namedNodes(record);
  if (record.passes.length * nodes.size > mostLooks) return;
  for (const { transform } of record.passes) {
    const pass = transform?.();
    if (pass === undefined) continue;
    for (const node of nodes) yield [pass, node];
  }
}

/** What has a name: a run's own values, those of its instances, and what these were applied to. */
function namedNodes({ named, instances }: RunRecord): Set<Node> {
  const given = instances.flatMap(({ inputs }) => inputs);
  const values = [...named.map(({ value }) => value), ...given];
  return new Set(values.flatMap(({ node }) => (node !== undefined && isFloat(node.dtype) ? [node] : [])));
}
