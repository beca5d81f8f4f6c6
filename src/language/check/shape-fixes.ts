/**
 * Edits that make refused operands fit: a transpose, `keepdim = true`. Each is tried on the shapes before it is offered, and
 * placed by the tree, so that it means the whole operand.
 */
import { isRejected, type OperandType } from "../../runtime/ops";
import { dim, type Dim } from "../../runtime/tensor";
import type { Call, Expression, Member, Span } from "../syntax";
import { contradicts } from "./declared-types";
import type { Fix } from "./diagnostics/diagnostic";
import { textOf } from "./elaboration";
import type { Frame } from "./frame";
import type { Application, Operand } from "./operator-application";
import type { DescribedOperand } from "./shape-messages";
import type { TensorValue } from "./value";

/** The transposes with which the operator takes its operands. */
export function fittingFixes(
  frame: Frame,
  application: Application,
  operands: readonly DescribedOperand[],
): Fix[] {
  const fixes = operands.flatMap((operand) => {
    const transposed = transposedType(operand.value);
    const given = singleOperand(application, operand);
    if (transposed === undefined || given === undefined) return [];
    return fits(application, operands, operand, transposed) ? [transposeFix(frame, given)] : [];
  });
  const [first, second] = fixes;
  if (first === undefined || second === undefined || first.title !== second.title) return fixes;
  // Of two that read the same one wants to know which is which.
  return [
    { ...first, title: `${first.title}, on the left` },
    { ...second, title: `${second.title}, on the right` },
  ];
}

/** Matrix products of the same two operands, transposed or in the other order, that have the shape which is needed; the nearest ones. */
export function productFixes(
  frame: Frame,
  application: Application,
  operands: readonly DescribedOperand[],
): Fix[] {
  const needs = frame.expectedShape ?? frame.annotated;
  const { op, attributes, sizes, span } = application;
  if (op.name !== "matmul" || needs?.length !== 2) return [];
  const [left = [], right = []] = operands.map((operand) => {
    const { shape, dtype } = operand.value;
    const given = singleOperand(application, operand);
    const turned = transposedType(operand.value);
    if (given === undefined || shape?.length !== 2 || turned === undefined) return [];
    return [
      { type: { shape, dtype }, text: tightText(given), changes: 0 },
      { type: turned, text: transposedText(frame, given), changes: 1 },
    ];
  });
  const products = left.flatMap((a) =>
    right.flatMap((b) => [
      { first: a, second: b, changes: a.changes + b.changes },
      { first: b, second: a, changes: a.changes + b.changes + 1 },
    ]),
  );
  const fitting = products.filter(({ first, second }) => {
    const type = op.shape({ inputs: { x: first.type, y: second.type }, attributes, sizes });
    return !isRejected(type) && !contradicts(needs, type.shape);
  });
  const least = Math.min(...fitting.map(({ changes }) => changes));
  return fitting
    .filter(({ changes }) => changes === least)
    .map(({ first, second }): Fix => {
      const newText = `${first.text} @ ${second.text}`;
      return { title: `Write \`${newText}\``, edits: [{ start: span.start, end: span.end, newText }] };
    });
}

/** Where operands do not fit because a reduction dropped a dimension: keeping it. */
export function fittingKeepdims(
  frame: Frame,
  application: Application,
  operands: readonly DescribedOperand[],
): Fix[] {
  if (application.op.elementwise === undefined) return [];
  return operands.flatMap((operand) => {
    const given = singleOperand(application, operand);
    const call = given && reductionOf(given.span);
    const kept = call && keptShape(operand.value, call);
    if (call === undefined || kept === undefined) return [];
    const type = { shape: kept, dtype: operand.value.dtype };
    return fits(application, operands, operand, type) ? [keepdimFix(frame, call)] : [];
  });
}

/** Where a value goes along the first dimensions of the other: with dimensions of size 1 behind it, `w[:, None]`. */
export function fittingColumns(application: Application, operands: readonly DescribedOperand[]): Fix[] {
  if (application.op.elementwise === undefined || operands.length !== 2) return [];
  return operands.flatMap((operand, i) => {
    const { shape, dtype } = operand.value;
    const rank = operands[1 - i]?.value.shape?.length ?? 0;
    const given = singleOperand(application, operand);
    if (shape === undefined || given === undefined || shape.length === 0 || rank < shape.length) return [];
    // A reduction rather keeps its dimension.
    if (reductionOf(given.span) !== undefined) return [];
    // Two vectors make a matrix, of which the left one is mostly meant as the column.
    if (rank === shape.length && (rank > 1 || i > 0)) return [];
    const added = Math.max(1, rank - shape.length);
    const type = { shape: [...shape, ...Array.from({ length: added }, () => dim(1))], dtype };
    return fits(application, operands, operand, type) ? [columnFix(given, shape.length, added)] : [];
  });
}

function columnFix(given: Operand, rank: number, added: number): Fix {
  const index = [...Array<string>(rank).fill(":"), ...Array<string>(added).fill("None")].join(", ");
  const newText = `${tightText(given)}[${index}]`;
  return {
    title: `Make it a column: \`${newText}\``,
    edits: [{ start: given.span.start, end: given.span.end, newText }],
  };
}

/** Where an operand is a reduction along a dimension, keeping that dimension may be what was meant. */
export function keepdimFixes(frame: Frame, operands: readonly Operand[]): Fix[] {
  return operands.flatMap(({ span }) => {
    const call = reductionOf(span);
    return call === undefined ? [] : [keepdimFix(frame, call)];
  });
}

/** The operand as written, where there is one and not a list of them. */
function singleOperand({ operands }: Application, { input, item }: DescribedOperand): Operand | undefined {
  const given = operands[input];
  return item !== undefined || given === undefined || Array.isArray(given) ? undefined : (given as Operand);
}

function fits(
  application: Application,
  operands: readonly DescribedOperand[],
  changed: DescribedOperand,
  type: OperandType,
): boolean {
  if (operands.some(({ item }) => item !== undefined)) return false;
  const inputs: Record<string, OperandType> = {};
  for (const { input, value } of operands) inputs[input] = { shape: value.shape ?? [], dtype: value.dtype };
  inputs[changed.input] = type;
  const { op, attributes, sizes } = application;
  return !isRejected(op.shape({ inputs, attributes, sizes }));
}

/** With its last two dimensions exchanged. */
export function transposedType({ shape, dtype }: TensorValue): OperandType | undefined {
  const [rows, columns] = shape?.slice(-2) ?? [];
  if (shape === undefined || rows === undefined || columns === undefined) return undefined;
  return { shape: [...shape.slice(0, -2), columns, rows], dtype };
}

/** What binds as tightly as a dot does. */
const tight: ReadonlySet<Expression["kind"]> = new Set([
  "name",
  "call",
  "indexing",
  "member",
  "parenthesized",
  "list",
  "comprehension",
]);

/** A product transposed is that of its factors in the other order. */
export function transposedProductFix(frame: Frame, expression: Expression): Fix | undefined {
  const { start, end } = expression;
  const factors = factorsOf(expression);
  if (factors.length < 2) return undefined;
  const texts = factors.map((factor) => transposedText(frame, { text: textOf(frame, factor), span: factor }));
  const newText = texts.reverse().join(" @ ");
  return { title: `Write \`${newText}\``, edits: [{ start, end, newText }] };
}

function factorsOf(expression: Expression): Expression[] {
  return expression.kind === "binary" && expression.operator === "@"
    ? [...factorsOf(expression.left), expression.right]
    : [expression];
}

/** The operand transposed, or no longer so. */
export function transposeFix(frame: Frame, operand: Pick<Operand, "text" | "span">): Fix {
  const { start, end } = operand.span;
  const newText = transposedText(frame, operand);
  const title = isTransposed(operand.span)
    ? `Write \`${newText}\`, not transposed`
    : `Transpose: \`${newText}\``;
  return { title, edits: [{ start, end, newText }] };
}

function transposedText(frame: Frame, operand: Pick<Operand, "text" | "span">): string {
  return isTransposed(operand.span) ? textOf(frame, operand.span.base) : `${tightText(operand)}.T`;
}

/** In parentheses, where what comes next to it would go to a part of it alone. */
function tightText({ text, span }: Pick<Operand, "text" | "span">): string {
  const kind = asExpression(span)?.kind;
  return kind !== undefined && tight.has(kind) ? text : `(${text})`;
}

function isTransposed(span: Span | Expression): span is Member {
  const expression = asExpression(span);
  return expression?.kind === "member" && expression.name.name === "T";
}

const reductions: ReadonlySet<string> = new Set([
  ...["sum", "mean", "amax", "amin", "max", "min", "norm", "var", "std", "prod", "logsumexp"],
]);

/** The call of a reduction along a dimension that it drops. */
function reductionOf(span: Span | Expression): Call | undefined {
  const expression = asExpression(span);
  if (expression?.kind === "parenthesized") return reductionOf(expression.inner);
  if (expression?.kind !== "call" || expression.callee.kind !== "name") return undefined;
  if (!reductions.has(expression.callee.name)) return undefined;
  const names = expression.arguments.map(({ path }) => path?.name.name);
  return names.includes("dim") && !names.includes("keepdim") ? expression : undefined;
}

function keepdimFix(frame: Frame, call: Call): Fix {
  const at = call.end - 1;
  const comma = /,\s*$/u.test(frame.module.file.text.slice(call.start, at));
  const newText = comma ? " keepdim = true" : ", keepdim = true";
  return { title: "Add `keepdim = true`", edits: [{ start: at, end: at, newText }] };
}

/** The shape with the dropped dimension of size 1, where a single one is written as a number. */
function keptShape({ shape }: TensorValue, call: Call): readonly Dim[] | undefined {
  const axis = wholeNumber(call.arguments.find(({ path }) => path?.name.name === "dim")?.value);
  if (shape === undefined || axis === undefined) return undefined;
  const at = axis < 0 ? shape.length + 1 + axis : axis;
  return at < 0 || at > shape.length ? undefined : [...shape.slice(0, at), dim(1), ...shape.slice(at)];
}

function wholeNumber(expression: Expression | undefined): number | undefined {
  if (expression?.kind === "number" && expression.whole) return expression.value;
  if (expression?.kind !== "unary" || expression.operator !== "-") return undefined;
  const inner = wholeNumber(expression.operand);
  return inner === undefined ? undefined : -inner;
}

function asExpression(span: Span | Expression): Expression | undefined {
  return "kind" in span ? span : undefined;
}
