/**
 * Hypotheses about a second name, as `dn = o`: what has been given it is not what it should be. Knows nothing of how names are found to be
 * second ones.
 */
import { isFloat } from "../../tensor";
import { isShapedAlike, type ApplyNode, type Node } from "../../graph";
import { coneOf } from "../measure/cone";
import { editOf, type Candidate } from "./candidate";
import type { Expression } from "./expression";
import type { Factor } from "./factors";
import { ellipsis } from "./print-node";
import { bare, inQuotes } from "./quotes";
import type { ScopeValue } from "./value-candidates";
import { correctionAt, replacedBy } from "./written";

export interface DefinitionContext {
  readonly expression: Expression;
  readonly factors: readonly Factor[];
  readonly values: readonly ScopeValue[];
}

export function* definitionCandidates(context: DefinitionContext): Generator<Candidate> {
  const { expression, factors, values } = context;
  for (const step of expression.steps) {
    const name = secondName(expression, step);
    const [own] = step.inputs;
    if (name === undefined || own === undefined) continue;
    const told = { expression, step, name };
    const derivatives = factors.filter(({ form }) => form === "derivative");
    for (const { node, text, derivativeOf } of derivatives) {
      const what = derivativeOf === undefined ? "" : `${derivativeOf}, `;
      yield* instead(told, node, { text, what, kind: "missing-factor", rank: 9.3 });
    }
    for (const { node, text, isNamed } of values)
      if (isNamed && node !== own)
        yield* instead(told, node, { text, what: "", kind: "other-argument", rank: 12.8 });
    const made = factors.filter(({ form, isUnnamed }) => form === "made" && isUnnamed !== true);
    for (const { node, text } of made)
      yield* instead(told, node, { text, what: "", kind: "missing-factor", rank: 12.9 });
  }
}

/** The name of a step that does nothing else than give it. */
export function secondName(expression: Expression, step: ApplyNode): string | undefined {
  if (step.op.name !== "identity" || !isFloat(step.dtype)) return undefined;
  if (expression.outcomes.some(({ node }) => node === step)) return undefined;
  return expression.nameOf(step);
}

interface Told {
  readonly expression: Expression;
  readonly step: ApplyNode;
  readonly name: string;
}

interface Right {
  readonly text: string;
  readonly what: string;
  readonly kind: "missing-factor" | "other-argument";
  readonly rank: number;
}

function* instead(
  { expression, step, name }: Told,
  right: Node,
  { text: told, what, kind, rank }: Right,
): Generator<Candidate> {
  const text = bare(told);
  if (!isShapedAlike(right, step) || coneOf([right]).includes(step) || text === name) return;
  const own = bare(expression.nameOf(step.inputs[0]!) ?? ellipsis);
  yield {
    kind,
    rank,
    factor: null,
    expression: text,
    message: `${inQuotes(own)} stands where ${what}${inQuotes(text)}, belongs`.replace(
      "`, belongs",
      what === "" ? "` belongs" : "`, belongs",
    ),
    isExact: true,
    change: editOf({ place: { kind: "node", node: step }, make: () => right }),
    corrections: () => (/…|'\(/u.test(text) ? [] : correctionAt({ at: name }, replacedBy(text))),
  };
}
