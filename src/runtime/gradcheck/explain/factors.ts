/**
 * What a rule may lack as a factor: values in scope and simple functions of them, and the derivatives of the functions in the
 * body at what they are applied to. Knows nothing of where they are tried.
 */
import { elementCount, full, isFloat, type Tensor } from "../../tensor";
import type { Graph, Node } from "../../graph";
import type { Expression } from "./expression";
import { formatNumber } from "./print-node";

export interface Factor {
  readonly node: Node;
  readonly text: string;
  /** "tanh′(z)" where it is a derivative. */
  readonly derivativeOf: string | undefined;
  /** "value" is a value in scope as it stands, "made" something simple made of one. */
  readonly form: "derivative" | "value" | "made";
  /** Whether it is a named value that the expression computes itself. */
  readonly isStep?: true;
  /** Whether it is the derivative of something that has no name of its own, at something that has none. */
  readonly isInner?: boolean;
  /** What it is the derivative at. */
  readonly at?: Node;
  /** Whether it is, or is made of, a value that has no name: `sig / r`. */
  readonly isUnnamed?: boolean;
}

/** A function application in the body: y = f(z), with its values in the expression's graph. */
export interface FunctionUse {
  readonly name: string;
  readonly input: Node;
  readonly output: Node;
  readonly inputText: string;
  /** The other operand, where that is a number. */
  readonly boundText?: string | undefined;
  readonly outputText: string | undefined;
  /** Whether z is all that it is applied to. */
  readonly unary: boolean;
  /** f′(z), elementwise. */
  readonly derivative: Node;
}

interface Value {
  readonly node: Node;
  readonly text: string;
  readonly isNamed: boolean;
}

export function factorsOf(
  expression: Expression,
  values: readonly Value[],
  functions: readonly FunctionUse[],
): Factor[] {
  const factors: Factor[] = functions.map((use) => ({
    node: use.derivative,
    at: use.input,
    text: derivativeText(use),
    derivativeOf: primed(use),
    form: "derivative",
    isInner: !isName(use.inputText) && !isName(use.outputText ?? ""),
  }));
  for (const { node, text, isNamed } of values)
    factors.push({ node, text, derivativeOf: undefined, form: "value", isUnnamed: !isNamed });
  for (const value of values) factors.push(...madeOf(expression, value));
  return factors;
}

/** 1 − x, 1 + x, x², 1 − x², x(1 − x), 1/x and where x is positive. */
function madeOf({ record, graph }: Expression, { node, text, isNamed }: Value): Factor[] {
  if (!isFloat(node.dtype)) return [];
  const one = graph.constants.scalar(1, "float64");
  const zero = graph.constants.scalar(0, "float64");
  const square = record("mul", { x: node, y: node });
  const complement = record("sub", { x: one, y: node });
  const inner = wrapped(text);
  const made: (readonly [Node | undefined, string])[] = [
    // Of 1 + x nobody writes 1 - (1 + x).
    [/^\(?1 [+-] | [+-] 1\)?$/u.test(text) ? undefined : complement, `1 - ${inner}`],
    [square && record("sub", { x: one, y: square }), `1 - ${inner}^2`],
    [complement && record("mul", { x: node, y: complement }), `${inner} * (1 - ${inner})`],
    [record("add", { x: one, y: node }), `1 + ${inner}`],
    [square, `${inner}^2`],
    [record("div", { x: one, y: node }), `1 / ${inner}`],
    [square && record("div", { x: one, y: square }), `1 / ${inner}^2`],
    [maskOf(record("greater", { x: node, y: zero }), record), `${inner} > 0`],
  ];
  return made.flatMap(([factor, name]): Factor[] => {
    if (factor === undefined) return [];
    const isMask = name.endsWith("> 0");
    return [
      {
        node: factor,
        text: name,
        derivativeOf: undefined,
        form: "made",
        isUnnamed: !isNamed,
        ...(isMask ? { at: node } : {}),
      },
    ];
  });
}

function maskOf(mask: Node | undefined, record: Expression["record"]): Node | undefined {
  return mask && record("cast", { x: mask }, { dtype: "float64" });
}

/** f′(z) of a unary elementwise operator, in the expression's graph; undefined where it has none. */
export function derivativeAt(
  graph: Graph,
  output: Node,
  slot: string,
  inputs: Readonly<Record<string, Node>>,
  body: Node,
): Node | undefined {
  if (body.kind !== "apply") return undefined;
  const rule = body.op.vjp[slot];
  const build = graph.builder();
  const cotangent = build.full(1, output);
  const made = rule?.({ build, inputs, output, attributes: body.attributes, cotangent });
  // Elementwise rules give one node, and builders record nodes.
  return made as Node | undefined;
}

const derivatives: Readonly<Record<string, (z: string) => string>> = {
  tanh: (z) => `1 - tanh(${z})^2`,
  sigmoid: (z) => `sigmoid(${z}) * (1 - sigmoid(${z}))`,
  relu: (z) => `${z} > 0`,
  exp: (z) => `exp(${z})`,
  log: (z) => `1 / ${wrapped(z)}`,
  sin: (z) => `cos(${z})`,
  cos: (z) => `-sin(${z})`,
  square: (z) => `2 * ${wrapped(z)}`,
  sqrt: (z) => `1 / (2 * sqrt(${z}))`,
  softplus: (z) => `sigmoid(${z})`,
  reciprocal: (z) => `-1 / ${wrapped(z)}^2`,
  abs: (z) => `sign(${z})`,
  silu: (z) => `sigmoid(${z}) * (1 + ${wrapped(z)} * (1 - sigmoid(${z})))`,
  gelu: (z) =>
    `((1 + erf(${wrapped(z)} / sqrt(2))) / 2 + ${wrapped(z)} * exp(-${wrapped(z)}^2 / 2) / sqrt(2 * pi))`,
  elu: (z) => `where(${z} > 0, 1, exp(${z}))`,
  tan: (z) => `1 + tan(${z})^2`,
  sinh: (z) => `cosh(${z})`,
  cosh: (z) => `sinh(${z})`,
};

/** f′(z) as it would be written, of an expression; undefined where that has no name and is long. */
export function writtenDerivative(name: string, at: string): string | undefined {
  return derivatives[name]?.(wrapped(at)).replaceAll(/\((\([^()]*\))\)/gu, "$1");
}

/** Whether a function's derivative can be written out. */
export function hasShortDerivative(name: string): boolean {
  return name in derivatives;
}

/** By the function's value, where that has a name. */
const derivativesByValue: Readonly<Record<string, (y: string) => string>> = {
  tanh: (y) => `1 - ${y}^2`,
  sigmoid: (y) => `${y} * (1 - ${y})`,
  exp: (y) => y,
  sqrt: (y) => `1 / (2 * ${y})`,
};

/** As in tanh′(z). */
export function primed({ name, inputText: z }: Pick<FunctionUse, "name" | "inputText">): string {
  return z.startsWith("(") ? `${name}′${z}` : `${name}′(${z})`;
}

/** The derivative as it would be written: "1 - h^2" where h is tanh(z), "1 - tanh(z)^2", else "gelu'(z)". */
export function derivativeText({
  name,
  inputText: z,
  outputText,
  boundText: bound,
}: Pick<FunctionUse, "name" | "inputText" | "outputText" | "boundText">): string {
  const byValue = derivativesByValue[name];
  if (byValue !== undefined && outputText !== undefined && isName(outputText)) return byValue(outputText);
  if (bound !== undefined && name === "pow") return powerRule(z, Number(bound));
  if (bound !== undefined && name === "maximum") return `${wrapped(z)} > ${bound}`;
  if (bound !== undefined && name === "minimum") return `${wrapped(z)} < ${bound}`;
  return (derivatives[name]?.(z) ?? `${name}'(${z})`).replaceAll(`(${z})`, z.startsWith("(") ? z : `(${z})`);
}

function powerRule(z: string, exponent: number): string {
  const power = exponent === 2 ? wrapped(z) : `${wrapped(z)}^${formatNumber(exponent - 1)}`;
  return `${formatNumber(exponent)} * ${power}`;
}

function isName(text: string): boolean {
  return /^[\p{L}\p{M}\w.[\]']+$/u.test(text);
}

/** A text as an operand: in parentheses unless it is a name, a call or in them already. */
function wrapped(text: string): string {
  return /^[\p{L}\p{M}\w.[\]']+$|^\w+\([^()]*\)$|^\((?:[^()]|\([^()]*\))*\)$/u.test(text)
    ? text
    : `(${text})`;
}

/** Whether a factor is no evidence: the same number everywhere, or nothing but zeros; a derivative may be zero where the truth is. */
export function isUninformative({ node, form }: Factor, expression: Expression): boolean {
  const isZero = expression.outcomes.some(({ truths }) =>
    truths.every((truth) => truth.every((x) => x === 0)),
  );
  if (isZero && form === "derivative") return false;
  let first: number | undefined;
  let isConstant = elementCount(node.shape) > 1;
  for (let world = 0; world < expression.worlds; world++) {
    const data = expression.valueIn(world, node)?.data;
    if (data === undefined) return true;
    first ??= data[0] ?? 0;
    isConstant &&= data.every((x) => Math.abs(x - first!) <= 1e-12 * Math.abs(first!));
    if (data.every((x) => x === 0)) return true;
  }
  return isConstant;
}

export function ones(shape: readonly number[]): Tensor {
  return full("float64", shape, 1);
}
