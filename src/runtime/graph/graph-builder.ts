/**
 * The builder that records into a graph, leaving out what changes nothing: products with 1, sums with 0, reshapes to the
 * same shape. Owns no state of its own; constants live in the graph's pool.
 */
import {
  elementCount,
  isFloat,
  promote,
  type DType,
  type FloatDType,
  type Shape,
  type Tensor,
} from "../tensor";
import {
  intrinsics,
  isRejected,
  operator,
  type AttributeValue,
  type Axes,
  type Builder,
  type Intrinsic,
  type OpDefinition,
  type Rejected,
} from "../ops";
import { keyOf, operandsOf, swapsDims } from "./builder-operands";
import type { ConstantPool } from "./constant-pool";
import { elementwiseOperator, givesTruth } from "./intrinsic-operators";
import type { Node } from "./node";
import { commonShape, isShape, simplified, unstretched } from "./simplify";

export type Operands = Readonly<Record<string, Node | readonly Node[] | undefined>>;

/** What a builder needs of a graph. */
export interface Recording {
  readonly constants: ConstantPool;
  /** What builders have recorded, by operator, operands and attributes: the same application is recorded once. */
  readonly shared: Map<string, Node>;
  source(value: Tensor, origin?: unknown): Node;
  apply(
    op: OpDefinition,
    operands: Operands,
    attributes: Readonly<Record<string, AttributeValue>>,
    origin?: unknown,
  ): Node | Rejected;
}

export class GraphBuilder implements Builder<Node> {
  readonly #graph: Recording;
  readonly #origin: unknown;
  readonly #float: FloatDType;

  constructor(graph: Recording, origin: unknown, float: FloatDType) {
    this.#graph = graph;
    this.#origin = origin;
    this.#float = float;
  }

  constant(value: number): Node {
    return this.#graph.constants.weak(value, this.#float);
  }

  add(x: Node, y: Node): Node {
    return this.#elementwise("add", x, y);
  }
  sub(x: Node, y: Node): Node {
    return this.#elementwise("sub", x, y);
  }
  mul(x: Node, y: Node): Node {
    return this.#elementwise("mul", x, y);
  }
  div(x: Node, y: Node): Node {
    return this.#elementwise("div", x, y);
  }
  pow(x: Node, y: Node): Node {
    return this.#elementwise("pow", x, y);
  }
  neg(x: Node): Node {
    return this.#elementwise("neg", x);
  }
  abs(x: Node): Node {
    return this.#elementwise("abs", x);
  }
  sign(x: Node): Node {
    return this.#elementwise("sign", x);
  }
  exp(x: Node): Node {
    return this.#elementwise("exp", x);
  }
  expm1(x: Node): Node {
    return this.#elementwise("expm1", x);
  }
  log(x: Node): Node {
    return this.#elementwise("log", x);
  }
  log1p(x: Node): Node {
    return this.#elementwise("log1p", x);
  }
  sqrt(x: Node): Node {
    return this.#elementwise("sqrt", x);
  }
  square(x: Node): Node {
    return this.#elementwise("square", x);
  }
  reciprocal(x: Node): Node {
    return this.#elementwise("reciprocal", x);
  }
  sin(x: Node): Node {
    return this.#elementwise("sin", x);
  }
  cos(x: Node): Node {
    return this.#elementwise("cos", x);
  }
  tan(x: Node): Node {
    return this.#elementwise("tan", x);
  }
  atan(x: Node): Node {
    return this.#elementwise("atan", x);
  }
  atan2(y: Node, x: Node): Node {
    return this.#elementwise("atan2", y, x);
  }
  sinh(x: Node): Node {
    return this.#elementwise("sinh", x);
  }
  cosh(x: Node): Node {
    return this.#elementwise("cosh", x);
  }
  tanh(x: Node): Node {
    return this.#elementwise("tanh", x);
  }
  erf(x: Node): Node {
    return this.#elementwise("erf", x);
  }
  sigmoid(x: Node): Node {
    return this.#elementwise("sigmoid", x);
  }
  floor(x: Node): Node {
    return this.#elementwise("floor", x);
  }
  ceil(x: Node): Node {
    return this.#elementwise("ceil", x);
  }
  round(x: Node): Node {
    return this.#elementwise("round", x);
  }
  maximum(x: Node, y: Node): Node {
    return this.#elementwise("maximum", x, y);
  }
  minimum(x: Node, y: Node): Node {
    return this.#elementwise("minimum", x, y);
  }
  less(x: Node, y: Node): Node {
    return this.#elementwise("less", x, y);
  }
  lessEqual(x: Node, y: Node): Node {
    return this.#elementwise("lessEqual", x, y);
  }
  greater(x: Node, y: Node): Node {
    return this.#elementwise("greater", x, y);
  }
  greaterEqual(x: Node, y: Node): Node {
    return this.#elementwise("greaterEqual", x, y);
  }
  equal(x: Node, y: Node): Node {
    return this.#elementwise("equal", x, y);
  }
  notEqual(x: Node, y: Node): Node {
    return this.#elementwise("notEqual", x, y);
  }
  and(x: Node, y: Node): Node {
    return this.#elementwise("and", x, y);
  }
  or(x: Node, y: Node): Node {
    return this.#elementwise("or", x, y);
  }
  not(x: Node): Node {
    return this.#elementwise("not", x);
  }
  isnan(x: Node): Node {
    return this.#elementwise("isnan", x);
  }
  where(condition: Node, x: Node, y: Node): Node {
    return this.#elementwise("where", condition, x, y);
  }

  tensor(value: Tensor): Node {
    return this.#graph.source(value, this.#origin);
  }

  full(value: number, like: { readonly shape: Shape; readonly dtype: DType }): Node {
    const { constants } = this.#graph;
    const one = constants.scalar(value, like.dtype);
    if (like.shape.length === 0) return one;
    const stretched = this.apply("expand", [one], { shape: like.shape });
    constants.note(stretched, value);
    return stretched;
  }

  zerosLike(x: Node): Node {
    return this.full(0, x);
  }

  onesLike(x: Node): Node {
    return this.full(1, x);
  }

  cast(x: Node, dtype: DType): Node {
    if (x.dtype === dtype && !this.#graph.constants.isWeak(x)) return x;
    const constant = this.#graph.constants.valueOf(x);
    if (constant !== undefined && isFloat(dtype)) return this.full(constant, { shape: x.shape, dtype });
    return this.apply("cast", [x], { dtype });
  }

  matmul(x: Node, y: Node): Node {
    return this.apply("matmul", [x, y]);
  }

  transpose(x: Node): Node {
    const rank = x.shape.length;
    const last = { dim0: rank - 2, dim1: rank - 1 };
    if (x.kind === "apply" && x.op.name === "transpose" && swapsDims(x.attributes, last, rank))
      return x.inputs[0]!;
    return this.apply("transpose", [x], last);
  }

  permute(x: Node, dims: Axes): Node {
    const rank = x.shape.length;
    if (dims.every((axis, index) => (axis < 0 ? axis + rank : axis) === index)) return x;
    return this.apply("permute", [x], { dims });
  }

  reshape(x: Node, shape: Shape): Node {
    return isShape(x.shape, shape) ? x : this.apply("reshape", [x], { shape });
  }

  expand(x: Node, shape: Shape): Node {
    if (isShape(x.shape, shape)) return x;
    const constant = this.#graph.constants.valueOf(x);
    if (constant !== undefined) return this.full(constant, { shape, dtype: x.dtype });
    return this.apply("expand", [x], { shape });
  }

  unsqueeze(x: Node, axis: number): Node {
    return this.apply("unsqueeze", [x], { dim: axis });
  }

  squeeze(x: Node, axis: number): Node {
    return this.apply("squeeze", [x], { dim: [axis] });
  }

  sum(x: Node, axes?: Axes, keepdim = false): Node {
    return this.#reduce("sum", x, axes, keepdim);
  }

  mean(x: Node, axes?: Axes, keepdim = false): Node {
    return this.#reduce("mean", x, axes, keepdim);
  }

  amax(x: Node, axes?: Axes, keepdim = false): Node {
    return this.#reduce("amax", x, axes, keepdim);
  }

  sumTo(x: Node, shape: Shape): Node {
    if (isShape(x.shape, shape)) return x;
    if (elementCount(x.shape) === elementCount(shape) && elementCount(shape) > 0)
      return this.reshape(x, shape);
    const added = x.shape.length - shape.length;
    const axes = x.shape.flatMap((size, axis) =>
      axis < added || shape[axis - added] !== size ? [axis] : [],
    );
    const whole = axes.length === x.shape.length;
    return this.reshape(
      whole
        ? this.sum(x)
        : this.sum(
            x,
            axes,
            axes.some((axis) => axis >= added),
          ),
      shape,
    );
  }

  slice(x: Node, axis: number, start: number, stop: number, step: number): Node {
    return this.apply("slice", [x], { dim: axis, start, stop, step });
  }

  concatenate(parts: readonly Node[], axis: number): Node {
    const [only] = parts;
    return parts.length === 1 && only !== undefined ? only : this.apply("cat", parts, { dim: axis });
  }

  flip(x: Node, dims: Axes): Node {
    return dims.length === 0 ? x : this.apply("flip", [x], { dims });
  }

  apply(
    name: string,
    inputs: readonly (Node | undefined)[],
    attributes: Readonly<Record<string, AttributeValue>> = {},
  ): Node {
    return this.#record(operator(name), inputs, attributes);
  }

  #record(
    op: OpDefinition,
    inputs: readonly (Node | undefined)[],
    attributes: Readonly<Record<string, AttributeValue>>,
  ): Node {
    const key = keyOf(op, inputs, attributes);
    const shared = this.#graph.shared.get(key);
    if (shared !== undefined) return shared;
    const made = this.#graph.apply(op, operandsOf(op, inputs), attributes, this.#origin);
    if (isRejected(made))
      throw new Error(`a rule's ${op.name} was refused: ${JSON.stringify(made.rejected)}`);
    this.#graph.shared.set(key, made);
    return made;
  }

  #reduce(name: "sum" | "mean" | "amax", x: Node, axes: Axes | undefined, keepdim: boolean): Node {
    if (axes === undefined) return this.apply(name, [x], { keepdim });
    return axes.length === 0 ? x : this.apply(name, [x], { dim: axes, keepdim });
  }

  #elementwise(name: Intrinsic, ...given: Node[]): Node {
    const { constants } = this.#graph;
    const typed = given.some((operand) => constants.isWeak(operand)) ? this.#typed(name, given) : given;
    const operands = unstretched(typed);
    const [x, y] = operands;
    return (
      simplified(name, x!, y, constants) ??
      (name === "where" ? this.#chosen(operands) : undefined) ??
      this.#folded(name, operands) ??
      this.#record(elementwiseOperator(name), operands, {})
    );
  }

  /** What a `where` gives whose condition is that two known numbers are equal. */
  #chosen([condition, x, y]: readonly Node[]): Node | undefined {
    if (condition?.kind !== "apply" || condition.op.name !== "equal") return undefined;
    const { constants } = this.#graph;
    const [left, right] = condition.inputs.map((input) => constants.valueOf(input));
    if (left === undefined || right === undefined) return undefined;
    const [chosen, other] = left === right ? [x!, y!] : [y!, x!];
    const shape = commonShape([condition, x!, y!]);
    return shape && isShape(shape, chosen.shape) && chosen.dtype === other.dtype ? chosen : undefined;
  }

  /** The result where every operand is one known number all over. */
  #folded(name: Intrinsic, operands: readonly Node[]): Node | undefined {
    if (givesTruth(name) || !operands.every(({ dtype }) => isFloat(dtype))) return undefined;
    const values: number[] = [];
    for (const operand of operands) {
      const value = this.#graph.constants.valueOf(operand);
      if (value === undefined) return undefined;
      values.push(value);
    }
    const shape = commonShape(operands);
    const dtype = operands.map((operand) => operand.dtype).reduce(promote);
    const value = intrinsics[name](values[0]!, values[1] ?? 0, values[2] ?? 0);
    const weak = operands.every((operand) => this.#graph.constants.isWeak(operand));
    if (weak) return this.constant(value);
    return shape && this.full(value, { shape, dtype });
  }

  /** Gives constants the type of what they meet; among themselves they keep theirs. */
  #typed(name: Intrinsic, operands: readonly Node[]): readonly Node[] {
    const { constants } = this.#graph;
    if (!givesTruth(name) && operands.every((operand) => constants.isWeak(operand))) return operands;
    const firm = operands.filter((operand) => !constants.isWeak(operand) && operand.dtype !== "bool");
    const met = firm.length === 0 ? this.#float : firm.map(({ dtype }) => dtype).reduce(promote);
    return operands.map((operand) => {
      if (!constants.isWeak(operand)) return operand;
      const value = constants.valueOf(operand)!;
      return constants.scalar(value, isFloat(met) ? met : Number.isInteger(value) ? "int" : this.#float);
    });
  }
}
