/** The average of each window of an image. Knows nothing of graphs or text. */
import { defineOp } from "../define-op";
import { flag, float, integer, maybe } from "../parameters";
import { reject } from "../rejection";
import { doublesOf, roundedTo } from "../working-precision";
import { averageWindows } from "./average-pooling";
import { ceilMode, poolingAttributes } from "./pooling-attributes";
import { poolingShape, windowsOf } from "./pooling-operands";

export const avgPool2d = defineOp({
  name: "avg_pool2d",
  inputs: { x: float() },
  attributes: {
    ...poolingAttributes,
    ceil_mode: ceilMode,
    count_include_pad: flag(true),
    divisor_override: maybe(integer(1)),
  },
  doc:
    "The average of each window of `x` [N, C, H, W] or [C, H, W]; `stride` is the kernel's size where it is not given. Zeros of the " +
    "padding count unless `count_include_pad = false`; `divisor_override` replaces the number of elements.",
  formula: "y[n, c, i, j] = Σ over the window of x / its number of elements",
  derivative: "x̄ = Σ ȳ/n over the windows that hold the element",
  shape({ inputs: { x }, attributes }) {
    if (attributes.divisor_override === 0) {
      const message = "divisor_override must not be 0";
      return reject({ kind: "attribute", attribute: "divisor_override", message });
    }
    return poolingShape(x, attributes, 2);
  },
  forward({ inputs: { x }, attributes, output }) {
    const windows = windowsOf(x.shape, output.shape, attributes, 2);
    const averaging = { countsPadding: attributes.count_include_pad, divisor: attributes.divisor_override };
    return roundedTo(output, averageWindows(doublesOf(x), windows, averaging));
  },
  // Linear: x̄ is its adjoint, ẏ the pooling of ẋ.
  vjp: {
    x: ({ build, inputs: { x }, attributes, cotangent }) =>
      build.apply("_avg_pool_gradient", [cotangent], { ...attributes, input_size: x.shape.slice(-2) }),
  },
  jvp: { x: ({ build, attributes, tangent }) => build.apply("avg_pool2d", [tangent], attributes) },
  samples: [
    { inputs: { x: { shape: [1, 2, 4, 4] } }, attributes: { kernel_size: 2 } },
    {
      inputs: { x: { shape: [2, 1, 5, 6] } },
      attributes: { kernel_size: [3, 2], stride: 2, padding: 1, count_include_pad: false },
    },
    {
      inputs: { x: { shape: [2, 6, 6] } },
      attributes: { kernel_size: 3, stride: 2, padding: 1, ceil_mode: true },
    },
    {
      inputs: { x: { shape: [1, 1, 4, 4] } },
      attributes: { kernel_size: 2, stride: 1, divisor_override: 3 },
    },
  ],
  refused: [
    { inputs: { x: { shape: [4, 4] } }, attributes: { kernel_size: 2 } },
    { inputs: { x: { shape: [1, 2, 4, 4] } }, attributes: { kernel_size: 2, padding: 2 } },
    { inputs: { x: { shape: [1, 2, 4, 4] } }, attributes: { kernel_size: 5 } },
    { inputs: { x: { shape: [1, 2, 4, 4] } }, attributes: { kernel_size: 2, divisor_override: 0 } },
  ],
});
