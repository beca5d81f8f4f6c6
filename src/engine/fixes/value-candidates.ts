/** Changes of the values that an expression is made of: a factor, a term, a cotangent, another argument. */
import type { Expression } from "../../language/syntax";
import { atom, binary, isWrittenAlike, pieceOf, strengths, written, type Piece } from "../rewriting";
import { parsed } from "./products";
import { scaledPiece } from "./structural-candidates";
import {
  inside,
  candidate,
  isLeaf,
  pieceAt,
  textAt,
  withConstants,
  type Candidate,
  type Spotted,
} from "./site";

/** A fixed index of an explanation, and what is written for it: 3 is `k - 1`. */
export interface Anchor {
  readonly index: number;
  readonly written: string;
}

/** What an explanation names, as it may be written at the site: in the loop's own variables, without the instance's name. */
export function phrasings(site: Spotted, named: string, anchor?: Anchor): Piece[] {
  const { indexNames, constantNames } = site;
  const plain = inside(site, named);
  const wide = /\[[\p{L}\p{N}_]+ [-+] \d+\]/u.test(site.text);
  const texts = [...anchored(plain, anchor, wide), ...indexed(plain, indexNames, wide)];
  return [...new Set(texts.flatMap((text) => withConstants({ constantNames }, text)))].flatMap(
    (text) => pieceFrom(text) ?? [],
  );
}

const fixedIndex = /\[(\d+)\]/gu;

/** Every fixed index as far from what is written as it is from the anchor: where 3 is `k - 1`, 2 is `k - 2`. */
function anchored(text: string, anchor: Anchor | undefined, wide: boolean): string[] {
  const [, name, sign, offset] =
    /^([\p{L}_][\p{L}\p{N}_]*)(?:\s*([-+])\s*(\d+))?$/u.exec(anchor?.written ?? "") ?? [];
  if (anchor === undefined || name === undefined) return [];
  const own = sign === undefined ? 0 : Number(`${sign}${offset!}`);
  return [
    text.replaceAll(fixedIndex, (_, key: string) => {
      return `[${withOffset(name, own + Number(key) - anchor.index, wide)}]`;
    }),
  ];
}

/** `k - 1`, in a file that is written widely. */
function withOffset(name: string, offset: number, wide: boolean): string {
  if (offset === 0) return name;
  const sign = offset < 0 ? "-" : "+";
  return `${name}${wide ? ` ${sign} ` : sign}${Math.abs(offset)}`;
}

/** Every fixed index as the loop would write it: `a[2]` may be `a[l]`, `a[l-1]` or `a[L]`. */
function indexed(text: string, names: readonly string[], wide: boolean): string[] {
  const keys = [...new Set([...text.matchAll(fixedIndex)].map(([, key]) => key!))].slice(0, 2);
  const choices = keys.map((key) => [
    ...names.flatMap((name) => [0, -1, 1].map((offset) => withOffset(name, offset, wide))),
    key,
  ]);
  const [first, second] = choices;
  if (first === undefined) return [text];
  return first.flatMap((one) =>
    (second ?? [""]).map((two) => {
      const replacements = new Map([
        [keys[0], one],
        [keys[1], two],
      ]);
      return text.replaceAll(fixedIndex, (whole, key: string) => {
        const index = replacements.get(key);
        return index === undefined ? whole : `[${index}]`;
      });
    }),
  );
}

function pieceFrom(text: string): Piece | undefined {
  const found = parsed(text);
  return found && pieceOf(found.text, found.root);
}

/** A factor at every place. */
export function* missingFactorCandidates(site: Spotted, factor: string): Generator<Candidate> {
  for (const piece of phrasings(site, factor))
    for (const spot of site.spots)
      yield candidate(spot, product(pieceAt(site, spot.node), piece), `Multiply by \`${piece.text}\``);
}

function* withScale(
  site: Spotted,
  change: (own: Piece) => Piece,
  scale: number | undefined,
): Generator<Candidate> {
  const [whole] = site.spots;
  if (scale === undefined || whole === undefined) return;
  const piece = scaledPiece(change(pieceAt(site, whole.node)), scale);
  yield candidate(whole, piece, `Write \`${piece.text}\``);
}

/** A value, its square, or a division by one of them, where the explanation has no name for what is missing. */
export function* namedFactorCandidates(site: Spotted): Generator<Candidate> {
  const [whole] = site.spots;
  if (whole === undefined) return;
  const own = pieceAt(site, whole.node);
  for (const name of site.valueNames)
    for (const text of [name, `${name}^2`]) {
      const value = { text, strength: text === name ? strengths.atom : strengths.power };
      yield candidate(whole, binary(own, "*", value), `Multiply by \`${text}\``);
      yield candidate(whole, binary(own, "/", value), `Divide by \`${text}\``);
    }
}

/** x · 1/y is written x / y. */
export function product(left: Piece, factor: Piece): Piece {
  const inverse = /^1 \/ ([\p{L}\p{M}\w.'[\]]+(?:\^\d+)?)$/u.exec(factor.text)?.[1];
  return inverse === undefined
    ? binary(left, "*", factor)
    : binary(left, "/", { text: inverse, strength: strengths.power });
}

export function* cotangentCandidates(site: Spotted, scale?: number): Generator<Candidate> {
  const { moved } = site;
  if (moved === undefined) return;
  const u = atom(moved);
  yield* withScale(site, (own) => binary(own, "*", u), scale);
  if (scale !== undefined) return;
  const title = `Use the ${moved === "u" ? "cotangent `u`" : `\`${moved}\``}`;
  for (const spot of site.spots) {
    const own = pieceAt(site, spot.node);
    yield candidate(spot, binary(own, "*", u), title);
    yield candidate(spot, binary(u, "@", own), title);
    yield candidate(spot, binary(own, "@", u), title);
  }
  yield* replacedBy(site, [u]);
}

/** Another value in the place of one that is used; and everywhere it is used. */
export function* otherArgumentCandidates(site: Spotted, named: string): Generator<Candidate> {
  yield* replacedBy(site, phrasings(site, named));
}

function* replacedBy(site: Spotted, pieces: readonly Piece[]): Generator<Candidate> {
  const leaves = site.spots.filter(({ node }) => isLeaf(node) || node.kind === "call");
  for (const piece of pieces) {
    const title = (node: Expression): string => `Write \`${piece.text}\` for \`${textAt(site, node)}\``;
    const others = leaves.filter(({ node }) => textAt(site, node) !== piece.text);
    for (const spot of others) yield candidate(spot, piece, title(spot.node));
    for (const spot of others) {
      const same = others.filter(({ node }) => isWrittenAlike(site.text, node, spot.node));
      if (same.length < 2 || same[0] !== spot || !isLeaf(spot.node)) continue;
      yield { title: `${title(spot.node)} everywhere`, edits: same.map((each) => written(each, piece)) };
    }
  }
}

export function* missingTermCandidates(site: Spotted, term: string): Generator<Candidate> {
  // What is applied to the whole of something is told as `f(…, dim = 0)`, which is no expression.
  const pieces = phrasings(site, term);
  for (const piece of pieces)
    for (const spot of site.spots)
      for (const operator of ["+", "-"] as const) {
        const title = `${operator === "+" ? "Add" : "Subtract"} the term \`${piece.text}\``;
        yield candidate(spot, binary(pieceAt(site, spot.node), operator, piece), title);
        if (spot.node.kind !== "binary") continue;
        if (operator === "+") yield candidate(spot, binary(piece, "+", pieceAt(site, spot.node)), title);
        else
          yield candidate(
            spot,
            binary(piece, "-", pieceAt(site, spot.node)),
            `Subtract from \`${piece.text}\``,
          );
      }
}

/** A number of the declaration as a factor of what is used, or of a term that is missing. */
export function* numberCandidates(site: Spotted): Generator<Candidate> {
  const [whole] = site.spots;
  for (const number of site.numbers) {
    for (const spot of site.spots.filter(({ node }) => isLeaf(node)))
      yield candidate(
        spot,
        binary(atom(number), "*", pieceAt(site, spot.node)),
        `Multiply \`${textAt(site, spot.node)}\` by ${number}`,
      );
    for (const name of whole === undefined ? [] : site.valueNames)
      for (const operator of ["+", "-"] as const) {
        const term = binary(atom(number), "*", atom(name));
        const title = `${operator === "+" ? "Add" : "Subtract"} the term \`${term.text}\``;
        yield candidate(whole!, binary(pieceAt(site, whole!.node), operator, term), title);
      }
  }
}
