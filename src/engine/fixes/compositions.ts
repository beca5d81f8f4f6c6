/** Several corrections made one after another, where only all of them together are right. Knows nothing of what is tried for one. */
import type { Correction } from "../../protocol";
import type { Edit } from "../../language/syntax";
import { edited } from "../rewriting";
import { correctionCandidates } from "./corrections";
import { parsed } from "./products";
import { sitesFor } from "./proposals";
import { spotted, type Candidate, type Site } from "./site";

/** Ways of one correction at one site that are gone on with. */
const mostWays = 10;

const longestTitle = 60;

/** A site's expression as it has become. */
interface Version {
  readonly site: Site;
  readonly text: string;
}

/** All ways to make the corrections, at the likeliest sites first. */
export function* composed(sites: readonly Site[], corrections: readonly Correction[]): Generator<Candidate> {
  const versions = sites.map((site): Version => ({
    site,
    text: site.text.slice(site.root.start, site.root.end),
  }));
  yield* further(versions, corrections, []);
}

function* further(
  versions: readonly Version[],
  corrections: readonly Correction[],
  titles: readonly string[],
): Generator<Candidate> {
  const [correction, ...rest] = corrections;
  if (correction === undefined) {
    const edits = versions.flatMap(changeOf);
    const changed = versions.filter((version) => changeOf(version).length > 0);
    const isLong = titles.length > 2 && changed.length === 1 && changed[0]!.text.length <= longestTitle;
    yield { title: isLong ? `Write \`${changed[0]!.text}\`` : sentence(titles), edits };
    return;
  }
  const order = sitesFor(
    versions.map(({ site }) => site),
    correction,
  );
  for (const site of order) {
    const at = versions.findIndex((version) => version.site === site);
    for (const { title, text } of ways(versions[at]!, correction))
      yield* further(versions.with(at, { site, text }), rest, [...titles, title]);
  }
}

function ways({ site, text }: Version, correction: Correction): { title: string; text: string }[] {
  const found = parsed(text);
  if (found === undefined) return [];
  const { root } = found;
  const current = spotted({ ...site, text: found.text, root });
  const made: { title: string; text: string }[] = [];
  for (const { title, edits } of correctionCandidates(current, correction)) {
    const after = edited(found.text, edits);
    if (after === undefined || made.length >= mostWays) continue;
    const more = after.length - found.text.length;
    made.push({ title, text: after.slice(root.start, root.end + more) });
  }
  return made;
}

function changeOf({ site: { text, root }, text: after }: Version): Edit[] {
  const before = text.slice(root.start, root.end);
  return before === after ? [] : [{ start: root.start, end: root.end, newText: after }];
}

function sentence(titles: readonly string[]): string {
  const [first = "", ...others] = titles;
  return [first, ...others.map((title) => title.charAt(0).toLowerCase() + title.slice(1))].join(", and ");
}
