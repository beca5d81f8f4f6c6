/** Products as they are written, factor by factor. Knows nothing of why one is changed. */
import { parse, type Expression } from "../../language/syntax";
import { atom, binary, pieceOf, type Piece } from "../rewriting";
import { inside, isWrittenSo, textAt, type Site } from "./site";

interface Factor {
  readonly node: Expression;
  readonly isInverse: boolean;
}

/** The factors of a chain of `*` and `/`, brackets around the whole of a part left out. */
function factorsIn(node: Expression, isInverse = false): Factor[] {
  if (node.kind === "parenthesized" && isProduct(node.inner)) return factorsIn(node.inner, isInverse);
  if (!isProduct(node)) return [{ node, isInverse }];
  return [
    ...factorsIn(node.left, isInverse),
    ...factorsIn(node.right, isInverse !== (node.operator === "/")),
  ];
}

function isProduct(node: Expression): node is Extract<Expression, { kind: "binary" }> {
  return node.kind === "binary" && (node.operator === "*" || node.operator === "/");
}

/**
 * A product without the factors that `text` consists of, times `by` where that is given; undefined where they are not all there, or
 * nothing is left.
 */
export function productOf(
  site: Site,
  node: Expression,
  text: string,
  by: Piece | undefined,
  isDivisor: boolean,
): Piece | undefined {
  const left = withoutMeant(site, node, text, isDivisor)?.left;
  if (left === undefined) return undefined;
  let made: Piece | undefined;
  for (const { node: factor, isInverse } of left) {
    const piece = pieceOf(site.text, factor);
    if (made === undefined) made = isInverse ? binary(atom("1"), "/", piece) : piece;
    else made = binary(made, isInverse ? "/" : "*", piece);
  }
  if (by === undefined) return made;
  return made === undefined ? by : binary(made, "*", by);
}

/** Those factors as they are written there: `m.z[l]` of `m.z[1]`. */
export function meantIn(site: Site, node: Expression, text: string): string {
  const taken = withoutMeant(site, node, text, false)?.taken ?? [];
  return taken.map((factor) => textAt(site, factor)).join(" * ");
}

function withoutMeant(
  site: Site,
  node: Expression,
  text: string,
  isDivisor: boolean,
): { readonly left: readonly Factor[]; readonly taken: readonly Expression[] } | undefined {
  const meant = isProduct(node) ? parsed(inside(site, text)) : undefined;
  if (meant === undefined) return undefined;
  const left = factorsIn(node);
  const taken: Expression[] = [];
  for (const { node: factor, isInverse } of factorsIn(meant.root)) {
    const wanted = textAt(meant, factor);
    const at = left.findIndex(
      (each) => each.isInverse === (isInverse !== isDivisor) && isWrittenSo(site, each.node, wanted),
    );
    if (at < 0) return undefined;
    taken.push(...left.splice(at, 1).map((each) => each.node));
  }
  return { left, taken };
}

/** An expression by itself, with the text that its offsets are of; undefined where it is none. */
export function parsed(expression: string): { readonly text: string; readonly root: Expression } | undefined {
  const file = parse(`run r {\n  x = ${expression}\n}\n`);
  const [run] = file.declarations;
  if (file.errors.length > 0 || run?.kind !== "run") return undefined;
  const [statement, more] = run.body.statements;
  if (statement?.kind !== "assignment" || more !== undefined) return undefined;
  const root = statement.value;
  return root.end - root.start === expression.length ? { text: file.text, root } : undefined;
}
