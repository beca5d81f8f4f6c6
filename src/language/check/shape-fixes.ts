/** Edits that make refused operands fit: a transpose, `keepdim = true`. Each is tried on the shapes before it is offered. */
import { isRejected, type OperandType } from "../../runtime/ops";
import type { Fix } from "./diagnostics/diagnostic";
import type { Frame } from "./frame";
import type { Application, Operand } from "./operator-application";
import type { DescribedOperand } from "./shape-messages";
import type { TensorValue } from "./value";

/** The transposes with which the operator takes its operands. */
export function fittingFixes(application: Application, operands: readonly DescribedOperand[]): Fix[] {
  if (operands.some(({ item }) => item !== undefined)) return [];
  return operands.flatMap((operand) => {
    const transposed = transposedType(operand.value);
    const given = application.operands[operand.input];
    if (transposed === undefined || given === undefined || Array.isArray(given)) return [];
    const inputs: Record<string, OperandType> = {};
    for (const { input, value } of operands) inputs[input] = { shape: value.shape ?? [], dtype: value.dtype };
    inputs[operand.input] = transposed;
    const result = application.op.shape({
      inputs,
      attributes: application.attributes,
      sizes: application.sizes,
    });
    return isRejected(result) ? [] : [transposeFix(given as Operand)];
  });
}

function transposedType({ shape, dtype }: TensorValue): OperandType | undefined {
  const [rows, columns] = shape?.slice(-2) ?? [];
  if (shape === undefined || rows === undefined || columns === undefined) return undefined;
  return { shape: [...shape.slice(0, -2), columns, rows], dtype };
}

function transposeFix({ text, span }: Operand): Fix {
  const simple = /^[\p{L}_][\p{L}\p{M}\p{N}_'.]*$/u.test(text);
  if (text.endsWith(".T")) {
    const newText = text.slice(0, -2);
    return {
      title: `Write \`${newText}\`, not transposed`,
      edits: [{ start: span.start, end: span.end, newText }],
    };
  }
  const newText = simple || /^[\p{L}_][^\s]*[)\]]$/u.test(text) ? `${text}.T` : `(${text}).T`;
  return { title: `Transpose: \`${newText}\``, edits: [{ start: span.start, end: span.end, newText }] };
}

/** Where an operand is a reduction along a dimension, keeping that dimension may be what was meant. */
export function keepdimFixes(frame: Frame, operands: readonly Operand[]): Fix[] {
  return operands.flatMap(({ text, span }) => {
    const reduction = /^(?:sum|mean|amax|amin|max|min|norm|var|std|prod|logsumexp)\(.*\bdim\s*=/u.test(text);
    if (!reduction || text.includes("keepdim") || !text.endsWith(")")) return [];
    const end = span.end - 1;
    return frame.module.file.text[end] === ")"
      ? [{ title: "Add `keepdim = true`", edits: [{ start: end, end, newText: ", keepdim = true" }] }]
      : [];
  });
}
