/** A gradient as the exact sum over its paths: what arrives through each, its share, and what is left without it. */
import type { ContributionPart, ContributionsReport, Question } from "../../protocol";
import { equationOf, type BackwardPass, type Contribution, type Node } from "../../runtime/graph";
import type { Target } from "../target";
import { gradientNames } from "./gradient-names";
import { pictureOf, sumOf, type Numbers } from "./picture";

export function answerContributions(
  target: Target,
  { root, node: id }: Question<"contributions">,
): ContributionsReport | undefined {
  const pass = target.pass(root ?? target.defaultRoot);
  const row = target.row(id);
  if (pass === undefined || row === undefined) return undefined;
  const contributions = pass.contributions(row.node);
  const values = contributions.map(({ value }) => numbersOf(target, value));
  const total = values.some((value) => value === null) ? null : sumOf(values.filter((each) => each !== null));
  const nameOf = gradientNames(target, pass);
  const parts = contributions.map((contribution, i): ContributionPart => {
    const value = values[i] ?? null;
    const { text, tex } = equationOf(contribution.value, (node) =>
      node === contribution.value ? undefined : nameOf(node),
    );
    return {
      through: throughOf(target, pass, contribution, row.node),
      rule: contribution.rule ?? null,
      equation: { text, tex },
      value: value && pictureOf(value),
      share: value && total && shareOf(value, total),
      rest: value && total && pictureOf(minus(total, value)),
    };
  });
  return { total: total && pictureOf(total), parts };
}

function numbersOf(target: Target, node: Node): Numbers | null {
  const value = target.evaluate(node);
  return typeof value === "string" ? null : value;
}

/** The nearest named nodes downstream by whose way the part comes. */
function throughOf(
  target: Target,
  pass: BackwardPass,
  { through }: Contribution,
  from: Node,
): ContributionPart["through"] {
  if (through === undefined) return "seed";
  const found: { node: number; name: string }[] = [];
  const seen = new Set<Node>([from]);
  const queue = [through];
  for (let node = queue.shift(); node !== undefined; node = queue.shift()) {
    if (seen.has(node)) continue;
    seen.add(node);
    const id = target.idOf(node);
    const row = id === undefined ? undefined : target.row(id);
    if (id !== undefined && row !== undefined) found.push({ node: id, name: target.nameOf(row) });
    // Nameless: on to what it is used for.
    else queue.push(...pass.contributions(node).flatMap((each) => each.through ?? []));
  }
  return found;
}

/** ⟨part, total⟩ / ‖total‖². */
function shareOf(part: Numbers, total: Numbers): number | null {
  let product = 0;
  let square = 0;
  for (let i = 0; i < total.data.length; i++) {
    const whole = total.data[i] ?? 0;
    product += (part.data[i] ?? 0) * whole;
    square += whole * whole;
  }
  const share = product / square;
  return Number.isFinite(share) ? share : null;
}

function minus(total: Numbers, part: Numbers): Numbers {
  return {
    shape: total.shape,
    data: Float64Array.from(total.data, (whole, i) => whole - (part.data[i] ?? 0)),
  };
}
