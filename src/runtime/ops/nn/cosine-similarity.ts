/** The cosine of the angle between vectors. Knows nothing of graphs or text. */
import {
  broadcastShapes,
  broadcastTo,
  elementCount,
  stridesOf,
  type Dim,
  type Shape,
  type Tensor,
} from "../../tensor";
import { broadcastDims } from "../broadcast-dims";
import type { Builder, Ref } from "../builder";
import { defineOp } from "../define-op";
import { float, integer, number } from "../parameters";
import { isRejected } from "../rejection";
import { axisOf, resolveAxis } from "../shape/axis";
import { doublesOf, roundedTo } from "../working-precision";

export const cosineSimilarity = defineOp({
  name: "cosine_similarity",
  inputs: { x1: float(), x2: float() },
  attributes: { dim: integer(1), eps: number(1e-8) },
  doc: "The cosine of the angle between `x1` and `x2` along `dim` of their broadcast shape; norms below `eps` count as `eps`.",
  formula: "y = Σ x1 · x2 / (max(‖x1‖, ε) · max(‖x2‖, ε))",
  derivative: "x̄1 = ȳ · (x2/‖x2‖ − y · x1/‖x1‖)/‖x1‖, and the same for x2",

  shape({ inputs: { x1, x2 }, attributes: { dim } }) {
    const shape = broadcastDims([
      { input: "x1", shape: x1.shape },
      { input: "x2", shape: x2.shape },
    ]);
    if (isRejected(shape)) return shape;
    const axis = resolveAxis("dim", dim, shape.length);
    if (typeof axis !== "number") return axis;
    return { shape: shape.filter((_: Dim, i) => i !== axis), dtype: x1.dtype };
  },

  forward: ({ inputs: { x1, x2 }, attributes, output }) =>
    roundedTo(output, similarities(x1, x2, attributes)),

  // y = a·b with a = x1/n1, b = x2/n2: ẏ = (b − y a)·ẋ1/n1, and the same for x2
  vjp: {
    x1: (context) => pullBack(context, context.inputs.x1, context.inputs.x2),
    x2: (context) => pullBack(context, context.inputs.x2, context.inputs.x1),
  },
  jvp: {
    x1: (context) => pushForward(context, context.inputs.x1, context.inputs.x2),
    x2: (context) => pushForward(context, context.inputs.x2, context.inputs.x1),
  },

  samples: [
    { inputs: { x1: { shape: [3, 4] }, x2: { shape: [3, 4] } } },
    { inputs: { x1: { shape: [4] }, x2: { shape: [4] } }, attributes: { dim: 0 } },
    { inputs: { x1: { shape: [2, 3, 1] }, x2: { shape: [3, 4] } }, attributes: { dim: -2 } },
  ],
  refused: [
    { inputs: { x1: { shape: [4] }, x2: { shape: [4] } } },
    { inputs: { x1: { shape: [3, 4] }, x2: { shape: [3, 5] } } },
  ],
});

interface Options {
  readonly dim: number;
  readonly eps: number;
}

interface Context {
  readonly build: Builder;
  readonly attributes: Options;
}

/** ∂y/∂x: (b − y · x/n)/n, with PyTorch's n = max(‖x‖, ε) throughout, below ε too. */
function slope({ build, attributes: { dim, eps } }: Context, x: Ref, other: Ref): Ref {
  const shape = broadcastShapes(x.shape, other.shape) ?? [];
  const [moving, still] = [build.expand(x, shape), build.expand(other, shape)];
  const boundedNorm = (value: Ref): Ref => {
    const norm = build.apply("norm", [value], { dim: [dim], keepdim: true });
    const least = build.constant(eps);
    return build.where(build.greaterEqual(norm, least), norm, least);
  };
  const divisor = boundedNorm(moving);
  const unit = build.div(still, boundedNorm(still));
  const direction = build.div(moving, divisor);
  const along = build.mul(build.sum(build.mul(unit, direction), [dim], true), direction);
  return build.div(build.sub(unit, along), divisor);
}

function pullBack(context: Context & { readonly cotangent: Ref }, x: Ref, other: Ref): Ref {
  const { build, attributes, cotangent } = context;
  const slopes = slope(context, x, other);
  const axis = axisOf(attributes.dim, slopes.shape.length);
  return build.sumTo(build.mul(build.unsqueeze(cotangent, axis), slopes), x.shape);
}

function pushForward(context: Context & { readonly tangent: Ref }, x: Ref, other: Ref): Ref {
  const { build, attributes, tangent } = context;
  return build.sum(build.mul(slope(context, x, other), tangent), [attributes.dim]);
}

function similarities(x1: Tensor, x2: Tensor, { dim, eps }: Options): Float64Array {
  const shape: Shape = broadcastShapes(x1.shape, x2.shape) ?? [];
  const axis = axisOf(dim, shape.length);
  const [a, b] = [doublesOf(broadcastTo(x1, shape)), doublesOf(broadcastTo(x2, shape))];
  const length = shape[axis]!;
  const step = stridesOf(shape)[axis]!;
  const y = new Float64Array(elementCount(shape.filter((_, i) => i !== axis)));
  for (let at = 0; at < y.length; at++) {
    const start = Math.floor(at / step) * step * length + (at % step);
    const [squareA, squareB] = [square(a, start, step, length), square(b, start, step, length)];
    const [normA, normB] = [Math.max(Math.sqrt(squareA), eps), Math.max(Math.sqrt(squareB), eps)];
    let total = 0;
    for (let i = 0; i < length; i++) total += (a[start + i * step]! / normA) * (b[start + i * step]! / normB);
    y[at] = total;
  }
  return y;
}

function square(values: Float64Array, start: number, step: number, length: number): number {
  let total = 0;
  for (let i = 0; i < length; i++) total += values[start + i * step]! ** 2;
  return total;
}
