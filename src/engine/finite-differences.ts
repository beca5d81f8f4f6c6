/** Central differences of ⟨cotangent, root⟩ with respect to one node, in float64. Knows nothing of text. */
import type { Node } from "../runtime/graph";
import { Evaluator } from "../runtime/interpret";
import { cast, tensor, type Tensor } from "../runtime/tensor";
import { memoryLimit } from "./memory-limit";

export interface DifferencesInput {
  readonly root: Node;
  readonly cotangent: Node;
  readonly node: Node;
  /** The step at every element; by default 6e-6 · max(1, |x|), the cube root of the rounding unit. */
  readonly step: number | undefined;
  readonly poll: (done: number, total: number) => void;
}

/** (f(x + h) − f(x − h)) / 2h for each element, or why a value is missing. `stop_gradient` is constant here too. */
export function centralDifferences({
  root,
  cotangent,
  node,
  step,
  poll,
}: DifferencesInput): Tensor | { readonly message: string } {
  const evaluator = new Evaluator({ float: "float64", memoryLimit });
  const value = evaluator.evaluate(node);
  const weights = evaluator.evaluate(cotangent);
  if ("fault" in value) return { message: value.fault.message };
  if ("fault" in weights) return { message: weights.fault.message };
  const base = cast(value, "float64");
  const frozen = freezeStopped(evaluator, root);
  const moved = new Evaluator({ float: "float64", values: new Map([...frozen, [node, base]]), memoryLimit });
  const at = (index: number, x: number): number | { readonly message: string } => {
    const data = Float64Array.from(base.data);
    data[index] = x;
    moved.replace(new Map([[node, tensor("float64", base.shape, data)]]));
    const result = moved.evaluate(root);
    if ("fault" in result) return { message: result.fault.message };
    return inner(weights, result);
  };
  const differences = new Float64Array(base.data.length);
  for (let index = 0; index < differences.length; index++) {
    poll(index, differences.length);
    const x = base.data[index] ?? 0;
    const h = step ?? 6e-6 * Math.max(1, Math.abs(x));
    const [high, low] = [x + h, x - h];
    const [above, below] = [at(index, high), at(index, low)];
    if (typeof above !== "number") return above;
    if (typeof below !== "number") return below;
    differences[index] = (above - below) / (high - low);
  }
  return tensor("float64", base.shape, differences);
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

function inner(a: Tensor, b: Tensor): number {
  let sum = 0;
  for (let i = 0; i < a.data.length; i++) sum += (a.data[i] ?? 0) * (b.data[i] ?? 0);
  return sum;
}
