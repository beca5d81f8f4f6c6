/** Hypotheses about what moves in a rule, its cotangent or tangent, as a factor that is left out. Knows nothing of other factors. */
import type { Node } from "../../graph";
import { editOf, spotsIn, type Candidate } from "./candidate";
import type { Expression } from "./expression";
import { quoted } from "./quotes";
import type { ValueContext } from "./value-candidates";
import { correctionAt, writtenValue } from "./written";

/** The cotangent or tangent as a factor of what it is no part of. */
export function* missingCotangentCandidates({
  expression,
  moved,
}: Pick<ValueContext, "expression" | "moved">): Generator<Candidate> {
  if (moved === undefined) return;
  for (const { node, place, isResult } of spotsIn(expression)) {
    if (depends(node, moved)) continue;
    const at = isResult ? "" : ` at ${quoted(node, expression)}`;
    const { text, factor } = along(expression, moved, node);
    yield {
      kind: "missing-cotangent",
      rank: isResult ? 2 : 2.1,
      factor: null,
      expression: expression.nameOf(moved) ?? null,
      message: `the factor \`${text}\` is missing${at}`,
      change: editOf({ place, make: (record, x) => record("mul", { x, y: factor }) }),
      corrections: () =>
        correctionAt({ at: isResult ? null : writtenValue(node, expression) }, { how: "multiply", by: text }),
    };
  }
}

/** What moves, along the first dimensions of a value: `u[:, None]`. */
function along(
  expression: Expression,
  moved: Node,
  { shape }: Node,
): { readonly text: string; readonly factor: Node } {
  const name = expression.nameOf(moved) ?? "u";
  const own = moved.shape;
  const isFirst =
    own.length > 0 && shape.length === own.length + 1 && own.every((size, axis) => size === shape[axis]);
  const column = isFirst ? expression.record("unsqueeze", { x: moved }, { dim: own.length }) : undefined;
  return column === undefined
    ? { text: name, factor: moved }
    : { text: `${name}[${":, ".repeat(own.length)}None]`, factor: column };
}

/** Whether a step's value is made of the cotangent or tangent. */
export function depends(node: Node, moved: Node): boolean {
  const reached = new Set<Node>([node]);
  for (const each of reached) {
    if (each === moved) return true;
    for (const input of each.inputs) reached.add(input);
  }
  return false;
}
