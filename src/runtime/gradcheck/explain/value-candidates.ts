/** Hypotheses about the values that an expression is made of: factors left out, arguments exchanged, terms dropped. */
import { isFloat } from "../../tensor";
import type { Node } from "../../graph";
import { coneOf } from "../measure/cone";
import type { Correction } from "../correction";
import {
  comparedIn,
  editOf,
  isComparison,
  placeOf,
  placesWithin,
  spotsIn,
  usesIn,
  type Candidate,
  type Use,
} from "./candidate";
import type { Expression, Place, Recorder } from "./expression";
import type { Factor, FunctionUse } from "./factors";
import { ellipsis, printNode } from "./print-node";
import { indexMessage } from "./members";
import { depends } from "./cotangent-candidates";
import { bare, quoted, quotedStep } from "./quotes";
import { correctionAt, replacedBy, writtenStep, writtenValue } from "./written";

export interface ScopeValue {
  readonly node: Node;
  readonly text: string;
  /** Whether it has a name, rather than being an inner value of the body. */
  readonly isNamed: boolean;
  /** Whether a rule computes it, rather than the body. */
  readonly isDerived?: boolean;
  /** Whether it is derived and nothing is made of it: what it was derived for may be what is wrong. */
  readonly isUnused?: boolean;
}

export interface ValueContext {
  readonly expression: Expression;
  /** What moves in a rule: the cotangent or the tangent; undefined where there is none. */
  readonly moved: Node | undefined;
  readonly values: readonly ScopeValue[];
  readonly factors: readonly Factor[];
  readonly functions: readonly FunctionUse[];
}

/** A factor of one form at the result, at every step and at every given. */
export function* missingFactorCandidates(
  { expression, factors: all, moved }: ValueContext,
  form: Factor["form"],
): Generator<Candidate> {
  const factors = all.filter((factor) => factor.form === form);
  const isMadeOf = dependence();
  for (const { node, place, isResult } of spotsIn(expression)) {
    const everywhere = place.kind === "within" ? " everywhere" : "";
    const at = isResult ? "" : ` at ${quoted(node, expression)}${everywhere}`;
    const isNumber = expression.numberOf(node) !== undefined;
    const awkward = isResult ? 0 : isFactorAt(expression, node, place) ? 0.1 : 3.4;
    for (const factor of factors) {
      // z · f′(z) is f(z) for a ReLU, and nobody's mistake.
      if (factor.node === moved || (factor.at === node && isStep(factor.text))) continue;
      if (isInverseOf(factor, node)) continue;
      // A rate may lack what it is the rate of; 1 is what derivatives are written with; one of two cases may be `d * sign(e)`.
      const isCase = form === "derivative" && place.kind === "use" && place.consumer.op.name === "where";
      if (isNumber && !isCase && (form !== "value" || expression.numberOf(node) === 1)) continue;
      // Nothing is made of itself.
      if (factor.isStep === true && node.kind === "apply" && isMadeOf(factor.node, node)) continue;
      const { derivativeOf } = factor;
      // In a part a division is rarely left out.
      const isOdd = form === "made" && !isResult;
      const odd = isOdd ? (factor.text.startsWith("1 / ") ? 2.9 : oddness) : 0;
      const isPlain = derivativeOf === undefined || derivativeOf.replace("′", "'") === factor.text;
      const of = isPlain ? "" : `, which is ${derivativeOf},`;
      yield {
        kind: "missing-factor",
        rank:
          factorRanks[factor.form] +
          awkward +
          odd +
          (factor.isInner === true ? 0.3 : 0) +
          (factor.isUnnamed === true ? namelessness : 0) +
          (factor.at === node ? 0.3 : 0) +
          (isNumber ? 1.2 : 0),
        factor: null,
        expression: factor.text,
        message: `the factor ${factor.text}${of} is missing${at}`,
        change: editOf({ place, make: times(factor.node) }),
        corrections: () =>
          isCallOfPrimed(factor.text)
            ? []
            : correctionAt(
                {
                  at: isResult ? null : writtenValue(node, expression),
                  within: place.kind === "use" ? writtenStep(place.consumer, expression) : null,
                },
                { how: "multiply", by: factor.text },
              ),
      };
    }
  }
}

/** Whether a derivative is constant wherever it is not zero or one of two: `z > 0`, `sign(z)`. */
function isStep(text: string): boolean {
  return / [<>]=? |^sign\(/u.test(text);
}

/** f'(z) is told, and nothing that is written. */
function isCallOfPrimed(text: string): boolean {
  return /'\(/u.test(text);
}

/** x · 1/x is written 1, which is another value in its place. */
function isInverseOf({ node }: Factor, x: Node): boolean {
  return node.kind === "apply" && node.op.name === "div" && node.inputs[1] === x;
}

/** Whether a value is a factor or term where it is used, rather than inside of a function. */
function isFactorAt({ steps }: Expression, node: Node, place: Place): boolean {
  const isLinear = ({ op, operands }: Expression["steps"][number]): boolean =>
    linear.has(op.name) || (op.name === "div" && operands.y !== node);
  if (place.kind === "use") return isLinear(place.consumer);
  return steps.filter(({ inputs }) => inputs.includes(node)).every(isLinear);
}

const linear: ReadonlySet<string> = new Set(
  "mul add sub neg matmul sum mean transpose reshape expand identity cast where cat stack slice select".split(
    " ",
  ),
);

const factorRanks: Readonly<Record<Factor["form"], number>> = { derivative: 10, value: 11, made: 11.5 };

/** A constant comes before `1 - x` in a part, and another argument before a factor that has no name. */
const oddness = 0.6;
const namelessness = 2.2;

function times(factor: Node): (record: Recorder, node: Node) => Node | undefined {
  return (record, node) => record("mul", { x: node, y: factor });
}

/** f′(f(z)) for f′(z): the function's value where what it is applied to belongs; and the other way round. */
export function* evaluatedAtCandidates({ expression, functions }: ValueContext): Generator<Candidate> {
  const uses = usesIn(expression);
  const compared = comparedIn(expression);
  // A mask compares values, and has no derivative.
  const isMasking = (step: Use["consumer"]): boolean => isComparison(step) || compared.has(step);
  for (const { name, input, output, inputText, outputText, unary } of functions) {
    if (!unary) continue;
    const here = bare(outputText ?? `${name}(${inputText})`);
    // A root stands for what it is the root of where a power is wrong.
    const odd = powers.has(name) ? 9 : 0;
    const atOutput = {
      kind: "evaluated-at-output",
      rank: 6 + odd,
      factor: null,
      expression: inputText,
      message: `the derivative of ${name} is taken at its value \`${here}\`, not at \`${inputText}\``,
    } as const;
    const atInput = {
      kind: "other-argument",
      rank: 11.3,
      factor: null,
      expression: here,
      message: `\`${inputText}\` stands where the value of ${name}, \`${here}\`, belongs`,
    } as const;
    const argument = bare(inputText);
    const toInput = (everywhere: boolean, within: string | null = null): readonly Correction[] =>
      correctionAt({ at: here, within }, replacedBy(argument, { everywhere }));
    const toOutput = (everywhere: boolean, within: string | null = null): readonly Correction[] =>
      correctionAt({ at: argument, within }, replacedBy(here, { everywhere }));
    const isMask = uses.every(({ operand, consumer }) => operand !== output || isMasking(consumer));
    for (const place of isMask ? [] : placesWithin(expression, output))
      yield {
        ...atOutput,
        change: editOf({ place, make: () => input }),
        corrections: () => toInput(true),
      };
    for (const place of placesWithin(expression, input))
      yield { ...atInput, change: editOf({ place, make: () => output }), corrections: () => toOutput(true) };
    for (const use of uses) {
      if (isMasking(use.consumer)) continue;
      const within = (): string | null => writtenStep(use.consumer, expression);
      if (use.operand === output)
        yield {
          ...atOutput,
          rank: 6.1 + odd,
          change: editOf({ place: placeOf(use), make: () => input }),
          corrections: () => toInput(false, within()),
        };
      if (use.operand === input)
        yield {
          ...atInput,
          rank: 11.35,
          change: editOf({ place: placeOf(use), make: () => output }),
          corrections: () => toOutput(false, within()),
        };
    }
  }
}

const powers: ReadonlySet<string> = new Set(["sqrt", "rsqrt", "square", "reciprocal"]);

/** Another member of a family in the place of one: an index that is one too high is a likelier mistake than what comes to the same. */
export function* otherMemberCandidates(context: ValueContext): Generator<Candidate> {
  for (const candidate of otherArgumentCandidates(context))
    if (candidate.rank === memberRank) yield { ...candidate, rank: likelyMemberRank };
}

const memberRank = 12.95;
const likelyMemberRank = 6.75;

/** Another value in scope in the place of one that is used. */
export function* otherArgumentCandidates({ expression, values, moved }: ValueContext): Generator<Candidate> {
  const candidate = (
    operand: Node,
    value: ScopeValue,
    { where, consumer }: { readonly where: string; readonly consumer?: Node },
  ): Omit<Candidate, "change"> => {
    const isMoved = value.node === moved;
    const index = indexMessage(expression.nameOf(operand), value.text);
    // A name for a name: what was derived and not used is what was meant.
    const isForgotten = value.isUnused === true && expression.nameOf(operand) !== undefined;
    // "x stands where x / y belongs" says that a factor is missing.
    const own = expression.nameOf(operand);
    const isExtended = own !== undefined && / /u.test(value.text) && value.text.includes(own);
    const named = (isForgotten ? 10.9 : index === "" ? 13 : memberRank) + (isExtended ? 2.5 : 0);
    return {
      kind: isMoved ? "missing-cotangent" : "other-argument",
      rank: isMoved ? 2.5 : expression.numberOf(operand) !== undefined ? 15.5 : value.isNamed ? named : 17,
      factor: null,
      expression: value.text,
      message: `${index}${quoted(operand, expression)} stands where \`${bare(value.text)}\` belongs${where}`,
      corrections: () =>
        correctionAt(
          {
            at: writtenValue(operand, expression),
            within: consumer === undefined ? null : writtenStep(consumer, expression),
          },
          replacedBy(bare(value.text), { everywhere: consumer === undefined }),
        ),
    };
  };
  const steps = new Set<Node>(expression.steps);
  const isStep = (node: Node): boolean => steps.has(node);
  const compared = comparedIn(expression);
  const one = { node: expression.graph.constants.scalar(1, "float64"), text: "1", isNamed: true };
  for (const use of usesIn(expression)) {
    if (!isFloat(use.operand.dtype)) continue;
    const within = ` in ${quotedStep(use.consumer, expression)}`;
    const isMask = isComparison(use.consumer);
    const others = [...values, one];
    for (const value of isMask || compared.has(use.consumer)
      ? values
      : withMoved(expression, others, moved)) {
      // Nothing is compared with itself.
      if (isMask && use.consumer.inputs.includes(value.node)) continue;
      // What comes later is made of this; and a second name says nothing.
      if (value.node === use.operand || !isFloat(value.node.dtype)) continue;
      if (expression.nameOf(use.operand) === value.text) continue;
      if (value.node.kind === "apply" && value.node.id >= use.consumer.id && isStep(value.node)) continue;
      if (value.node === moved && depends(use.consumer, moved)) continue;
      const change = editOf({ place: placeOf(use), make: () => value.node });
      yield { ...candidate(use.operand, value, { where: within, consumer: use.consumer }), change };
    }
  }
  for (const { node } of values) {
    for (const place of placesWithin(expression, node)) {
      for (const value of values) {
        if (value.node === node || !isFloat(value.node.dtype) || !isFloat(node.dtype)) continue;
        const everywhere = candidate(node, value, { where: " everywhere" });
        const change = editOf({ place, make: () => value.node });
        yield { ...everywhere, rank: everywhere.rank + 0.5, change };
      }
    }
  }
}

/** A term left out of a sum: 1, a value in scope, what the rule computes, or a sum of that; with either sign. */
export function* droppedTermCandidates({ expression, values, moved }: ValueContext): Generator<Candidate> {
  const one = { node: expression.graph.constants.scalar(1, "float64"), text: "1", isNamed: true };
  const terms = [one, ...withMoved(expression, values, moved), ...stepsIn(expression), ...sumsIn(expression)];
  for (const { node, place, isResult } of spotsIn(expression)) {
    if (expression.numberOf(node) !== undefined) continue;
    for (const term of terms) {
      if (!isFloat(term.node.dtype)) continue;
      for (const [op, sign] of signs)
        yield {
          kind: "overwritten-sum",
          rank: term === one ? (node.kind === "source" ? 14.4 : 14) : term.isNamed ? 15 : 15.8,
          factor: null,
          expression: term.text,
          message: `the term ${sign} ${term.text} is missing at ${quoted(node, expression)}`,
          change: editOf({
            place,
            make: (record, before) => {
              const sum = record(op, { x: before, y: term.node });
              return sum?.shape.length === before.shape.length ? sum : undefined;
            },
          }),
          corrections: () =>
            correctionAt(
              { at: isResult ? null : writtenValue(node, expression) },
              { how: "add-term", term: bare(term.text), sign: sign === "+" ? 1 : -1 },
            ),
        };
    }
  }
}

const signs = [
  ["add", "+"],
  ["sub", "−"],
] as const;

function withMoved(
  expression: Expression,
  values: readonly ScopeValue[],
  moved: Node | undefined,
): readonly ScopeValue[] {
  if (moved === undefined) return values;
  return [{ node: moved, text: expression.nameOf(moved) ?? "u", isNamed: true }, ...values];
}

/** What is computed on the way, which may be needed once more. */
function stepsIn(expression: Expression): ScopeValue[] {
  if (expression.steps.length > stepLimit) return [];
  const results = new Set<Node>(expression.outcomes.map(({ node }) => node));
  return expression.steps.flatMap((node): ScopeValue[] => {
    const text = printNode(node, (each) => expression.nameOf(each));
    const isTerm =
      isFloat(node.dtype) && node.shape.length > 0 && !results.has(node) && !text.includes(ellipsis);
    return isTerm ? [{ node, text, isNamed: false }] : [];
  });
}

/** Sums over one dimension of what is computed: what centring and normalising subtract. */
function sumsIn(expression: Expression): ScopeValue[] {
  if (expression.steps.length > stepLimit) return [];
  const used = expression.steps.flatMap(({ inputs }) =>
    inputs.filter(({ kind, shape }) => kind === "source" && shape.length > 0),
  );
  const results = new Set<Node>(expression.outcomes.map(({ node }) => node));
  return [...new Set<Node>([...expression.steps, ...used])].flatMap((step) => {
    // What is being defined has no name yet.
    const text = printNode(step, (node) => (results.has(node) ? undefined : expression.nameOf(node)));
    if (results.has(step) && text === ellipsis) return [];
    return [...step.shape.keys()].flatMap((axis) =>
      ["sum", "mean"].flatMap((op): ScopeValue[] => {
        if (!isFloat(step.dtype) || step.shape[axis] === 1) return [];
        const node = expression.record(op, { x: step }, { dim: [axis], keepdim: true });
        return node === undefined
          ? []
          : [{ node, text: `${op}(${text}, dim = ${axis}, keepdim = true)`, isNamed: false }];
      }),
    );
  });
}

const stepLimit = 16;

/** Whether one value is made of another; what each is made of is found once. */
function dependence(): (node: Node, other: Node) => boolean {
  const known = new Map<Node, ReadonlySet<Node>>();
  return (node, other) => {
    let made = known.get(node);
    if (made === undefined) known.set(node, (made = new Set(coneOf([node]))));
    return made.has(other);
  };
}
