/** The affine map of a fully connected layer, with PyTorch's weight layout. Knows nothing of graphs or text. */
import { compareSizes, elementCount, promote } from "../../tensor";
import type { Builder, Ref } from "../builder";
import { defineOp } from "../define-op";
import { float, optional } from "../parameters";
import { reject } from "../rejection";
import { doublesOf, roundedTo } from "../working-precision";
import { dotProduct } from "./matrix-kernel";

export const linear = defineOp({
  name: "linear",
  inputs: { x: float(), weight: float(), bias: optional(float()) },
  attributes: {},
  doc: "The affine map `x @ weight.T + bias` over the last dimension; `weight` is [n_out, n_in], as PyTorch has it.",
  formula: "y[…, i] = Σⱼ x[…, j] · weight[i, j] + bias[i]",
  derivative: "x̄ = ȳ @ weight, weight̄ = ȳᵀ @ x, bias̄ = Σ ȳ",

  shape({ inputs: { x, weight, bias } }) {
    if (x.shape.length === 0)
      return reject({ kind: "rank", input: "x", found: 0, needs: "of at least 1 dimension" });
    if (weight.shape.length !== 1 && weight.shape.length !== 2) {
      return reject({ kind: "rank", input: "weight", found: weight.shape.length, needs: "a matrix" });
    }
    const left = { input: "x", axis: x.shape.length - 1, dim: x.shape.at(-1)! };
    const right = { input: "weight", axis: weight.shape.length - 1, dim: weight.shape.at(-1)! };
    if (compareSizes(left.dim.size, right.dim.size) === "different") {
      const rule = "`linear` needs the last dimension of `x` to be the last of `weight`";
      return reject({ kind: "unequal-dimensions", rule, left, right });
    }
    const outputs = weight.shape.slice(0, -1);
    if (bias !== undefined) {
      if (outputs.length === 0) {
        return reject({ kind: "rank", input: "weight", found: 1, needs: "a matrix where there is a bias" });
      }
      if (bias.shape.length > 1) {
        return reject({ kind: "rank", input: "bias", found: bias.shape.length, needs: "a vector" });
      }
      const [width] = bias.shape;
      const [features] = outputs;
      if (width !== undefined && features !== undefined && width.size !== 1) {
        if (compareSizes(width.size, features.size) === "different") {
          return reject({
            kind: "unequal-dimensions",
            rule: "`linear` needs one bias for each row of `weight`",
            left: { input: "weight", axis: 0, dim: features },
            right: { input: "bias", axis: 0, dim: width },
          });
        }
      }
    }
    const dtype = promote(promote(x.dtype, weight.dtype), bias?.dtype ?? x.dtype);
    return { shape: [...x.shape.slice(0, -1), ...outputs], dtype };
  },

  forward({ inputs, output }) {
    const [x, weight] = [doublesOf(inputs.x), doublesOf(inputs.weight)];
    const bias = inputs.bias === undefined ? undefined : doublesOf(inputs.bias);
    const inner = inputs.x.shape.at(-1)!;
    const outputs = inputs.weight.shape.length === 1 ? 1 : inputs.weight.shape[0]!;
    const y = new Float64Array(elementCount(output.shape));
    for (let at = 0; at < y.length; at++) {
      const row = Math.floor(at / outputs);
      const feature = at % outputs;
      const shift = bias === undefined ? 0 : bias[bias.length === 1 ? 0 : feature]!;
      y[at] = dotProduct(x, row * inner, weight, feature * inner, inner) + shift;
    }
    return roundedTo(output, y);
  },

  // y = x Wᵀ + b  ⇒  x̄ = ȳ W, W̄ = ȳᵀ x, b̄ = Σ ȳ over all rows
  vjp: {
    x({ build, inputs: { weight }, cotangent }) {
      return isVector(weight)
        ? build.mul(build.unsqueeze(cotangent, -1), weight)
        : build.matmul(cotangent, weight);
    },
    weight({ build, inputs: { x, weight }, cotangent }) {
      const outputs = isVector(weight) ? 1 : weight.shape[0]!;
      const rows = asRows(build, cotangent, outputs);
      const gradient = build.matmul(build.transpose(rows), asRows(build, x, x.shape.at(-1)!));
      return build.reshape(gradient, weight.shape);
    },
    // The shape is that of `bias`: this rule runs only where there is one.
    bias: ({ build, inputs: { bias }, cotangent }) => build.sumTo(cotangent, bias!.shape),
  },

  jvp: {
    x: ({ build, inputs: { weight }, tangent }) => build.apply("linear", [tangent, weight]),
    weight: ({ build, inputs: { x }, tangent }) => build.apply("linear", [x, tangent]),
    bias: ({ build, output, tangent }) => build.expand(tangent, output.shape),
  },

  samples: [
    { inputs: { x: { shape: [4, 3] }, weight: { shape: [2, 3] }, bias: { shape: [2] } } },
    { inputs: { x: { shape: [3] }, weight: { shape: [2, 3] } } },
    { inputs: { x: { shape: [2, 2, 3] }, weight: { shape: [4, 3] }, bias: { shape: [4] } } },
    { inputs: { x: { shape: [2, 3] }, weight: { shape: [3] } } },
    { inputs: { x: { shape: [0, 3] }, weight: { shape: [2, 3] }, bias: { shape: [2] } } },
  ],
  refused: [
    { inputs: { x: { shape: [4, 3] }, weight: { shape: [3, 2] } } },
    { inputs: { x: { shape: [4, 3] }, weight: { shape: [2, 3] }, bias: { shape: [3] } } },
    { inputs: { x: { shape: [] }, weight: { shape: [2, 3] } } },
    { inputs: { x: { shape: [4, 3] }, weight: { shape: [2, 3, 1] } } },
  ],
});

function isVector(weight: Ref): boolean {
  return weight.shape.length === 1;
}

function asRows(build: Builder, value: Ref, width: number): Ref {
  return build.reshape(value, [width === 0 ? 0 : elementCount(value.shape) / width, width]);
}
