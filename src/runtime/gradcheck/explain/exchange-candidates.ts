/** Hypotheses about what stands in the wrong order or at the wrong place: operands, branches, comparisons, indices, two values. */
import { isFloat } from "../../tensor";
import { isShapedAlike, type ApplyNode, type Node } from "../../graph";
import { operator } from "../../ops";
import { coneOf } from "../measure/cone";
import { editOf, usesIn, type Candidate } from "./candidate";
import type { Expression } from "./expression";
import type { FunctionUse } from "./factors";
import { ellipsis, printNode } from "./print-node";
import { inQuotes, quoted, quotedStep } from "./quotes";
import { correctionAt, replacedBy, writtenAs, writtenStep, writtenValue } from "./written";

/** a / b for b / a, the branches of `where`, < for >. */
export function* exchangedOperandCandidates(expression: Expression): Generator<Candidate> {
  for (const step of expression.steps) {
    const [x, y] = step.inputs;
    if (step.op.name === "div" && x !== undefined && y !== undefined) {
      // b / 1 is b.
      const isInverse = expression.numberOf(x) === 1;
      const right = isInverse
        ? quoted(y, expression)
        : inQuotes(`${unit(y, expression)} / ${unit(x, expression)}`);
      const message = `${quotedStep(step, expression)} should be ${right}`;
      const exchanged = exchange(expression, step, { rank: 5.5, message }, { ...step.operands, x: y, y: x });
      yield isInverse
        ? {
            ...exchanged,
            corrections: () =>
              correctionAt({ at: writtenStep(step, expression) }, replacedBy(writtenValue(y, expression))),
          }
        : exchanged;
    }
    if (step.op.name === "where") {
      const { x: then, y: otherwise } = step.operands;
      const message = `the two branches of ${quotedStep(step, expression)} are exchanged`;
      const [condition] = step.inputs;
      // Conditions are mostly written with >; where it is <, that may be what is wrong.
      const isTurned = condition?.kind === "apply" && condition.op.name.startsWith("less");
      const operands = { ...step.operands, x: otherwise, y: then };
      yield exchange(expression, step, { rank: isTurned ? 5.7 : 5.5, message }, operands);
    }
    const turned = opposites[step.op.name];
    if (turned !== undefined) {
      const [before, after] = [symbols[step.op.name]!, symbols[turned]!];
      const message = `\`${before}\` stands where \`${after}\` belongs in ${quotedStep(step, expression)}`;
      yield {
        ...exchange(expression, step, { rank: 5.6, message }, step.operands),
        corrections: () =>
          correctionAt(
            { at: writtenStep(step, expression) },
            replacedBy(writtenAs(step, { op: operator(turned) }, expression)),
          ),
        change: editOf({
          place: { kind: "instead", node: step },
          make: (record) => record(turned, step.operands),
        }),
      };
    }
  }
}

const opposites: Readonly<Record<string, string>> = {
  less: "greater",
  greater: "less",
  less_equal: "greater_equal",
  greater_equal: "less_equal",
};

const symbols: Readonly<Record<string, string>> = {
  less: "<",
  greater: ">",
  less_equal: "<=",
  greater_equal: ">=",
};

function exchange(
  expression: Expression,
  step: ApplyNode,
  { rank, message }: Pick<Candidate, "rank" | "message">,
  operands: ApplyNode["operands"],
): Candidate {
  return {
    kind: "other-argument",
    rank,
    factor: null,
    expression: null,
    message,
    change: editOf({
      place: { kind: "instead", node: step },
      make: (record) => record(step.op, operands, step.attributes),
    }),
    corrections: () => {
      const inputs = Object.keys(step.operands).flatMap((name) => operands[name] ?? []);
      return correctionAt(
        { at: writtenStep(step, expression) },
        replacedBy(writtenAs(step, { operands, inputs }, expression)),
      );
    },
  };
}

/** Two items of a list in each other's place. */
export function* exchangedItemCandidates(expression: Expression): Generator<Candidate> {
  for (const step of expression.steps)
    for (const [name, list] of Object.entries(step.operands)) {
      if (list === undefined || "kind" in list || list.length > mostItems) continue;
      for (const [i, first] of list.entries())
        for (const [j, second] of list.entries()) {
          if (j <= i || first === second || !isFloat(first.dtype)) continue;
          const exchanged = list.with(i, second).with(j, first);
          const message = `${quoted(first, expression)} and ${quoted(second, expression)} stand in each other's place in ${quotedStep(step, expression)}`;
          const [at, other] = [writtenValue(first, expression), writtenValue(second, expression)];
          yield {
            ...exchange(expression, step, { rank: 9.6, message }, { ...step.operands, [name]: exchanged }),
            // A list is not written as the operator that it is.
            corrections: () =>
              correctionAt(
                { at },
                at === null || other === null ? undefined : { how: "exchange", with: other },
              ),
          };
        }
    }
}

const mostItems = 4;

/** Functions of one argument. */
export const functionNames =
  "tanh sigmoid relu exp log sin cos tan sqrt rsqrt square reciprocal softplus abs sign sinh cosh softmax log_softmax".split(
    " ",
  );

/**
 * f(f(x)) for f(x), and f(x) for x in its derivative, wherever they are written; and a function where none belongs. `functions` are those
 * of the body.
 */
export function* repeatedFunctionCandidates(
  expression: Expression,
  functions: readonly FunctionUse[],
): Generator<Candidate> {
  const alike = new Map<string, ApplyNode[]>();
  for (const step of expression.steps) {
    const [x] = step.inputs;
    if (!functionNames.includes(step.op.name) || x === undefined || step.inputs.length !== 1) continue;
    const inner = expression.originalOf(x) ?? x;
    const isTwice = inner.kind === "apply" && inner.op.name === step.op.name;
    if (!isTwice) yield withoutFunction(expression, step, x);
    const isOfBody = functions.some(
      ({ name, input, unary }) => unary && name === step.op.name && input === x,
    );
    if (!isTwice && (!isOfBody || isSoleFactor(expression, step))) continue;
    const text = printNode(step, (node) => expression.nameOf(node));
    const known = alike.get(text);
    if (known === undefined) alike.set(text, [step]);
    else known.push(step);
  }
  for (const steps of alike.values()) yield ofOutput(expression, steps);
}

/** Whether a value is multiplied as it is, rather than being what a function is taken of. */
function isSoleFactor({ steps }: Expression, value: Node): boolean {
  return steps.every(({ inputs, op }) => !inputs.includes(value) || op.name === "mul" || op.name === "div");
}

function withoutFunction(expression: Expression, step: ApplyNode, x: Node): Candidate {
  return {
    kind: "other-argument",
    rank: 12.45,
    factor: null,
    expression: printNode(x, (node) => expression.nameOf(node)),
    message: `${step.op.name} is too much in ${quotedStep(step, expression)}`,
    change: editOf({ place: { kind: "instead", node: step }, make: () => x }),
    corrections: () =>
      correctionAt({ at: writtenStep(step, expression) }, replacedBy(writtenValue(x, expression))),
  };
}

/** Steps that are written alike, all of them. */
function ofOutput(expression: Expression, steps: readonly ApplyNode[]): Candidate {
  const step = steps[0]!;
  const x = step.inputs[0]!;
  const { name } = step.op;
  const inner = expression.originalOf(x) ?? x;
  const isTwice = inner.kind === "apply" && inner.op.name === name;
  const is =
    x.kind === "source" ? `${quoted(x, expression)} is already a value of ${name}` : "once is enough";
  const text = printNode(x, (node) => expression.nameOf(node));
  return {
    kind: "evaluated-at-output",
    rank: isTwice ? 5.9 : 6.05,
    factor: null,
    expression: text,
    message: isTwice
      ? `${name} is applied twice in ${quotedStep(step, expression)}: ${is}`
      : `the derivative of ${name} is taken at its value ${quotedStep(step, expression)}, not at ${inQuotes(text)}`,
    change: editOf({ place: { kind: "each", nodes: steps }, make: (_, node) => node.inputs[0] }),
    corrections: () =>
      correctionAt(
        { at: writtenStep(step, expression) },
        replacedBy(writtenValue(x, expression), { everywhere: steps.length > 1 }),
      ),
  };
}

/** Another function of the same argument. */
export function* otherFunctionCandidates(expression: Expression): Generator<Candidate> {
  for (const step of expression.steps) {
    if (!functionNames.includes(step.op.name) || step.inputs.length !== 1) continue;
    for (const name of functionNames) {
      const isNormalising = name.includes("softmax");
      if (name === step.op.name || isNormalising !== step.op.name.includes("softmax")) continue;
      if (changingSigns.has(name) && !hasNegative(step.inputs[0]!, expression)) continue;
      const attributes = isNormalising ? step.attributes : {};
      yield {
        kind: "other-argument",
        rank: 12.5,
        factor: null,
        expression: name,
        message: `\`${step.op.name}\` stands where \`${name}\` belongs in ${quotedStep(step, expression)}`,
        change: editOf({
          place: { kind: "instead", node: step },
          make: (record) => record(name, step.operands, attributes),
        }),
        corrections: () =>
          correctionAt(
            { at: writtenStep(step, expression) },
            replacedBy(writtenAs(step, { op: operator(name), attributes }, expression)),
          ),
      };
    }
  }
}

/** Of positive numbers these are the numbers themselves. */
const changingSigns: ReadonlySet<string> = new Set(["relu", "abs"]);

function hasNegative(node: Node, expression: Expression): boolean {
  return expression.valueIn(0, node)?.data.some((x) => x < 0) === true;
}

const mostIndices = 24;

/** Another index, and a slice of the same length from elsewhere. */
export function* indexCandidates(expression: Expression): Generator<Candidate> {
  for (const step of expression.steps) {
    for (const attributes of otherPlaces(step)) {
      const made = { ...step, attributes };
      const text = printNode(made, (each) => (each === made ? undefined : expression.nameOf(each)));
      yield {
        kind: "other-argument",
        rank: 12.4,
        factor: null,
        expression: text,
        message: `${quotedStep(step, expression)} stands where ${inQuotes(text)} belongs`,
        change: editOf({
          place: { kind: "instead", node: step },
          make: (record) => record(step.op, step.operands, attributes),
        }),
        corrections: () =>
          correctionAt(
            { at: writtenStep(step, expression) },
            replacedBy(writtenAs(step, { attributes }, expression)),
          ),
      };
    }
  }
}

function otherPlaces({ op, attributes, inputs, shape }: ApplyNode): ApplyNode["attributes"][] {
  const { dim } = attributes;
  const [x] = inputs;
  if (x === undefined || typeof dim !== "number") return [];
  const axis = (dim + x.shape.length) % x.shape.length;
  const size = x.shape[axis] ?? 0;
  if (size > mostIndices) return [];
  if (op.name === "select") {
    const index = (Number(attributes.index) + size) % size;
    return Array.from({ length: size }, (_, i) => i)
      .filter((i) => i !== index)
      .map((i) => ({ ...attributes, index: i }));
  }
  if (op.name !== "slice" || attributes.step !== 1) return [];
  const [length, start] = [shape[axis] ?? 0, Number(attributes.start ?? 0)];
  const first = start < 0 ? start + size : start;
  return Array.from({ length: size - length + 1 }, (_, i) => i)
    .filter((i) => i !== first)
    .map((i) => ({ ...attributes, start: i, stop: i + length }));
}

const mostExchanged = 12;

/** Two values that are both used, each where the other belongs. */
export function* exchangedValueCandidates(expression: Expression): Generator<Candidate> {
  const used = [...new Set(usesIn(expression).map(({ operand }) => operand))].filter(
    (node) => isFloat(node.dtype) && node.shape.length > 0 && expression.nameOf(node) !== undefined,
  );
  const scalars = [...new Set(usesIn(expression).map(({ operand }) => operand))].filter(
    (node) => node.shape.length === 0 && node.kind === "apply",
  );
  for (const group of [used.slice(0, mostExchanged), scalars.slice(0, mostExchanged)]) {
    for (const [i, first] of group.entries()) {
      for (const second of group.slice(i + 1)) {
        if (!isShapedAlike(first, second) || isBelow(first, second) || isBelow(second, first)) continue;
        const text = `${quoted(first, expression)} and ${quoted(second, expression)} are exchanged`;
        yield {
          kind: "other-argument",
          rank: 13.4,
          factor: null,
          expression: null,
          message: text.includes(ellipsis) ? "two values are exchanged" : text,
          change: editOf({
            place: { kind: "both", first, second },
            make: (_, operand) => (operand === first ? second : first),
          }),
          corrections: () => {
            const other = writtenValue(second, expression);
            return correctionAt(
              { at: writtenValue(first, expression) },
              other === null ? undefined : { how: "exchange", with: other },
            );
          },
        };
      }
    }
  }
}

function isBelow(node: Node, other: Node): boolean {
  return coneOf([other]).includes(node);
}

/** As an operand of a division. */
function unit(node: Node, expression: Expression): string {
  const text = printNode(node, (each) => expression.nameOf(each));
  return /^[\w.[\]']+$|^\w+\([^()]*\)$/u.test(text) ? text : `(${text})`;
}
