/**
 * Hypotheses about masks, the comparisons that choose where a derivative passes: what they should compare. Knows nothing of what the
 * masks are factors of.
 */
import { isFloat } from "../../tensor";
import { isShapedAlike, type ApplyNode, type Node } from "../../graph";
import { editOf, isComparison, type Candidate } from "./candidate";
import type { Expression, Recorder } from "./expression";
import { formatNumber, printNode } from "./print-node";
import { quotedStep } from "./quotes";
import type { ScopeValue } from "./value-candidates";
import { correctionAt, replacedBy, writtenAs, writtenStep, writtenValue } from "./written";

export interface MaskContext {
  readonly expression: Expression;
  readonly values: readonly ScopeValue[];
  /** Numbers of the body. */
  readonly numbers: readonly number[];
}

/** A mask of the same shape: where a value is positive, or where it is the largest or smallest along a dimension. */
export function* maskCandidates(context: MaskContext): Generator<Candidate> {
  const { expression, values } = context;
  for (const step of expression.steps) {
    if (!isComparison(step)) continue;
    for (const { node, text } of otherMasks(expression, step, values)) {
      yield {
        kind: "other-argument",
        rank: 6.5,
        factor: null,
        expression: text,
        message: `the mask ${quotedStep(step, expression)} should be \`${text}\``,
        change: editOf({ place: { kind: "instead", node: step }, make: () => node }),
        corrections: () => correctionAt({ at: writtenStep(step, expression) }, replacedBy(text)),
      };
    }
    yield* otherThresholds(expression, step);
    yield* otherSlopes(context, step);
  }
  yield* otherBranches(context);
}

interface Mask {
  readonly node: Node;
  readonly text: string;
}

function otherMasks(expression: Expression, step: ApplyNode, values: readonly ScopeValue[]): Mask[] {
  const masks: Mask[] = [];
  const note = (node: Node | undefined): void => {
    if (node === undefined || !isShapedAlike(node, step) || isSame(node, step, expression)) return;
    masks.push({ node, text: printNode(node, (each) => expression.nameOf(each)) });
  };
  const own = step.inputs.flatMap((node): ScopeValue[] =>
    isFloat(node.dtype) && expression.nameOf(node) !== undefined
      ? [{ node, text: expression.nameOf(node)!, isNamed: true }]
      : [],
  );
  const seen = new Set<Node>();
  for (const { node, isNamed } of [...own, ...values]) {
    if (!isNamed || seen.has(node) || !isFloat(node.dtype) || node.shape.length === 0) continue;
    seen.add(node);
    if (!isShapedAlike(node, step)) continue;
    const zero = expression.graph.constants.scalar(0, "float64");
    note(expression.record("greater", { x: node, y: zero }));
    for (const axis of node.shape.keys())
      for (const op of ["max", "min"] as const) note(extreme(expression.record, node, op, axis));
  }
  return masks;
}

/** Where a value is the largest along a dimension. */
function extreme(record: Recorder, x: Node, op: "max" | "min", axis: number): Node | undefined {
  if (x.shape[axis] === 1) return undefined;
  const most = record(op, { x }, { dim: axis, keepdim: true });
  return most && record("equal", { x, y: most });
}

/** A mask as a factor where the other branch has a slope as well. */
function* otherSlopes({ expression, numbers }: MaskContext, mask: ApplyNode): Generator<Candidate> {
  const factors = expression.steps.filter(
    (step) => step.op.name === "cast" && isFloat(step.dtype) && castOf(step) === mask,
  );
  for (const step of factors) {
    for (const slope of numbers) {
      if (slope === 0 || slope === 1) continue;
      const [one, other] = [1, slope].map((x) => expression.graph.constants.scalar(x, "float64"));
      const condition = writtenValue(mask, expression);
      const text = condition === null ? null : `where(${condition}, 1, ${formatNumber(slope)})`;
      yield {
        kind: "missing-factor",
        rank: 6.7,
        factor: null,
        expression: text,
        message: `the mask ${quotedStep(mask, expression)} is 0 where the derivative is ${formatNumber(slope)}`,
        isExact: true,
        change: editOf({
          place: { kind: "instead", node: step },
          make: (record) => record("where", { cond: mask, x: one, y: other }),
        }),
        corrections: () => correctionAt({ at: condition }, replacedBy(text)),
      };
    }
  }
}

/** A branch of `where` that is 0 where the derivative is the other one times a slope. */
function* otherBranches({ expression, numbers }: MaskContext): Generator<Candidate> {
  for (const step of expression.steps) {
    const [condition, x, y] = step.inputs;
    if (step.op.name !== "where" || condition === undefined || x === undefined || y === undefined) continue;
    const isSecond = expression.numberOf(y) === 0;
    const other = isSecond ? x : y;
    if ((!isSecond && expression.numberOf(x) !== 0) || !isShapedAlike(other, step)) continue;
    for (const slope of numbers) {
      if (slope === 0) continue;
      const factor = expression.graph.constants.scalar(slope, "float64");
      const branch = slope === 1 ? other : expression.record("mul", { x: factor, y: other });
      if (branch === undefined) continue;
      const inputs = isSecond ? [condition, x, branch] : [condition, branch, y];
      const operands = Object.fromEntries(Object.keys(step.operands).map((name, i) => [name, inputs[i]!]));
      const text = printNode(branch, (node) => expression.nameOf(node));
      yield {
        kind: "missing-factor",
        rank: 6.75,
        factor: null,
        expression: text,
        message: `\`0\` should be \`${text}\` in ${quotedStep(step, expression)}`,
        isExact: true,
        change: editOf({
          place: { kind: "instead", node: step },
          make: (record) => record(step.op, operands, step.attributes),
        }),
        corrections: () => correctionAt({ at: "0", within: writtenStep(step, expression) }, replacedBy(text)),
      };
    }
  }
}

/** What numbers of another type are made of. */
function castOf(node: Node): Node {
  return node.kind === "apply" && node.op.name === "cast" ? castOf(node.inputs[0]!) : node;
}

/** The numbers that things are mostly compared with. */
function* otherThresholds(expression: Expression, step: ApplyNode): Generator<Candidate> {
  for (const [at, input] of step.inputs.entries()) {
    const written = expression.numberOf(input);
    if (written === undefined) continue;
    for (const right of [0, 1, -1]) {
      if (right === written) continue;
      const y = expression.graph.constants.scalar(right, "float64");
      const inputs = step.inputs.with(at, y);
      const operands = Object.fromEntries(Object.keys(step.operands).map((name, i) => [name, inputs[i]]));
      const text = writtenAs(step, { operands, inputs }, expression);
      yield {
        kind: "other-argument",
        rank: 6.6,
        factor: null,
        expression: text,
        message: `${quotedStep(step, expression)} compares with ${String(written)} instead of ${String(right)}`,
        change: editOf({
          place: { kind: "instead", node: step },
          make: (record) => record(step.op, operands, step.attributes),
        }),
        corrections: () => correctionAt({ at: writtenStep(step, expression) }, replacedBy(text)),
      };
    }
  }
}

/** Whether a mask is the one that stands there already. */
function isSame(node: Node, step: ApplyNode, expression: Expression): boolean {
  const [a, b] = [expression.valueIn(0, node)?.data, expression.valueIn(0, step)?.data];
  return a !== undefined && b !== undefined && a.every((x, i) => x === b[i]);
}
