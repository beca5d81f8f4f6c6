/** Hypotheses about a sum that has not been divided by: `exp(z)` where `exp(z) / sum(exp(z), dim = 1, keepdim = true)` belongs. */
import { elementCount, isFloat } from "../../tensor";
import type { Node } from "../../graph";
import { coneOf } from "../measure/cone";
import { editOf, spotsIn, type Candidate } from "./candidate";
import { secondName } from "./definition-candidates";
import type { Expression, Recorder } from "./expression";
import type { ScopeValue } from "./value-candidates";
import { quoted } from "./quotes";
import { correctionAt, replacedBy, writtenStep, writtenValue } from "./written";

export interface NormaliserContext {
  readonly expression: Expression;
  readonly values: readonly ScopeValue[];
}

export function* normaliserCandidates({ expression, values }: NormaliserContext): Generator<Candidate> {
  for (const { node, place, isResult } of spotsIn(expression)) {
    if (isResult || (node.kind === "apply" && !scores.has(node.op.name))) continue;
    if (node.shape.length > mostDims || !isPositive(expression, node)) continue;
    const alias = node.kind === "apply" ? secondName(expression, node) : undefined;
    const own = alias === undefined || node.kind === "source" ? node : node.inputs[0]!;
    // What is being defined is told by its definition.
    const name = node.kind === "apply" && alias === undefined ? expression.nameOf(node) : undefined;
    const text = name === undefined ? writtenValue(own, expression) : writtenStep(node, expression);
    if (text === null) continue;
    const isExponential =
      coneOf([own]).some((each) => each.kind === "apply" && each.op.name === "exp") || text.includes("exp(");
    for (const [axis, size] of node.shape.entries()) {
      if (size === 1) continue;
      // What has a name stands in its place.
      if (isNamed(expression, values, quotient(expression.record, own, axis))) continue;
      const sum = `sum(${text}, dim = ${axis}, keepdim = true)`;
      const unit = /^[\p{L}_][\p{L}\p{M}\p{N}_.']*(?:\[[^[\]]*\])*$|^\w+\([^()]*\)$/u.test(text)
        ? text
        : `(${text})`;
      yield {
        kind: "missing-factor",
        rank: isExponential || alias !== undefined ? 9.7 : 13.3,
        factor: null,
        expression: `1 / ${sum}`,
        message: `the division by \`${sum}\` is missing at ${quoted(own, expression)}`,
        isExact: true,
        change: editOf({
          place,
          make: (record, x) => quotient(record, x, axis),
        }),
        corrections: () =>
          correctionAt(
            { at: alias ?? name ?? text },
            replacedBy(`${unit} / ${sum}`, { everywhere: place.kind !== "use" }),
          ),
      };
    }
  }
}

const mostDims = 4;

/** What is mostly normalised. */
const scores: ReadonlySet<string> = new Set("exp identity relu square abs sigmoid softplus".split(" "));

function quotient(record: Recorder, x: Node, axis: number): Node | undefined {
  const y = record("sum", { x }, { dim: [axis], keepdim: true });
  return y && record("div", { x, y });
}

function isNamed(expression: Expression, values: readonly ScopeValue[], node: Node | undefined): boolean {
  const data = node && expression.valueIn(0, node)?.data;
  if (node === undefined || data === undefined) return true;
  return values.some((value) => {
    if (!value.isNamed || value.node.shape.length !== node.shape.length) return false;
    const other = expression.valueIn(0, value.node)?.data;
    return other?.length === data.length && data.every((x, i) => Math.abs(x - other[i]!) < 1e-12);
  });
}

function isPositive(expression: Expression, node: Node): boolean {
  if (!isFloat(node.dtype) || elementCount(node.shape) < 2) return false;
  return expression.valueIn(0, node)?.data.every((x) => x > 0) === true;
}
