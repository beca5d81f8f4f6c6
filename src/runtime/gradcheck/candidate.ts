/** A hypothesis about what is wrong with a rule: a change of its expression, or other numbers altogether. */
import type { Node } from "../graph";
import type { Edit, Expression, Outcome } from "./expression";
import type { ExplanationKind } from "./outcome";

export interface Candidate {
  readonly kind: ExplanationKind;
  /** Of two that fit equally, the lower is the simpler mistake. */
  readonly rank: number;
  readonly factor: number | null;
  readonly expression: string | null;
  /** What is wrong, as a clause that stands alone: "the sign is wrong". */
  readonly message: string;
  readonly change: Change;
}

export type Change =
  | { readonly how: "edit"; readonly edit: Edit }
  /** What the outcome would be, by world; undefined where the hypothesis does not concern it. */
  | {
      readonly how: "numbers";
      readonly numbers: (outcome: Outcome, world: number) => ArrayLike<number> | undefined;
    };

/** A use of a float node by a step of an expression. */
export interface Use {
  readonly consumer: Expression["steps"][number];
  readonly input: string;
  readonly item: number | undefined;
  readonly operand: Node;
}

export function usesIn(expression: Expression): Use[] {
  return expression.steps.flatMap((consumer) =>
    Object.entries(consumer.operands).flatMap(([input, operand]): Use[] => {
      if (operand === undefined) return [];
      if ("kind" in operand) return [{ consumer, input, item: undefined, operand }];
      return operand.map((node, item) => ({ consumer, input, item, operand: node }));
    }),
  );
}

export function editOf(edit: Edit): Change {
  return { how: "edit", edit };
}
