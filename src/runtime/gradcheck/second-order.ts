/**
 * The gradcheck of gradients: the derivatives of what the rules in force give, held against those of the gradient that plain autodiff
 * gives. It finds rules that are right in value and wrong when they are differentiated again.
 */
import { elementCount, fromArray, isFloat, torchGenerator } from "../tensor";
import { backward, type Graph, type Node } from "../graph";
import { Evaluator } from "../interpret";
import { valuesOf } from "./blame/local-body";
import { blameAgain } from "./blame/second-order-blame";
import { gradcheck } from "./gradcheck";
import type { GradcheckInput, GradcheckOutcome } from "./outcome";

/** "pending" where a hole stands in the way, undefined where there is no gradient to differentiate. */
export function gradgradcheck(input: GradcheckInput): GradcheckOutcome | "pending" | undefined {
  const { graph, leaves } = input;
  const weights = leaves.map(({ node }, i) => randomLike(graph, node, i));
  const roots = (["hand", "derived"] as const).map((rules) => combination(input, weights, rules));
  const [root, truth] = roots;
  if (root === "pending" || truth === "pending") return "pending";
  if (root === undefined || truth === undefined) return undefined;
  const outcome = gradcheck({ ...input, root, truth });
  const known = new Set(outcome.blame.flatMap(({ application }) => application ?? []));
  const again = blameAgain({
    graph,
    root: input.root,
    base: valuesOf(new Evaluator({ float: "float64" })),
    known,
    nameOf: (node) => input.nameOf?.(node),
    poll: () => input.poll?.(0, 0),
  });
  if (again.length === 0) return outcome;
  // The built-in derivatives are not to blame where a rule is.
  const rules = outcome.blame.filter(({ application }) => application !== undefined);
  return { ...outcome, verdict: "failed", blame: [...rules, ...again] };
}

/** Which hand rules are right in value and wrong when they are differentiated again, each as the op's or net's name and "vjp W". */
export function wrongAgain({
  graph,
  root,
  poll,
}: Pick<GradcheckInput, "graph" | "root"> & { readonly poll: () => void }): Set<string> {
  const base = valuesOf(new Evaluator({ float: "float64" }));
  const blames = blameAgain({ graph, root, base, known: new Set(), nameOf: () => undefined, poll });
  return new Set(blames.map(({ application, rule }) => `${application?.name ?? ""} ${rule}`));
}

/** Σ ⟨c, ∂⟨1, root⟩/∂leaf⟩: one number whose derivatives are those of all gradients at once. */
function combination(
  { graph, root, leaves }: GradcheckInput,
  weights: readonly Node[],
  rules: "hand" | "derived",
): Node | "pending" | undefined {
  const build = graph.builder(undefined);
  const seed = elementCount(root.shape) === 1 ? build.full(1, root) : randomLike(graph, root, leaves.length);
  const pass = backward(graph, root, seed, { rules });
  let sum: Node | undefined;
  for (const [i, { node }] of leaves.entries()) {
    const gradient = pass.gradient(node);
    if (gradient === "pending") return gradient;
    if (gradient === undefined) continue;
    const term = build.sum(build.mul(weights[i]!, gradient));
    sum = sum === undefined ? term : build.add(sum, term);
  }
  return sum;
}

function randomLike(graph: Graph, { shape, dtype }: Node, turn: number): Node {
  if (!isFloat(dtype)) throw new Error("only floats have gradients");
  return graph.source(fromArray(dtype, shape, torchGenerator(23 + turn).randn(shape, "float64").data));
}
