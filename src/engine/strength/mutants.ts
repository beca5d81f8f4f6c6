/** Mistakes planted in one expression, each a change of its text. Knows the tree and nothing of meaning. */
import type { Edit, Expression } from "../../language/syntax";
import type { MutantKind } from "../../protocol";
import {
  binary,
  atom,
  negated,
  pieceOf,
  spotsIn,
  transposed,
  written,
  type Piece,
  type Spot,
} from "../rewriting";

export interface Mutant {
  readonly kind: MutantKind;
  /** What was done: "`W.T` without its transpose". */
  readonly title: string;
  readonly edit: Edit;
}

/** The ones that people make first: signs, transposes, factors, terms; at most `limit`. */
export function mutantsOf(text: string, root: Expression, limit: number): Mutant[] {
  const spots = spotsIn(root).filter(
    ({ argument, node }) => argument === undefined && node.kind !== "string",
  );
  const seen = new Set<string>();
  const mutants: Mutant[] = [];
  for (const mutant of all({ text, spots, piece: (node) => pieceOf(text, node) })) {
    const key = JSON.stringify(mutant.edit);
    if (seen.has(key)) continue;
    seen.add(key);
    mutants.push(mutant);
    if (mutants.length >= limit) break;
  }
  return mutants;
}

interface Source {
  readonly text: string;
  readonly spots: readonly Spot[];
  readonly piece: (node: Expression) => Piece;
}

function* all(source: Source): Generator<Mutant> {
  yield* transposes(source);
  yield* factors(source);
  yield* terms(source);
  yield* reductions(source);
  yield* wholes(source);
  yield* constants(source);
  yield* addedTransposes(source);
}

function mutant(kind: MutantKind, title: string, spot: Spot, piece: Piece): Mutant {
  return { kind, title, edit: written(spot, piece) };
}

function* transposes({ spots, piece }: Source): Generator<Mutant> {
  for (const spot of spots)
    if (isTransposed(spot.node))
      yield mutant(
        "transpose",
        `\`${piece(spot.node).text}\` without its transpose`,
        spot,
        piece(spot.node.base),
      );
}

function* addedTransposes({ spots, piece }: Source): Generator<Mutant> {
  for (const spot of spots) {
    const { kind } = spot.node;
    if (isTransposed(spot.parent?.node) || isTransposed(spot.node)) continue;
    if (kind !== "name" && kind !== "member" && kind !== "indexing") continue;
    yield mutant("transpose", `\`${piece(spot.node).text}\` transposed`, spot, transposed(piece(spot.node)));
  }
}

function isTransposed(node: Expression | undefined): node is Extract<Expression, { kind: "member" }> {
  return node?.kind === "member" && node.name.name === "T";
}

/** A factor dropped, f′ among them. */
function* factors({ spots, piece }: Source): Generator<Mutant> {
  for (const spot of spots) {
    const { node } = spot;
    if (node.kind !== "binary" || (node.operator !== "*" && node.operator !== "/")) continue;
    const [left, right] = [piece(node.left), piece(node.right)];
    const verb = node.operator === "*" ? "the factor" : "the division by";
    yield mutant("factor", `${verb} \`${right.text}\` left out`, spot, left);
    if (node.operator === "*") yield mutant("factor", `the factor \`${left.text}\` left out`, spot, right);
  }
}

function* terms({ text, spots, piece }: Source): Generator<Mutant> {
  for (const spot of spots) {
    const { node } = spot;
    if (node.kind !== "binary" || (node.operator !== "+" && node.operator !== "-")) continue;
    const other = node.operator === "+" ? "-" : "+";
    const own = text.slice(node.start, node.end);
    yield {
      kind: "sign",
      title: `\`${other}\` for \`${node.operator}\` in \`${own}\``,
      edit: { ...node.operatorSpan, newText: other },
    };
    const [left, right] = [piece(node.left), piece(node.right)];
    yield mutant("term", `the term \`${right.text}\` left out`, spot, left);
    const kept = node.operator === "+" ? right : negated(right);
    yield mutant("term", `the term \`${left.text}\` left out`, spot, kept);
  }
}

function* reductions({ spots }: Source): Generator<Mutant> {
  for (const { node } of spots) {
    if (node.kind !== "call" || node.callee.kind !== "name") continue;
    const other = { sum: "mean", mean: "sum" }[node.callee.name];
    if (other === undefined) continue;
    const { start, end, name } = node.callee;
    yield { kind: "reduction", title: `\`${other}\` for \`${name}\``, edit: { start, end, newText: other } };
  }
}

function* wholes({ spots, piece }: Source): Generator<Mutant> {
  const [whole] = spots;
  if (whole === undefined) return;
  const own = piece(whole.node);
  const { node } = whole;
  const signless = node.kind === "unary" && node.operator === "-" ? piece(node.operand) : negated(own);
  if (!own.text.startsWith("-") || node.kind === "unary")
    yield mutant("sign", "the other sign of the whole", whole, signless);
  yield mutant("factor", "twice the whole", whole, binary(atom("2"), "*", own));
}

/** Another number where one stands. */
function* constants({ spots }: Source): Generator<Mutant> {
  for (const spot of spots) {
    const { node, parent } = spot;
    if (node.kind !== "number" || parent?.node.kind !== "binary") continue;
    const text = String(node.value === 2 ? 1 : node.value * 2);
    yield mutant("factor", `${text} for ${String(node.value)}`, spot, atom(text));
  }
}
