/** When what is written by hand is right, and the gradient that it is held against is not: hand rules in the backward pass are wrong. */
import { elementCount, full } from "../../tensor";
import { backward, type Graph, type Node } from "../../graph";
import { Evaluator } from "../../interpret";
import { distance } from "../explain/search";
import { coneOf } from "../measure/cone";
import type { Explanation } from "../outcome";
import { valuesOf } from "./local-body";
import { wrongRules } from "./wrong-rules";

interface HeldAgainst {
  readonly graph: Graph;
  /** What the gradient is of, and at which node. */
  readonly root: Node;
  readonly at: Node;
  readonly written: Node;
  /** What the rules in force give. */
  readonly truth: Node;
  readonly side: "actual" | "expected";
  readonly poll?: () => void;
}

/** Programs with more nodes than this take too long. */
const nodeLimit = 20_000;

/** Undefined where what is written is not what plain autodiff gives. */
export function mistakeElsewhere(held: HeldAgainst): Explanation | undefined {
  const { graph, root, at, written, truth, side, poll } = held;
  if (elementCount(root.shape) !== 1 || coneOf([root, written]).length > nodeLimit) return undefined;
  const seed = graph.source(full("float64", root.shape, 1));
  const derived = backward(graph, root, seed, { rules: "derived" }).gradient(at);
  if (typeof derived !== "object") return undefined;
  const values = valuesOf(new Evaluator({ float: "float64" }));
  const isDerived = (node: Node): boolean => distance(values(node).data, values(derived).data, 1) < 1e-6;
  if (!isDerived(written) || isDerived(truth)) return undefined;
  const rules = [...wrongRules({ graph, root, ...(poll === undefined ? {} : { poll }) })].map(inWords);
  if (rules.length === 0) return undefined;
  const hand = side === "expected" ? "left" : "right";
  const message = `the ${hand} side is the derivative; the gradient that it is held against comes by way of ${rules.join(" and ")}, which ${rules.length === 1 ? "is" : "are"} wrong`;
  const nothing = { expression: null, fit: 0, runnerUp: null, corrections: [] } as const;
  return { kind: "unknown", factor: 1, ...nothing, message };
}

/** "vjp W of `linear`". */
function inWords(rule: string): string {
  const space = rule.indexOf(" ");
  return `${rule.slice(space + 1)} of \`${rule.slice(0, space)}\``;
}
