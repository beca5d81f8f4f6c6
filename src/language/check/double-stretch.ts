/** The warning where broadcasting stretches two operands: the most common silent mistake in hand-written losses. */
import { isRejected, operators, type OpDefinition } from "../../runtime/ops";
import { compareSizes, formatDims, type Dim } from "../../runtime/tensor";
import { formatType } from "./describe";
import { problems } from "./diagnostics/catalogue";
import type { Elaboration } from "./elaboration";
import type { Frame } from "./frame";
import type { Application, Operand } from "./operator-application";
import { keepdimFixes } from "./shape-fixes";
import type { TensorValue } from "./value";

interface Stretched {
  readonly operand: Operand;
  readonly value: TensorValue;
  readonly shape: readonly Dim[];
}

/** Silent where the expression is annotated with the very shape that the operands stretch to. */
export function warnOfDoubleStretch(
  e: Elaboration,
  frame: Frame,
  { op, span }: Application,
  operands: readonly Operand[],
  tensors: readonly TensorValue[],
): void {
  if (frame.silent || !broadcasts(op)) return;
  const found = tensors.flatMap((value, index): Stretched[] => {
    const operand = operands[index];
    const { shape } = value;
    return operand === undefined || shape === undefined || shape.length === 0
      ? []
      : [{ operand, value, shape }];
  });
  for (const [index, left] of found.entries()) {
    for (const right of found.slice(index + 1)) {
      const result = broadcast(left.shape, right.shape);
      if (result === undefined || isMeant(frame, result)) continue;
      if (!isStretched(left.shape, result) || !isStretched(right.shape, result)) continue;
      const problem = problems.doubleStretch(describe(left), describe(right), formatDims(result));
      e.report(frame, problem, span, { fixes: keepdimFixes(frame, [left.operand, right.operand]) });
      return;
    }
  }
}

function describe({ operand, value }: Stretched): string {
  return `\`${operand.text}\` ${formatType(value)}`;
}

/** Elementwise operators and losses between two tensors. */
function broadcasts(op: OpDefinition): boolean {
  return (
    op.elementwise !== undefined || ("reduction" in op.attributes && "x" in op.inputs && "y" in op.inputs)
  );
}

function broadcast(left: readonly Dim[], right: readonly Dim[]): readonly Dim[] | undefined {
  const inputs = {
    x: { shape: left, dtype: "float64" },
    y: { shape: right, dtype: "float64" },
  } as const;
  const type = operators.get("add")?.shape({ inputs, attributes: {}, sizes: {} });
  return type === undefined || isRejected(type) ? undefined : type.shape;
}

function isMeant({ annotated }: Frame, result: readonly Dim[]): boolean {
  return (
    annotated?.length === result.length &&
    annotated.every(({ size }, axis) => compareSizes(size, result[axis]?.size ?? 0) !== "different")
  );
}

function isStretched(shape: readonly Dim[], result: readonly Dim[]): boolean {
  const missing = result.length - shape.length;
  return result.some((to, axis) => {
    const from = shape[axis - missing];
    if (from === undefined) return to.size !== 1;
    return from.size === 1 && compareSizes(1, to.size) === "different";
  });
}
