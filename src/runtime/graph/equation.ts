/**
 * What a derivative node computes, written as a matrix equation in the names of other nodes. Knows neither where names come
 * from nor where the equation is shown.
 */
import { elementCount, isFloat, type Shape } from "../tensor";
import { isPooledConstant } from "./constant-pool";
import { derivationOf } from "./derivation";
import { formatSpec, type DerivativeText } from "./equation-spec";
import { formatTex } from "./equation-tex";
import { formatText } from "./equation-text";
import {
  linearCall,
  matrixProduct,
  numberOf,
  over,
  plus,
  scaled,
  times,
  transposed,
  type Equation,
} from "./equation-tree";
import type { ApplyNode, Node } from "./node";

export interface WrittenEquation {
  /** As in `Xᵀ · (dh ⊙ relu′(z))`. */
  readonly text: string;
  readonly tex: string;
  /** Whether nothing is left out for its length. */
  readonly isWhole: boolean;
}

/** What an equation may call things. */
export interface EquationNames {
  readonly nameOf: (node: Node) => string | undefined;
  /** A number that stands for something with a name, as 1/N; undefined for one that is only a number. */
  readonly numberOf?: (value: number) => NamedNumber | undefined;
  /** Whether the derivatives of operators that take many others to write are named rather than written out. */
  readonly brief?: boolean;
}

/** coefficient · factors / divisors. */
export interface NamedNumber {
  readonly coefficient: number;
  readonly factors: readonly string[];
  readonly divisors: readonly string[];
}

/** A name as equations write it. */
export function writtenName(name: string): WrittenEquation {
  const equation: Equation = { kind: "name", name, shape: [] };
  return { text: formatText(equation), tex: formatTex(equation), isWhole: true };
}

/** The equation of `node`, cut at nodes that have names (its own apart) and simplified. */
export function equationOf(node: Node, nameOf: EquationNames["nameOf"]): WrittenEquation {
  const names = { nameOf: (each: Node) => (each === node ? undefined : nameOf(each)) };
  return equationOfSum([node], names);
}

/** The equation of a sum of nodes of one shape, each cut at nodes that have names, itself among them. */
export function equationOfSum(terms: readonly Node[], names: EquationNames): WrittenEquation {
  const reader = new EquationReader(names);
  const equation = terms
    .map((term) => reader.read(term))
    .reduce((sum, term) => plus(sum, term, term.shape), numberOf(0, terms[0]?.shape ?? []));
  return { text: formatText(equation), tex: formatTex(equation), isWhole: !reader.exhausted };
}

/** A node's expression as a spec writes it, cut and simplified alike; undefined where no spec can say it. */
export function specOf(node: Node, names: EquationNames, derivativeOf: DerivativeText): string | undefined {
  return formatSpec(new EquationReader(names).read(node), derivativeOf);
}

/** How many nodes an equation may be made of; a longer one says … instead. */
const longest = 60;

/** Operators that an equation leaves out: broadcasting and types are understood. */
const silent = new Set(["expand", "unsqueeze", "squeeze", "cast", "float", "identity"]);

const linear = new Set([
  "sum",
  "mean",
  "reshape",
  "slice",
  "select",
  "flip",
  "permute",
  "diagonal",
  "flatten",
]);

const picks = new Set(["slice", "select", "flip", "permute", "diagonal"]);

const comparisons: Readonly<Record<string, string>> = {
  equal: "=",
  not_equal: "≠",
  less: "<",
  less_equal: "≤",
  greater: ">",
  greater_equal: "≥",
};

/** Functions whose derivative is written out, because it is shorter than f′. */
const writtenOut = new Set([
  "neg",
  "square",
  "reciprocal",
  "exp",
  "abs",
  "clamp",
  "masked_fill",
  "dropout",
  "log",
  "sqrt",
  "sin",
  "cos",
  ...silent,
]);

/** Functions whose derivative is short in terms of what they give, where that has a name: h ⊙ (1 - h). */
const writtenInOutput = new Set(["tanh", "sigmoid"]);

class EquationReader {
  readonly #names: EquationNames;
  #left = longest;

  constructor(names: EquationNames) {
    this.#names = names;
  }

  get exhausted(): boolean {
    return this.#left < 0;
  }

  read(node: Node): Equation {
    const name = isPooledConstant(node) ? undefined : this.#names.nameOf(node);
    if (name !== undefined) return { kind: "name", name, shape: node.shape };
    this.#left -= 1;
    if (this.#left < 0) return { kind: "omitted", shape: node.shape };
    if (node.kind === "source") return this.#constant(node);
    return this.#derivative(node) ?? this.#application(node);
  }

  /** u ⊙ f′(z) for a function of one tensor, and the power rule. */
  #derivative(node: ApplyNode): Equation | undefined {
    const derivation = derivationOf(node);
    if (derivation === undefined) return undefined;
    const { of, input, moved } = derivation;
    const [x, y] = of.inputs;
    if (of.op.name === "cross_entropy" && input === "x") return this.#crossEntropy(of, moved, node.shape);
    if (of.op.name === "pow" && input === "x") return this.#powerRule(moved, x!, y!, node.shape);
    if (of.op.name === "slice") {
      const padded = this.#padded(of, moved, node.shape);
      if (padded !== undefined) return padded;
    }
    const named = this.#names.brief === true && !plain.has(of.op.name);
    if (of.op.elementwise === undefined && (named || isIntricate(node, moved))) {
      const name = `${of.op.name}.vjp_${input}`;
      return { kind: "call", name, operands: [this.read(moved)], options: [], shape: node.shape };
    }
    if (of.op.elementwise?.variables.length !== 1 || writtenOut.has(of.op.name)) return undefined;
    if (writtenInOutput.has(of.op.name) && this.#names.nameOf(of) !== undefined) return undefined;
    const slope: Equation = { kind: "derivative", name: of.op.name, at: this.read(x!), shape: of.shape };
    return times(this.read(moved), slope, node.shape);
  }

  /** y · x^(y-1) · v */
  #powerRule(moved: Node, x: Node, y: Node, shape: Shape): Equation | undefined {
    if (!sameCount(moved.shape, shape)) return undefined;
    const exponent = this.read(y);
    const less =
      exponent.kind === "number"
        ? numberOf(exponent.value - 1, [])
        : plus(exponent, numberOf(-1, []), y.shape);
    const slope = times(exponent, power(this.read(x), less, x.shape), shape);
    return times(this.read(moved), slope, shape);
  }

  /** (softmax(x) - target) · u, over the number of rows where the mean is taken; undefined with weights and what else complicates it. */
  #crossEntropy(of: ApplyNode, moved: Node, shape: Shape): Equation | undefined {
    const { x, target, weight } = of.operands;
    if (x === undefined || target === undefined || !("kind" in x) || !("kind" in target)) return undefined;
    const { reduction, label_smoothing: smoothing, ignore_index: ignored } = of.attributes;
    const skips = target.kind === "source" && target.value.data.includes(Number(ignored));
    if (weight !== undefined || smoothing !== 0 || skips || moved.shape.length > 0 || shape.length > 2)
      return undefined;
    const options = shape.length === 2 ? ["dim = 1"] : ["dim = 0"];
    const softmax: Equation = { kind: "call", name: "softmax", operands: [this.read(x)], options, shape };
    const wanted: Equation = isFloat(target.dtype)
      ? this.read(target)
      : { kind: "call", name: "one_hot", operands: [this.read(target)], options: [], shape };
    const error = plus(softmax, scaled(-1, wanted), shape);
    const rows = reduction === "mean" && shape.length === 2 ? shape[0]! : 1;
    return times(this.read(moved), over(error, this.#number(rows, []), shape), shape);
  }

  /** What is picked is put back between zeros: `pad(u, pad = [1, 2])`; undefined where elements are left out in between. */
  #padded({ attributes, shape: picked }: ApplyNode, moved: Node, shape: Shape): Equation | undefined {
    const axis = (Number(attributes.dim) + shape.length) % shape.length;
    const [size, count] = [shape[axis], picked[axis]];
    const start = Number(attributes.start ?? 0);
    if (size === undefined || count === undefined || Number(attributes.step) !== 1) return undefined;
    if (!sameCount(moved.shape, picked) || shape.length !== picked.length) return undefined;
    const before = Math.min(Math.max(start < 0 ? start + size : start, 0), size);
    const amounts = [...Array<number>(2 * (shape.length - 1 - axis)).fill(0), before, size - before - count];
    return linearCall("pad", this.read(moved), [`pad = [${amounts.join(", ")}]`], shape);
  }

  #constant(node: Extract<Node, { kind: "source" }>): Equation {
    const { data } = node.value;
    const { shape } = node;
    const [value] = data;
    if (value !== undefined && data.every((element) => element === value)) return this.#number(value, shape);
    const [rows, columns] = shape;
    if (shape.length === 2 && rows === columns && isIdentity(data, rows!)) {
      return { kind: "name", name: "I", shape };
    }
    return { kind: "call", name: "constant", operands: [], options: [`[${shape.join(", ")}]`], shape };
  }

  #number(value: number, shape: Shape): Equation {
    const named = this.#names.numberOf?.(value);
    if (named === undefined) return numberOf(value, shape);
    const nameIt = (name: string): Equation => ({ kind: "name", name, shape: [] });
    const above = named.factors.reduce<Equation>(
      (sofar, name) => times(sofar, nameIt(name), shape),
      numberOf(named.coefficient, shape),
    );
    return named.divisors.reduce((sofar, name) => over(sofar, nameIt(name), shape), above);
  }

  #application(node: ApplyNode): Equation {
    const { op, inputs, shape } = node;
    const [x, y, z] = inputs;
    const first = (): Equation => this.read(x!);
    const second = (): Equation => this.read(y!);
    switch (op.name) {
      case "add":
        return plus(first(), second(), shape);
      case "sub":
        return plus(first(), scaled(-1, second()), shape);
      case "neg":
        return scaled(-1, first());
      case "mul":
        return times(first(), second(), shape);
      case "div":
        return over(first(), second(), shape);
      case "reciprocal":
        return over(numberOf(1, []), first(), shape);
      case "square":
        return power(first(), numberOf(2, []), shape);
      case "pow":
        return power(first(), second(), shape);
      case "matmul":
        return matrixProduct(first(), second(), shape);
      case "where":
        return this.#choice(x!, y!, z!, node);
      default:
        return this.#other(node);
    }
  }

  /** a ⊙ [c] where the other branch is 0. */
  #choice(condition: Node, x: Node, y: Node, node: ApplyNode): Equation {
    const [a, b] = [this.read(x), this.read(y)];
    const holds = this.read(condition);
    if (b.kind === "number" && b.value === 0)
      return times(a, { kind: "indicator", condition: holds, shape: condition.shape }, node.shape);
    if (a.kind === "number" && a.value === 0) {
      const fails = negated(holds, condition.shape);
      return times(b, { kind: "indicator", condition: fails, shape: condition.shape }, node.shape);
    }
    return { kind: "call", name: "where", operands: [holds, a, b], options: [], shape: node.shape };
  }

  #other(node: ApplyNode): Equation {
    const { op, inputs, shape } = node;
    const [x, y] = inputs;
    if (silent.has(op.name) || (op.name === "reshape" && isPadded(x!.shape, shape)))
      return this.#reshaped(x!, shape);
    if (isMatrixTranspose(node)) return transposed(this.read(x!), shape);
    if (op.name === "logical_not") return negated(this.read(x!), shape);
    const sign = comparisons[op.name];
    if (sign !== undefined) {
      return { kind: "comparison", sign, left: this.read(x!), right: this.read(y!), shape };
    }
    if (op.name === "sum" && elementCount(x!.shape) === elementCount(shape)) return this.#reshaped(x!, shape);
    const options = optionsOf(node);
    if (linear.has(op.name)) {
      const of = this.read(x!);
      // Of what is stretched from one number every element is that.
      const isOne = picks.has(op.name) && of.kind !== "number" && of.shape.length === 0;
      return isOne ? of : linearCall(op.name, of, options, shape);
    }
    return { kind: "call", name: op.name, operands: inputs.map((input) => this.read(input)), options, shape };
  }

  #reshaped(x: Node, shape: Shape): Equation {
    const equation = this.read(x);
    return equation.kind === "number" ? numberOf(equation.value, shape) : equation;
  }
}

/** Only equality turns round: with NaN, not (a < b) is not a ≥ b. */
function negated(condition: Equation, shape: Shape): Equation {
  if (condition.kind === "comparison" && (condition.sign === "=" || condition.sign === "≠")) {
    return { ...condition, sign: condition.sign === "=" ? "≠" : "=" };
  }
  return { kind: "call", name: "not", operands: [condition], options: [], shape };
}

function isIdentity(data: ArrayLike<number>, size: number): boolean {
  for (let i = 0; i < data.length; i++) if (data[i] !== Number(i % (size + 1) === 0)) return false;
  return data.length > 0;
}

function power(base: Equation, exponent: Equation, shape: Shape): Equation {
  if (exponent.kind === "number" && exponent.value === 1) return base;
  if (exponent.kind === "number" && exponent.value === 0) return numberOf(1, shape);
  return { kind: "power", base, exponent, shape };
}

function sameCount(a: Shape, b: Shape): boolean {
  return elementCount(a) === elementCount(b);
}

/** Whether the shapes differ by dimensions of size 1 alone. */
function isPadded(a: Shape, b: Shape): boolean {
  const wide = (shape: Shape): string => shape.filter((size) => size !== 1).join();
  return wide(a) === wide(b);
}

/** Operators whose derivatives are always written out. */
const plain = new Set([
  "matmul",
  "linear",
  "sum",
  "mean",
  "reshape",
  "permute",
  "transpose",
  "cross_entropy",
  ...silent,
]);

/** Operators that say how a derivative is computed and not what it is. */
const machinery = /^_|scatter|^put_/;

/** Whether a derivative is made of operators that no reader wants to see. */
function isIntricate(node: ApplyNode, moved: Node): boolean {
  const seen = new Set<Node>([moved]);
  const stack: Node[] = [node];
  for (let next = stack.pop(); next !== undefined; next = stack.pop()) {
    if (seen.has(next) || next.kind !== "apply" || next.id < moved.id || seen.size > 40) continue;
    if (machinery.test(next.op.name)) return true;
    seen.add(next);
    stack.push(...next.inputs);
  }
  return false;
}

function isMatrixTranspose({ op, attributes, shape }: ApplyNode): boolean {
  const rank = shape.length;
  if (op.name === "permute") return rank === 2 && String(attributes.dims) === "1,0";
  if (op.name !== "transpose") return false;
  const axes = [attributes.dim0, attributes.dim1].map((axis) => (Number(axis) + rank) % rank);
  return axes.includes(rank - 1) && axes.includes(rank - 2);
}

/** The attributes that are not as they are by default, as in `dim = 0`; all dimensions are the default, too. */
function optionsOf({ op, attributes, inputs, shape }: ApplyNode): string[] {
  return Object.entries(attributes).flatMap(([name, value]) => {
    const axes = Array.isArray(value) && name === "dim" ? value.length : undefined;
    if (axes !== undefined && axes === inputs[0]?.shape.length && shape.length === 0) return [];
    const isDefault = String(value) === String(op.attributes[name]?.default);
    if (value === undefined || isDefault) return [];
    if (value === true) return [name];
    const list = Array.isArray(value) ? (value as readonly number[]) : undefined;
    const text =
      list === undefined ? String(value) : list.length === 1 ? String(list[0]) : `[${list.join(", ")}]`;
    return [`${name} = ${text}`];
  });
}
