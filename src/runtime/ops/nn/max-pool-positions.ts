/** Where in its plane each pooling window's largest element is. Used by derivative rules. Knows nothing of graphs or text. */
import { defineOp } from "../define-op";
import { constant, integer, integers } from "../parameters";
import { isRejected } from "../rejection";
import { doublesOf } from "../working-precision";
import { largestPositions } from "./max-pooling";
import { ceilMode, poolingAttributes } from "./pooling-attributes";
import { poolingShape, windowsOf } from "./pooling-operands";

export const maxPoolPositions = defineOp({
  name: "_max_pool_positions",
  inputs: { x: constant("float") },
  attributes: { ...poolingAttributes, dilation: integers([1]), ceil_mode: ceilMode, spatial: integer(2) },
  doc: "For each window of a max pooling over the last `spatial` dimensions, the position of its first largest element in its plane.",
  formula: "p = argmax of x over the window",
  derivative: "none: it is piecewise constant",
  shape({ inputs: { x }, attributes }) {
    const pooled = poolingShape(x, attributes, attributes.spatial);
    return isRejected(pooled) ? pooled : { shape: pooled.shape, dtype: "int" };
  },
  forward({ inputs: { x }, attributes, output }) {
    const windows = windowsOf(x.shape, output.shape, attributes, attributes.spatial);
    return { ...output, data: largestPositions(doublesOf(x), windows) };
  },
  vjp: {},
  jvp: {},
  samples: [
    {
      inputs: { x: { shape: [2, 5, 4], like: "distinct" } },
      attributes: { kernel_size: [3, 2], stride: [1] },
    },
  ],
});
