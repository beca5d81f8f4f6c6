/** The adjoint of the average poolings. Used by derivative rules. Knows nothing of graphs or text. */
import { dim } from "../../tensor";
import { defineOp } from "../define-op";
import { flag, float, integer, integers, maybe, required } from "../parameters";
import { doublesOf, roundedTo } from "../working-precision";
import { spreadWindows } from "./average-pooling";
import { ceilMode, poolingAttributes } from "./pooling-attributes";
import { windowsOf } from "./pooling-operands";

export const avgPoolGradient = defineOp({
  name: "_avg_pool_gradient",
  inputs: { y: float() },
  attributes: {
    ...poolingAttributes,
    ceil_mode: ceilMode,
    count_include_pad: flag(true),
    divisor_override: maybe(integer(1)),
    input_size: required(integers([])),
  },
  doc: "Gives each element of an average pooling's input, of spatial sizes `input_size`, its windows' values over their divisors.",
  formula: "x[p] = Σ y[w]/n[w] over the windows w that hold p",
  derivative: "ȳ = the average pooling of x̄",
  shape({ inputs: { y }, attributes: { input_size: size } }) {
    return {
      shape: [...y.shape.slice(0, -size.length), ...size.map((length) => dim(length))],
      dtype: y.dtype,
    };
  },
  forward({ inputs: { y }, attributes, output }) {
    const windows = windowsOf(output.shape, y.shape, attributes, attributes.input_size.length);
    const averaging = { countsPadding: attributes.count_include_pad, divisor: attributes.divisor_override };
    return roundedTo(output, spreadWindows(doublesOf(y), windows, averaging));
  },
  vjp: {
    y({ build, attributes: { input_size: size, ...attributes }, cotangent }) {
      if (size.length === 2) return build.apply("avg_pool2d", [cotangent], attributes);
      const { divisor_override: _none, ...rest } = attributes;
      return build.apply("avg_pool1d", [cotangent], rest);
    },
  },
  jvp: { y: ({ build, attributes, tangent }) => build.apply("_avg_pool_gradient", [tangent], attributes) },
  samples: [
    { inputs: { y: { shape: [2, 2, 2] } }, attributes: { kernel_size: 2, input_size: [5, 4] } },
    {
      inputs: { y: { shape: [2, 4] } },
      attributes: { kernel_size: 3, stride: 2, padding: 1, input_size: [8], count_include_pad: false },
    },
  ],
});
