/**
 * Factors that a derivation may lack and that are no value in scope: how a named value of the body depends on another one, elementwise, as
 * `c - h` for the gate of `h' = (1 - f) * h + f * c`; and a gradient that nothing uses together with another factor. Knows nothing of
 * where they are tried.
 */
import { elementCount, isFloat } from "../../tensor";
import type { Application, Node } from "../../graph";
import type { Expression } from "../explain/expression";
import { isUninformative, ones, type Factor } from "../explain/factors";
import { bare } from "../explain/quotes";
import { LocalBody } from "./local-body";
import type { Naming } from "./naming";
import { termText, withoutOnes } from "./part-candidates";
import type { ApplicationCheck } from "./rule-check";
import type { World } from "./worlds";

export interface PartialsContext {
  readonly check: ApplicationCheck;
  readonly application: Application;
  readonly expression: Expression;
  readonly worlds: readonly World[];
  readonly named: Naming;
  readonly textOf: Naming;
}

/** Values that are looked at, nearest to the result first. */
const mostValues = 24;

/** ∂y/∂x for values with names between which there are none. */
export function partialDerivatives(context: PartialsContext): Factor[] {
  const { check, application } = context;
  const values = [...check.body.copied].map(([original]) => original).reverse();
  return values
    .filter(
      (node) =>
        node.kind === "apply" &&
        (node === application.result || context.named(node) !== undefined) &&
        isWide(node),
    )
    .slice(0, mostValues)
    .flatMap((node) => partialsOf(context, node));
}

function partialsOf(context: PartialsContext, y: Node): Factor[] {
  const { check, application, expression, worlds, textOf } = context;
  const inputs = namedBelow(context, y);
  // What is all of one function is known as that.
  const isPlain = y.inputs.every((input) => inputs?.has(input) === true || !isWide(input));
  if (inputs === undefined || inputs.size < 2 || isPlain) return [];
  const names = new Map([...inputs].map((node) => [context.named(node) ?? String(node.id), node]));
  const local: Application = { ...application, inputs: names, result: y };
  const body = new LocalBody(local, worlds[0]!.original);
  const evaluators = worlds.map((world) => body.evaluator(world.original, [[body.cotangent, ones(y.shape)]]));
  const u = textOf(check.cotangent) ?? "u";
  return [...inputs].flatMap((x): Factor[] => {
    const gradient = body.gradient(x);
    const text = gradient && termText({ body, application, cotangent: check.cotangent }, textOf, gradient);
    if (gradient === undefined || text === undefined) return [];
    const node = expression.source(
      "",
      evaluators.map((values) => values(gradient)),
    );
    const of = `∂${bare(textOf(y) ?? "")}/∂${bare(textOf(x) ?? "")}`;
    const factor: Factor = {
      node,
      text: withoutOnes(text, u),
      derivativeOf: of,
      form: "derivative",
      isInner: true,
    };
    return isUninformative(factor, expression) ? [] : [factor];
  });
}

/** Values with names of which one is made elementwise, by way of what has none; undefined where not all of it is elementwise. */
function namedBelow({ application, named }: PartialsContext, y: Node): Set<Node> | undefined {
  const isInput = new Set<Node>(application.inputs.values());
  const found = new Set<Node>();
  const reached = new Set<Node>([y]);
  for (const node of reached) {
    if (!isWide(node)) continue;
    if (node !== y && (isInput.has(node) || named(node) !== undefined)) found.add(node);
    else if (node.kind === "source") continue;
    else if (node.op.elementwise === undefined || !isShape(node, y)) return undefined;
    else for (const input of node.inputs) reached.add(input);
  }
  return [...found].every((node) => isShape(node, y)) ? found : undefined;
}

/** A gradient that nothing uses, times another factor: both have been left out. */
export function unusedProducts(
  expression: Expression,
  whole: Expression,
  isGradient: (label: string) => boolean,
  factors: readonly Factor[],
): Factor[] {
  const used = new Set<Node>(whole.steps.flatMap(({ inputs }) => inputs));
  const unused = whole.outcomes.filter(
    ({ node, label }) => isGradient(label) && !used.has(node) && expression.outcomes[0]?.node !== node,
  );
  return unused.flatMap(({ node, label }) =>
    factors.flatMap((factor): Factor[] => {
      if (factor.form === "made" || factor.node === node || !isShape(factor.node, node)) return [];
      const product = expression.record("mul", { x: node, y: factor.node });
      const text = `${label} * ${/^[\p{L}\w.[\]']+$/u.test(factor.text) ? factor.text : `(${factor.text})`}`;
      return product === undefined
        ? []
        : [{ node: product, text, derivativeOf: undefined, form: "value", isStep: true }];
    }),
  );
}

function isWide({ dtype, shape }: Node): boolean {
  return isFloat(dtype) && elementCount(shape) > 1;
}

function isShape(a: Node, b: Node): boolean {
  return a.shape.length === b.shape.length && a.shape.every((size, axis) => size === b.shape[axis]);
}
