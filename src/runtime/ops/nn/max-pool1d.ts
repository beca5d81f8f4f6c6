/** The largest element of each window of a sequence. Knows nothing of graphs or text. */
import { defineOp } from "../define-op";
import { float, integers } from "../parameters";
import { maxPoolBranch, maxPoolForward, maxPoolJvp, maxPoolVjp } from "./max-pooling";
import { ceilMode, poolingAttributes } from "./pooling-attributes";
import { poolingShape } from "./pooling-operands";

export const maxPool1d = defineOp({
  name: "max_pool1d",
  inputs: { x: float() },
  attributes: { ...poolingAttributes, dilation: integers([1]), ceil_mode: ceilMode },
  doc: "The largest element of each window of `x` [N, C, L] or [C, L]; of equal elements the first receives the gradient.",
  formula: "y[n, c, i] = max over k of x[n, c, s·i + d·k − p]",
  derivative: "x̄ = Σ ȳ over the windows in which the element is the (first) largest",
  shape: ({ inputs: { x }, attributes }) => poolingShape(x, attributes, 1),
  forward: ({ inputs: { x }, attributes, output }) => maxPoolForward(x, attributes, output, 1),
  vjp: maxPoolVjp(1),
  jvp: maxPoolJvp(1),
  branch: ({ inputs: { x }, attributes, output }) => maxPoolBranch(x, attributes, output.shape, 1),
  samples: [
    { inputs: { x: { shape: [2, 2, 6], like: "distinct" } }, attributes: { kernel_size: 2 } },
    {
      inputs: { x: { shape: [2, 7], like: "distinct" } },
      attributes: { kernel_size: 3, stride: 2, padding: 1, ceil_mode: true },
    },
  ],
  refused: [
    { inputs: { x: { shape: [4] } }, attributes: { kernel_size: 2 } },
    { inputs: { x: { shape: [1, 2, 4] } }, attributes: { kernel_size: 2, padding: 2 } },
  ],
});
