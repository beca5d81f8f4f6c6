/** Every hand rule below a root, each held against autodiff of its own body: what is wrong, and why. */
import { type Tensor } from "../../tensor";
import type { Application, Graph, Node } from "../../graph";
import { coneOf } from "../measure/cone";
import { explainRules } from "./explain-rules";
import type { Blame, GradcheckInput, GradcheckOutcome, Tolerance } from "../outcome";
import { ApplicationCheck } from "./rule-check";

export interface RulesInput {
  readonly input: GradcheckInput;
  readonly base: (node: Node) => Tensor;
  readonly tolerance: Tolerance;
  readonly applications: readonly Application[];
  readonly poll: () => void;
}

export type RulesOutcome = Pick<GradcheckOutcome, "adjoint" | "blame">;

/** The applications whose results the root is made of, those nearest to it first. */
export function applicationsBelow(graph: Graph, root: Node): Application[] {
  const below = new Set<Node>(coneOf([root]));
  return graph.applications
    .filter(({ result }) => below.has(result))
    .sort((a, b) => b.result.id - a.result.id);
}

export function checkRules({ input, base, tolerance, applications, poll }: RulesInput): RulesOutcome {
  const adjoint: GradcheckOutcome["adjoint"][number][] = [];
  const blame: Blame[] = [];
  for (const application of applications) {
    if (application.vjp.size + application.jvp.size === 0) continue;
    poll();
    const check = new ApplicationCheck({ graph: input.graph, base, tolerance }, application);
    for (const row of check.adjoint()) adjoint.push({ application, ...row });
    const wrong = check.wrong();
    if (wrong.length === 0) continue;
    const inner = applications.filter((other) => other !== application && isInside(other, application));
    const nameOf = (node: Node): string | undefined => input.nameOf?.(node);
    const { namesOf } = input;
    blame.push(...explainRules({ application, check, wrong, inner, nameOf, namesOf, poll }));
  }
  return { adjoint, blame };
}

function isInside(inner: Application, outer: Application): boolean {
  return inner.first >= outer.first && inner.end <= outer.end;
}
