/** What hypotheses about the rules of one application may use: its inputs, the values of its body, and what moves in a rule. */
import { elementCount, isFloat } from "../../tensor";
import type { Application, Node } from "../../graph";
import type { Expression } from "../explain/expression";
import { numbersAmong } from "../explain/leaves";
import type { Sizes } from "../explain/sizes";
import { allNamesIn, describedBy, namesIn, type NamesInput, type Naming } from "./naming";
import type { ApplicationCheck, RuleTest } from "./rule-check";
import { scopeOf, type HypothesisContext, type ScopeInput } from "../explain/scope";
import type { World } from "./worlds";

/** At most this many values of the body are tried as factors and arguments; inputs always are. */
const valueLimit = 20;

export interface ContextInput extends NamesInput {
  readonly expression: Expression;
  readonly tests: readonly RuleTest[];
  readonly worlds: readonly World[];
  readonly sizes: Sizes;
  /** Applications inside of this one. */
  readonly inner: readonly Application[];
  readonly isOpaque?: ScopeInput["isOpaque"];
}

export function contextOf(input: ContextInput): HypothesisContext {
  const { application, check, expression, tests, worlds, sizes, inner } = input;
  const [test] = tests;
  const naming = namesIn(input);
  return scopeOf({
    expression,
    worlds: worlds.map(({ original }) => original),
    named: describedBy(naming),
    namesOf: allNamesIn(input),
    isNamed: (node) => naming(node) !== undefined || node === application.result,
    values: valuesIn(input),
    labels: labelsIn(input, naming),
    derived: new Set(aside(check, expression, input.nameOf)),
    isOpaque: input.isOpaque,
    numbers: numbersAmong([...check.body.copied].map(([original]) => original)).slice(0, mostNumbers),
    functions: [...check.body.copied].map(([original]) => original).reverse(),
    applications: application.kind === "op" ? [...inner, application] : inner,
    moved:
      test === undefined ? undefined : test.mode === "vjp" ? check.cotangent : check.tangentOf(test.input),
    sizes,
  });
}

/** What is no float, with a name: labels, masks, counts. */
function labelsIn({ application, check }: ContextInput, naming: Naming): Node[] {
  const copied = [...check.body.copied].map(([original]) => original);
  const discrete = [...copied.reverse(), ...application.inputs.values()].filter(
    ({ dtype }) => !isFloat(dtype),
  );
  return [...new Set(discrete)].filter((node) => naming(node) !== undefined).slice(0, labelLimit);
}

const labelLimit = 6;

const mostNumbers = 6;

/** The inputs, and of the body what has a name, what the rules use, and what is nearest to the result. */
function valuesIn({ application, check, expression, nameOf }: ContextInput): Node[] {
  const inputs = new Set([...application.inputs.values()].filter(({ dtype }) => isFloat(dtype)));
  const used = new Set(expression.givens.flatMap(({ original }) => original ?? []));
  const body = [...check.body.copied]
    .map(([original]) => original)
    .filter((node) => node.kind === "apply" && isFloat(node.dtype) && !inputs.has(node))
    .reverse();
  const weight = (node: Node): number => Number(used.has(node)) * 2 + Number(nameOf(node) !== undefined);
  const chosen = [...body].sort((a, b) => weight(b) - weight(a)).slice(0, valueLimit);
  return [...inputs, ...chosen, ...literalsIn(check, nameOf), ...aside(check, expression, nameOf)];
}

/** Tensors that are written in the body, where they are short or have names: the first state of a recurrent net. */
function literalsIn(check: ApplicationCheck, nameOf: NamesInput["nameOf"]): Node[] {
  const inputs = new Set<Node>(check.application.inputs.values());
  return [...check.body.copied]
    .map(([original]) => original)
    .filter((node) => node.kind === "source" && isFloat(node.dtype) && !inputs.has(node))
    .filter(({ shape }) => shape.length > 0)
    .filter(
      (node) =>
        elementCount(node.shape) <= shortLiteral ||
        (check.application.names?.get(node) ?? nameOf(node)) !== undefined,
    );
}

const shortLiteral = 12;

/** Named values of the application that neither its result nor the rules are made of: what a rule may have been meant to use. */
function aside(check: ApplicationCheck, expression: Expression, nameOf: NamesInput["nameOf"]): Node[] {
  const { first, end, names } = check.application;
  const used = new Set(expression.steps.flatMap((step) => expression.originalOf(step) ?? []));
  const isNamed = (node: Node): boolean => (names?.get(node) ?? nameOf(node)) !== undefined;
  return check.graph.nodes
    .slice(first, end)
    .filter(
      (node) =>
        isFloat(node.dtype) && isNamed(node) && !used.has(node) && check.body.copyOf(node) === undefined,
    )
    .slice(0, valueLimit);
}
