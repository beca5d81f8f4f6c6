/** Changes of an expression's form: signs, constants, transposes, reductions. */
import type { Expression } from "../../language/syntax";
import {
  atom,
  binary,
  call,
  negated,
  pieceOf,
  strengths,
  transposed,
  type Piece,
  type Spot,
} from "../rewriting";
import { candidate, isLeaf, pieceAt, textAt, type Candidate, type Spotted } from "./site";

/** The other sign: between two terms, of the whole, of an argument. */
export function* signCandidates(site: Spotted): Generator<Candidate> {
  for (const { node } of site.spots) {
    if (node.kind !== "binary" || (node.operator !== "+" && node.operator !== "-")) continue;
    const other = node.operator === "+" ? "-" : "+";
    yield {
      title: `Write \`${other}\` for \`${node.operator}\` in \`${textAt(site, node)}\``,
      edits: [{ ...node.operatorSpan, newText: other }],
    };
  }
  for (const spot of site.spots) {
    if (spot.node.kind === "number") continue;
    if (spot.node.kind !== "unary" && spot.parent?.node.kind === "unary") continue;
    yield candidate(spot, opposite(site, spot.node), `Change the sign of \`${textAt(site, spot.node)}\``);
  }
}

export function opposite(site: Spotted, node: Expression): Piece {
  if (node.kind === "unary" && node.operator === "-") return pieceAt(site, node.operand);
  const first = leftmost(node);
  if (first.kind === "unary" && first.operator === "-") {
    const { text, strength } = pieceAt(site, node);
    const [at, to] = [first.start - node.start, first.operand.start - node.start];
    return { text: text.slice(0, at) + text.slice(to), strength };
  }
  if (node.kind === "binary" && node.operator === "-")
    return binary(pieceAt(site, node.right), "-", pieceAt(site, node.left));
  return negated(pieceAt(site, node));
}

/** The first factor of a product, whose sign is the product's. */
function leftmost(node: Expression): Expression {
  if (node.kind === "parenthesized") {
    const inner = leftmost(node.inner);
    return inner.kind === "unary" ? inner : node;
  }
  return node.kind === "binary" && ["*", "/", "@"].includes(node.operator) ? leftmost(node.left) : node;
}

/** `.T` added or taken away at every place, and products in another order. */
export function* transposeCandidates(site: Spotted): Generator<Candidate> {
  for (const spot of site.spots) {
    const { node } = spot;
    if (isTransposed(node))
      yield candidate(spot, pieceAt(site, node.base), `Take away \`.T\` at \`${textAt(site, node.base)}\``);
    else if (!isTransposed(spot.parent?.node) && node.kind !== "number" && node.kind !== "unary")
      yield candidate(spot, transposed(pieceAt(site, node)), `Transpose \`${textAt(site, node)}\``);
  }
  for (const spot of site.spots) {
    const { node } = spot;
    if (node.kind === "call" && textAt(site, node.callee) === "reshape" && node.arguments[0] !== undefined) {
      const x = pieceAt(site, node.arguments[0].value);
      yield candidate(spot, transposed(x), `Transpose \`${x.text}\` instead of reshaping it`);
    }
    if (node.kind !== "binary" || node.operator !== "@") continue;
    const [a, b] = [node.left, node.right];
    const [turnedA, turnedB] = [turned(site, a), turned(site, b)];
    const [plainA, plainB] = [bare(site, a), bare(site, b)];
    for (const [left, right] of [
      [plainB, plainA],
      [turnedB, plainA],
      [plainB, turnedA],
      [turnedB, turnedA],
      [turnedA, turnedB],
    ] as const) {
      const product = binary(left, "@", right);
      yield candidate(spot, product, `Write \`${product.text}\` for \`${textAt(site, node)}\``);
    }
  }
}

function isTransposed(node: Expression | undefined): node is Extract<Expression, { kind: "member" }> {
  return node?.kind === "member" && node.name.name === "T";
}

/** The transpose of an operand, without `.T.T`. */
export function turned(site: Spotted, operand: Expression): Piece {
  const inner = unwrapped(operand);
  return isTransposed(inner) ? bare(site, inner.base) : transposed(bare(site, operand));
}

function bare({ text }: Spotted, operand: Expression): Piece {
  return pieceOf(text, unwrapped(operand));
}

function unwrapped(node: Expression): Expression {
  return node.kind === "parenthesized" ? unwrapped(node.inner) : node;
}

/** A constant more or less; `factor` is what the numbers ask for, where they ask for one. */
export function* factorCandidates(site: Spotted, factor: number | null): Generator<Candidate> {
  yield* averageCandidates(site);
  const [whole, ...parts] = site.spots;
  if (factor !== null) yield* literalCandidates(site, factor, "whole");
  if (factor !== null && whole !== undefined) {
    // 2 is often the derivative of a square, other numbers are sizes.
    const isSquare = Math.abs(factor) === 2 || Math.abs(factor) === 0.5;
    if (isSquare) yield scaled(site, whole, factor);
    for (const name of site.sizeNames) yield* bySize(site, whole, atom(name));
    for (const name of site.valueNames) yield* bySize(site, whole, call("size", name));
    if (!isSquare) yield scaled(site, whole, factor);
  }
  yield* droppedFactors(site);
  if (factor !== null) yield* literalCandidates(site, factor, "any");
  // The constant may belong to a part, of which the numbers say nothing.
  for (const spot of parts)
    for (const each of new Set([factor ?? 2, 2, 0.5]))
      if (spot.node.kind !== "number") yield scaled(site, spot, each);
  for (const spot of parts) for (const name of site.sizeNames) yield* bySize(site, spot, atom(name));
}

function* averageCandidates(site: Spotted): Generator<Candidate> {
  for (const { node } of site.spots) {
    if (node.kind !== "call" || node.callee.kind !== "name") continue;
    const other = { mean: "sum", sum: "mean" }[node.callee.name];
    if (other === undefined) continue;
    const { start, end, name } = node.callee;
    yield { title: `Write \`${other}\` for \`${name}\``, edits: [{ start, end, newText: other }] };
  }
}

function* bySize(site: Spotted, spot: Spot, size: Piece): Generator<Candidate> {
  const own = pieceAt(site, spot.node);
  yield candidate(spot, binary(own, "/", size), `Divide by \`${size.text}\``);
  yield candidate(spot, binary(own, "*", size), `Multiply by \`${size.text}\``);
}

/** A number in the text that should be another. */
function* literalCandidates(site: Spotted, factor: number, kind: "whole" | "any"): Generator<Candidate> {
  for (const spot of site.spots) {
    const { node } = spot;
    if (node.kind !== "number") continue;
    for (const value of [node.value * factor, node.value / factor, node.value + 1, node.value - 1]) {
      const text = numberText(value);
      if (text === undefined || (kind === "whole" && !Number.isInteger(Number(text)))) continue;
      const other = text === "1" ? besides(spot) : undefined;
      // A factor of 1 is not written.
      if (other !== undefined && spot.parent !== undefined) {
        yield candidate(spot.parent, pieceAt(site, other), `Take away the factor \`${textAt(site, node)}\``);
        continue;
      }
      const own = textAt(site, node);
      yield candidate(spot, numberPiece(text), `Write \`${text}\` for \`${own}\``);
    }
  }
}

/** What a product or quotient is without this factor. */
function besides({ node, parent }: Spot): Expression | undefined {
  if (parent?.node.kind !== "binary") return undefined;
  const { operator, left, right } = parent.node;
  if (node === right && (operator === "*" || operator === "/")) return left;
  return node === left && operator === "*" ? right : undefined;
}

/** A number of the text, one more or one less: an exponent, an index. */
export function* nearbyNumbers(site: Spotted): Generator<Candidate> {
  yield* literalCandidates(site, 1, "any");
}

export function scaled(site: Spotted, spot: Spot, factor: number): Candidate {
  const own = pieceAt(site, spot.node);
  const title = `Multiply \`${own.text}\` by ${factorName(factor)}`;
  return candidate(spot, scaledPiece(own, factor), title);
}

/** A constant times a piece, as it is written: `2 * x`, `x / 3`, `-x`. */
export function scaledPiece(own: Piece, factor: number): Piece {
  if (factor === -1) return negated(own);
  const size = Math.abs(factor);
  const fraction = fractionOf(size);
  if (fraction !== undefined) {
    const made = binary(times(atom(fraction[0]), own), "/", atom(fraction[1]));
    return factor < 0 ? negated(made) : made;
  }
  const inverse = numberText(1 / size);
  const whole = numberText(size);
  const divides = size < 1 && inverse !== undefined;
  const piece = divides ? binary(own, "/", atom(inverse)) : times(atom(whole ?? String(size)), own);
  return factor < 0 ? negated(piece) : piece;
}

/** A constant stands before a product without brackets: the value is the same. */
export function times(constant: Piece, own: Piece): Piece {
  if (own.strength !== strengths.product) return binary(constant, "*", own);
  return { text: `${constant.text} * ${own.text}`, strength: strengths.product };
}

/** 2/5, which is neither short as a number nor one by a whole number. */
function fractionOf(size: number): readonly [string, string] | undefined {
  if (isWhole(1 / size) || isWhole(size * 8)) return undefined;
  const numerator = [2, 3].find((each) => isWhole(each / size));
  const divisor = numerator === undefined ? undefined : numberText(numerator / size);
  return divisor === undefined ? undefined : [String(numerator), divisor];
}

function isWhole(value: number): boolean {
  return Number.isInteger(Number(value.toPrecision(9)));
}

function factorName(factor: number): string {
  const fraction = fractionOf(Math.abs(factor));
  if (fraction !== undefined) return `${factor < 0 ? "-" : ""}${fraction.join(" / ")}`;
  const inverse = numberText(1 / factor);
  if (Math.abs(factor) < 1 && inverse !== undefined && !Number.isInteger(factor * 8)) return `1 / ${inverse}`;
  return numberText(factor) ?? String(factor);
}

function numberPiece(text: string): Piece {
  return text.startsWith("-") ? { text, strength: strengths.sign } : atom(text);
}

/** A short number, whole where it is one but for rounding; undefined where it is none to write down. */
function numberText(value: number): string | undefined {
  const rounded = Number(value.toPrecision(9));
  const text = String(rounded);
  return Number.isFinite(rounded) && rounded !== 0 && text.length <= 8 ? text : undefined;
}

/** One of two factors alone. */
function* droppedFactors(site: Spotted): Generator<Candidate> {
  for (const spot of site.spots) {
    const { node } = spot;
    if (node.kind !== "binary" || (node.operator !== "*" && node.operator !== "/")) continue;
    const title = (part: Expression): string => `Take away \`${textAt(site, part)}\``;
    yield candidate(spot, pieceAt(site, node.left), title(node.right));
    if (node.operator === "*") yield candidate(spot, pieceAt(site, node.right), title(node.left));
  }
}

/** One of two terms alone. */
export function* termTooMuchCandidates(site: Spotted): Generator<Candidate> {
  for (const spot of site.spots) {
    const { node } = spot;
    if (node.kind !== "binary" || (node.operator !== "+" && node.operator !== "-")) continue;
    const right = pieceAt(site, node.right);
    const kept = node.operator === "-" ? negated(right) : right;
    yield candidate(spot, pieceAt(site, node.left), `Take away the term \`${right.text}\``);
    yield candidate(spot, kept, `Take away the term \`${textAt(site, node.left)}\``);
  }
}

const reducers: ReadonlySet<string> = new Set(["sum", "mean", "amax", "amin", "max", "min", "logsumexp"]);

/** A sum over a dimension around what lacks it, in place of a selection, or with the dimension kept. */
export function* reductionCandidates(site: Spotted): Generator<Candidate> {
  const dims = ["dim = 0", "dim = 1", "dim = -1", "dim = 2"];
  for (const spot of site.spots) {
    const { node } = spot;
    if (node.kind !== "call" || node.callee.kind !== "name" || !reducers.has(node.callee.name)) continue;
    const { arguments: given, end } = node;
    const named = (name: string): boolean => given.some(({ path }) => path?.name.name === name);
    const add = (text: string): Candidate => ({
      title: `Write \`${text}\` in \`${textAt(site, node)}\``,
      edits: [{ start: end - 1, end: end - 1, newText: `, ${text}` }],
    });
    const hasDim = named("dim") || given.length > 1;
    if (hasDim && !named("keepdim")) yield add("keepdim = true");
    if (!hasDim) for (const dim of dims) yield* [add(`${dim}, keepdim = true`), add(dim)];
  }
  for (const spot of site.spots) {
    const { node } = spot;
    const selected =
      node.kind === "indexing" ? node.base : node.kind === "call" ? node.arguments[0]?.value : undefined;
    if (selected === undefined) continue;
    for (const dim of dims) yield* summed(site, spot, selected, dim);
  }
  for (const spot of site.spots) {
    if (spot.node.kind === "number") continue;
    for (const dim of dims) yield* summed(site, spot, spot.node, dim);
    yield candidate(spot, call("sum", textAt(site, spot.node)), `Sum \`${textAt(site, spot.node)}\``);
  }
}

function* summed(site: Spotted, spot: Spot, node: Expression, dim: string): Generator<Candidate> {
  const text = textAt(site, node);
  const title = `Sum \`${text}\` over ${dim}`;
  yield candidate(spot, call("sum", text, dim), title);
  yield candidate(spot, call("sum", text, dim, "keepdim = true"), title);
  if (isLeaf(node))
    yield candidate(spot, call("mean", text, dim), `Take the mean of \`${text}\` over ${dim}`);
}

/** Another number for an argument such as `dim`. */
export function* dimensionCandidates(site: Spotted): Generator<Candidate> {
  for (const { node } of site.spots) {
    if (node.kind !== "call") continue;
    for (const { path, value } of node.arguments) {
      if (path?.name.name !== "dim") continue;
      for (const dim of ["0", "1", "-1", "2"]) {
        const { start, end } = value;
        yield { title: `Write \`dim = ${dim}\``, edits: [{ start, end, newText: dim }] };
      }
    }
  }
}
