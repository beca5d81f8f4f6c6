/**
 * Hypotheses about what a cotangent makes on its way back, left out as a factor: `u[:, :k]` of what comes from two halves, `u * o` of what
 * comes by way of a product; and what a tangent makes on its way on, `v @ A`. Knows nothing of the cotangent itself as a factor.
 */
import { broadcastShapes, elementCount, isFloat } from "../../tensor";
import { jvp, type Node } from "../../graph";
import { editOf, spotsIn, type Candidate } from "../explain/candidate";
import type { Expression } from "../explain/expression";
import { ellipsis } from "../explain/print-node";
import { bare, quoted } from "../explain/quotes";
import { correctionAt, writtenValue } from "../explain/written";
import type { Naming } from "./naming";
import { termText } from "./part-candidates";
import type { ApplicationCheck, RuleTest } from "./rule-check";
import { ancestorsOf } from "./rule-expression";
import type { World } from "./worlds";

export interface CotangentContext {
  readonly check: ApplicationCheck;
  readonly worlds: readonly World[];
  readonly textOf: Naming;
  readonly test: RuleTest;
  /** What is looked at, and what it is a part of. */
  readonly part: Expression;
  readonly whole: Expression;
}

interface Share {
  readonly node: Node;
  readonly text: string;
}

/** At what is made of no cotangent: it must be somewhere. */
export function* cotangentFactors(context: CotangentContext): Generator<Candidate> {
  const { check, part, test } = context;
  const moved = test.mode === "vjp" ? check.cotangent : check.tangentOf(test.input);
  if (elementCount(moved.shape) < 2) return;
  const u = part.given(moved);
  const shares = sharesIn(context, u);
  for (const { node, place, isResult } of spotsIn(part)) {
    if (ancestorsOf(node).has(u)) continue;
    for (const [i, share] of shares.entries()) {
      if (broadcastShapes(share.node.shape, node.shape)?.join() !== node.shape.join()) continue;
      const at = isResult ? null : writtenValue(node, part);
      yield {
        kind: "missing-cotangent",
        rank: 2.4 + i / 100,
        factor: null,
        expression: share.text,
        message: `the factor \`${share.text}\` is missing${isResult ? "" : ` at ${quoted(node, part)}`}`,
        change: editOf({ place, make: (record, x) => record("mul", { x, y: share.node }) }),
        corrections: () =>
          isResult || at !== null ? correctionAt({ at }, { how: "multiply", by: share.text }) : [],
      };
    }
  }
}

/** What the rules make of the cotangent elsewhere, the simplest first; then gradients, or tangents, at values of the body. */
function sharesIn(context: CotangentContext, u: Node): Share[] {
  const { check, worlds, textOf, test, part, whole } = context;
  const results = new Set<Node>(part.outcomes.map(({ node }) => node));
  const steps = whole.steps
    .filter((step) => isFloat(step.dtype))
    .map((step) => ({ step, below: ancestorsOf(step) }))
    .filter(({ below }) => below.has(u) && ![...below].some((each) => results.has(each)))
    .sort((a, b) => a.below.size - b.below.size)
    .flatMap(({ step }) => shareOf(step, writtenValue(step, whole)));
  const movedAt = movementsIn(context);
  const moved =
    test.mode === "vjp"
      ? undefined
      : ([check.body.tangent(test.input).tangent, check.tangentOf(test.input)] as const);
  const gradients = [...check.body.copied]
    .filter(([{ dtype, shape }]) => isFloat(dtype) && elementCount(shape) > 1)
    .reverse()
    .slice(0, mostGradients)
    .flatMap(([original]): Share[] => {
      const gradient = movedAt(original);
      const text = gradient && termText(check, textOf, gradient, { moved });
      if (text === undefined || gradient === undefined) return [];
      return shareOf(
        part.source(
          ellipsis,
          worlds.map((world) => world.local(gradient)),
        ),
        text,
      );
    });
  return [...distinct(steps).slice(0, mostSteps), ...distinct(gradients)];
}

/** The gradient at a value of the body, or its tangent, in the body's graph. */
function movementsIn({ check: { body }, test }: CotangentContext): (original: Node) => Node | undefined {
  if (test.mode === "vjp") return (original) => body.gradient(original);
  const copy = body.copyOf(test.input);
  if (copy === undefined) return () => undefined;
  const pass = jvp(body.graph, copy, body.tangent(test.input).tangent, { rules: "derived" });
  return (original) => {
    const at = body.copyOf(original);
    const tangent = at && pass.tangentOf(at);
    return typeof tangent === "object" ? tangent : undefined;
  };
}

function distinct(shares: readonly Share[]): Share[] {
  return [...new Map([...shares].reverse().map((share) => [share.text, share])).values()].reverse();
}

function shareOf(node: Node, text: string | null): Share[] {
  if (text === null || text.includes(ellipsis) || text.length > longest) return [];
  return [{ node, text: bare(text) }];
}

const mostSteps = 12;
const mostGradients = 16;
const longest = 60;
