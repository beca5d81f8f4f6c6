/** The average of each window of a sequence. Knows nothing of graphs or text. */
import { defineOp } from "../define-op";
import { flag, float } from "../parameters";
import { doublesOf, roundedTo } from "../working-precision";
import { averageWindows } from "./average-pooling";
import { ceilMode, poolingAttributes } from "./pooling-attributes";
import { poolingShape, windowsOf } from "./pooling-operands";

export const avgPool1d = defineOp({
  name: "avg_pool1d",
  inputs: { x: float() },
  attributes: { ...poolingAttributes, ceil_mode: ceilMode, count_include_pad: flag(true) },
  doc: "The average of each window of `x` [N, C, L] or [C, L]. Zeros of the padding count unless `count_include_pad = false`.",
  formula: "y[n, c, i] = Σ over the window of x / its number of elements",
  derivative: "x̄ = Σ ȳ/n over the windows that hold the element",
  shape: ({ inputs: { x }, attributes }) => poolingShape(x, attributes, 1),
  forward({ inputs: { x }, attributes, output }) {
    const windows = windowsOf(x.shape, output.shape, attributes, 1);
    const averaging = { countsPadding: attributes.count_include_pad, divisor: undefined };
    return roundedTo(output, averageWindows(doublesOf(x), windows, averaging));
  },
  // Linear: x̄ is its adjoint, ẏ the pooling of ẋ.
  vjp: {
    x: ({ build, inputs: { x }, attributes, cotangent }) =>
      build.apply("_avg_pool_gradient", [cotangent], { ...attributes, input_size: x.shape.slice(-1) }),
  },
  jvp: { x: ({ build, attributes, tangent }) => build.apply("avg_pool1d", [tangent], attributes) },
  samples: [
    { inputs: { x: { shape: [2, 2, 6] } }, attributes: { kernel_size: 2 } },
    {
      inputs: { x: { shape: [2, 7] } },
      attributes: { kernel_size: 3, stride: 2, padding: 1, ceil_mode: true, count_include_pad: false },
    },
  ],
  refused: [
    { inputs: { x: { shape: [4] } }, attributes: { kernel_size: 2 } },
    { inputs: { x: { shape: [1, 2, 4] } }, attributes: { kernel_size: 2, padding: 2 } },
  ],
});
