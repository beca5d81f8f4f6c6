/** Which changes are tried for a kind of mistake, the likeliest first. */
import type { Explanation } from "../../protocol";
import { atom, type Piece } from "../rewriting";
import { spotted, type Candidate, type Site, type Spotted } from "./site";
import {
  dimensionCandidates,
  factorCandidates,
  nearbyNumbers,
  reductionCandidates,
  signCandidates,
  termTooMuchCandidates,
  transposeCandidates,
} from "./structural-candidates";
import {
  cotangentCandidates,
  missingBoth,
  missingFactorCandidates,
  namedFactorCandidates,
  numberCandidates,
  missingTermCandidates,
  otherArgumentCandidates,
  phrasings,
} from "./value-candidates";

/** What explanations write as in a book, written as in a spec. */
function plain(expression: string): string {
  return expression
    .replaceAll("`", "")
    .replaceAll(/[⊙·×]/gu, "*")
    .replaceAll("−", "-")
    .replaceAll(/([\w.\])])ᵀ/gu, "$1.T")
    .replaceAll(/(\d) (?=[\p{L}(])/gu, "$1 * ");
}

/** The term that is missing: a whole contribution is written out in the message alone. */
function termsOf({ expression, message }: Explanation): string[] {
  const [, contribution] = /through .*?`, (.+), is missing in the sum/u.exec(message) ?? [];
  return [contribution, expression ?? undefined].flatMap((each) => (each === undefined ? [] : [plain(each)]));
}

/** A reduction in a term mostly keeps its dimension; a sum over N with a constant may be a mean. */
function variantsOf(term: string): string[] {
  const kept = term.replaceAll(/(dim = -?\d+)\)/gu, "$1, keepdim = true)");
  const means = term.replace(/^-?[\d./]+ \* sum\(/u, "mean(");
  return [term, kept, means, means.replaceAll(/(dim = -?\d+)\)/gu, "$1, keepdim = true)")];
}

/** At every site what the explanation says, before anything else is tried anywhere. */
export function* proposals({
  sites,
  explanation,
  literal,
}: {
  readonly sites: readonly Site[];
  readonly explanation: Explanation;
  readonly literal: boolean;
}): Generator<Candidate> {
  const all = sites.map(spotted);
  const seen = new Set<string>();
  for (const candidate of [
    ...all.flatMap((site) => [...byKind(site, explanation)]),
    ...(literal ? [] : all.flatMap((site) => [...simple(site)])),
  ]) {
    const key = JSON.stringify(candidate.edits);
    if (seen.has(key)) continue;
    seen.add(key);
    yield candidate;
  }
}

function* byKind(site: Spotted, explanation: Explanation): Generator<Candidate> {
  const { kind, expression } = explanation;
  const factor = factorOf(explanation);
  const scale = scaleOf(explanation);
  // Explanations quote what they name.
  const named = expression === null ? null : plain(expression);
  switch (kind) {
    case "sign":
      yield* signCandidates(site);
      break;
    case "factor":
      yield* factorCandidates(site, factor);
      break;
    case "transposed":
      yield* transposeCandidates(site);
      break;
    case "missing-factor":
      if (named !== null) yield* missingFactorCandidates(site, named, scale);
      yield* namedFactorCandidates(site);
      break;
    case "evaluated-at-output":
    case "other-argument":
      yield* dimensionCandidates(site);
      if (named !== null) yield* otherArgumentCandidates(site, named);
      break;
    case "missing-cotangent":
      yield* cotangentCandidates(site, scale);
      break;
    case "overwritten-sum":
      for (const term of new Set([...termsOf(explanation).flatMap(variantsOf), ...site.valueNames]))
        yield* missingTermCandidates(site, term);
      yield* termTooMuchCandidates(site);
      break;
    case "missing-reduction":
      yield* reductionCandidates(site);
      break;
    case "unknown":
      break;
  }
}

/** One-step mistakes that are told in other words as well. */
function* simple(site: Spotted): Generator<Candidate> {
  yield* signCandidates(site);
  yield* transposeCandidates(site);
  yield* termTooMuchCandidates(site);
  yield* reductionCandidates(site);
  yield* dimensionCandidates(site);
  yield* numberCandidates(site);
  yield* nearbyNumbers(site);
  if (
    site.moved !== undefined &&
    !site.spots.some(({ node }) => node.kind === "name" && node.name === site.moved)
  )
    for (const scale of [2, -1, -2, 0.5]) yield* cotangentCandidates(site, scale);
}

/** The constant that is missing besides. */
function scaleOf({ message }: Explanation): number | undefined {
  const [, scale] = /and the factor (-?[\d.]+) is missing as well/u.exec(message) ?? [];
  return scale === undefined ? undefined : Number(scale);
}

/** Two factors that are missing in one place, which hide each other. */
export function* bothFactors(
  sites: readonly Site[],
  one: Explanation,
  other: Explanation,
): Generator<Candidate> {
  for (const site of sites.map(spotted))
    yield* missingBoth(site, factorPieces(site, one), factorPieces(site, other));
}

function factorPieces(site: Spotted, { kind, expression }: Explanation): Piece[] {
  if (kind === "missing-cotangent") return site.moved === undefined ? [] : [atom(site.moved)];
  if (kind !== "missing-factor" || expression === null) return [];
  return phrasings(site, plain(expression));
}

/** The constant that is missing: of a part of the rule, only the message tells it. */
function factorOf({ factor, message }: Explanation): number | null {
  // Of a check, the factor is what the left side must be multiplied by.
  if (factor !== null) return message.startsWith("the right side") ? 1 / factor : factor;
  const [, numerator, denominator] = /the factor (-?[\d.]+)(?:\/(\d+))? /u.exec(message) ?? [];
  return numerator === undefined ? null : Number(numerator) / Number(denominator ?? 1);
}
