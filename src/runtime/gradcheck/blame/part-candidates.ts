/** Hypotheses about whole contributions: one that was overwritten, counted twice, or has the wrong sign; and a cotangent of ones. */
import type { Node } from "../../graph";
import type { Tensor } from "../../tensor";
import { editOf, type Candidate } from "../explain/candidate";
import { ellipsis } from "../explain/print-node";
import { gradientParts, tangentParts, type Part } from "./dropped-contributions";
import type { Expression, Outcome } from "../explain/expression";
import { ones } from "../explain/factors";
import type { Naming } from "./naming";
import type { ApplicationCheck, RuleTest } from "./rule-check";
import type { World } from "./worlds";

export interface PartContext {
  readonly check: ApplicationCheck;
  readonly expression: Expression;
  readonly worlds: readonly World[];
  readonly textOf: Naming;
  readonly isNamed: (node: Node) => boolean;
}

/** What the rule gives, and `times` times a part. */
export function* partCandidates(
  context: PartContext,
  outcome: Outcome,
  test: RuleTest,
): Generator<Candidate> {
  const { check } = context;
  const parts =
    test.mode === "vjp" ? gradientParts(check.body, test.input) : tangentParts(check.body, test.input);
  for (const part of parts) yield* candidatesOf(context, outcome, part, (world) => world.local(part.part));
}

/** The same for an inner value's own gradient, by a cotangent of ones. */
export function* innerPartCandidates(
  context: PartContext,
  outcome: Outcome,
  node: Node,
): Generator<Candidate> {
  const { check, worlds } = context;
  const atOnes = worlds.map((world) => onesIn(check, world));
  for (const part of gradientParts(check.body, node))
    yield* candidatesOf(context, outcome, part, (world) => atOnes[worlds.indexOf(world)]!(part.part));
}

/** The body at a cotangent of ones. */
export function onesIn(check: ApplicationCheck, world: World): World["local"] {
  return check.body.evaluator(world.original, [[check.body.cotangent, ones(check.body.result.shape)]]);
}

function* candidatesOf(
  { expression, worlds, textOf, isNamed }: PartContext,
  outcome: Outcome,
  { at, through, several }: Part,
  partIn: (world: World) => Tensor,
): Generator<Candidate> {
  const quoted = (node: Node): string => {
    const text = textOf(node);
    return text === undefined ? "an inner value" : `\`${text}\``;
  };
  const to = quoted(at);
  const { constants } = expression.graph;
  let made: Node | undefined;
  const source = (): Node => (made ??= expression.source(ellipsis, worlds.map(partIn)));
  const by = through.length === 0 ? "" : ` through ${through.map(quoted).join(" and ")}`;
  for (const [times, kind, message] of [
    [
      1,
      "overwritten-sum",
      `the contribution to ${to}${by} is missing: the sum is overwritten instead of accumulated`,
    ],
    [2, "sign", `the contribution to ${to}${by} has the wrong sign`],
    [-1, "overwritten-sum", `the contribution to ${to}${by} is counted twice`],
  ] as const) {
    if (several && times !== 1) continue;
    yield {
      kind,
      // A whole contribution to something that has a name is what is forgotten; other sums are of the body's own making.
      rank: times !== 1 ? 12.7 : several ? 14.5 : isNamed(at) ? 6.9 : 13.2,
      factor: null,
      expression: textOf(through[0] ?? at) ?? null,
      message,
      change: editOf({
        place: { kind: "node", node: outcome.node },
        make: (record, before) => {
          const made = source();
          const y = times === 1 ? made : record("mul", { x: made, y: constants.scalar(times, "float64") });
          return y && record("add", { x: before, y });
        },
      }),
    };
  }
}

/** The rule gives what is right where the cotangent is one everywhere: the cotangent is left out. */
export function* onesCandidate(
  { check, expression, worlds }: PartContext,
  outcome: Outcome,
  test: RuleTest,
): Generator<Candidate> {
  const { truth } = test;
  if (test.mode !== "vjp" || truth === undefined) return;
  const atOnes = worlds.map((world) => onesIn(check, world));
  yield {
    kind: "missing-cotangent",
    rank: 2.2,
    factor: null,
    expression: "u",
    message: "the cotangent `u` is left out",
    change: {
      how: "numbers",
      numbers: (asked, world) => {
        if (asked !== outcome) return undefined;
        const found = expression.valueIn(world, outcome.node)?.data;
        const one = atOnes[world]!(truth).data;
        const right = outcome.truths[world]!;
        return found && Float64Array.from(found, (x, i) => x - one[i]! + right[i]!);
      },
    },
  };
}
