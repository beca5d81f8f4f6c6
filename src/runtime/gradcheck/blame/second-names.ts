/**
 * Second names of values, as `dn = o`, that are no gradients: each is a step of its own where rules use the value under it, so that a
 * mistake is told where the name is given and not in each rule. Knows nothing of mistakes.
 */
import { isFloat } from "../../tensor";
import type { Node } from "../../graph";
import type { Expression } from "../explain/expression";
import { isWrittenWith } from "./uses";

export interface SecondNamesInput {
  readonly namesOf: (node: Node) => readonly string[];
  readonly writtenAt?: ((node: Node) => string | undefined) | undefined;
}

/** Steps that are known to mean the value under the name alone are given it. */
export function withSecondNames(
  expression: Expression,
  { namesOf, writtenAt }: SecondNamesInput,
): Expression {
  let found = expression;
  const nodes = new Set<Node>([...expression.givens.map(({ node }) => node), ...expression.steps]);
  const known = new Set([...nodes].flatMap((node) => expression.nameOf(node) ?? []));
  for (const { label } of expression.outcomes) known.add(label);
  for (const node of nodes) {
    const original = isFloat(node.dtype) ? expression.originalOf(node) : undefined;
    if (original === undefined) continue;
    const names = namesOf(original);
    for (const label of names.slice(1)) {
      if (known.has(label)) continue;
      const steps = found.steps.filter(({ inputs }) => inputs.includes(node));
      const users = steps.filter((step) => {
        const user = expression.originalOf(step);
        return user !== undefined && isWrittenWith(label, writtenAt?.(user), names) === true;
      });
      const alias = users.length === 0 ? undefined : expression.record("identity", { x: node });
      const place = { kind: "within", node, steps: new Set<Node>(users) } as const;
      const changed = alias && found.with({ place, make: () => alias });
      if (alias === undefined || changed === undefined) continue;
      changed.call(alias, label, original);
      found = changed;
    }
  }
  return found;
}
