/**
 * What hypotheses about the rules of one application may use: its inputs, the values of its body, the cotangent or tangent, and
 * the functions applied in the body; with the names that they have there.
 */
import { elementCount, isFloat } from "../tensor";
import type { Application, Node } from "../graph";
import { derivativeAt, factorsOf, ones, sizesOf, type FunctionUse } from "./factors";
import { type Expression } from "./expression";
import { LocalBody } from "./local-body";
import { printNode } from "./print-node";
import type { ApplicationCheck, RuleTest } from "./rule-check";
import type { StructuralContext } from "./structural-candidates";
import type { ValueContext } from "./value-candidates";
import type { World } from "./worlds";

export type HypothesisContext = StructuralContext & ValueContext;

/** At most this many values of the body are tried as factors and arguments; inputs always are. */
const valueLimit = 20;
const functionLimit = 24;

export interface NamesInput {
  readonly application: Application;
  readonly check: ApplicationCheck;
  readonly nameOf: (node: Node) => string | undefined;
}

/** Names as they are inside of the application: its inputs', those of the instance's own values, u and v. */
export function namesIn({ application, check, nameOf }: NamesInput): (node: Node) => string | undefined {
  const names = new Map<Node, string>();
  let prefix = "";
  for (const [name, node] of application.inputs) {
    if (!names.has(node)) names.set(node, name);
    const full = nameOf(node);
    if (application.kind === "net" && full?.endsWith(`.${name}`) === true)
      prefix = full.slice(0, full.length - name.length);
  }
  names.set(check.cotangent, "u");
  for (const { mode, input } of check.tests)
    if (mode === "jvp") names.set(check.tangentOf(input), `d${names.get(input) ?? "x"}`);
  const named = (node: Node): string | undefined => {
    const known = names.get(node);
    if (known !== undefined || application.kind === "op") return known;
    const full = nameOf(node);
    return full !== undefined && prefix !== "" && full.startsWith(prefix) ? full.slice(prefix.length) : full;
  };
  return named;
}

/** The name, else the expression in the body that gives the value, as a unit. */
export function describedBy(named: (node: Node) => string | undefined): (node: Node) => string | undefined {
  return (node) => {
    const name = named(node);
    if (name !== undefined || (node.kind === "source" && node.shape.length === 0)) return name;
    const text = printNode(node, named, 4);
    if (text === undefined || text.length > 40) return undefined;
    return /^[\w.[\]']+$|^\w+\([^()]*\)$/u.test(text) ? text : `(${text})`;
  };
}

export interface ContextInput extends NamesInput {
  readonly expression: Expression;
  readonly tests: readonly RuleTest[];
  readonly worlds: readonly World[];
  readonly inner: readonly Application[];
}

export function contextOf(input: ContextInput): HypothesisContext {
  const { application, check, expression, tests } = input;
  const named = describedBy(namesIn(input));
  const [test] = tests;
  const moved =
    test === undefined ? undefined : test.mode === "vjp" ? check.cotangent : check.tangentOf(test.input);
  const originals = valuesIn(input);
  const values = originals.flatMap((original) => {
    const text = named(original);
    return text === undefined ? [] : [{ node: expression.given(original), text }];
  });
  const functions = [
    ...functionsIn(input, named),
    ...innerFunctions(input.inner, input, named),
    ...(application.kind === "op" ? innerFunctions([application], input, named) : []),
  ];
  const sizes = sizesOf([...application.inputs].map(([name, node]) => [name, node.shape]));
  return {
    expression,
    moved: moved && expression.given(moved),
    values,
    functions,
    factors: factorsOf(expression, values, functions),
    sizes,
  };
}

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
  return [...inputs, ...chosen];
}

const trivial: ReadonlySet<string> = new Set([
  "add", "sub", "mul", "div", "neg", "identity", "cast", "expand", "stop_gradient", "where", "dropout", "masked_fill",
]); // prettier-ignore

/** Elementwise operators of the body. */
function functionsIn(
  { check, expression }: ContextInput,
  named: (node: Node) => string | undefined,
): FunctionUse[] {
  const found: FunctionUse[] = [];
  for (const [original] of [...check.body.copied].reverse()) {
    if (found.length >= functionLimit) break;
    if (original.kind !== "apply" || original.op.elementwise === undefined || trivial.has(original.op.name))
      continue;
    for (const slot of Object.keys(original.op.vjp)) {
      const operand = original.operands[slot];
      if (
        operand === undefined ||
        !("kind" in operand) ||
        (operand.kind === "source" && operand.shape.length === 0)
      )
        continue;
      if (!isFloat(operand.dtype) || !isFloat(original.dtype)) continue;
      const inputText = named(operand);
      if (inputText === undefined) continue;
      const inputs = Object.fromEntries(
        // Elementwise operators have no lists.
        Object.entries(original.operands).map(([name, node]) => [name, expression.given(node as Node)]),
      );
      const output = expression.given(original);
      const derivative = derivativeAt(expression.graph, output, slot, inputs, original);
      if (derivative === undefined) continue;
      const outputText = named(original);
      const unary = original.inputs.filter(({ shape }) => shape.length > 0).length <= 1;
      found.push({
        name: original.op.name,
        input: inputs[slot]!,
        output,
        inputText,
        outputText,
        unary,
        derivative,
      });
    }
  }
  return found;
}

/** Applications of user-written ops that could be elementwise functions: the result has an input's shape. */
function innerFunctions(
  applications: readonly Application[],
  { application, expression, worlds }: ContextInput,
  named: (node: Node) => string | undefined,
): FunctionUse[] {
  return applications.flatMap((inner): FunctionUse[] => {
    const { result, name } = inner;
    const candidates = [...inner.inputs.values()].filter(
      (input) =>
        isFloat(input.dtype) &&
        input.shape.length === result.shape.length &&
        elementCount(input.shape) === elementCount(result.shape),
    );
    if (candidates.length === 0 || candidates.length > 3) return [];
    const body = new LocalBody(inner, worlds[0]!.original);
    return candidates.flatMap((input): FunctionUse[] => {
      const gradient = body.gradient(input);
      const inputText = named(input);
      if (gradient === undefined || inputText === undefined) return [];
      const values = worlds.map(({ original }) =>
        body.evaluator(original, [[body.cotangent, ones(result.shape)]])(gradient),
      );
      const derivative = expression.source(`${name}'(${inputText})`, values);
      return [
        {
          name,
          input: expression.given(input),
          output: expression.given(result),
          inputText,
          outputText: inner === application ? undefined : named(result),
          unary: [...inner.inputs.values()].filter(({ dtype }) => isFloat(dtype)).length === 1,
          derivative,
        },
      ];
    });
  });
}
