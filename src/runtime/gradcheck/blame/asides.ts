/**
 * Gradients by name that a derivation computes and its rules do not use: what a rule may have been meant to use, put right as the rest is.
 * Knows nothing of what is wrong.
 */
import { elementCount, isFloat } from "../../tensor";
import type { Node } from "../../graph";
import { coneOf } from "../measure/cone";
import { gradientNames } from "./gradient-names";
import type { GradientTruths } from "./gradient-truths";
import type { Naming } from "./naming";
import type { ApplicationCheck, RuleTest } from "./rule-check";

export interface Aside {
  readonly label: string;
  readonly node: Node;
  /** The value of the body that it stands for the gradient at. */
  readonly at: Node;
  readonly truths: readonly Float64Array[];
}

const most = 40;

export function asidesIn(
  check: ApplicationCheck,
  tests: readonly RuleTest[],
  named: Naming,
  gradients: GradientTruths,
): Aside[] {
  const { application, body, graph } = check;
  if (elementCount(application.result.shape) !== 1) return [];
  const byName = new Map<string, Node>();
  for (const value of gradients.values) byName.set(named(value) ?? "", value);
  const used = new Set<Node>(coneOf(tests.flatMap(({ answers }) => answers ?? [])));
  return graph.nodes
    .slice(application.first, application.end)
    .filter((node) => node.kind === "apply" && isFloat(node.dtype))
    .filter((node) => !used.has(node) && body.copyOf(node) === undefined)
    .flatMap((node): Aside[] => {
      const label = named(node);
      const at =
        label === undefined ? undefined : gradientNames(label).flatMap((name) => byName.get(name) ?? [])[0];
      if (label === undefined || at === undefined || node.shape.join() !== at.shape.join()) return [];
      const truths = gradients.at(at);
      return truths === undefined ? [] : [{ label, node, at, truths }];
    })
    .slice(0, most);
}
