/**
 * Hypotheses about what a cotangent makes on its way back, left out as a factor: `u[:, :k]` of what comes from two halves, `u * o` of what
 * comes by way of a product. Knows nothing of the cotangent itself as a factor.
 */
import { elementCount, isFloat } from "../../tensor";
import type { Node } from "../../graph";
import { editOf, spotsIn, type Candidate } from "../explain/candidate";
import type { Expression } from "../explain/expression";
import { ellipsis } from "../explain/print-node";
import { bare, quoted } from "../explain/quotes";
import { correctionAt, writtenValue } from "../explain/written";
import type { Naming } from "./naming";
import { termText } from "./part-candidates";
import type { ApplicationCheck } from "./rule-check";
import { ancestorsOf } from "./rule-expression";
import type { World } from "./worlds";

export interface CotangentContext {
  readonly check: ApplicationCheck;
  readonly worlds: readonly World[];
  readonly textOf: Naming;
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
  const { check, part } = context;
  if (elementCount(check.cotangent.shape) < 2) return;
  const u = part.given(check.cotangent);
  const shares = sharesIn(context, u);
  for (const { node, place, isResult } of spotsIn(part)) {
    if (ancestorsOf(node).has(u)) continue;
    for (const [i, share] of shares.entries()) {
      if (elementCount(share.node.shape) !== elementCount(node.shape)) continue;
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

/** What the rules make of the cotangent elsewhere, the simplest first; then gradients at values of the body. */
function sharesIn({ check, worlds, textOf, part, whole }: CotangentContext, u: Node): Share[] {
  const results = new Set<Node>(part.outcomes.map(({ node }) => node));
  const steps = whole.steps
    .filter((step) => isFloat(step.dtype))
    .map((step) => ({ step, below: ancestorsOf(step) }))
    .filter(({ below }) => below.has(u) && ![...below].some((each) => results.has(each)))
    .sort((a, b) => a.below.size - b.below.size)
    .flatMap(({ step }) => shareOf(step, writtenValue(step, whole)));
  const gradients = [...check.body.copied]
    .filter(([{ dtype, shape }]) => isFloat(dtype) && elementCount(shape) > 1)
    .reverse()
    .slice(0, mostGradients)
    .flatMap(([original]): Share[] => {
      const gradient = check.body.gradient(original);
      const text = gradient && termText(check, textOf, gradient);
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
