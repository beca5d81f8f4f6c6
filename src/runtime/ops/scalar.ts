/**
 * Scalar expressions: the one definition of an elementwise operator's mathematics. The interpreter evaluates them,
 * compilers fuse them. Knows nothing of tensors.
 */
import type { DType } from "../tensor";
import type { ElementwiseBuilder } from "./builder";
import { intrinsics, type Intrinsic } from "./intrinsics";

export type { Intrinsic } from "./intrinsics";

export type ScalarExpression =
  | { readonly kind: "variable"; readonly index: number }
  | { readonly kind: "constant"; readonly value: number }
  | { readonly kind: "intrinsic"; readonly name: Intrinsic; readonly operands: readonly ScalarExpression[] };

export function variable(index: number): ScalarExpression {
  return { kind: "variable", index };
}

/** Records expressions; what is used twice is one object, so that evaluators compute it once. */
export const scalarBuilder: ElementwiseBuilder<ScalarExpression> = makeScalarBuilder();

function makeScalarBuilder(): ElementwiseBuilder<ScalarExpression> {
  const record =
    (name: Intrinsic) =>
    (...operands: ScalarExpression[]): ScalarExpression => ({ kind: "intrinsic", name, operands });
  const recorders = Object.keys(intrinsics).map((name) => [name, record(name as Intrinsic)] as const);
  // `intrinsics` has exactly the builder's names, each with its number of operands.
  return {
    ...Object.fromEntries(recorders),
    constant: (value) => ({ kind: "constant", value }),
  } as ElementwiseBuilder<ScalarExpression>;
}

/** A function of the variables' values. */
export type ScalarFunction = (values: ArrayLike<number>) => number;

/** Evaluates an expression at one point; in float32 constants and every intermediate result are rounded to it. */
export function toFunction(expression: ScalarExpression, dtype: DType): ScalarFunction {
  const round = dtype === "float32" ? Math.fround : undefined;
  const made = new Map<ScalarExpression, ScalarFunction>();
  const compose = (at: ScalarExpression): ScalarFunction => {
    const known = made.get(at);
    if (known !== undefined) return known;
    const exact = composed(at, compose, round);
    const result: ScalarFunction =
      round !== undefined && at.kind === "intrinsic" ? (values) => round(exact(values)) : exact;
    made.set(at, result);
    return result;
  };
  return compose(expression);
}

function composed(
  expression: ScalarExpression,
  compose: (operand: ScalarExpression) => ScalarFunction,
  round: ((value: number) => number) | undefined,
): ScalarFunction {
  switch (expression.kind) {
    case "variable": {
      const { index } = expression;
      return (values) => values[index] ?? NaN;
    }
    case "constant": {
      const value = round === undefined ? expression.value : round(expression.value);
      return () => value;
    }
    case "intrinsic": {
      const f = intrinsics[expression.name];
      const [x, y, z] = expression.operands.map(compose);
      if (x === undefined) throw new Error(`${expression.name} without operands`);
      if (y === undefined) return (values) => f(x(values), 0, 0);
      if (z === undefined) return (values) => f(x(values), y(values), 0);
      return (values) => f(x(values), y(values), z(values));
    }
  }
}
