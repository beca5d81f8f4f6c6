/** Which changes are tried for a mistake, the likeliest first: what its corrections say, then what others make of its kind. */
import type { Correction, Explanation } from "../../protocol";
import { accumulations } from "./accumulations";
import { correctionCandidates, variantsOf } from "./corrections";
import { spotsWritten, spotted, type Candidate, type Site, type Spotted } from "./site";
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
  missingFactorCandidates,
  namedFactorCandidates,
  numberCandidates,
  missingTermCandidates,
  otherArgumentCandidates,
} from "./value-candidates";

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
  const [correction, ...more] = explanation.corrections ?? [];
  const seen = new Set<string>();
  const isSum = explanation.kind === "overwritten-sum";
  for (const candidate of chained([
    ...(isSum ? all.map(accumulations) : []),
    ...(correction === undefined || more.length > 0
      ? []
      : sitesFor(all, correction).map((site) => correctionCandidates(site, correction))),
    ...all.map((site) => byKind(site, explanation)),
    ...(literal ? [] : all.map(simple)),
  ])) {
    const key = JSON.stringify(candidate.edits);
    if (seen.has(key)) continue;
    seen.add(key);
    yield candidate;
  }
}

function* chained(groups: readonly Iterable<Candidate>[]): Generator<Candidate> {
  for (const group of groups) yield* group;
}

/** Where a correction may stand: where the value is defined that it is of, then where what it is in is written, then elsewhere. */
export function sitesFor<T extends Site>(sites: readonly T[], { value, within }: Correction): readonly T[] {
  const name = value === null ? null : /([^.[\]]+)(?:\[.*\])?$/u.exec(value)?.[1];
  const isAround = (site: T): boolean => within !== null && spotsWritten(spotted(site), within).length > 0;
  const weight = (site: T): number => Number(site.name !== name) * 2 + Number(!isAround(site));
  const weights = new Map(sites.map((site) => [site, weight(site)]));
  return [...sites].sort((a, b) => weights.get(a)! - weights.get(b)!);
}

function* byKind(site: Spotted, explanation: Explanation): Generator<Candidate> {
  const { kind, expression, corrections = [] } = explanation;
  switch (kind) {
    case "sign":
      yield* signCandidates(site);
      break;
    case "factor":
      yield* factorCandidates(site, factorOf(explanation));
      break;
    case "transposed":
      yield* transposeCandidates(site);
      break;
    case "missing-factor":
      for (const correction of corrections)
        if (correction.how === "multiply") yield* missingFactorCandidates(site, correction.by);
      yield* namedFactorCandidates(site);
      break;
    case "evaluated-at-output":
    case "other-argument":
      yield* dimensionCandidates(site);
      if (expression !== null) yield* otherArgumentCandidates(site, expression);
      break;
    case "missing-cotangent":
      yield* cotangentCandidates(site, corrections.find((each) => each.how === "scale")?.factor);
      break;
    case "overwritten-sum": {
      const terms = corrections.flatMap((each) => (each.how === "add-term" ? variantsOf(each.term) : []));
      for (const term of new Set([...terms, ...site.valueNames])) yield* missingTermCandidates(site, term);
      yield* termTooMuchCandidates(site);
      break;
    }
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

/** The constant that is missing, of the whole or of a part. */
function factorOf({ factor, corrections = [] }: Explanation): number | null {
  const [scale] = corrections.flatMap((each) => (each.how === "scale" ? [each.factor] : []));
  return scale ?? factor;
}
