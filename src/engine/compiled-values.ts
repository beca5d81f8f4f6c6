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
/** Gradients take no more work than twice that of what they are of. */
const withGradients = 3;

export interface Together {
  readonly nodes: readonly Node[];
  /** The gradients that are going to be asked for as well; they are recorded where the work may be worth it. */
  readonly gradients: () => readonly Node[];
  /** In bytes. */
  readonly memoryLimit: number;
  readonly poll?: () => void;
}

/** Hands the evaluator the nodes' values where compiling pays; else it computes them when asked, and finds every fault itself. */
export function computeTogether(
  evaluator: Evaluator,
  { nodes, gradients, memoryLimit, poll }: Together,
): void {
  const missing = unknown(nodes, evaluator);
  if (workOf(missing, evaluator) * withGradients < worthwhile) return;
  const all = unknown([...nodes, ...gradients()], evaluator);
  // Where all of it is too much, or something is at fault, perhaps not in the values.
  for (const wanted of [all, missing]) {
    if (workOf(wanted, evaluator) < worthwhile) return;
    const compiled = compile(wanted, { memoryLimit });
    if (!isCompiled(compiled) || !compiled.run(undefined, poll)) continue;
    evaluator.know(new Map(wanted.map((node): [Node, Tensor] => [node, compiled.value(node)])));
    return;
  }
}

function unknown(nodes: readonly Node[], evaluator: Evaluator): Node[] {
  return [...new Set(nodes)].filter((node) => node.kind === "apply" && !evaluator.has(node));
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
