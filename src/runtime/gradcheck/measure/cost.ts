/** How long computing nodes takes, estimated from their sizes, so that what is sampled does not depend on the machine's load. */
import { elementCount } from "../../tensor";
import { targetHere } from "../../compile";
import type { ReplayStep } from "./replay";

/** In milliseconds, for one run of the reference kernels. */
export function costOf(steps: readonly ReplayStep[]): number {
  let sum = 0;
  for (const step of steps) sum += costOfStep(step);
  return sum;
}

/** The same of each of many runs, which a compiled module then makes where there are such. */
export function costOfMany(cost: number): number {
  return targetHere() === undefined ? cost : cost / speedup;
}

/** How much faster a module is than the reference kernels, at the least. */
const speedup = 20;

const perCall = 0.001;
const perElement = 4e-6;
const perProduct = 1.2e-6;

const contractions: ReadonlySet<string> = new Set([
  "matmul",
  "linear",
  "einsum",
  "dot",
  "outer",
  "conv1d",
  "conv2d",
  "conv_transpose2d",
  "scaled_dot_product_attention",
]);

function costOfStep({ node }: ReplayStep): number {
  const sizes = node.inputs.map(({ shape }) => elementCount(shape));
  const result = elementCount(node.shape);
  const elements = sizes.reduce((sum, size) => sum + size, result);
  const products = contractions.has(node.op.name)
    ? // Σ over the contracted index: √(|A|·|B|·|C|) for matrices, an overestimate for convolutions.
      Math.sqrt((sizes[0] ?? 1) * (sizes[1] ?? 1) * result)
    : 0;
  return perCall + elements * perElement + products * perProduct;
}
