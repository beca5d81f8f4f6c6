/**
 * Operators that are linear in an operand, read backwards: from what the elements of the result are worth, what those of the operand
 * are. Written from the operators' definitions and not by their derivative rules, so that a wrong rule is not held against itself.
 */
import {
  broadcastTo,
  elementCount,
  reduceToShape,
  full,
  isFloat,
  tensor,
  type Shape,
  type Tensor,
} from "../../tensor";
import type { ApplyNode, Node } from "../../graph";
import { isFault } from "../../ops";
import { convolutionPull } from "./convolution-pull";
import { spread } from "./ends";

/** Gives a number for each element of the operand. The field is borrowed, and may be given back as it is. */
export type Pull = (field: Float64Array) => Float64Array;

export interface PullContext {
  readonly base: (node: Node) => Tensor;
  /** The user's operand that moves; it is one of its operands once. */
  readonly moving: Node;
  readonly name: string;
}

/** Undefined where the operator is not linear in that operand, or is not known to be. */
export function pullOf(user: ApplyNode, moving: Node, base: (node: Node) => Tensor): Pull | undefined {
  if (user.inputs.filter((input) => input === moving).length !== 1) return undefined;
  const name = Object.keys(user.operands).find((each) => {
    const operand = user.operands[each];
    return operand !== undefined && ("kind" in operand ? operand === moving : operand.includes(moving));
  });
  return name === undefined ? undefined : linear(user, { base, moving, name });
}

function linear(user: ApplyNode, context: PullContext): Pull | undefined {
  const { base, moving, name } = context;
  const other = (input: string): Float64Array => doublesOf(base(user.operands[input] as Node)); // single operands
  const toMoving: Pull = (field) => reduced(field, user.shape, moving.shape);
  switch (user.op.name) {
    case "add":
    case "identity":
    case "cast":
    case "expand":
      return toMoving;
    case "sub":
      return name === "x" ? toMoving : (field) => toMoving(field.map((each) => -each));
    case "neg":
      return (field) => field.map((each) => -each);
    case "mul":
    case "div": {
      const divides = user.op.name === "div";
      if (divides && name !== "x") return undefined;
      const factor = stretched(base(user.operands[name === "x" ? "y" : "x"] as Node), user.shape);
      return (field) => toMoving(field.map((each, i) => (divides ? each / factor[i]! : each * factor[i]!)));
    }
    case "where": {
      if (name === "cond") return undefined;
      const mask = stretched(base(user.operands.cond as Node), user.shape);
      const wanted = name === "x";
      return (field) => toMoving(field.map((each, i) => ((mask[i] !== 0) === wanted ? each : 0)));
    }
    case "reshape":
    case "flatten":
    case "squeeze":
    case "unsqueeze":
      return (field) => field;
    case "sum":
      return (field) => spread(field, user, 1);
    case "mean":
      return (field) => spread(field, user, elementCount(user.shape) / elementCount(moving.shape));
    case "matmul":
    case "mm":
    case "bmm":
      return productPull(user, name, moving, other);
    case "linear": {
      const { weight } = user.operands;
      if (weight === undefined || !("kind" in weight) || weight.shape.length !== 2) return undefined;
      const [outputs, inner] = weight.shape as readonly [number, number];
      const rows = elementCount(user.shape) / Math.max(1, outputs);
      if (name === "bias") return toMoving;
      if (name === "weight")
        return (field) => columnsByColumns(field, other("x"), { rows, m: outputs, n: inner });
      return (field) => rowsByRows(field, other("weight"), { rows, inner: outputs, n: inner });
    }
    default:
      return movements.has(user.op.name) ? movedPull(user, context) : convolutionPull(user, context);
  }
}

function productPull(
  user: ApplyNode,
  name: string,
  moving: Node,
  other: (input: string) => Float64Array,
): Pull | undefined {
  const { x, y } = user.operands as Readonly<Record<string, Node>>; // both are there
  if (x!.shape.length < 2 || y!.shape.length < 2) return undefined;
  const [k, n] = y!.shape.slice(-2) as [number, number];
  const isFlat = y!.shape.length === 2;
  const batch = isFlat ? 1 : elementCount(y!.shape.slice(0, -2));
  // Batches that are stretched are left to others.
  if (!isFlat && x!.shape.slice(0, -2).join() !== y!.shape.slice(0, -2).join()) return undefined;
  const m = elementCount(x!.shape) / Math.max(1, k * batch);
  const each = (
    field: Float64Array,
    given: Float64Array,
    size: number,
    pull: (f: Float64Array, g: Float64Array) => Float64Array,
  ) => {
    if (batch === 1) return pull(field, given);
    const whole = new Float64Array(elementCount(moving.shape));
    for (let b = 0; b < batch; b++)
      whole.set(
        pull(field.subarray(b * m * n, (b + 1) * m * n), given.subarray(b * size, (b + 1) * size)),
        b * (whole.length / batch),
      );
    return whole;
  };
  if (name === "y")
    return (field) => each(field, other("x"), m * k, (f, g) => columnsByColumns(g, f, { rows: m, m: k, n }));
  return (field) =>
    each(field, other("y"), k * n, (f, g) => rowsByColumns(f, g, { rows: m, inner: n, n: k }));
}

/** aᵀ @ b for a [rows, m] and b [rows, n]: four rows at a time. */
function columnsByColumns(
  a: Float64Array,
  b: Float64Array,
  { rows, m, n }: { readonly rows: number; readonly m: number; readonly n: number },
): Float64Array {
  const result = new Float64Array(m * n);
  let row = 0;
  for (; row + 4 <= rows; row += 4) {
    const b0 = row * n;
    const [b1, b2, b3] = [b0 + n, b0 + 2 * n, b0 + 3 * n];
    for (let i = 0, at = row * m, into = 0; i < m; i++, at++, into += n) {
      const a0 = a[at]!;
      const a1 = a[at + m]!;
      const a2 = a[at + 2 * m]!;
      const a3 = a[at + 3 * m]!;
      for (let j = 0; j < n; j++)
        result[into + j] =
          result[into + j]! + (a0 * b[b0 + j]! + a1 * b[b1 + j]! + (a2 * b[b2 + j]! + a3 * b[b3 + j]!));
    }
  }
  for (; row < rows; row++)
    for (let i = 0; i < m; i++) {
      const factor = a[row * m + i]!;
      for (let j = 0; j < n; j++) result[i * n + j] = result[i * n + j]! + factor * b[row * n + j]!;
    }
  return result;
}

interface ProductSizes {
  readonly rows: number;
  readonly inner: number;
  readonly n: number;
}

/** a @ b for a [rows, inner] and b [inner, n]. */
function rowsByRows(a: Float64Array, b: Float64Array, { rows, inner, n }: ProductSizes): Float64Array {
  const result = new Float64Array(rows * n);
  for (let row = 0; row < rows; row++) {
    for (let i = 0; i < inner; i++) {
      const factor = a[row * inner + i]!;
      for (let j = 0; j < n; j++) result[row * n + j] = result[row * n + j]! + factor * b[i * n + j]!;
    }
  }
  return result;
}

/** a @ bᵀ for a [rows, inner] and b [n, inner]. */
function rowsByColumns(a: Float64Array, b: Float64Array, { rows, inner, n }: ProductSizes): Float64Array {
  const result = new Float64Array(rows * n);
  for (let row = 0; row < rows; row++) {
    for (let j = 0; j < n; j++) {
      let sum = 0;
      for (let i = 0; i < inner; i++) sum += a[row * inner + i]! * b[j * inner + i]!;
      result[row * n + j] = sum;
    }
  }
  return result;
}

/** Operators whose results are elements of their operands, or zeros. */
const movements: ReadonlySet<string> = new Set([
  "transpose",
  "permute",
  "select",
  "slice",
  "flip",
  "roll",
  "repeat",
  "cat",
  "stack",
  "diag",
  "diagonal",
  "tril",
  "triu",
  "index_select",
  "gather",
  "embedding",
]);

/** Where each element of the result comes from is what the operator makes of the operand's numbers. */
function movedPull(user: ApplyNode, { base, moving: operand }: PullContext): Pull | undefined {
  const count = elementCount(operand.shape);
  const inputs: Record<string, Tensor | readonly Tensor[] | undefined> = {};
  const numbered = (node: Node): Tensor => {
    if (node === operand)
      return tensor(
        "float64",
        node.shape,
        Float64Array.from({ length: count }, (_, i) => i + 1),
      );
    return isFloat(node.dtype) ? full("float64", node.shape, 0) : base(node);
  };
  for (const name in user.operands) {
    const given = user.operands[name];
    inputs[name] = given && ("kind" in given ? numbered(given) : given.map(numbered));
  }
  const output = { shape: user.shape, dtype: "float64" } as const;
  const places = user.op.forward({ inputs, attributes: user.attributes, output });
  if (isFault(places)) return undefined;
  return (field) => {
    const result = new Float64Array(count);
    for (let i = 0; i < field.length; i++) {
      const place = places.data[i]! - 1;
      if (place >= 0) result[place] = result[place]! + field[i]!;
    }
    return result;
  };
}

function stretched(value: Tensor, shape: Shape): ArrayLike<number> {
  return broadcastTo(value, shape).data;
}

function reduced(field: Float64Array, from: Shape, to: Shape): Float64Array {
  if (field.length === elementCount(to)) return field;
  return doublesOf(reduceToShape(tensor("float64", from, field), to));
}

export function doublesOf({ data }: Tensor): Float64Array {
  return data instanceof Float64Array ? data : Float64Array.from(data);
}
