/** The places in an expression where something else can be written, and writing it there. Knows the tree and nothing of meaning. */
import type { Edit, Expression } from "../../language/syntax";
import { operandStrengths, strengthOf, strengths, within, type Piece } from "./piece";

export interface Spot {
  readonly node: Expression;
  /** How strongly what stands here must bind. */
  readonly needed: number;
  readonly parent: Spot | undefined;
  /** The named argument that it is the value of. */
  readonly argument: string | undefined;
}

/** The expression and all inside of it, outer before inner; brackets themselves and what is inside of an index are left out. */
export function spotsIn(root: Expression): Spot[] {
  return below({ node: root, needed: 0, parent: undefined, argument: undefined });
}

function below(spot: Spot): Spot[] {
  const inner = insideOf(spot).flatMap(below);
  return spot.node.kind === "parenthesized" ? inner : [spot, ...inner];
}

function insideOf(parent: Spot): Spot[] {
  const spot = (node: Expression, needed: number, argument?: string): Spot => ({
    node,
    needed,
    parent,
    argument,
  });
  const { node } = parent;
  switch (node.kind) {
    case "parenthesized":
      return [spot(node.inner, 0, parent.argument)];
    case "binary": {
      const [left, right] = operandStrengths(node.operator);
      return [spot(node.left, left), spot(node.right, right)];
    }
    case "unary":
      return [spot(node.operand, node.operator === "not" ? strengths.not : strengths.sign)];
    case "comparison":
      return node.operands.map((operand) => spot(operand, strengths.sum));
    case "call":
      return node.arguments.map(({ path, value }) => spot(value, 0, path?.name.name));
    case "member":
      return node.name.name === "T" ? [spot(node.base, strengths.postfix)] : [];
    case "indexing":
      return isOfFamily(node) ? [] : [spot(node.base, strengths.postfix)];
    case "list":
      return node.items.map((item) => spot(item, 0));
    case "comprehension":
      return [spot(node.item, 0)];
    default:
      return [];
  }
}

/** Whether what is indexed may be a family, which is no value: whole numbers alone tell nothing, `[:, None]` does. */
function isOfFamily({ base, index }: Extract<Expression, { kind: "indexing" }>): boolean {
  const isName = base.kind === "name" || base.kind === "member" || base.kind === "indexing";
  return isName && index.items.every(({ kind }) => kind === "at");
}

/** The edit that writes a piece in the place of what stands at a spot; brackets come and go as they are needed. */
export function written(spot: Spot, piece: Piece): Edit {
  const { node, needed, parent } = spot;
  if (parent?.node.kind === "parenthesized") {
    const wereNeeded = strengthOf(node) < parent.needed;
    if (wereNeeded && piece.strength >= parent.needed) return written(parent, piece);
    return { start: node.start, end: node.end, newText: piece.text };
  }
  return { start: node.start, end: node.end, newText: within(piece, needed) };
}

/** The text with edits made; undefined where two of them touch the same characters. */
export function edited(text: string, edits: readonly Edit[]): string | undefined {
  let result = text;
  let end = Infinity;
  for (const edit of [...edits].sort((a, b) => b.start - a.start || b.end - a.end)) {
    if (edit.end > end) return undefined;
    result = result.slice(0, edit.start) + edit.newText + result.slice(edit.end);
    end = edit.start;
  }
  return result;
}

/** Whether two expressions are written alike, spaces aside. */
export function isWrittenAlike(text: string, a: Expression, b: Expression): boolean {
  const bare = ({ start, end }: Expression): string => text.slice(start, end).replaceAll(/\s+/gu, "");
  return bare(a) === bare(b);
}
