/** Hypotheses about the values that an expression is made of: factors left out, arguments exchanged, terms dropped. */
import { isFloat } from "../tensor";
import type { Node } from "../graph";
import { editOf, usesIn, type Candidate } from "./candidate";
import type { Expression, Place, Recorder } from "./expression";
import type { Factor, FunctionUse } from "./factors";
import { placeOf, quoted } from "./structural-candidates";

export interface ValueContext {
  readonly expression: Expression;
  /** What moves in a rule: the cotangent or the tangent; undefined where there is none. */
  readonly moved: Node | undefined;
  readonly values: readonly { readonly node: Node; readonly text: string }[];
  readonly factors: readonly Factor[];
  readonly functions: readonly FunctionUse[];
}

/** A factor at the result, at every step and at every given. */
export function* missingFactorCandidates({ expression, factors, moved }: ValueContext): Generator<Candidate> {
  const results = new Set(expression.outcomes.map(({ node }) => node));
  for (const { node, place } of factorPlaces(expression)) {
    if (!isFloat(node.dtype)) continue;
    const at = results.has(node) ? "" : ` at ${quoted(node, expression)}`;
    if (moved !== undefined && !depends(node, moved)) {
      yield {
        kind: "missing-cotangent",
        rank: results.has(node) ? 2 : 2.1,
        factor: null,
        expression: expression.nameOf(moved) ?? null,
        message: `the factor \`${expression.nameOf(moved) ?? "u"}\` is missing${at}`,
        change: editOf({ place, make: times(moved) }),
      };
    }
    for (const factor of factors) {
      if (factor.node === moved) continue;
      yield {
        kind: "missing-factor",
        rank:
          (factor.form === "derivative" ? 10 : factor.form === "value" ? 11 : 11.5) +
          (results.has(node) ? 0 : 0.1),
        factor: null,
        expression: factor.text,
        message: `the factor ${factor.text} is missing${at}${factor.derivativeOf === undefined ? "" : `: the derivative of ${factor.derivativeOf}`}`,
        change: editOf({ place, make: times(factor.node) }),
      };
    }
  }
}

/** The results, the steps from the last to the first, and givens: each use by itself, and all of them where there are several. */
function* factorPlaces(expression: Expression): Generator<{ readonly node: Node; readonly place: Place }> {
  const places = new Set<Node>([
    ...expression.outcomes.map(({ node }) => node),
    ...[...expression.steps].reverse(),
  ]);
  const uses = new Map<Node, number>();
  for (const use of usesIn(expression)) {
    if (places.has(use.operand)) continue;
    uses.set(use.operand, (uses.get(use.operand) ?? 0) + 1);
    yield { node: use.operand, place: placeOf(use) };
  }
  for (const [node, count] of uses) if (count > 1) places.add(node);
  for (const node of places) yield { node, place: { kind: "node", node } };
}

function times(factor: Node): (record: Recorder, node: Node) => Node | undefined {
  return (record, node) => {
    const product = record("mul", { x: node, y: factor });
    // A factor multiplies what is there; it does not stretch it.
    return product?.shape.length === node.shape.length &&
      product.shape.every((size, axis) => size === node.shape[axis])
      ? product
      : undefined;
  };
}

/** f′(f(z)) for f′(z): the function's value where what it is applied to belongs; and the other way round. */
export function* evaluatedAtCandidates({ expression, functions }: ValueContext): Generator<Candidate> {
  for (const { name, input, output, inputText, outputText, unary } of functions) {
    if (!unary) continue;
    const here = outputText ?? `${name}(${inputText})`;
    const atOutput = {
      kind: "evaluated-at-output",
      rank: 6,
      factor: null,
      expression: inputText,
      message: `the derivative of ${name} is taken at its value \`${here}\`, not at \`${inputText}\``,
    } as const;
    const atInput = {
      kind: "other-argument",
      rank: 6.5,
      factor: null,
      expression: here,
      message: `\`${inputText}\` stands where the value of ${name}, \`${here}\`, belongs`,
    } as const;
    yield { ...atOutput, change: editOf({ place: { kind: "node", node: output }, make: () => input }) };
    yield { ...atInput, change: editOf({ place: { kind: "node", node: input }, make: () => output }) };
    for (const use of usesIn(expression)) {
      if (use.operand === output)
        yield { ...atOutput, rank: 6.1, change: editOf({ place: placeOf(use), make: () => input }) };
      if (use.operand === input)
        yield { ...atInput, rank: 6.6, change: editOf({ place: placeOf(use), make: () => output }) };
    }
  }
}

/** Another value in scope in the place of one that is used. */
export function* otherArgumentCandidates({ expression, values, moved }: ValueContext): Generator<Candidate> {
  const candidate = (
    operand: Node,
    value: ValueContext["values"][number],
    where: string,
  ): Omit<Candidate, "change"> => {
    const isMoved = value.node === moved;
    const before = quoted(operand, expression);
    return {
      kind: isMoved ? "missing-cotangent" : "other-argument",
      rank: isMoved ? 2.5 : 13,
      factor: null,
      expression: value.text,
      message: `${before} stands where \`${value.text}\` belongs${where}`,
    };
  };
  const others =
    moved === undefined ? values : [{ node: moved, text: expression.nameOf(moved) ?? "u" }, ...values];
  for (const use of usesIn(expression)) {
    if (!isFloat(use.operand.dtype)) continue;
    for (const value of others) {
      if (value.node === use.operand || !isFloat(value.node.dtype)) continue;
      if (value.node === moved && depends(use.consumer, moved)) continue;
      const within = ` in ${quoted(use.consumer, expression)}`;
      yield {
        ...candidate(use.operand, value, within),
        change: editOf({ place: placeOf(use), make: () => value.node }),
      };
    }
  }
  for (const { node } of values) {
    for (const value of values) {
      if (value.node === node || !isFloat(value.node.dtype) || !isFloat(node.dtype)) continue;
      yield {
        ...candidate(node, value, " everywhere"),
        rank: 13.5,
        change: editOf({ place: { kind: "node", node }, make: () => value.node }),
      };
    }
  }
}

/** A term left out of a sum: 1, or a value in scope, with either sign. */
export function* droppedTermCandidates({ expression, values, moved }: ValueContext): Generator<Candidate> {
  const one = { node: expression.graph.constants.scalar(1, "float64"), text: "1" };
  const terms = [
    one,
    ...(moved === undefined ? [] : [{ node: moved, text: expression.nameOf(moved) ?? "u" }]),
    ...values,
  ];
  for (const step of expression.steps) {
    if (!isFloat(step.dtype)) continue;
    for (const term of terms) {
      if (!isFloat(term.node.dtype)) continue;
      for (const [op, sign] of [
        ["add", "+"],
        ["sub", "−"],
      ] as const)
        yield {
          kind: "overwritten-sum",
          rank: term === one ? 14 : 15,
          factor: null,
          expression: term.text,
          message: `the term ${sign} ${term.text} is missing at ${quoted(step, expression)}`,
          change: editOf({
            place: { kind: "node", node: step },
            make: (record, node) => {
              const sum = record(op, { x: node, y: term.node });
              return sum?.shape.length === node.shape.length ? sum : undefined;
            },
          }),
        };
    }
  }
}

/** Whether a step's value is made of the cotangent or tangent. */
function depends(node: Node, moved: Node): boolean {
  const reached = new Set<Node>([node]);
  for (const each of reached) {
    if (each === moved) return true;
    for (const input of each.inputs) reached.add(input);
  }
  return false;
}
