/** Central differences of ⟨cotangent, root⟩ with respect to one node, in float64. Knows nothing of text. */
import type { ThreadHost } from "../runtime/compile";
import type { Node } from "../runtime/graph";
import { stepDifferences } from "../runtime/gradcheck";
import { Evaluator } from "../runtime/interpret";
import { cast, tensor, type Tensor } from "../runtime/tensor";
import { memoryLimit } from "./memory-limit";

export interface DifferencesInput {
  readonly root: Node;
  readonly cotangent: Node;
  readonly node: Node;
  /** The step at every element; by default 6e-6 · max(1, |x|), the cube root of the rounding unit. */
  readonly step: number | undefined;
  /** Threads that help with what takes long. */
  readonly threads?: ThreadHost | undefined;
  readonly poll: (done: number, total: number) => void;
}

/** (f(x + h) − f(x − h)) / 2h for each element, or why a value is missing. `stop_gradient` is constant here too. */
export function centralDifferences({
  root,
  cotangent,
  node,
  step,
  threads,
  poll,
}: DifferencesInput): Tensor | { readonly message: string } {
  const evaluator = new Evaluator({ float: "float64", memoryLimit });
  for (const needed of [root, cotangent, node]) {
    const value = evaluator.evaluate(needed);
    if ("fault" in value) return { message: value.fault.message };
  }
  // What the root is made of has values, as it has one.
  const base = (each: Node): Tensor => evaluator.evaluate(each) as Tensor;
  const weights = Float64Array.from(base(cotangent).data);
  const at = cast(base(node), "float64");
  const stepOf = (x: number): number => step ?? 6e-6 * Math.max(1, Math.abs(x));
  const plain = plainDifference(evaluator, { root, node, weights, at, stepOf });
  const found = stepDifferences({ base, root, cotangent: weights, node, step: stepOf, threads, poll });
  const values = base(root).data;
  const rounding = 1e-13 * weights.reduce((sum, weight, i) => sum + Math.abs(weight * values[i]!), 0);
  // One element, drawn from their number, is moved by itself as well; and one that came to nothing, which may be a fault.
  const drawn = found.length === 0 ? -1 : ((found.length * 7919) % 104729) % found.length;
  for (const index of [drawn, found.findIndex(Number.isNaN)]) {
    if (index < 0) continue;
    const expected = plain(index);
    if (typeof expected !== "number") return expected;
    if (!isNear(found[index]!, expected, rounding / stepOf(at.data[index]!)))
      return oneByOne(plain, at, poll);
  }
  return tensor("float64", at.shape, found);
}

interface Moved {
  readonly root: Node;
  readonly node: Node;
  readonly weights: Float64Array;
  readonly at: Tensor;
  readonly stepOf: (x: number) => number;
}

type Plain = (index: number) => number | { readonly message: string };

/** The difference at one element, by moving it alone. */
function plainDifference(evaluator: Evaluator, { root, node, weights, at, stepOf }: Moved): Plain {
  const frozen = freezeStopped(evaluator, root);
  const moved = new Evaluator({ float: "float64", values: new Map([...frozen, [node, at]]), memoryLimit });
  const rootAt = (index: number, x: number): Tensor | { readonly message: string } => {
    const data = Float64Array.from(at.data);
    data[index] = x;
    moved.replace(new Map([[node, tensor("float64", at.shape, data)]]));
    const result = moved.evaluate(root);
    return "fault" in result ? { message: result.fault.message } : result;
  };
  return (index) => {
    const x = at.data[index]!;
    const [high, low] = [x + stepOf(x), x - stepOf(x)];
    const [above, below] = [rootAt(index, high), rootAt(index, low)];
    if ("message" in above) return above;
    if ("message" in below) return below;
    return weights.reduce((sum, w, i) => sum + w * (above.data[i]! - below.data[i]!), 0) / (high - low);
  };
}

function oneByOne(
  plain: Plain,
  at: Tensor,
  poll: DifferencesInput["poll"],
): Tensor | { readonly message: string } {
  const differences = new Float64Array(at.data.length);
  for (let index = 0; index < differences.length; index++) {
    poll(index, differences.length);
    const difference = plain(index);
    if (typeof difference !== "number") return difference;
    differences[index] = difference;
  }
  return tensor("float64", at.shape, differences);
}

function isNear(found: number, expected: number, rounding: number): boolean {
  const allowed = 1e-6 * Math.max(1, Math.abs(expected)) + rounding;
  return Object.is(found, expected) || Math.abs(found - expected) <= allowed;
}

/** The values of the `stop_gradient` nodes below the root, which differences must not move. */
function freezeStopped(evaluator: Evaluator, root: Node): Map<Node, Tensor> {
  const frozen = new Map<Node, Tensor>();
  const seen = new Set<Node>();
  const stack = [root];
  for (let node = stack.pop(); node !== undefined; node = stack.pop()) {
    if (seen.has(node)) continue;
    seen.add(node);
    if (node.kind === "apply" && node.op.name === "stop_gradient") {
      const value = evaluator.evaluate(node);
      if (!("fault" in value)) frozen.set(node, value);
    }
    stack.push(...node.inputs);
  }
  return frozen;
}
