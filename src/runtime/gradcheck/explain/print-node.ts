/** An expression of named values as text, as it would be written in a spec. Knows nothing of where it stood there. */
import type { Tensor } from "../../tensor";
import type { ApplyNode, Node } from "../../graph";

const infix: Readonly<Record<string, readonly [symbol: string, precedence: number]>> = {
  equal: ["==", 0],
  not_equal: ["!=", 0],
  less: ["<", 0],
  less_equal: ["<=", 0],
  greater: [">", 0],
  greater_equal: [">=", 0],
  add: ["+", 1],
  sub: ["-", 1],
  mul: ["*", 2],
  div: ["/", 2],
  matmul: ["@", 2],
  pow: ["^", 4],
};
const unary = 3;
const atom = 5;

/** Stands for a tensor without name, and for what is too deep to be written. */
export const ellipsis = "…";

/** The text; where it is deeper than `depth` operators or contains a tensor without name, with an ellipsis there. */
export function printNode(node: Node, nameOf: (node: Node) => string | undefined, depth = 6): string {
  return print(node, nameOf, depth).text;
}

/** A number, and a tensor that is short and has plain numbers as it would be written: [1, 2, 3]; else an ellipsis. */
function literalText({ shape, data }: Tensor): string {
  if (shape.length === 0) return formatNumber(data[0]!);
  const numbers = Array.from(data, formatNumber);
  const isPlain = numbers.every((text, i) => text.length <= mostDigits && Number(text) === data[i]);
  if (!isPlain || numbers.length === 0 || numbers.length > mostWritten) return ellipsis;
  const nested = (from: number, [size = 1, ...inner]: readonly number[]): string => {
    const each = inner.reduce((product, length) => product * length, 1);
    const items = Array.from({ length: size }, (_, i) =>
      inner.length === 0 ? numbers[from + i]! : nested(from + i * each, inner),
    );
    return `[${items.join(", ")}]`;
  };
  return nested(0, shape);
}

const mostDigits = 6;
const mostWritten = 12;

interface Printed {
  readonly text: string;
  readonly precedence: number;
}

function print(node: Node, nameOf: (node: Node) => string | undefined, depth: number): Printed {
  const name = nameOf(node);
  if (name !== undefined) return { text: name, precedence: atom };
  if (node.kind === "source") {
    return { text: literalText(node.value), precedence: atom };
  }
  if (depth === 0) return { text: ellipsis, precedence: atom };
  return printApplication(
    node,
    node.inputs.map((input) => print(input, nameOf, depth - 1)),
  );
}

function printApplication({ op, attributes }: ApplyNode, operands: readonly Printed[]): Printed {
  const [x, y] = operands;
  const wrapped = (operand: Printed | undefined, least: number): string =>
    operand === undefined ? "?" : operand.precedence < least ? `(${operand.text})` : operand.text;
  const operator = infix[op.name];
  if (operator !== undefined) {
    const [symbol, precedence] = operator;
    const text = `${wrapped(x, op.name === "pow" ? precedence + 1 : precedence)} ${symbol} ${wrapped(y, precedence + 1)}`;
    return { text: symbol === "^" ? text.replaceAll(" ^ ", "^") : text, precedence };
  }
  if (op.name === "neg") return { text: `-${wrapped(x, unary)}`, precedence: unary };
  if (op.name === "transpose") return { text: `${wrapped(x, atom)}.T`, precedence: atom };
  if (op.name === "square") return { text: `${wrapped(x, atom)}^2`, precedence: 4 };
  if (transparent.has(op.name) && x !== undefined) return x;
  const index = indexText(op.name, attributes);
  if (index !== undefined && x !== undefined)
    return { text: `${wrapped(x, atom)}[${index}]`, precedence: atom };
  const shown = Object.entries(attributes).filter(
    ([key, value]) =>
      value !== undefined && value !== false && (key === "dim" || value !== op.attributes[key]?.default),
  );
  const texts = operands.map(({ text }) => text);
  const isList = op.name === "cat" || op.name === "stack";
  if (op.name === "einsum")
    return { text: `einsum(${[`"${String(attributes.equation)}"`, ...texts].join(", ")})`, precedence: atom };
  const list = [
    ...(isList ? [`[${texts.join(", ")}]`] : texts),
    ...shown.map(([key, value]) => `${key} = ${formatAttribute(value)}`),
  ];
  return { text: `${op.name}(${list.join(", ")})`, precedence: atom };
}

/** What stands in brackets: 0, or :, 1:3, or :, None. */
function indexText(op: string, attributes: ApplyNode["attributes"]): string | undefined {
  const { dim, index, start, stop, step } = attributes;
  if (typeof dim !== "number" || dim < 0 || dim > 3) return undefined;
  const before = ":, ".repeat(dim);
  if (op === "unsqueeze") return `${before}None`;
  if (op === "select") return `${before}${String(index)}`;
  if (op !== "slice") return undefined;
  const part = (value: unknown): string => (typeof value === "number" ? String(value) : "");
  return `${before}${part(start)}:${part(stop)}${step === 1 ? "" : `:${part(step)}`}`;
}

/** What a spec does not write. */
const transparent: ReadonlySet<string> = new Set(["cast", "expand", "identity", "float"]);

function formatAttribute(value: unknown): string {
  return Array.isArray(value)
    ? value.length === 1
      ? String(value[0])
      : `[${value.join(", ")}]`
    : String(value);
}

/** A number in a message: short, and exact where that is short. */
export function formatNumber(value: number): string {
  const short = String(Number(value.toPrecision(4)));
  return Number(short) === value || String(value).length > 8 ? short : String(value);
}

/** What a constant is. */
export function numberOf(node: Node): number | undefined {
  return node.kind === "source" && node.shape.length === 0 ? node.value.data[0] : undefined;
}
