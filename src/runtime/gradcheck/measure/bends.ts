/**
 * Which operators may be moved by themselves: those whose results a step of the usual size tells enough about. Steps are made for what
 * varies on a scale of one, as the leaves of a program mostly do; an inner value may be a variance of 10⁻⁶ under a root, which is to be
 * moved by way of what it is made of. Knows nothing of what the results are used for.
 */
import { elementCount, type Tensor } from "../../tensor";
import type { ApplyNode, Node } from "../../graph";

/** They bend on a scale of one or a larger one, wherever they are; or not at all, or as polynomials of low degree. */
const anywhere: ReadonlySet<string> = new Set([
  "tanh",
  "sigmoid",
  "logsigmoid",
  "softplus",
  "softsign",
  "silu",
  "gelu",
  "mish",
  "elu",
  "selu",
  "relu",
  "relu6",
  "leaky_relu",
  "hardtanh",
  "abs",
  "clamp",
  "maximum",
  "minimum",
  "exp",
  "exp2",
  "expm1",
  "sin",
  "cos",
  "sinh",
  "cosh",
  "atan",
  "erf",
  "square",
  "mul",
  "matmul",
  "mm",
  "bmm",
  "var",
  "softmax",
  "log_softmax",
  "logsumexp",
  "cross_entropy",
  "nll_loss",
  "mse_loss",
  "l1_loss",
  "smooth_l1_loss",
  "huber_loss",
  "binary_cross_entropy_with_logits",
  "max_pool1d",
  "max_pool2d",
  "avg_pool1d",
  "avg_pool2d",
  "amax",
  "amin",
  "max",
  "min",
  "cumsum",
  "pad",
  "scaled_dot_product_attention",
]);

/** They bend on the scale of what they are given, and of `div` the divisor. */
const awayFromZero: ReadonlySet<string> = new Set([
  "log",
  "log2",
  "log10",
  "sqrt",
  "rsqrt",
  "reciprocal",
  "pow",
  "div",
]);

/** Steps are a ten thousandth of it. */
const leastScale = 0.05;

/** Whether differences of the operator's own results are those that its derivatives are to be held against. */
export function isMovedAlone(user: ApplyNode, moving: Node, base: (node: Node) => Tensor): boolean {
  const { name } = user.op;
  if (anywhere.has(name)) return true;
  const { data } = base(moving);
  if (awayFromZero.has(name)) {
    for (let i = 0; i < data.length; i++) if (!(Math.abs(data[i]!) >= leastScale)) return false;
    return name !== "pow" || user.operands.y !== moving;
  }
  const groups = standardised(user);
  // What is not standardised itself scales and shifts.
  return groups !== undefined && (user.operands.x !== moving || deviates(data, groups));
}

/** How elements are grouped that an operator brings to a mean of 0 or a square of 1: `count` kinds of runs of `length`. */
interface Groups {
  readonly length: number;
  readonly count: number;
}

function standardised({ op, operands, attributes }: ApplyNode): Groups | undefined {
  const { x } = operands;
  if (x === undefined || !("kind" in x)) return undefined;
  const { shape } = x;
  const rank = shape.length;
  switch (op.name) {
    case "layer_norm":
    case "rms_norm": {
      const over = attributes.normalized_shape;
      const size = elementCount(shape.slice(rank - (Array.isArray(over) ? over.length : 1)));
      return { length: size, count: elementCount(shape) / Math.max(1, size) };
    }
    case "batch_norm":
      return { length: elementCount(shape.slice(2)), count: shape[1] ?? 1 };
    case "group_norm": {
      const count = shape[0]! * (attributes.num_groups as number);
      return { length: elementCount(shape) / Math.max(1, count), count };
    }
    default:
      return undefined;
  }
}

function deviates(data: Tensor["data"], { length, count }: Groups): boolean {
  const [sums, squares] = [new Float64Array(count), new Float64Array(count)];
  const each = data.length / count;
  const groupOf = (i: number): number => Math.floor(i / length) % count;
  for (let i = 0; i < data.length; i++) sums[groupOf(i)]! += data[i]!;
  for (let i = 0; i < data.length; i++) squares[groupOf(i)]! += (data[i]! - sums[groupOf(i)]! / each) ** 2;
  return squares.every((sum) => Math.sqrt(sum / each) >= leastScale);
}
