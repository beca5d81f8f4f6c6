/** Hypotheses about a matrix that is left out of a product: `dz` where `dz @ W.T` belongs. Where shapes tell, the checker does. */
import { isFloat } from "../../tensor";
import type { Node } from "../../graph";
import { editOf, spotsIn, type Candidate } from "./candidate";
import type { Expression, Recorder } from "./expression";
import { bare, inQuotes, quoted } from "./quotes";
import type { ScopeValue } from "./value-candidates";
import { correctionAt, replacedBy, writtenStep, writtenValue } from "./written";

export interface MatrixContext {
  readonly expression: Expression;
  readonly values: readonly ScopeValue[];
}

const mostMatrices = 8;

/** A square matrix in scope as a factor at either side, as it is and transposed. */
export function* matrixFactorCandidates({ expression, values }: MatrixContext): Generator<Candidate> {
  const matrices = values.filter(
    ({ node, isNamed, isDerived }) => isNamed && isDerived !== true && isSquare(node),
  );
  if (matrices.length === 0) return;
  for (const { node, place, isResult } of spotsIn(expression)) {
    if (node.shape.length === 0 || expression.numberOf(node) !== undefined) continue;
    for (const { node: matrix, text } of matrices.slice(0, mostMatrices)) {
      if (matrix === node) continue;
      for (const [isLeft, isTurned] of sides) {
        const factor = `${text}${isTurned ? ".T" : ""}`;
        const by = (x: string): string => (isLeft ? `${factor} @ ${x}` : `${x} @ ${factor}`);
        // Of a vector the one is the other.
        if (isLeft && node.shape.length === 1) continue;
        const at = isResult ? "" : ` at ${quoted(node, expression)}`;
        const operand = isResult ? writtenStep(node, expression) : writtenValue(node, expression);
        const right = operand === null ? undefined : by(unit(operand));
        yield {
          kind: "missing-factor",
          rank: isResult ? 10.5 : 10.6,
          factor: null,
          expression: factor,
          message: `the factor ${factor} is missing${at}${right === undefined ? "" : `: ${inQuotes(right)}`}`,
          isExact: true,
          change: editOf({ place, make: (record, x) => product(record, x, matrix, { isLeft, isTurned }) }),
          corrections: () =>
            correctionAt(
              {
                at: operand,
                within: place.kind === "use" ? writtenStep(place.consumer, expression) : null,
              },
              replacedBy(right ?? null),
            ),
        };
      }
    }
  }
}

const sides = [
  [false, true],
  [false, false],
  [true, true],
  [true, false],
] as const;

function isSquare({ shape, dtype }: Node): boolean {
  return isFloat(dtype) && shape.length === 2 && shape[0] === shape[1] && shape[0]! > 1;
}

function product(
  record: Recorder,
  x: Node,
  matrix: Node,
  { isLeft, isTurned }: { readonly isLeft: boolean; readonly isTurned: boolean },
): Node | undefined {
  const [size] = matrix.shape;
  const inner = x.shape.at(isLeft ? -2 : -1) ?? x.shape[0];
  if (inner !== size) return undefined;
  const factor = isTurned ? record("transpose", { x: matrix }, { dim0: -2, dim1: -1 }) : matrix;
  const made = factor && record("matmul", isLeft ? { x: factor, y: x } : { x, y: factor });
  return made?.shape.join() === x.shape.join() ? made : undefined;
}

/** As a factor of a product. */
function unit(text: string): string {
  return bare(text) !== text || /^[\p{L}\p{M}\w.[\]']+$|^\w+\([^()]*\)$/u.test(text) ? text : `(${text})`;
}
