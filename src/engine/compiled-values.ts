/**
 * Computes what a run's reports will ask for all at once, by a compiled module, where that is sooner done than node by node. Knows
 * nothing of text.
 */
import { compile, isCompiled } from "../runtime/compile";
import type { ApplyNode, Node } from "../runtime/graph";
import type { Evaluator } from "../runtime/interpret";
import { elementCount, type Tensor } from "../runtime/tensor";

/** Less work than this, in multiplications, is interpreted sooner than a module is made. */
const worthwhile = 30_000_000;

/** Hands the evaluator the nodes' values where compiling pays; else it computes them when asked, and finds every fault itself. */
export function computeTogether(
  evaluator: Evaluator,
  nodes: readonly Node[],
  memoryLimit: number,
  poll?: () => void,
): void {
  const missing = nodes.filter((node) => node.kind === "apply" && !evaluator.has(node));
  if (workOf(missing, evaluator) < worthwhile) return;
  const compiled = compile(missing, { memoryLimit });
  if (!isCompiled(compiled) || !compiled.run(undefined, poll)) return;
  const values = missing.map((node): [Node, Tensor] => [node, compiled.value(node)]);
  evaluator.know(new Map(values));
}

/** The multiplications, roughly, of everything that is not known yet. */
function workOf(nodes: readonly Node[], evaluator: Evaluator): number {
  const found = new Set<Node>(nodes);
  let work = 0;
  for (const node of found) {
    if (node.kind === "source" || evaluator.has(node)) continue;
    work += elementCount(node.shape) * lengthOfSums(node);
    for (const input of node.inputs) found.add(input);
  }
  return work;
}

const products: ReadonlySet<string> = new Set(["matmul", "bmm", "mm", "mv", "linear", "einsum"]);

/** How many products each element of the result is the sum of. */
function lengthOfSums({ op, inputs }: ApplyNode): number {
  const [first, second] = inputs;
  if (products.has(op.name)) return first?.shape.at(-1) ?? 1;
  if (op.name.includes("conv")) return elementCount(second?.shape.slice(1) ?? []);
  return op.elementwise === undefined ? 5 : 1;
}
