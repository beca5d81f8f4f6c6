/** Making tensor values, and turning other values into them. */
import {
  isFloat,
  cast,
  fromArray,
  dims,
  scalar,
  type Dim,
  type DType,
  type FloatDType,
  type Tensor,
} from "../../runtime/tensor";
import { operators } from "../../runtime/ops";
import type { Node } from "../../runtime/graph";
import type { Span } from "../syntax";
import { problems } from "./diagnostics/catalogue";
import { placeOf, type Elaboration } from "./elaboration";
import type { Frame } from "./frame";
import {
  describeKind,
  isBlank,
  unknown,
  type ListValue,
  type NumberValue,
  type PendingValue,
  type TensorValue,
  type UnknownValue,
  type Value,
} from "./value";
import { formatType } from "./describe";

/** The elements a place wants: a certain dtype, any float, numbers as they are, or anything. */
export type Wanted = "float" | "int" | "bool" | "numeric" | "any";

/** A tensor value of the frame's instance. */
export function makeTensor(
  frame: Frame,
  shape: readonly Dim[] | undefined,
  dtype: DType,
  node: Node | undefined,
  parents: readonly TensorValue[],
): TensorValue {
  return { kind: "tensor", shape, dtype, node, parents, owner: frame.owner };
}

/** A known tensor as a source of the graph; floats take the run's dtype. */
export function sourceTensor(frame: Frame, value: Tensor, span: Span): TensorValue {
  const rounded = isFloat(value.dtype) ? cast(value, frame.dtype) : value;
  const node = frame.machine?.graph.source(rounded, placeOf(frame, span));
  return makeTensor(frame, dims(rounded.shape), rounded.dtype, node, []);
}

/**
 * The value as a tensor with the elements wanted. Literals take the type that the place wants; ints become float by
 * themselves, floats never int. Reports what cannot be a tensor.
 */
export function toTensor(
  e: Elaboration,
  frame: Frame,
  value: Value,
  span: Span,
  wanted: Wanted = "any",
): TensorValue | UnknownValue | PendingValue {
  const found = asTensor(e, frame, value, span, wanted);
  if (found.kind !== "tensor") return found;
  return convert(e, frame, found, span, wanted);
}

function asTensor(
  e: Elaboration,
  frame: Frame,
  value: Value,
  span: Span,
  wanted: Wanted,
): TensorValue | UnknownValue | PendingValue {
  switch (value.kind) {
    case "tensor":
    case "unknown":
    case "pending":
      return value;
    case "instance":
      return asTensor(e, frame, value.state.result, span, wanted);
    case "number":
      return fromNumber(e, frame, value, span, wanted);
    case "boolean":
      if (value.value === undefined) return makeTensor(frame, [], "bool", undefined, []);
      return sourceTensor(frame, scalar(Number(value.value), "bool"), span);
    case "list":
      return fromList(e, frame, value, span, wanted);
    case "opaque":
      return unknown;
    default:
      e.report(frame, problems.expected("a tensor", describeKind(value)), span);
      return unknown;
  }
}

/** The dtype that a literal takes in a place. */
function literalType(frame: Frame, wanted: Wanted, whole: boolean): DType {
  if (wanted === "int") return whole ? "int" : frame.dtype;
  return wanted === "bool" ? "bool" : frame.dtype;
}

function fromNumber(
  e: Elaboration,
  frame: Frame,
  value: NumberValue,
  span: Span,
  wanted: Wanted,
): TensorValue | UnknownValue {
  if (wanted === "bool" && value.value !== undefined && !isTruth(value.value)) {
    e.report(frame, problems.expected("a truth value", describeKind(value)), span);
    return unknown;
  }
  const dtype = literalType(frame, wanted, value.whole);
  if (value.value === undefined) return makeTensor(frame, [], dtype, undefined, []);
  return sourceTensor(frame, scalar(value.value, dtype), span);
}

/** Where truth values are wanted, 0 and 1 are literals of them. */
function isTruth(number: number): boolean {
  return number === 0 || number === 1;
}

/** A list of equal-shaped items stacks on a new first dimension. */
function fromList(
  e: Elaboration,
  frame: Frame,
  list: ListValue,
  span: Span,
  wanted: Wanted,
): TensorValue | UnknownValue | PendingValue {
  const literal = literalNumbers(list);
  if (literal === "ragged") {
    e.report(frame, problems.ragged(...raggedShapes(list)), span);
    return unknown;
  }
  if (literal !== undefined) {
    const dtype =
      literal.boolean && wanted !== "int"
        ? "bool"
        : literalType(frame, wanted, literal.numbers.every(Number.isInteger));
    const wrong = dtype === "bool" ? literal.numbers.find((number) => !isTruth(number)) : undefined;
    if (wrong === undefined)
      return sourceTensor(frame, fromArray(dtype, literal.shape, literal.numbers), span);
    e.report(frame, problems.expected("a truth value", `the number ${String(wrong)}`), span);
    return unknown;
  }
  const parts: TensorValue[] = [];
  let pending = false;
  for (const item of list.items) {
    const part = toTensor(e, frame, item, span, wanted === "any" ? "any" : wanted);
    if (part.kind === "unknown") return unknown;
    if (part.kind === "pending") pending = true;
    else parts.push(part);
  }
  return pending ? { kind: "pending", shape: undefined } : stack(e, frame, parts, span);
}

/** The numbers of a list that holds nothing else, "ragged" where its rows differ, undefined where it holds something else. */
function literalNumbers(
  list: ListValue,
):
  { readonly shape: number[]; readonly numbers: number[]; readonly boolean: boolean } | "ragged" | undefined {
  const numbers: number[] = [];
  let plain = 0;
  const visit = (value: Value): number[] | "ragged" | undefined => {
    if (value.kind === "number" && value.value !== undefined) {
      plain += 1;
      numbers.push(value.value);
      return [];
    }
    if (value.kind === "boolean" && value.value !== undefined) {
      numbers.push(Number(value.value));
      return [];
    }
    if (value.kind !== "list") return undefined;
    let inner: number[] | undefined;
    for (const item of value.items) {
      const shape = visit(item);
      if (shape === undefined || shape === "ragged") return shape;
      if (inner !== undefined && inner.join() !== shape.join()) return "ragged";
      inner = shape;
    }
    return [value.items.length, ...(inner ?? [])];
  };
  const shape = visit(list);
  return shape === undefined || shape === "ragged"
    ? shape
    : { shape, numbers, boolean: plain === 0 && numbers.length > 0 };
}

function raggedShapes(list: ListValue): [string, string] {
  const lengths = list.items.map((item) =>
    item.kind === "list" ? `a list of ${String(item.items.length)}` : "a number",
  );
  const other = lengths.find((length) => length !== lengths[0]);
  return [lengths[0] ?? "empty", other ?? "a list of other lengths inside"];
}

function stack(
  e: Elaboration,
  frame: Frame,
  parts: readonly TensorValue[],
  span: Span,
): TensorValue | UnknownValue {
  const [first] = parts;
  if (first === undefined) return sourceTensor(frame, fromArray(frame.dtype, [0], []), span);
  const dtype = parts.find((part) => isFloat(part.dtype))?.dtype ?? first.dtype;
  const aligned = parts.map((part) => castTensor(frame, part, dtype, span));
  const op = operators.get("stack");
  if (op === undefined || aligned.some((part) => part.shape === undefined))
    return makeTensor(frame, undefined, dtype, undefined, parts);
  const shapes = aligned.map((part) => ({ shape: part.shape ?? [], dtype: part.dtype }));
  const type = op.shape({ inputs: { tensors: shapes }, attributes: { dim: 0 }, sizes: {} });
  if ("rejected" in type) {
    const texts = aligned.map(formatType);
    e.report(frame, problems.ragged(texts[0] ?? "", texts.find((text) => text !== texts[0]) ?? ""), span);
    return unknown;
  }
  const nodes = aligned.map((part) => part.node).filter((node) => node !== undefined);
  const node = frame.machine?.graph.apply(op, { tensors: nodes }, { dim: 0 }, placeOf(frame, span));
  return makeTensor(
    frame,
    type.shape,
    type.dtype,
    node === undefined || "rejected" in node ? undefined : node,
    parts,
  );
}

function convert(
  e: Elaboration,
  frame: Frame,
  value: TensorValue,
  span: Span,
  wanted: Wanted,
): TensorValue | UnknownValue {
  switch (wanted) {
    case "any":
      return value;
    case "numeric":
      return value.dtype === "bool" ? castTensor(frame, value, "int", span) : value;
    case "float":
      return isFloat(value.dtype) ? value : castTensor(frame, value, frame.dtype, span);
    case "int":
      if (value.dtype === "bool") return castTensor(frame, value, "int", span);
      if (value.dtype === "int") return value;
      e.report(frame, problems.dtype("This", "int; write `int(…)` to truncate", "float"), span);
      return unknown;
    case "bool":
      if (value.dtype === "bool") return value;
      e.report(
        frame,
        problems.dtype(
          "This",
          "truth values; compare, or write `bool(…)`",
          value.dtype === "int" ? "int" : "float",
        ),
        span,
      );
      return unknown;
  }
}

/** The same elements in another dtype; gradients flow through casts between floats. */
export function castTensor(frame: Frame, value: TensorValue, dtype: DType, span: Span): TensorValue {
  if (value.dtype === dtype) return value;
  const node = value.node && frame.machine?.graph.builder(placeOf(frame, span)).cast(value.node, dtype);
  return makeTensor(frame, value.shape, dtype, node, [value]);
}

/** A tensor of zeros with a type, for gradients that are structurally zero. */
export function zerosOf(frame: Frame, like: TensorValue, span: Span): TensorValue {
  const dtype: FloatDType = like.dtype === "float32" ? "float32" : "float64";
  const node =
    like.node &&
    frame.machine?.graph.builder(placeOf(frame, span)).full(0, { shape: like.node.shape, dtype });
  return makeTensor(frame, like.shape, dtype, node, []);
}

/** The value or, where it is silent, its blank: for the many operations that need several tensors. */
export function firstBlank(values: readonly Value[]): UnknownValue | PendingValue | undefined {
  const blanks = values.filter(isBlank);
  return blanks.find(({ kind }) => kind === "unknown") ?? blanks[0];
}
