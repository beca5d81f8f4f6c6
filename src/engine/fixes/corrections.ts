/** The changes of a text that a correction asks for, those where it names first. Knows nothing of what is tried where it names nothing. */
import type { Correction } from "../../protocol";
import {
  atom,
  binary,
  call,
  strengths,
  negated,
  transposed,
  written,
  type Piece,
  type Spot,
} from "../rewriting";
import { meantIn, productOf } from "./products";
import {
  candidate,
  inside,
  isWrittenSo,
  pieceAt,
  spotsWritten,
  textAt,
  type Candidate,
  type Spotted,
} from "./site";
import { opposite, scaled, scaledPiece, times as scaledBy, turned } from "./structural-candidates";
import { phrasings, product, type Anchor } from "./value-candidates";

export function* correctionCandidates(site: Spotted, correction: Correction): Generator<Candidate> {
  const [whole] = site.spots;
  if (whole === undefined) return;
  const spots = correction.at === null ? [whole] : insideFirst(site, correction);
  switch (correction.how) {
    case "negate":
      for (const spot of spots) yield negation(site, spot);
      break;
    case "scale":
      for (const spot of spots) {
        yield* withoutInverse(site, spot, correction.factor);
        const isSquare = correction.factor === 2 || correction.factor === 0.5;
        if (isSquare) yield scaled(site, spot, correction.factor);
        if (correction.symbol !== null)
          for (const symbol of alike(site, correction.symbol)) yield* bySymbol(site, spot, symbol);
        else yield* byConstant(site, spot, correction.factor);
        if (!isSquare) yield scaled(site, spot, correction.factor);
      }
      break;
    case "multiply":
      for (const piece of phrasings(site, correction.by, anchorOf(site, correction))) {
        for (const spot of spots) yield multiplied(site, spot, piece);
        if (spots.length > 1) yield multipliedEverywhere(site, spots, piece);
      }
      break;
    case "remove-factor":
      yield* withoutFactor(site, correction);
      break;
    case "add-term":
      for (const spot of spots) yield* withTerm(site, spot, correction);
      break;
    case "remove-term":
      yield* withoutTerm(site, correction.term);
      break;
    case "replace":
      yield* replacements(site, correction, spots);
      break;
    case "exchange":
      yield* exchanges(site, spots, correction.with);
      break;
    case "transpose":
      for (const spot of spots) yield* transposition(site, spot);
      break;
    case "reduce":
      for (const spot of spots) yield* reduction(site, spot, correction);
      break;
  }
}

/** Where it is written, in the expression that it is meant in first. */
function insideFirst(site: Spotted, { at, within }: Correction): Spot[] {
  const spots = spotsWritten(site, at!);
  const inside = within === null ? [] : spots.filter((spot) => isInside(site, spot, within));
  return [...inside, ...spots.filter((spot) => !inside.includes(spot))];
}

/** What is defined at the site, and by which index: of `dh[3]`, 3 is `k - 1`. */
function anchorOf({ name, index }: Spotted, { value }: Correction): Anchor | undefined {
  const [, family, key] = /([^.[\]]+)\[(\d+)\]$/u.exec(value ?? "") ?? [];
  return family === undefined || family !== name || index === null
    ? undefined
    : { index: Number(key), written: index };
}

/** What stands in the place of `t[3]`: `t[k - 1]`. */
function anchorAt(site: Spotted, at: string | null, spot: Spot | undefined): Anchor | undefined {
  const [, key] = /^[^[\]]*\[(\d+)\]/u.exec(at ?? "") ?? [];
  const [, written] =
    spot === undefined ? [] : (/^[^[\]]*\[([^[\],:]*)\]/u.exec(textAt(site, spot.node)) ?? []);
  return key === undefined || written === undefined ? undefined : { index: Number(key), written };
}

/** In a matrix product a product of elements stands in brackets, whether it must or not. */
function multiplied(site: Spotted, spot: Spot, by: Piece): Candidate {
  const made = product(pieceAt(site, spot.node), by);
  const isInMatmul = spot.parent?.node.kind === "binary" && spot.parent.node.operator === "@";
  const piece = isInMatmul ? atom(`(${made.text})`) : made;
  const of = spot.parent === undefined ? "" : ` \`${textAt(site, spot.node)}\``;
  return candidate(spot, piece, `Multiply${of} by \`${by.text}\``);
}

function multipliedEverywhere(site: Spotted, spots: readonly Spot[], by: Piece): Candidate {
  const edits = spots.flatMap((spot) => multiplied(site, spot, by).edits);
  return { title: `Multiply \`${textAt(site, spots[0]!.node)}\` by \`${by.text}\` everywhere`, edits };
}

/** Between two terms the other operator, else the other sign. */
function negation(site: Spotted, spot: Spot): Candidate {
  const parent = spot.parent?.node;
  const title = `Change the sign of \`${textAt(site, spot.node)}\``;
  if (parent?.kind !== "binary" || parent.right !== spot.node)
    return candidate(spot, opposite(site, spot.node), title);
  const other = parent.operator === "+" ? "-" : parent.operator === "-" ? "+" : undefined;
  if (other === undefined) return candidate(spot, opposite(site, spot.node), title);
  const instead = `Write \`${other}\` for \`${parent.operator}\` in \`${textAt(site, parent)}\``;
  return { title: instead, edits: [{ ...parent.operatorSpan, newText: other }] };
}

/** "2 / N" and, where another run has other sizes, the same with each other size that may be as large in this one: "2 / K". */
function alike({ sizeNames }: Spotted, symbol: string): string[] {
  const own = sizeNames.find((name) => new RegExp(`(?<![\\p{L}\\p{N}_.])${name}$`, "u").test(symbol));
  if (own === undefined) return [symbol];
  const before = symbol.slice(0, symbol.length - own.length);
  return [symbol, ...sizeNames.filter((name) => name !== own).map((name) => before + name)];
}

/** "2 / N" times x is written 2 * x / N, "1 / N" is x / N. */
function* bySymbol(site: Spotted, spot: Spot, symbol: string): Generator<Candidate> {
  const [, sign, numerator, rest] = /^(-?)(?:([\d.]+) \/ )?(.+)$/u.exec(symbol) ?? [];
  const own = pieceAt(site, spot.node);
  const of = spot.parent === undefined ? "" : ` \`${own.text}\``;
  for (const size of phrasings(site, rest ?? symbol)) {
    const times = numerator === undefined || numerator === "1" ? own : scaledPiece(own, Number(numerator));
    // Rates stand before what they scale.
    const isRate = numerator === undefined && site.constantNames.includes(size.text);
    const made = isRate ? scaledBy(size, times) : binary(times, numerator === undefined ? "*" : "/", size);
    const verb = numerator === undefined ? "Multiply" : "Divide";
    const title =
      numerator === undefined || numerator === "1"
        ? `${verb}${of} by \`${size.text}\``
        : `Multiply${of} by \`${symbol.replace(rest!, size.text)}\``;
    yield candidate(
      spot,
      sign === "-" ? negated(made) : made,
      sign === "-" ? `Multiply${of} by \`-1 / ${size.text}\`` : title,
    );
  }
}

/** What is half as large as it is written with a factor 2, which is then too much. */
function* withoutInverse(site: Spotted, spot: Spot, factor: number): Generator<Candidate> {
  const inverse = String(Number((1 / factor).toPrecision(9)));
  const without = productOf(site, spot.node, inverse, undefined, false);
  if (without !== undefined) yield candidate(spot, without, `Take away the factor \`${inverse}\``);
  const divided = productOf(site, spot.node, String(Number(factor.toPrecision(9))), undefined, true);
  if (divided !== undefined) yield candidate(spot, divided, `Take away the division by \`${factor}\``);
}

/** A rate has a name where it is declared. */
function* byConstant(site: Spotted, spot: Spot, factor: number): Generator<Candidate> {
  if (Number.isInteger(factor) || Number.isInteger(2 / factor)) return;
  const own = pieceAt(site, spot.node);
  for (const name of site.constantNames)
    yield candidate(spot, scaledBy(atom(name), own), `Multiply \`${own.text}\` by \`${name}\``);
}

/** Products without a factor, or without all of the factors that it consists of. */
function* withoutFactor(
  site: Spotted,
  { at, factor, isDivisor }: Extract<Correction, { how: "remove-factor" }>,
): Generator<Candidate> {
  const within = at === null ? [] : spotsWritten(site, at);
  const places = [...within, ...site.spots.filter((spot) => !within.includes(spot))];
  for (const spot of places) {
    const made = productOf(site, spot.node, factor, undefined, isDivisor);
    if (made !== undefined)
      yield candidate(
        spot,
        made,
        `Take away the ${isDivisor ? "division by" : "factor"} \`${inside(site, factor)}\``,
      );
  }
}

function* withTerm(
  site: Spotted,
  spot: Spot,
  correction: Extract<Correction, { how: "add-term" }>,
): Generator<Candidate> {
  const { term, sign } = correction;
  const own = pieceAt(site, spot.node);
  const isNegative = term.startsWith("-");
  const adds = (sign === 1) !== isNegative;
  const title = (text: string): string => `${adds ? "Add" : "Subtract"} the term \`${text}\``;
  for (const text of variantsOf(isNegative ? term.slice(1) : term))
    for (const piece of phrasings(site, text, anchorOf(site, correction))) {
      yield* withTermInside(site, spot, { piece, operator: adds ? "+" : "-" });
      yield candidate(spot, binary(own, adds ? "+" : "-", piece), title(piece.text));
      if (own.text.startsWith("-") && adds)
        yield candidate(spot, binary(piece, "-", dropSign(own)), `Subtract from \`${piece.text}\``);
    }
}

/** `u * (a + b)` and `u * c` is `u * (a + b + c)`. */
function* withTermInside(
  site: Spotted,
  { node }: Spot,
  { piece, operator }: { readonly piece: Piece; readonly operator: "+" | "-" },
): Generator<Candidate> {
  const before = `${site.moved} * `;
  if (site.moved === undefined || !piece.text.startsWith(before)) return;
  if (node.kind !== "binary" || node.operator !== "*" || textAt(site, node.left) !== site.moved) return;
  if (node.right.kind !== "parenthesized") return;
  const { inner } = node.right;
  const sum = site.spots.find((spot) => spot.node === inner);
  const [term] = phrasings(site, piece.text.slice(before.length));
  if (sum === undefined || term === undefined) return;
  const title = `${operator === "+" ? "Add" : "Subtract"} the term \`${term.text}\``;
  yield candidate(sum, binary(pieceAt(site, sum.node), operator, term), title);
}

function dropSign(own: Piece): Piece {
  return { text: own.text.slice(1), strength: own.strength };
}

/** A reduction in a term mostly keeps its dimension; a sum over N with a constant may be a mean. */
export function variantsOf(term: string): string[] {
  const kept = term.replaceAll(/(dim = -?\d+)\)/gu, "$1, keepdim = true)");
  const means = term.replace(/^-?[\d./]+ \* sum\(/u, "mean(");
  return [...new Set([term, kept, means, means.replaceAll(/(dim = -?\d+)\)/gu, "$1, keepdim = true)")])];
}

function* withoutTerm(site: Spotted, told: string): Generator<Candidate> {
  const term = inside(site, told);
  for (const spot of site.spots) {
    const { node } = spot;
    if (node.kind !== "binary" || (node.operator !== "+" && node.operator !== "-")) continue;
    const title = `Take away the term \`${term}\``;
    if (isWrittenSo(site, node.right, term)) yield candidate(spot, pieceAt(site, node.left), title);
    if (!isWrittenSo(site, node.left, term)) continue;
    const right = pieceAt(site, node.right);
    yield candidate(spot, node.operator === "-" ? negated(right) : right, title);
  }
}

function* replacements(
  site: Spotted,
  correction: Extract<Correction, { how: "replace" }>,
  spots: readonly Spot[],
): Generator<Candidate> {
  const { at, by, everywhere } = correction;
  const anchor = anchorAt(site, at, spots[0]) ?? anchorOf(site, correction);
  for (const text of variantsOf(by))
    for (const piece of phrasings(site, text, anchor)) {
      const title = (of: string): string => `Write \`${piece.text}\` for \`${of}\``;
      if (everywhere && spots.length > 1)
        yield {
          title: `${title(textAt(site, spots[0]!.node))} everywhere`,
          edits: spots.map((spot) => written(spot, piece)),
        };
      for (const spot of spots) yield replacement(site, spot, piece);
      if (at === null || spots.length > 0) continue;
      // Of a product some factors alone.
      for (const spot of site.spots) {
        const made = productOf(site, spot.node, at, piece, false);
        if (made !== undefined) yield candidate(spot, made, title(meantIn(site, spot.node, at)));
      }
    }
}

/** Of a call only what differs is written anew. */
function replacement(site: Spotted, spot: Spot, piece: Piece): Candidate {
  const own = textAt(site, spot.node);
  const whole = candidate(spot, piece, `Write \`${piece.text}\` for \`${own}\``);
  if (spot.node.kind !== "call") return whole;
  const [before, after] = [tokensOf(own), tokensOf(piece.text)];
  if (before.length !== after.length) return whole;
  const at = before.findIndex((token, i) => token !== after[i]);
  const isOne = before.every((token, i) => i === at || token === after[i]);
  if (at < 0 || !isOne) return whole;
  const [was, now] = [before[at]!, after[at]!];
  const start = spot.node.start + before.slice(0, at).join("").length;
  const label = /[\w]+ = -?$/u.exec(before.slice(0, at).join(""))?.[0] ?? "";
  return {
    title: `Write \`${label}${now}\` for \`${label}${was}\``,
    edits: [{ start, end: start + was.length, newText: now }],
  };
}

function tokensOf(text: string): string[] {
  return text.match(/[\p{L}\p{M}\w.']+|\s+|[^\p{L}\p{M}\w\s]/gu) ?? [];
}

function isInside(site: Spotted, { parent }: Spot, text: string): boolean {
  for (let outer = parent; outer !== undefined; outer = outer.parent)
    if (isWrittenSo(site, outer.node, text)) return true;
  return false;
}

function* exchanges(site: Spotted, spots: readonly Spot[], other: string): Generator<Candidate> {
  const seconds = spotsWritten(site, other);
  const [first] = spots;
  const second = seconds.find(({ node }) => node !== first?.node);
  if (first === undefined || second === undefined) return;
  // Two that differ in an index alone are written alike.
  if (spots.some(({ node }) => node === second.node)) {
    yield* exchangesAmong(site, spots);
    return;
  }
  const [a, b] = [pieceAt(site, first.node), pieceAt(site, second.node)];
  yield {
    title: `Exchange \`${a.text}\` and \`${b.text}\``,
    edits: [...spots.map((spot) => written(spot, b)), ...seconds.map((spot) => written(spot, a))],
  };
}

function* exchangesAmong(site: Spotted, spots: readonly Spot[]): Generator<Candidate> {
  for (const [i, first] of spots.entries())
    for (const second of spots.slice(i + 1)) {
      const [a, b] = [pieceAt(site, first.node), pieceAt(site, second.node)];
      if (a.text !== b.text)
        yield {
          title: `Exchange \`${a.text}\` and \`${b.text}\``,
          edits: [written(first, b), written(second, a)],
        };
    }
}

function* transposition(site: Spotted, spot: Spot): Generator<Candidate> {
  const { node, parent } = spot;
  if (node.kind === "member" && node.name.name === "T")
    yield candidate(spot, pieceAt(site, node.base), `Take away \`.T\` at \`${textAt(site, node.base)}\``);
  else if (parent?.node.kind === "member" && parent.node.name.name === "T")
    yield candidate(parent, pieceAt(site, node), `Take away \`.T\` at \`${textAt(site, node)}\``);
  else {
    if (node.kind === "binary" && node.operator === "@") {
      const product = binary(bracketed(turned(site, node.right)), "@", bracketed(turned(site, node.left)));
      yield candidate(spot, product, `Write \`${product.text}\` for \`${textAt(site, node)}\``);
    }
    yield candidate(spot, transposed(pieceAt(site, node)), `Transpose \`${textAt(site, node)}\``);
  }
}

/** A product of elements in a matrix product. */
function bracketed(piece: Piece): Piece {
  return piece.strength === strengths.product && piece.text.includes("*") ? atom(`(${piece.text})`) : piece;
}

function* reduction(
  site: Spotted,
  spot: Spot,
  { by, dim }: Extract<Correction, { how: "reduce" }>,
): Generator<Candidate> {
  const text = textAt(site, spot.node);
  const over = dim === null ? [] : [`dim = ${dim}`];
  const title = `${by === "sum" ? "Sum" : "Take the mean of"} \`${text}\`${dim === null ? "" : ` over dim = ${dim}`}`;
  yield candidate(spot, call(by, text, ...over), title);
  yield candidate(spot, call(by, text, ...over, "keepdim = true"), title);
}
