/** Attention: averages of values weighted by how well queries match keys. Knows nothing of graphs or text. */
import {
  broadcastStrides,
  compareSizes,
  elementCount,
  forEachRun,
  tensor,
  type Dim,
  type Shape,
  type Tensor,
} from "../../tensor";
import { broadcastDims } from "../broadcast-dims";
import type { Builder, Ref } from "../builder";
import { defineOp } from "../define-op";
import { dotProduct } from "../linear/matrix-kernel";
import { flag, float } from "../parameters";
import { isRejected, reject } from "../rejection";
import { doublesOf, roundedTo } from "../working-precision";

export const scaledDotProductAttention = defineOp({
  name: "scaled_dot_product_attention",
  inputs: { q: float(), k: float(), v: float() },
  attributes: { causal: flag(false) },
  doc:
    "For each query of `q` [..., L, E], the average of the values `v` [..., S, D] weighted by the softmax of its products with " +
    "the keys `k` [..., S, E], scaled by 1/√E. With `causal`, query i sees the keys 0 … i only.",
  formula: "y = softmax(q @ kᵀ / √E) @ v",
  derivative: "v̄ = wᵀ @ ȳ; s̄ = w · (ȳ @ vᵀ − Σ w · (ȳ @ vᵀ)); q̄ = s̄ @ k / √E, k̄ = s̄ᵀ @ q / √E, w the weights",

  shape({ inputs: { q, k, v } }) {
    for (const [input, { shape }] of Object.entries({ q, k, v })) {
      if (shape.length < 2) {
        return reject({ kind: "rank", input, found: shape.length, needs: "of at least 2 dimensions" });
      }
    }
    const at = (input: string, shape: readonly Dim[], fromEnd: number) => {
      const axis = shape.length - fromEnd;
      return { input, axis, dim: shape[axis]! };
    };
    const widths = [at("q", q.shape, 1), at("k", k.shape, 1)] as const;
    if (compareSizes(widths[0].dim.size, widths[1].dim.size) === "different") {
      const rule = "queries and keys need one width";
      return reject({ kind: "unequal-dimensions", rule, left: widths[0], right: widths[1] });
    }
    const lengths = [at("k", k.shape, 2), at("v", v.shape, 2)] as const;
    if (compareSizes(lengths[0].dim.size, lengths[1].dim.size) === "different") {
      const rule = "there is one value for each key";
      return reject({ kind: "unequal-dimensions", rule, left: lengths[0], right: lengths[1] });
    }
    const batch = broadcastDims([
      { input: "q", shape: q.shape.slice(0, -2) },
      { input: "k", shape: k.shape.slice(0, -2) },
      { input: "v", shape: v.shape.slice(0, -2) },
    ]);
    if (isRejected(batch)) return batch;
    return { shape: [...batch, q.shape.at(-2)!, v.shape.at(-1)!], dtype: q.dtype };
  },

  forward: ({ inputs: { q, k, v }, attributes, output }) =>
    roundedTo(output, attend(q, k, v, output.shape, attributes.causal)),

  // y = w v with w = softmax(s), s = q kᵀ/√E
  vjp: {
    q({ build, inputs: { q, k, v }, attributes, cotangent }) {
      const scores = scoreCotangent(build, { q, k, v }, attributes.causal, cotangent);
      return build.sumTo(scaled(build, build.matmul(scores, k), q), q.shape);
    },
    k({ build, inputs: { q, k, v }, attributes, cotangent }) {
      const scores = scoreCotangent(build, { q, k, v }, attributes.causal, cotangent);
      return build.sumTo(scaled(build, build.matmul(build.transpose(scores), q), q), k.shape);
    },
    v({ build, inputs: { q, k, v }, attributes, cotangent }) {
      const weights = attentionWeights(build, { q, k }, attributes.causal);
      return build.sumTo(build.matmul(build.transpose(weights), cotangent), v.shape);
    },
  },
  // ẏ = ẇ v + w v̇ with ẇ = w (ṡ − Σ w ṡ)
  jvp: {
    q: ({ build, inputs: { q, k, v }, attributes, output, tangent }) => {
      const scores = scaled(build, build.matmul(tangent, build.transpose(k)), q);
      return moveWeights(build, { q, k, v }, attributes.causal, scores, output.shape);
    },
    k: ({ build, inputs: { q, k, v }, attributes, output, tangent }) => {
      const scores = scaled(build, build.matmul(q, build.transpose(tangent)), q);
      return moveWeights(build, { q, k, v }, attributes.causal, scores, output.shape);
    },
    v: ({ build, inputs: { q, k }, attributes, tangent }) =>
      build.matmul(attentionWeights(build, { q, k }, attributes.causal), tangent),
  },

  samples: [
    { inputs: { q: { shape: [2, 3, 4] }, k: { shape: [2, 5, 4] }, v: { shape: [2, 5, 2] } } },
    {
      inputs: { q: { shape: [4, 2] }, k: { shape: [4, 2] }, v: { shape: [4, 3] } },
      attributes: { causal: true },
    },
    {
      inputs: { q: { shape: [2, 1, 3, 2] }, k: { shape: [3, 4, 2] }, v: { shape: [4, 2] } },
      attributes: { causal: true },
    },
  ],
  refused: [
    { inputs: { q: { shape: [3, 4] }, k: { shape: [3, 2] }, v: { shape: [3, 2] } } },
    { inputs: { q: { shape: [3, 4] }, k: { shape: [3, 4] }, v: { shape: [2, 4] } } },
    { inputs: { q: { shape: [4] }, k: { shape: [3, 4] }, v: { shape: [3, 4] } } },
    { inputs: { q: { shape: [2, 3, 4] }, k: { shape: [3, 3, 4] }, v: { shape: [3, 3, 4] } } },
  ],
});

interface Operands {
  readonly q: Ref;
  readonly k: Ref;
  readonly v: Ref;
}

/** `value`/√E */
function scaled(build: Builder, value: Ref, q: Ref): Ref {
  return build.mul(value, build.constant(1 / Math.sqrt(q.shape.at(-1)!)));
}

function attentionWeights(build: Builder, { q, k }: Omit<Operands, "v">, causal: boolean): Ref {
  const scores = scaled(build, build.matmul(q, build.transpose(k)), q);
  const seen = causal
    ? build.where(build.tensor(lowerTriangle(scores.shape)), scores, build.constant(-Infinity))
    : scores;
  return build.apply("softmax", [seen], { dim: -1 });
}

/** s̄ = w (w̄ − Σ w w̄) with w̄ = ȳ vᵀ */
function scoreCotangent(build: Builder, { q, k, v }: Operands, causal: boolean, cotangent: Ref): Ref {
  const weights = attentionWeights(build, { q, k }, causal);
  return moveSoftmax(build, weights, build.matmul(cotangent, build.transpose(v)));
}

/** softmax's derivative applied to `moved`, its own adjoint. */
function moveSoftmax(build: Builder, weights: Ref, moved: Ref): Ref {
  const product = build.mul(weights, moved);
  return build.sub(product, build.mul(weights, build.sum(product, [-1], true)));
}

function moveWeights(build: Builder, { q, k, v }: Operands, causal: boolean, scores: Ref, shape: Shape): Ref {
  const weights = attentionWeights(build, { q, k }, causal);
  return build.expand(build.matmul(moveSoftmax(build, weights, scores), v), shape);
}

/** True where key j ≤ query i. */
function lowerTriangle(scores: Shape): Tensor {
  const [queries, keys] = [scores.at(-2)!, scores.at(-1)!];
  const data = new Uint8Array(queries * keys);
  for (let i = 0; i < queries; i++) data.fill(1, i * keys, i * keys + Math.min(i + 1, keys));
  return tensor("bool", [queries, keys], data);
}

function attend(q: Tensor, k: Tensor, v: Tensor, output: Shape, causal: boolean): Float64Array {
  const [queries, width] = [q.shape.at(-2)!, q.shape.at(-1)!];
  const [keys, depth] = [v.shape.at(-2)!, v.shape.at(-1)!];
  const [qs, ks, vs] = [doublesOf(q), doublesOf(k), doublesOf(v)];
  const y = new Float64Array(elementCount(output));
  const weights = new Float64Array(keys);
  const scale = 1 / Math.sqrt(width);
  const batch = output.slice(0, -2);
  const strides = [q, k, v].map(({ shape }) => broadcastStrides(shape.slice(0, -2), batch));
  forEachRun(batch, strides, (start, length, offsets, steps) => {
    for (let b = 0; b < length; b++) {
      const [qAt, kAt, vAt] = offsets.map((offset, i) => offset + b * steps[i]!) as [number, number, number];
      for (let i = 0; i < queries; i++) {
        const seen = causal ? Math.min(i + 1, keys) : keys;
        for (let j = 0; j < seen; j++) {
          const at = { q: (qAt * queries + i) * width, k: (kAt * keys + j) * width };
          weights[j] = dotProduct(qs, at.q, ks, at.k, width) * scale;
        }
        normalizeWeights(weights, seen);
        const row = ((start + b) * queries + i) * depth;
        for (let j = 0; j < seen; j++) {
          const from = (vAt * keys + j) * depth;
          for (let d = 0; d < depth; d++) y[row + d] = y[row + d]! + weights[j]! * vs[from + d]!;
        }
      }
    }
  });
  return y;
}

/** softmax of the first `count` scores, in place. */
function normalizeWeights(scores: Float64Array, count: number): void {
  let largest = -Infinity;
  for (let j = 0; j < count; j++) largest = Math.max(largest, scores[j]!);
  let total = 0;
  for (let j = 0; j < count; j++) total += scores[j] = Math.exp(scores[j]! - largest);
  for (let j = 0; j < count; j++) scores[j] = scores[j]! / total;
}
