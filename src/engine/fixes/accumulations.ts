/**
 * The member of its own family that a definition in a loop may lack, as `gW[t+1]` in `gW[t] = outer(da[t], x[t])`: a running sum that is
 * overwritten in each turn, or what passes by a layer. Knows nothing of what an explanation says.
 */
import { binary } from "../rewriting";
import { candidate, pieceAt, type Candidate, type Spotted } from "./site";
import { phrasings } from "./value-candidates";

export function* accumulations(site: Spotted): Generator<Candidate> {
  const { name, index, indexNames } = site;
  const [whole] = site.spots;
  const [, turn, sign, offset] =
    /^([\p{L}_][\p{L}\p{M}\p{N}_']*)(?:\s*([-+])\s*(\d+))?$/u.exec(index ?? "") ?? [];
  if (whole === undefined || name === null || index === null) return;
  if (turn === undefined || !indexNames.includes(turn)) return;
  const own = sign === undefined ? 0 : Number(`${sign}${offset!}`);
  for (const by of [1, -1])
    for (const member of phrasings(site, `${name}[${anchor + by}]`, {
      index: anchor - own,
      written: turn,
    }).slice(0, 1))
      yield candidate(
        whole,
        binary(pieceAt(site, whole.node), "+", member),
        `Add the term \`${member.text}\``,
      );
}

/** Any index: what is written is as far from the turn's as it is from this. */
const anchor = 100;
