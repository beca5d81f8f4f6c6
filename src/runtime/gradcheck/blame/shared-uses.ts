/**
 * Right values that several wrong outcomes use: `da = dh` gives one value two names, of which one may be wrong. Knows nothing of what is
 * tried on them.
 */
import type { Node } from "../../graph";
import type { Expression, Outcome } from "../explain/expression";
import { gradientNames } from "./gradient-names";
import { ancestorsOf, rightOutcomes, type RecordedRules } from "./rule-expression";

export function sharedUses(
  { innerOf }: RecordedRules,
  expression: Expression,
  wrong: readonly Outcome[],
  cut: ReadonlySet<Node>,
): Map<Node, Set<Node>> {
  const isMeant = (node: Node): boolean => gradientNames(expression.nameOf(node) ?? "").length > 0;
  const users = new Map<Node, Set<Node>>();
  const outcomesOf = new Map<Node, number>();
  const seen = new Set<Node>();
  for (const outcome of wrong) {
    const used = new Set<Node>();
    for (const step of expression.about([outcome], { cut }).steps) {
      if (seen.has(step)) continue;
      seen.add(step);
      for (const input of step.inputs) {
        if (!cut.has(input) && !(input.kind === "source" && isMeant(input))) continue;
        used.add(input);
        users.set(input, (users.get(input) ?? new Set()).add(step));
      }
    }
    for (const node of used) outcomesOf.set(node, (outcomesOf.get(node) ?? 0) + 1);
  }
  // What is right by its name is not what is wrong.
  const right = rightOutcomes(expression, wrong, innerOf);
  const isRightByName = new Set<Node>(expression.outcomes.map(({ node }) => node));
  for (const { node } of right) for (const each of ancestorsOf(node)) isRightByName.add(each);
  return new Map(
    [...users].filter(([node]) => !isRightByName.has(node) && (outcomesOf.get(node)! > 1 || isMeant(node))),
  );
}
