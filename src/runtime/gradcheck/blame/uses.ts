/** Which steps use a value: those of right rules or of wrong ones, and under which of its names. Knows no values and no gradients. */
import type { Node } from "../../graph";
import type { Expression, Outcome } from "../explain/expression";
import { coneOf } from "../measure/cone";
import { wordOf } from "./gradient-names";

export interface UsesInput {
  /** With the rules' results as its outcomes. */
  readonly expression: Expression;
  readonly wrong: readonly Outcome[];
  /** What is written where a node was recorded. */
  readonly writtenAt?: ((node: Node) => string | undefined) | undefined;
}

/** In the expression that is given to each: whatever has been put right in it, its rules are those of the first. */
export class Uses {
  readonly #isRule: ReadonlySet<string>;
  readonly #isWrong: ReadonlySet<string>;
  readonly #writtenAt: UsesInput["writtenAt"];

  constructor({ expression, wrong, writtenAt }: UsesInput) {
    this.#isRule = new Set(expression.outcomes.map(({ label }) => label));
    this.#isWrong = new Set(wrong.map(({ label }) => label));
    this.#writtenAt = writtenAt;
  }

  /** By a right rule, and not by way of values that are gradients themselves. */
  isByRight(expression: Expression, node: Node): boolean {
    const inner = expression.outcomes.filter(({ label }) => !this.#isRule.has(label));
    return coneOf(this.#right(expression), new Set(inner.map((each) => each.node))).includes(node);
  }

  /** Whether something right uses it under one of its names alone. */
  isByRightAs(label: string, expression: Expression, node: Node, names: readonly string[]): boolean {
    if (names.length < 2) return false;
    const inputsOf = (step: Node): readonly Node[] => step.inputs;
    return coneOf(this.#right(expression)).some(
      (step) =>
        inputsOf(step).includes(node) &&
        this.#isWrittenWith(label, expression.originalOf(step), names) === true,
    );
  }

  /** The steps that use a value and that no right rule is made of. */
  byWrong(expression: Expression, node: Node): Set<Node> {
    const byRight = new Set(coneOf(this.#right(expression)));
    const inputsOf = (step: Node): readonly Node[] => step.inputs;
    return new Set(expression.steps.filter((step) => inputsOf(step).includes(node) && !byRight.has(step)));
  }

  /** Those of them that use it under one of its names. */
  as(label: string, expression: Expression, node: Node, names: readonly string[]): Set<Node> {
    const all = [...this.byWrong(expression, node)];
    return new Set(
      all.filter((step) => this.#isWrittenWith(label, expression.originalOf(step), names) !== false),
    );
  }

  #isWrittenWith(label: string, step: Node | undefined, names: readonly string[]): boolean | undefined {
    return isWrittenWith(label, step && this.#writtenAt?.(step), names);
  }

  #right(expression: Expression): Node[] {
    return expression.outcomes
      .filter(({ label }) => this.#isRule.has(label) && !this.#isWrong.has(label))
      .map(({ node }) => node);
  }
}

/** Whether a step is written with this of a value's names; undefined where that cannot be told. */
export function isWrittenWith(
  label: string,
  text: string | undefined,
  names: readonly string[],
): boolean | undefined {
  if (text === undefined) return undefined;
  const words = new Set(text.match(/[\p{L}_][\p{L}\p{M}\p{N}_']*/gu));
  const written = new Set(names.map(wordOf).filter((word) => words.has(word)));
  return written.size === 1 ? written.has(wordOf(label)) : undefined;
}
