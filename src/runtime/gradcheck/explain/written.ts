/** Corrections of an expression: its values as a spec writes them. Knows nothing of what is wrong. */
import type { Change, Correction } from "../correction";
import type { ApplyNode, Node } from "../../graph";
import type { Expression } from "./expression";
import { ellipsis, printNode } from "./print-node";
import { bare } from "./quotes";

/** A value by its name, else its expression; null where that cannot be written. */
export function writtenValue(node: Node, expression: Expression): string | null {
  return writable(printNode(node, (each) => expression.nameOf(each)));
}

/** The expression that a value is made by, though it may have a name. */
export function writtenStep(step: Node, expression: Expression): string | null {
  return writable(printNode(step, (each) => (each === step ? undefined : expression.nameOf(each))));
}

/** The same step with another operator or other attributes. */
export function writtenAs(
  step: ApplyNode,
  other: Partial<Pick<ApplyNode, "op" | "attributes" | "operands" | "inputs">>,
  expression: Expression,
): string | null {
  const made = { ...step, ...other };
  return writable(printNode(made, (each) => (each === made ? undefined : expression.nameOf(each))));
}

function writable(text: string): string | null {
  return text.includes(ellipsis) ? null : bare(text);
}

/** At a value, or where it is used in a step; nothing where what is to be written cannot be. */
export function correctionAt(
  { at, within }: { readonly at: string | null; readonly within?: string | null },
  change: Change | undefined,
): readonly Correction[] {
  return change === undefined ? [] : [{ value: null, at, within: within ?? null, ...change }];
}

export function replacedBy(by: string | null, { everywhere = false } = {}): Change | undefined {
  return by === null ? undefined : { how: "replace", by, everywhere };
}
