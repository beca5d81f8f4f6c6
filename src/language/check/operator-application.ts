/** Applying an operator of the registry to operands: element types, the shape rule, the graph node. */
import {
  isRejected,
  type AttributeValue,
  type OpDefinition,
  type OperandType,
  type Rejection,
} from "../../runtime/ops";
import type { Node } from "../../runtime/graph";
import { isFloat, type Dim, type DType } from "../../runtime/tensor";
import type { Expression, Span } from "../syntax";
import { placeOf, type Elaboration } from "./elaboration";
import { warnOfDoubleStretch } from "./double-stretch";
import type { Frame } from "./frame";
import { lineIn } from "./lines";
import { fittingColumns, fittingFixes, fittingKeepdims, productFixes } from "./shape-fixes";
import { explainRejection, type DescribedOperand } from "./shape-messages";
import { castTensor, firstBlank, makeTensor, toTensor } from "./tensors";
import { unknown, type TensorValue, type Value } from "./value";

export interface Operand {
  readonly value: Value;
  readonly text: string;
  /** The expression where it was written as one. */
  readonly span: Span | Expression;
}

export interface Application {
  readonly op: OpDefinition;
  readonly operands: Readonly<Record<string, Operand | readonly Operand[] | undefined>>;
  readonly attributes: Readonly<Record<string, AttributeValue>>;
  /** Attributes of kind "sizes", symbolic or not. */
  readonly sizes: Readonly<Record<string, readonly Dim[]>>;
  /** Where each attribute stands, for messages. */
  readonly attributeSpans: Readonly<Record<string, Span>>;
  /** The whole expression. */
  readonly span: Span;
  /** Some attribute is not known before a run. */
  readonly indefinite: boolean;
}

interface Prepared {
  readonly input: string;
  readonly item: number | undefined;
  readonly operand: Operand;
  value: Value;
}

/** The result of an operator, or a blank where an operand is one or the operands are refused (reported). */
export function applyOperator(e: Elaboration, frame: Frame, application: Application): Value {
  const { op } = application;
  const prepared = prepare(e, frame, application);
  const blank = firstBlank(prepared.map(({ value }) => value));
  if (blank !== undefined) return blank.kind === "pending" ? { kind: "pending", shape: undefined } : blank;
  const tensors = prepared.map(({ value }) => value as TensorValue); // nothing else is left after the blanks
  const inputs = group(application, prepared, tensors, ({ shape, dtype }): OperandType => ({
    shape: shape ?? [],
    dtype,
  }));
  const unknownRank = tensors.some(({ shape }) => shape === undefined);
  if (unknownRank || application.indefinite)
    return makeTensor(frame, undefined, resultType(op, tensors), undefined, tensors);
  const type = op.shape({ inputs, attributes: application.attributes, sizes: application.sizes });
  if (isRejected(type)) {
    const again = asWhole(e, frame, application, prepared, type.rejected);
    if (again !== undefined) return again;
    reportRejection(e, frame, application, prepared, type.rejected);
    return unknown;
  }
  const written = prepared.map(({ operand }) => operand);
  warnOfDoubleStretch(e, frame, application, written, tensors);
  const node = record(frame, application, prepared, tensors);
  return makeTensor(frame, type.shape, type.dtype, node, tensors);
}

/** A literal of whole numbers takes the type its place wants: where floats are refused (class labels), it is int. */
function asWhole(
  e: Elaboration,
  frame: Frame,
  application: Application,
  prepared: readonly Prepared[],
  { kind, ...at }: Rejection,
): Value | undefined {
  if (kind !== "dtype" || !("input" in at)) return undefined;
  const refused = prepared.find(({ input }) => input === at.input);
  if (refused === undefined || !isLiteral(refused.operand.value) || !isWhole(refused.operand.value))
    return undefined;
  const value = toTensor(e, frame, refused.operand.value, refused.operand.span, "int");
  const operands = { ...application.operands, [refused.input]: { ...refused.operand, value } };
  return value.kind === "tensor" ? applyOperator(e, frame, { ...application, operands }) : undefined;
}

function resultType(op: OpDefinition, tensors: readonly TensorValue[]): DType {
  const float = tensors.find(({ dtype }) => isFloat(dtype));
  return float?.dtype ?? tensors[0]?.dtype ?? "float64";
}

/** Every operand as a tensor of the elements that its input takes. */
function prepare(e: Elaboration, frame: Frame, { op, operands }: Application): Prepared[] {
  const prepared: Prepared[] = [];
  for (const [input, given] of Object.entries(operands)) {
    const list =
      given === undefined ? [] : Array.isArray(given) ? (given as readonly Operand[]) : [given as Operand];
    const isList = Array.isArray(given);
    list.forEach((operand, index) => {
      prepared.push({ input, item: isList ? index : undefined, operand, value: operand.value });
    });
  }
  // Where ints meet only literals, the literals are ints, as in PyTorch: `index + 1` stays int.
  const fixed = prepared.filter(({ operand }) => !isLiteral(operand.value));
  const allInt = fixed.length > 0 && fixed.every(({ value }) => isDiscrete(value));
  for (const entry of prepared) {
    const accepts = op.inputs[entry.input]?.accepts ?? "any";
    const literal = isLiteral(entry.operand.value) && (accepts === "numeric" || accepts === "any");
    const wanted = literal && allInt ? "int" : accepts;
    entry.value = toTensor(
      e,
      frame,
      entry.value,
      entry.operand.span,
      wanted === "int" && accepts !== "int" && !isWhole(entry.operand.value) ? "float" : wanted,
    );
  }
  if (op.name === "div") {
    for (const entry of prepared) entry.value = toTensor(e, frame, entry.value, entry.operand.span, "float");
  }
  return prepared;
}

function isLiteral(value: Value): boolean {
  return value.kind === "number" || (value.kind === "list" && value.items.every(isLiteral));
}

function isWhole(value: Value): boolean {
  return value.kind === "number" ? value.whole : value.kind === "list" && value.items.every(isWhole);
}

function isDiscrete(value: Value): boolean {
  if (value.kind === "instance") return isDiscrete(value.state.result);
  return value.kind === "boolean" || (value.kind === "tensor" && !isFloat(value.dtype));
}

/** The operands by input name, in the form rules and graphs take them. */
function group<T>(
  { operands }: Application,
  prepared: readonly Prepared[],
  tensors: readonly TensorValue[],
  map: (tensor: TensorValue) => T,
): Record<string, T | readonly T[] | undefined> {
  const grouped: Record<string, T | readonly T[] | undefined> = {};
  for (const [input, given] of Object.entries(operands)) {
    const mapped = prepared.flatMap((entry, index) => {
      const tensor = tensors[index];
      return entry.input === input && tensor !== undefined ? [map(tensor)] : [];
    });
    grouped[input] = Array.isArray(given) ? mapped : mapped[0];
  }
  return grouped;
}

/** Exponents that are products, quotients and roots where they are known. */
const plainExponents: ReadonlySet<number> = new Set([2, 3, 1, -1, 0.5]);

/** An exponent that is written as a number is a part of the program, and no value that may change. */
function noteExponent(frame: Frame, prepared: readonly Prepared[], node: Node): void {
  const exponent = prepared.find(({ input }) => input === "y")?.operand.value;
  const value = exponent?.kind === "number" ? exponent.value : undefined;
  if (value === undefined || !plainExponents.has(value) || !isFloat(node.dtype)) return;
  frame.machine?.graph.constants.note(node, value);
}

function record(
  frame: Frame,
  application: Application,
  prepared: readonly Prepared[],
  tensors: readonly TensorValue[],
): Node | undefined {
  if (frame.machine === undefined || tensors.some(({ node }) => node === undefined)) return undefined;
  const floats = tensors.filter(({ dtype }) => isFloat(dtype));
  const mixed =
    floats.some(({ dtype }) => dtype !== frame.dtype) && floats.some(({ dtype }) => dtype === frame.dtype);
  const aligned = mixed
    ? tensors.map((t) => (isFloat(t.dtype) ? castTensor(frame, t, frame.dtype, application.span) : t))
    : tensors;
  const operands = group(application, prepared, aligned, ({ node }) => node as Node); // every node is present: checked above
  if (application.op.name === "pow") noteExponent(frame, prepared, operands.y as Node);
  const node = frame.machine.graph.apply(
    application.op,
    operands,
    application.attributes,
    placeOf(frame, application.span),
  );
  return isRejected(node) ? undefined : node;
}

function reportRejection(
  e: Elaboration,
  frame: Frame,
  application: Application,
  prepared: readonly Prepared[],
  rejection: Parameters<typeof explainRejection>[0],
): void {
  const described: DescribedOperand[] = prepared.map(({ input, item, operand, value }) => ({
    input,
    item,
    text: operand.text,
    value: value as TensorValue, // blanks have been dealt with
  }));
  const { problem, related, at } = explainRejection(rejection, described, (place) => lineIn(frame, place));
  let span = application.span;
  if (at !== undefined && "input" in at)
    span = prepared.find(({ input }) => input === at.input)?.operand.span ?? span;
  else if (at !== undefined) span = application.attributeSpans[at.attribute] ?? span;
  const products = productFixes(frame, application, described);
  e.report(frame, problem, span, {
    related,
    fixes:
      products.length > 0
        ? products
        : [
            ...fittingKeepdims(frame, application, described),
            ...fittingColumns(application, described),
            ...fittingFixes(frame, application, described),
          ],
  });
}
