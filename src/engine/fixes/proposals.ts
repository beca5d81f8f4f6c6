/** Which changes are tried for a kind of mistake, the likeliest first. */
import type { Explanation } from "../../protocol";
import { spotted, type Candidate, type Site, type Spotted } from "./site";
import {
  dimensionCandidates,
  factorCandidates,
  reductionCandidates,
  signCandidates,
  termTooMuchCandidates,
  transposeCandidates,
} from "./structural-candidates";
import {
  cotangentCandidates,
  missingFactorCandidates,
  numberCandidates,
  missingTermCandidates,
  otherArgumentCandidates,
} from "./value-candidates";

/** At every site what the explanation says, before anything else is tried anywhere. */
export function* proposals(sites: readonly Site[], explanation: Explanation): Generator<Candidate> {
  const all = sites.map(spotted);
  const seen = new Set<string>();
  for (const candidate of [
    ...all.flatMap((site) => [...byKind(site, explanation)]),
    ...all.flatMap((site) => [...simple(site)]),
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
  // Explanations quote what they name.
  const named = expression?.replaceAll("`", "") ?? null;
  switch (kind) {
    case "sign":
      yield* signCandidates(site);
      yield* factorCandidates(site, factor);
      break;
    case "factor":
      yield* factorCandidates(site, factor);
      break;
    case "transposed":
      yield* transposeCandidates(site);
      break;
    case "missing-factor":
      if (named !== null) yield* missingFactorCandidates(site, named);
      break;
    case "evaluated-at-output":
    case "other-argument":
      yield* dimensionCandidates(site);
      if (named !== null) yield* otherArgumentCandidates(site, named);
      break;
    case "missing-cotangent":
      yield* cotangentCandidates(site);
      break;
    case "overwritten-sum":
      for (const term of new Set([...(named === null ? [] : [named]), ...site.valueNames]))
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
}

/** The constant that is missing: of a part of the rule, only the message tells it. */
function factorOf({ factor, message }: Explanation): number | null {
  if (factor !== null) return factor;
  const [, numerator, denominator] = /the factor (-?[\d.]+)(?:\/(\d+))? /u.exec(message) ?? [];
  return numerator === undefined ? null : Number(numerator) / Number(denominator ?? 1);
}
