/** The largest element of each window of an image. Knows nothing of graphs or text. */
import { defineOp } from "../define-op";
import { float, integers } from "../parameters";
import { maxPoolBranch, maxPoolForward, maxPoolJvp, maxPoolVjp } from "./max-pooling";
import { ceilMode, poolingAttributes } from "./pooling-attributes";
import { poolingShape } from "./pooling-operands";

export const maxPool2d = defineOp({
  name: "max_pool2d",
  inputs: { x: float() },
  attributes: { ...poolingAttributes, dilation: integers([1]), ceil_mode: ceilMode },
  doc:
    "The largest element of each window of `x` [N, C, H, W] or [C, H, W]; padding is never the largest, `stride` is the kernel's size " +
    "where it is not given. Of equal elements the first receives the gradient.",
  formula: "y[n, c, i, j] = max over k, l of x[n, c, s·i + d·k − p, s·j + d·l − p]",
  derivative: "x̄ = Σ ȳ over the windows in which the element is the (first) largest",
  shape: ({ inputs: { x }, attributes }) => poolingShape(x, attributes, 2),
  forward: ({ inputs: { x }, attributes, output }) => maxPoolForward(x, attributes, output, 2),
  vjp: maxPoolVjp(2),
  jvp: maxPoolJvp(2),
  branch: ({ inputs: { x }, attributes, output }) => maxPoolBranch(x, attributes, output.shape, 2),
  samples: [
    { inputs: { x: { shape: [1, 2, 4, 4], like: "distinct" } }, attributes: { kernel_size: 2 } },
    {
      inputs: { x: { shape: [2, 1, 5, 6], like: "distinct" } },
      attributes: { kernel_size: [3, 2], stride: 2, padding: [1, 0] },
    },
    {
      inputs: { x: { shape: [2, 5, 5], like: "distinct" } },
      attributes: { kernel_size: 2, stride: 2, ceil_mode: true },
    },
    {
      inputs: { x: { shape: [1, 1, 6, 5], like: "distinct" } },
      attributes: { kernel_size: 2, stride: 1, dilation: [3, 2] },
    },
  ],
  refused: [
    { inputs: { x: { shape: [4, 4] } }, attributes: { kernel_size: 2 } },
    { inputs: { x: { shape: [1, 2, 4, 4] } }, attributes: { kernel_size: 2, padding: 2 } },
    { inputs: { x: { shape: [1, 2, 1, 1] } }, attributes: { kernel_size: 2 } },
    { inputs: { x: { shape: [1, 2, 4, 4] } }, attributes: { kernel_size: 0 } },
    { inputs: { x: { shape: [1, 2, 4, 4] } }, attributes: { kernel_size: 2, stride: 0 } },
    { inputs: { x: { shape: [1, 2, 4, 4] } }, attributes: { kernel_size: [2, 2, 2] } },
  ],
});
