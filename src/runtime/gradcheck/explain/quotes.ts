/** How messages write values. Knows nothing of what they say about them. */
import type { Node } from "../../graph";
import type { Expression } from "./expression";
import { ellipsis, printNode } from "./print-node";

/** A value as a message writes it: its name, else its expression. */
export function quoted(node: Node, expression: Expression): string {
  return inQuotes(printNode(node, (each) => expression.nameOf(each)));
}

/** The expression that a value is made by, though it may have a name. */
export function quotedStep(step: Node, expression: Expression): string {
  return inQuotes(printNode(step, (each) => (each === step ? undefined : expression.nameOf(each))));
}

/** Without the places that cannot be shown, or that have been: "`a` stands where `b` belongs in `a`". */
export function tidied(message: string): string {
  return message
    .replaceAll(/ (?:in|at) its expression/gu, "")
    .replaceAll(/(`[^`]+`) (stands where `[^`]+` belongs) in \1/gu, "$1 $2");
}

export function inQuotes(text: string): string {
  return text === ellipsis || text.length > 60 ? "its expression" : `\`${bare(text)}\``;
}

/** Without the parentheses around all of it. */
export function bare(text: string): string {
  return /^\((?:[^()]|\((?:[^()]|\([^()]*\))*\))*\)$/u.test(text) ? text.slice(1, -1) : text;
}
