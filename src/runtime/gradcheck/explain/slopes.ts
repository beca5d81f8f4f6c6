/**
 * How what is piecewise in a body depends on its argument, elementwise, as a rule would be written: `where(Z > 0, 1, 0.1)` for
 * `maximum(Z, 0.1 * Z)`. Knows nothing of where such a slope is missing.
 */
import { elementCount, isFloat } from "../../tensor";
import { isShapedAlike, type ApplyNode, type Node } from "../../graph";
import { coneOf } from "../measure/cone";
import type { Expression } from "./expression";
import type { Factor } from "./factors";
import { ellipsis, numberOf, printNode } from "./print-node";
import { bare } from "./quotes";

export interface Slope extends Factor {
  /** The argument, and all that the function is made of, elementwise, in the expression's graph. */
  readonly at: Node;
  readonly madeOf: ReadonlySet<Node>;
}

export interface SlopesInput {
  readonly expression: Expression;
  readonly named: (node: Node) => string | undefined;
  readonly isNamed: (node: Node) => boolean;
  /** Nodes of the original graph, those nearest to the result first. */
  readonly functions: readonly Node[];
}

const mostFunctions = 8;
const mostArguments = 4;
const mostSteps = 24;

const branches: ReadonlySet<string> = new Set("where maximum minimum clamp abs leaky_relu".split(" "));

const known: ReadonlySet<string> = new Set(["abs", "relu"]);

export function slopesOf(input: SlopesInput): Slope[] {
  const { functions, isNamed } = input;
  const inner = new Set<Node>();
  for (const node of functions)
    if (isElementwise(node) && !isProduct(node)) for (const each of node.inputs) inner.add(each);
  return functions
    .filter((node) => isElementwise(node) && isWide(node) && (isNamed(node) || !inner.has(node)))
    .map((node) => ({ node, region: regionOf(node) }))
    .filter(
      ({ region }) =>
        region.length <= mostSteps &&
        region.some((node) => node.kind === "apply" && branches.has(node.op.name)),
    )
    .slice(0, mostFunctions)
    .flatMap(({ node, region }) =>
      region
        .filter((each) => each !== node && isNamed(each) && isFloat(each.dtype) && isWithin(each, node))
        .slice(0, mostArguments)
        .flatMap((argument) => slopeOf(input, node, argument, region) ?? []),
    );
}

function slopeOf(
  { expression, named, isNamed }: SlopesInput,
  result: Node,
  argument: Node,
  region: readonly Node[],
): Slope | undefined {
  // Weights are factors of their own.
  if (
    isElementwise(result) &&
    isProduct(result) &&
    result.inputs.some((x) => !coneOf([x]).includes(argument))
  )
    return undefined;
  // What is one function is known by its name.
  if (result.kind === "apply" && known.has(result.op.name) && result.inputs[0] === argument) return undefined;
  const node = new Slopes(expression, argument, isNamed).of(result);
  if (node === undefined || typeof node === "number" || !isPiecewise(node)) return undefined;
  const text = printNode(node, (each) => expression.nameOf(each), mostDepth);
  const [of, at] = [result, argument].map((each) => bare(named(each) ?? "")) as [string, string];
  if (text.includes(ellipsis) || text.length > longest || at === "") return undefined;
  return {
    node,
    text,
    at: expression.given(argument),
    madeOf: new Set(region.map((each) => expression.given(each))),
    derivativeOf: of === "" || !isNamed(result) ? `the slope at ${at}` : `∂${of}/∂${at}`,
    form: "derivative",
  };
}

const mostDepth = 8;
const longest = 90;

/** What is elementwise and as large, by way of such alone, and what that is made of. */
function regionOf(result: Node): Node[] {
  const reached = new Set<Node>([result]);
  for (const node of reached)
    if (node.kind === "apply" && isElementwise(node)) for (const each of node.inputs) reached.add(each);
  return [...reached];
}

function isElementwise(node: Node): node is ApplyNode {
  return node.kind === "apply" && (node.op.elementwise !== undefined || node.op.name === "cast");
}

/** What is weighted has a slope of its own. */
function isProduct({ op }: ApplyNode): boolean {
  return op.name === "mul" || op.name === "div";
}

function isWide({ dtype, shape }: Node): boolean {
  return isFloat(dtype) && elementCount(shape) > 1;
}

/** Whether a value is as large, or is broadcast from fewer dimensions. */
function isWithin(argument: Node, result: Node): boolean {
  return isShapedAlike(argument, result) || argument.shape.length < result.shape.length;
}

function isPiecewise(slope: Node): boolean {
  return coneOf([slope]).some(({ dtype }) => !isFloat(dtype)) || coneOf([slope]).some(isSign);
}

function isSign(node: Node): boolean {
  return node.kind === "apply" && node.op.name === "sign";
}

/** A derivative that is known: a number, or a value of the expression's graph; undefined where it is not. */
type Derivative = number | Node | undefined;

class Slopes {
  readonly #expression: Expression;
  readonly #argument: Node;
  readonly #isNamed: SlopesInput["isNamed"];
  readonly #known = new Map<Node, Derivative>();

  constructor(expression: Expression, argument: Node, isNamed: SlopesInput["isNamed"]) {
    this.#expression = expression;
    this.#argument = argument;
    this.#isNamed = isNamed;
  }

  of(node: Node): Derivative {
    if (!this.#known.has(node)) this.#known.set(node, this.#found(node));
    return this.#known.get(node);
  }

  #found(node: Node): Derivative {
    if (node === this.#argument) return 1;
    if (!coneOf([node]).includes(this.#argument)) return 0;
    if (!isElementwise(node)) return undefined;
    const [x, y, z] = node.inputs;
    if (x === undefined) return undefined;
    const own = this.#unary(node, x);
    if (own !== undefined) return own;
    return y === undefined ? undefined : this.#several(node, x, y, z);
  }

  #unary(node: ApplyNode, x: Node): Derivative {
    const dx = this.of(x);
    const value = (): Node => this.#copy(node);
    const at = (): Node => this.#copy(x);
    switch (node.op.name) {
      case "identity":
      case "cast":
        return dx;
      case "neg":
        return this.#times(-1, dx);
      case "abs":
        return this.#times(this.#made("sign", { x: at() }), dx);
      case "square":
        return this.#times(this.#times(2, at()), dx);
      case "exp":
        return this.#times(value(), dx);
      case "log":
        return this.#over(dx, at());
      case "tanh":
        return this.#times(this.#minus(1, this.#made("square", { x: value() })), dx);
      case "sigmoid":
        return this.#times(this.#times(value(), this.#minus(1, value())), dx);
      case "sqrt":
        return this.#over(dx, this.#times(2, value()));
      case "relu":
        return this.#times(this.#isAbove(at(), 0), dx);
      case "clamp":
        return this.#times(this.#between(at(), node.attributes.min, node.attributes.max), dx);
      default:
        return undefined;
    }
  }

  #several({ op }: ApplyNode, x: Node, y: Node, z: Node | undefined): Derivative {
    if (op.name === "where" && z !== undefined) return this.#either(this.#copy(x), this.of(y), this.of(z));
    const [dx, dy] = [this.of(x), this.of(y)];
    const [a, b] = [(): Node => this.#copy(x), (): Node => this.#copy(y)];
    switch (op.name) {
      case "add":
        return this.#plus(dx, dy);
      case "sub":
        return this.#minus(dx, dy);
      case "mul":
        return this.#plus(this.#times(this.#value(y), dx), this.#times(this.#value(x), dy));
      case "div":
        return dy === 0 ? this.#over(dx, this.#value(y)) : undefined;
      case "pow": {
        const power = numberOf(y);
        if (power === undefined) return undefined;
        const root = power === 2 ? a() : this.#made("pow", { x: a(), y: this.#number(power - 1) });
        return this.#times(this.#times(power, root), dx);
      }
      case "maximum":
      case "minimum": {
        const [first, second] = op.name === "maximum" ? [x, y] : [y, x];
        const isFirst =
          this.#isGreater(first, second) ??
          this.#made("greater", op.name === "maximum" ? { x: a(), y: b() } : { x: b(), y: a() });
        return isFirst && this.#either(isFirst, dx, dy);
      }
      default:
        return undefined;
    }
  }

  /** Of multiples of one value: whether that is positive or negative. */
  #isGreater(x: Node, y: Node): Node | undefined {
    const [[a, p], [b, q]] = [multipleOf(x), multipleOf(y)];
    if (p !== q || a === b) return undefined;
    return this.#made(a > b ? "greater" : "less", { x: this.#copy(p), y: this.#number(0) });
  }

  /** As it stands in the body, down to what has a name. */
  #copy(node: Node): Node {
    const expression = this.#expression;
    const isNamed = this.#isNamed;
    if (node.kind === "source") {
      const number = node.shape.length === 0 && !isNamed(node) ? numberOf(node) : undefined;
      return number === undefined || !isFloat(node.dtype) ? expression.given(node) : this.#number(number);
    }
    if (isNamed(node) || !isElementwise(node)) return expression.given(node);
    const operands = Object.fromEntries(
      // Elementwise operators have no lists.
      Object.entries(node.operands).map(([name, each]) => [name, this.#copy(each as Node)]),
    );
    return expression.record(node.op, operands, node.attributes) ?? expression.given(node);
  }

  #value(node: Node): Node | number {
    const number = this.#isNamed(node) ? undefined : numberOf(node);
    return number ?? this.#copy(node);
  }

  #either(condition: Node, x: Derivative, y: Derivative): Derivative {
    if (x === undefined || y === undefined) return undefined;
    if (x === y) return x;
    if (x === 1 && y === 0) return this.#mask(condition);
    return this.#made("where", { cond: condition, x: this.#node(x), y: this.#node(y) });
  }

  #isAbove(x: Node, bound: number): Derivative {
    return this.#mask(this.#made("greater", { x, y: this.#number(bound) }));
  }

  #between(x: Node, least: unknown, most: unknown): Derivative {
    const above = typeof least === "number" ? this.#isAbove(x, least) : 1;
    const below = typeof most === "number" ? this.#mask(this.#made("less", { x, y: this.#number(most) })) : 1;
    return this.#times(above, below);
  }

  #plus(x: Derivative, y: Derivative): Derivative {
    if (x === undefined || y === undefined) return undefined;
    if (x === 0) return y;
    if (y === 0) return x;
    return typeof x === "number" && typeof y === "number"
      ? x + y
      : this.#made("add", { x: this.#node(x), y: this.#node(y) });
  }

  #minus(x: Derivative, y: Derivative): Derivative {
    if (x === undefined || y === undefined) return undefined;
    if (y === 0) return x;
    if (x === 0) return this.#times(-1, y);
    return typeof x === "number" && typeof y === "number"
      ? x - y
      : this.#made("sub", { x: this.#node(x), y: this.#node(y) });
  }

  #times(x: Derivative, y: Derivative): Derivative {
    if (x === undefined || y === undefined) return undefined;
    if (x === 0 || y === 0) return 0;
    if (x === 1) return y;
    if (y === 1) return x;
    if (typeof x === "number" && typeof y === "number") return Number((x * y).toPrecision(15));
    // 0.5 * (2 * e) is e.
    if (typeof y === "number") return this.#times(y, x);
    const [number, rest] = typeof x === "number" ? this.#scaled(y) : [];
    if (number !== undefined) return this.#times(this.#times(x, number), rest);
    if (x === -1) return this.#made("neg", { x: this.#node(y) });
    return this.#made("mul", { x: this.#node(x), y: this.#node(y) });
  }

  /** `2 * x` is 2 times x. */
  #scaled(node: Node): readonly [number, Node] | readonly [] {
    const [a, b] = node.kind === "apply" && node.op.name === "mul" ? node.inputs : [];
    const number = a && this.#expression.numberOf(a);
    return number === undefined || b === undefined ? [] : [number, b];
  }

  #over(x: Derivative, y: Derivative): Derivative {
    if (x === undefined || y === undefined || x === 0 || y === 1) return x;
    const [number, rest] = typeof x === "number" ? [] : this.#scaled(x);
    if (number !== undefined && typeof y === "number") return this.#times(number / y, rest);
    return this.#made("div", { x: this.#node(x), y: this.#node(y) });
  }

  #mask(condition: Node | undefined): Derivative {
    return condition && this.#made("cast", { x: condition }, { dtype: "float64" });
  }

  #number(value: number): Node {
    return this.#expression.graph.constants.scalar(value, "float64");
  }

  #node(x: number | Node): Node {
    return typeof x === "number" ? this.#number(x) : x;
  }

  #made(
    op: string,
    operands: Readonly<Record<string, Node>>,
    attributes?: Readonly<Record<string, string>>,
  ): Node | undefined {
    return this.#expression.record(op, operands, attributes);
  }
}

/** `0.1 * Z` is 0.1 of Z. */
function multipleOf(node: Node): readonly [number, Node] {
  if (node.kind === "apply" && node.op.name === "mul") {
    const [x, y] = node.inputs;
    const [a, b] = [x && numberOf(x), y && numberOf(y)];
    if (a !== undefined) return [a, y!];
    if (b !== undefined) return [b, x!];
  }
  return [1, node];
}
