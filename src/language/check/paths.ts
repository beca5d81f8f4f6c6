/** Expressions that only name something: evaluated again they draw nothing and record nothing. */
import type { Expression } from "../syntax";

/** `m`, `m.fc.W`, `M[1].z[l - 1]`. */
export function isPath(expression: Expression): boolean {
  switch (expression.kind) {
    case "name":
      return true;
    case "parenthesized":
      return isPath(expression.inner);
    case "member":
      return isPath(expression.base);
    case "indexing":
      return (
        isPath(expression.base) &&
        expression.index.items.every((item) => item.kind === "at" && isPlain(item.value))
      );
    default:
      return false;
  }
}

/** Numbers and names, and arithmetic of them. */
function isPlain(expression: Expression): boolean {
  switch (expression.kind) {
    case "number":
    case "string":
    case "name":
      return true;
    case "parenthesized":
      return isPlain(expression.inner);
    case "unary":
      return isPlain(expression.operand);
    case "binary":
      return isPlain(expression.left) && isPlain(expression.right);
    default:
      return false;
  }
}
