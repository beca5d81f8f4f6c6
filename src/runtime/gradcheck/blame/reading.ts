/**
 * A derivation as far as it has been read: its values by their names, and what is right in it with gradients in the places of values that
 * are known to be wrong. Owns that expression; knows nothing of how a value's meaning is found.
 */
import { elementCount } from "../../tensor";
import type { Node } from "../../graph";
import type { Expression, Outcome } from "../explain/expression";
import { distance } from "../explain/search";
import { coneOf } from "../measure/cone";
import { familyOf, gradientNames } from "./gradient-names";
import type { GradientTruths } from "./gradient-truths";
import { isRightIn, isSame, withTruth, withTruths, type Replacement } from "./in-its-place";
import type { Naming } from "./naming";
import { Uses, type UsesInput } from "./uses";

export interface Labelled {
  readonly node: Node;
  /** In the order of their definition. */
  readonly names: readonly string[];
}

export interface ReadingInput extends UsesInput {
  readonly truths: GradientTruths;
  readonly named: Naming;
}

export class Reading {
  readonly truths: GradientTruths;
  readonly uses: Uses;
  readonly inner: Outcome[] = [];
  readonly #bodyByName = new Map<string, Node>();
  readonly #othersByName = new Map<string, Node>();
  readonly #named: Naming;
  #expression: Expression;
  #left = mostTried;

  readonly #labelled: readonly Labelled[];
  readonly #passedOn = new Map<string, boolean>();

  constructor(input: ReadingInput, labelled: readonly Labelled[]) {
    this.#labelled = labelled;
    this.#expression = input.expression;
    this.truths = input.truths;
    this.uses = new Uses(input);
    this.#named = input.named;
    for (const value of this.truths.values) {
      const name = input.named(value);
      if (name !== undefined) this.#bodyByName.set(name, value);
    }
    for (const value of this.truths.others) {
      const name = input.named(value);
      if (name !== undefined) this.#othersByName.set(name, value);
    }
  }

  /** In which values that are wrong and whose meaning is known are put right wherever they are used. */
  get expression(): Expression {
    return this.#expression;
  }

  /** Whether one more gradient may be tried in the place of a value. */
  mayTry(): boolean {
    return this.#left-- > 0;
  }

  /** The value of the body that a name is the gradient at by what it says. */
  saidBy(label: string): Node | undefined {
    return gradientNames(label).flatMap((name) => this.#bodyByName.get(name) ?? [])[0];
  }

  /** The same where it has the shape. */
  byName(label: string, step: Node): Node | undefined {
    const at = this.saidBy(label);
    if (at === undefined || !isShape(at, step) || this.truths.at(at) === undefined) return undefined;
    return this.#isPassedOn(familyOf(label)) ? undefined : at;
  }

  /**
   * Whether a family of values is made of what the gradients are already that its names say: `ds[t]`, of `dh[t]` which is the gradient at
   * `s[t]`, is what goes on to the turn before; and so is `dh[t]`, of `da[t]` which is the gradient at what `tanh` is applied to in `h[t]`.
   */
  #isPassedOn(family: string): boolean {
    const known = this.#passedOn.get(family);
    if (known !== undefined) return known;
    this.#passedOn.set(family, false);
    const members = this.#labelled.flatMap(({ node, names }) => {
      const label = names.find((name) => name !== family && familyOf(name) === family);
      const at = label === undefined || node.kind === "source" ? undefined : this.saidBy(label);
      return at === undefined || !isShape(at, node) ? [] : [{ node, at }];
    });
    const isCalledRight = members.some(({ node, at }) => this.isGradient(node, at));
    const isPassedOn = members.some(({ node, at }) => {
      if (this.isGradient(node, at)) return false;
      const below = new Set<Node>(coneOf([node]));
      const argument = isCalledRight ? undefined : this.argumentOf(at);
      return this.#labelled.some(
        (other) =>
          other.node !== node &&
          below.has(other.node) &&
          isShape(at, other.node) &&
          other.names.every((name) => familyOf(name) !== family) &&
          other.names.some((name) => familyOf(name) !== name) &&
          (this.#isGradientAlone(other.node, at) ||
            (argument !== undefined && this.#isGradientAlone(other.node, argument))),
      );
    });
    this.#passedOn.set(family, isPassedOn);
    return isPassedOn;
  }

  /** What a function of one argument is applied to, where that has no name: its gradient may go by the name of the function's value. */
  argumentOf(at: Node): Node | undefined {
    if (at.kind === "source" || at.op.elementwise === undefined || linear.has(at.op.name)) return undefined;
    const [argument, other] = at.inputs.filter(({ shape }) => elementCount(shape) > 1);
    if (argument?.kind !== "apply" || other !== undefined || !isShape(argument, at)) return undefined;
    return this.#named(argument) === undefined ? argument : undefined;
  }

  /** Whether it is, or would be if what it is made of were right. */
  #isGradientAlone(node: Node, at: Node): boolean {
    if (this.isGradient(node, at)) return true;
    if (!this.mayTry()) return false;
    const alone = this.alone(node, this.#labelled);
    return alone !== node && this.isGradient(alone, at);
  }

  /** Whether it is the gradient there, and not only because that is zero. */
  isGradient(step: Node, at: Node): boolean {
    const truths = this.truths.at(at);
    if (truths === undefined || truths[0]!.every((x) => x === 0)) return false;
    const outcome = { label: "", node: step, truths };
    return truths.every((_, world) => isRightIn(this.#expression, outcome, world));
  }

  /** What a value would be if the gradients were right that it is made of, as far as their names tell. */
  alone(node: Node, labelled: readonly Labelled[]): Node {
    const below = new Set<Node>(coneOf([node]));
    const replacements = labelled.flatMap((each): Replacement[] => {
      if (each.node === node || !below.has(each.node)) return [];
      const name = each.names.find((name) => this.byName(name, each.node) !== undefined);
      const truths = name === undefined ? undefined : this.truths.at(this.byName(name, each.node)!);
      if (name === undefined || truths === undefined) return [];
      // A value of the body is one under that name alone.
      const isGiven = each.node.kind === "source";
      const steps = isGiven ? this.uses.as(name, this.#expression, each.node, each.names) : undefined;
      return steps?.size === 0 ? [] : [{ node: each.node, truths, steps }];
    });
    const part = this.#expression.about([{ label: "", node, truths: [] }]);
    return withTruths(part, replacements)?.outcomes[0]?.node ?? node;
  }

  /** Whether it is the gradient that its name says, at a value that no rule is about. */
  isRightElsewhere(label: string, node: Node): boolean {
    const at = gradientNames(label).flatMap((name) => this.#othersByName.get(name) ?? [])[0];
    return at !== undefined && isShape(at, node) && this.isGradient(node, at);
  }

  isRightAs(name: string, node: Node): boolean {
    const at = this.byName(name, node);
    return at !== undefined && this.isGradient(node, at);
  }

  isSameTruth(a: Node, b: Node): boolean {
    const [one, other] = [this.truths.at(a), this.truths.at(b)];
    return (
      one !== undefined && other !== undefined && one.every((truth, world) => isClose(truth, other[world]!))
    );
  }

  isByRight(node: Node): boolean {
    return this.uses.isByRight(this.#expression, node);
  }

  isZero(node: Node): boolean {
    return this.#expression.valueIn(0, node)?.data.every((x) => x === 0) === true;
  }

  /** Whether something right that is made of it would be wrong with the gradient at that value in its place. */
  harms(node: Node, at: Node): boolean {
    const changed = withTruth(this.#expression, node, this.truths.at(at)!);
    return this.#expression.outcomes.some((outcome, i) => {
      const after = changed?.outcomes[i];
      if (changed === undefined || after === undefined || after.node === outcome.node) return false;
      return isRightIn(this.#expression, outcome, 0) && !isRightIn(changed, after, 0);
    });
  }

  /** Whether anything that is made of it would be another with the gradient in its place: where it would not, conventions differ. */
  matters(step: Node, truths: readonly Float64Array[]): boolean {
    const changed = withTruth(this.#expression, step, truths);
    return (
      changed === undefined ||
      changed.outcomes.some(({ node }, i) => {
        const before = this.#expression.outcomes[i]!.node;
        return before !== node && !isSame(this.#expression, before, node);
      })
    );
  }

  /** What is wrong and made of some values, what is nearest to them first; each by itself. */
  wrongUsers(nodes: readonly Node[], most: number): Expression[] {
    const inner = new Set(this.inner.map(({ label }) => label));
    const { outcomes } = this.#expression;
    const nearest = [
      ...outcomes.filter(({ label }) => inner.has(label)).reverse(),
      ...outcomes.filter(({ label }) => !inner.has(label)),
    ];
    return nearest
      .filter((outcome) => !nodes.includes(outcome.node) && !isRightIn(this.#expression, outcome, 0))
      .filter((outcome) => {
        const cone = new Set<Node>(coneOf([outcome.node]));
        return nodes.some((node) => cone.has(node));
      })
      .slice(0, most)
      .map((user) => this.#expression.about([user]));
  }

  /** A value whose meaning is known. What it is made of comes before it, and is recorded as it was. */
  note(outcome: Outcome): void {
    this.inner.push(outcome);
    const known = this.#expression.about([...this.#expression.outcomes, outcome]);
    const isRight = isRightIn(known, outcome, 0);
    this.#expression = (isRight ? undefined : withTruth(known, outcome.node, outcome.truths)) ?? known;
  }

  /** The gradient in the place of a value where some steps use it. */
  putRight(node: Node, truths: readonly Float64Array[], steps: ReadonlySet<Node>): void {
    this.#expression = withTruth(this.#expression, node, truths, steps) ?? this.#expression;
  }
}

const linear: ReadonlySet<string> = new Set("add sub mul div neg identity cast expand where".split(" "));

/** Gradients that are tried in the places of values, for all of them together. */
const mostTried = 600;

function isClose(a: Float64Array, b: Float64Array): boolean {
  return a.length === b.length && distance(a, b, 1) < 1e-9;
}

export function isShape(a: Node, b: Node): boolean {
  return a.shape.length === b.shape.length && a.shape.every((size, axis) => size === b.shape[axis]);
}
