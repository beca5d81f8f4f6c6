/** A gradient as the exact sum over its paths: what arrives through each, its share, and what is left without it. */
import type { ContributionPart, ContributionsReport, Question } from "../../protocol";
import type { Node } from "../../runtime/graph";
import { tensor } from "../../runtime/tensor";
import { equationOfGradient } from "../equations";
import type { Target } from "../target";
import { pictureOf, sumOf, type Numbers } from "./picture";

export function answerContributions(
  target: Target,
  { root, node: id }: Question<"contributions">,
): ContributionsReport | undefined {
  const pass = target.pass(root ?? target.defaultRoot);
  const row = target.row(id);
  if (pass === undefined || row === undefined) return undefined;
  const contributions = equationOfGradient(target.record, pass, row.node)?.contributions ?? [];
  const values = contributions.map((each) => numbersOf(target, each.values));
  const total = values.some((value) => value === null) ? null : sumOf(values.filter((each) => each !== null));
  const parts = contributions.map(({ through, rule, equation: { text, tex } }, i): ContributionPart => {
    const value = values[i] ?? null;
    return {
      through: through ?? null,
      rule: rule ?? null,
      equation: { text, tex },
      value: value && pictureOf(value),
      tensor:
        value &&
        target.hold(`${String(root)} ${String(id)} ${String(i)}`, tensor("float64", value.shape, value.data)),
      share: value && total && shareOf(value, total),
      rest: value && total && pictureOf(minus(total, value)),
    };
  });
  return { total: total && pictureOf(total), parts };
}

function numbersOf(target: Target, nodes: readonly Node[]): ReturnType<typeof sumOf> {
  const values = nodes.map((node) => target.evaluate(node));
  return values.some((value) => typeof value === "string")
    ? null
    : sumOf(values.filter((value) => typeof value !== "string"));
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
