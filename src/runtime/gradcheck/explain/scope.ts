/** What hypotheses about an expression are made of: values and functions in scope, as nodes of the expression's graph. */
import { elementCount, isFloat } from "../../tensor";
import type { Application, ApplyNode, Node } from "../../graph";
import { coneOf } from "../measure/cone";
import { copiedBy } from "./copies";
import type { Expression } from "./expression";
import { extremeFactors } from "./extremes";
import { derivativeAt, factorsOf, isUninformative, ones, type Factor, type FunctionUse } from "./factors";
import { LocalBody, type Values } from "../blame/local-body";
import type { Naming } from "../blame/naming";
import { memberOf } from "./members";
import { formatNumber } from "./print-node";
import type { ProductContext } from "./product-candidates";
import type { Sizes } from "./sizes";
import { slopesOf, type Slope } from "./slopes";
import type { StructuralContext } from "./structural-candidates";
import type { ScopeValue, ValueContext } from "./value-candidates";

export type HypothesisContext = StructuralContext &
  ValueContext &
  ProductContext & { readonly slopes: readonly Slope[] };

const functionLimit = 24;

export interface ScopeInput {
  readonly expression: Expression;
  readonly worlds: readonly Values[];
  readonly named: Naming;
  /** All its names: `a[0] = x` gives one value two. */
  readonly namesOf?: ((node: Node) => readonly string[]) | undefined;
  /** Whether a node has a name of its own, rather than being described by its expression. */
  readonly isNamed: (node: Node) => boolean;
  /** Nodes of the original graph that may be factors and arguments. */
  readonly values: readonly Node[];
  /** Those of them that are no part of the body: derived, and not used. */
  readonly derived?: ReadonlySet<Node>;
  /** Whether a value is to be taken as it is, whatever it is made of. */
  readonly isOpaque?: ((node: Node) => boolean) | undefined;
  /** Numbers of the body. */
  readonly numbers?: readonly number[];
  /** Nodes of the original graph that are no floats: masks, counts, and labels that may be classes. */
  readonly labels: readonly Node[];
  /** Nodes of the original graph whose operators, where elementwise, are functions in scope; those that matter most first. */
  readonly functions: readonly Node[];
  /** Applications of user-written ops that may be functions in scope. */
  readonly applications: readonly Application[];
  /** The cotangent or tangent of a rule, in the original graph. */
  readonly moved: Node | undefined;
  readonly sizes: Sizes;
}

export function scopeOf(input: ScopeInput): HypothesisContext {
  const { expression, named, moved, sizes } = input;
  const used = usedIn(input);
  const values = input.values.flatMap((original): ScopeValue[] => {
    const text = named(original);
    if (text === undefined) return [];
    const isDerived = input.derived?.has(original) === true;
    const isUnused = isDerived && !used.has(original);
    const value = { node: expression.given(original), text, isNamed: input.isNamed(original), isUnused };
    const members = (input.namesOf?.(original) ?? []).filter(
      (name) => name !== text && memberOf(name) !== undefined,
    );
    return [
      { ...value, isDerived },
      ...members.map((name) => ({ ...value, text: name, isDerived })),
      ...exponentials(expression, value, original),
    ];
  });
  values.push(...oneHots(input));
  const functions = [...operatorFunctions(input), ...applicationFunctions(input)];
  const slopes = slopesOf(input).filter((slope) => !isUninformative(slope, expression));
  const factors = [
    ...factorsOf(expression, values, functions),
    ...slopes,
    ...extremeFactors(expression, input.functions, named),
  ];
  return {
    expression,
    moved: moved && expression.given(moved),
    values,
    functions,
    factors: [...factors, ...columns(expression, values, factors)].filter(
      (factor) => !isUninformative(factor, expression),
    ),
    slopes,
    sizes,
    numbers: input.numbers ?? [],
  };
}

/** Values, and derivatives of functions, with one number for each row, as `mask[:, None]`. */
function columns(
  expression: Expression,
  values: readonly ScopeValue[],
  factors: readonly Factor[],
): Factor[] {
  const results = expression.outcomes.map(({ node }) => node);
  const isColumn = ({ dtype, shape }: Node): boolean =>
    isFloat(dtype) &&
    shape.length > 0 &&
    results.some(
      (result) =>
        result.shape.length === shape.length + 1 &&
        shape.every((size, axis) => size === result.shape[axis]) &&
        // Else it is a row, which needs no index.
        shape.some((size, axis) => size !== result.shape[axis + 1] && size !== 1),
    );
  const named = values.filter(({ isNamed }) => isNamed);
  const derivatives = factors.filter(({ form }) => form === "derivative");
  return [...named, ...derivatives].flatMap((value): Factor[] => {
    const { node, text } = value;
    if (!isColumn(node)) return [];
    const dims = ":, ".repeat(node.shape.length);
    const column = expression.record("unsqueeze", { x: node }, { dim: node.shape.length });
    if (column === undefined) return [];
    // A mask that has a name comes first.
    if ("form" in value) return [{ ...value, node: column, text: `(${text})[${dims}None]`, isUnnamed: true }];
    return [{ node: column, text: `${text}[${dims}None]`, derivativeOf: undefined, form: "value" }];
  });
}

/** What derived values, and the expression itself, are made of. */
function usedIn({ expression, derived, isOpaque }: ScopeInput): ReadonlySet<Node> {
  const own = coneOf(expression.outcomes.map(({ node }) => node));
  const used = new Set<Node>(own.flatMap((node) => expression.originalOf(node) ?? []));
  for (const node of derived ?? [])
    if (isOpaque?.(node) !== true) for (const each of coneOf(node.inputs)) used.add(each);
  return used;
}

/** Of logarithms of shares the shares themselves. */
function exponentials(
  expression: Expression,
  { node: x, text, isNamed }: ScopeValue,
  original: Node,
): ScopeValue[] {
  if (original.kind !== "apply" || original.op.name !== "log_softmax") return [];
  const node = expression.record("exp", { x });
  return node === undefined ? [] : [{ node, text: `exp(${text})`, isNamed }];
}

/** The same about a part of the expression: named values that the whole computes on its way may stand for one another as well. */
export function narrowed(context: HypothesisContext, whole: Expression, part: Expression): HypothesisContext {
  // Nothing is made of itself.
  const results = new Set<Node>(part.outcomes.flatMap(({ node }) => [node, copiedBy(node)]));
  const isMadeOfIt = (node: Node): boolean => coneOf([node]).some((each) => results.has(each));
  const used = new Set<Node>(whole.steps.filter(isWork).flatMap(({ inputs }) => inputs));
  const steps = whole.steps.flatMap((node): ScopeValue[] => {
    const text = whole.nameOf(node);
    return text === undefined || !isFloat(node.dtype) || isMadeOfIt(node)
      ? []
      : [{ node, text, isNamed: true, isDerived: true, isUnused: !used.has(node) }];
  });
  const originals = new Set([...results].flatMap((node) => whole.originalOf(node) ?? []));
  const known = context.values.filter(({ node, isDerived }) => {
    const original = isDerived === true ? whole.originalOf(node) : undefined;
    return original === undefined || !coneOf([original]).some((each) => originals.has(each));
  });
  const factors = steps.map(({ node, text }): Factor => {
    return { node, text, derivativeOf: undefined, form: "value", isStep: true };
  });
  return {
    ...context,
    expression: part,
    values: [...known, ...steps],
    factors: [...context.factors, ...factors, ...columns(part, steps, [])],
  };
}

/** Copies make a value a result, and nothing of it. */
function isWork({ op }: ApplyNode): boolean {
  return op.name !== "identity";
}

/** Whole numbers as they are, and labels as one-hot rows, as wide as what is in scope with a row for each. */
function oneHots({ expression, named, labels, values }: ScopeInput): ScopeValue[] {
  return labels.flatMap((original) => {
    const text = named(original);
    if (text === undefined) return [];
    const asFloat = (x: Node | undefined): Node | undefined =>
      x && expression.record("cast", { x }, { dtype: "float64" });
    const given = expression.given(original);
    const plain = asFloat(given);
    const found: ScopeValue[] = plain === undefined ? [] : [{ node: plain, text, isNamed: true }];
    if (original.shape.length !== 1 || original.dtype !== "int") return found;
    const rows = values.filter(({ shape }) => shape.length === 2 && shape[0] === original.shape[0]);
    for (const width of new Set(rows.map(({ shape }) => shape[1]!))) {
      const node = asFloat(expression.record("one_hot", { x: given }, { num_classes: width }));
      if (node !== undefined) found.push({ node, text: `one_hot(${text}, ${width})`, isNamed: true });
    }
    return found;
  });
}

/** Elementwise operators whose derivative is trivial, or is no function of one argument. */
const trivial: ReadonlySet<string> = new Set(
  "add sub mul div neg identity cast expand stop_gradient where dropout masked_fill".split(" "),
);

function operatorFunctions({ expression, named, functions }: ScopeInput): FunctionUse[] {
  const found: FunctionUse[] = [];
  for (const original of functions) {
    if (found.length >= functionLimit) break;
    if (original.kind !== "apply" || original.op.elementwise === undefined || !isFloat(original.dtype))
      continue;
    if (trivial.has(original.op.name)) continue;
    for (const slot of Object.keys(original.op.vjp)) {
      const operand = original.operands[slot];
      if (operand === undefined || !("kind" in operand) || !isFloat(operand.dtype) || isConstant(operand))
        continue;
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
      const bound = original.inputs.find(isConstant);
      const boundText = bound?.kind === "source" ? formatNumber(bound.value.data[0]!) : undefined;
      const unary = original.inputs.filter((input) => !isConstant(input)).length === 1;
      found.push({
        name: original.op.name,
        boundText,
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

function isConstant(node: Node): boolean {
  return node.kind === "source" && node.shape.length === 0;
}

/** User-written ops that could be elementwise functions: the result has an input's shape. */
function applicationFunctions({ applications, expression, worlds, named }: ScopeInput): FunctionUse[] {
  return applications.flatMap((application): FunctionUse[] => {
    const { result, name } = application;
    const inputs = [...new Set(application.inputs.values())].filter(({ dtype }) => isFloat(dtype));
    const candidates = inputs.filter(
      ({ shape }) =>
        shape.length === result.shape.length && elementCount(shape) === elementCount(result.shape),
    );
    if (candidates.length === 0 || candidates.length > 3) return [];
    const body = new LocalBody(application, worlds[0]!);
    return candidates.flatMap((input): FunctionUse[] => {
      const gradient = body.gradient(input);
      const inputText = named(input);
      if (gradient === undefined || inputText === undefined) return [];
      const derivatives = worlds.map((values) =>
        body.evaluator(values, [[body.cotangent, ones(result.shape)]])(gradient),
      );
      return [
        {
          name,
          input: expression.given(input),
          output: expression.given(result),
          inputText,
          outputText: named(result),
          unary: inputs.length === 1,
          derivative: expression.source(`${name}'(${inputText})`, derivatives),
        },
      ];
    });
  });
}
