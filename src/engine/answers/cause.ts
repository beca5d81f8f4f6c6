/** Where the first NaN or infinity of a tensor is born, and from which numbers. */
import type { CauseReport, Question } from "../../protocol";
import type { Node } from "../../runtime/graph";
import { broadcastStrides, type Tensor } from "../../runtime/tensor";
import { originPlace } from "../places";
import { describeInputs } from "../runtime-problems";
import type { Target } from "../target";

/** Undefined where the tensor is finite, or is none. */
export function answerCause(target: Target, { tensor }: Question<"cause">): CauseReport | undefined {
  const start = target.source(tensor);
  const value = start && target.evaluate(start);
  if (start === undefined || value === undefined || typeof value === "string") return undefined;
  const broken = firstIndex(value, Number.isNaN) >= 0 ? Number.isNaN : isInfinite;
  if (firstIndex(value, broken) < 0) return undefined;
  const born = birth(target, start, broken);
  const bornValue = target.evaluate(born);
  if (typeof bornValue === "string") return undefined;
  const at = firstIndex(bornValue, broken);
  const row = target.rows.find(({ node }) => node === born);
  const place = row?.named.place ?? originPlace(born.origin);
  const root = tensor.of === "gradient" ? target.row(tensor.root)?.node : undefined;
  return {
    pass: root !== undefined && born.id > root.id ? "backward" : "forward",
    op: born.kind === "apply" ? born.op.name : "",
    name: row === undefined ? textOf(target, born) : target.nameOf(row),
    inputs:
      inputsAt(target, born, bornValue, at) ?? describeInputs(target.machine.evaluator, born, new Map()),
    index: indexOf(at, bornValue.shape),
    range: place === undefined ? null : target.places.rangeOf(place),
    file: place === undefined ? null : target.places.otherFile(place),
    node: target.idOf(born) ?? null,
  };
}

type Predicate = (element: number) => boolean;

const isInfinite: Predicate = (element) => Math.abs(element) === Infinity;

function firstIndex({ data }: Tensor, broken: Predicate): number {
  for (let i = 0; i < data.length; i++) if (broken(data[i]!)) return i;
  return -1;
}

/** Upstream as far as an input has the same trouble. */
function birth(target: Target, start: Node, broken: Predicate): Node {
  for (let at = start; ;) {
    const next = at.inputs.find((input) => {
      const value = target.evaluate(input);
      return typeof value !== "string" && firstIndex(value, broken) >= 0;
    });
    if (next === undefined) return at;
    at = next;
  }
}

const signs: Readonly<Record<string, string>> = { add: "+", sub: "−", mul: "×", div: "/", pow: "^" };

/** The elements of the inputs that meet in one element of the result; undefined where they do not meet one to one. */
function inputsAt(target: Target, node: Node, value: Tensor, at: number): string | undefined {
  if (node.kind !== "apply") return undefined;
  if (node.op.name === "matmul") return productAt(target, node.inputs, value, at);
  const elements: string[] = [];
  for (const input of node.inputs) {
    const given = target.evaluate(input);
    if (typeof given === "string" || !stretches(given.shape, value.shape)) return undefined;
    const strides = broadcastStrides(given.shape, value.shape);
    const flat = indexOf(at, value.shape).reduce((sum, index, axis) => sum + index * strides[axis]!, 0);
    elements.push(numberText(given.data[flat]!));
  }
  const sign = signs[node.op.name];
  const [left, right] = elements;
  if (sign !== undefined && left !== undefined && right !== undefined) return `${left} ${sign} ${right}`;
  return `${node.op.name}(${elements.join(", ")})`;
}

/** The first product of a matrix product's sum that is not finite. */
function productAt(target: Target, inputs: readonly Node[], value: Tensor, at: number): string | undefined {
  const [left, right] = inputs.map((input) => target.evaluate(input));
  if (left === undefined || right === undefined || typeof left === "string" || typeof right === "string")
    return undefined;
  if (left.shape.length !== 2 || right.shape.length !== 2) return undefined;
  const [inner = 0, columns = 0] = right.shape;
  const [row = 0, column = 0] = indexOf(at, value.shape);
  for (let k = 0; k < inner; k++) {
    const a = left.data[row * inner + k]!;
    const b = right.data[k * columns + column]!;
    if (!Number.isFinite(a * b)) return `${numberText(a)} × ${numberText(b)}`;
  }
  return undefined;
}

/** Whether an operand is broadcast to the result, element by element. */
function stretches(shape: readonly number[], to: readonly number[]): boolean {
  const skipped = to.length - shape.length;
  return skipped >= 0 && shape.every((size, axis) => size === 1 || size === to[axis + skipped]);
}

function numberText(value: number): string {
  if (Number.isNaN(value)) return "NaN";
  if (isInfinite(value)) return value > 0 ? "∞" : "−∞";
  return String(Number(value.toPrecision(4))).replace("-", "−");
}

function textOf(target: Target, node: Node): string {
  const place = originPlace(node.origin);
  const text = place === undefined ? "" : target.places.textOf(place);
  return text === "" || text.includes("\n") ? (node.kind === "apply" ? node.op.name : "a constant") : text;
}

function indexOf(flat: number, shape: readonly number[]): number[] {
  const index: number[] = [];
  let rest = flat;
  for (const size of [...shape].reverse()) {
    index.unshift(rest % size);
    rest = Math.floor(rest / size);
  }
  return index;
}
