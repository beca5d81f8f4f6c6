/**
 * Which values of a derivation stand for the gradient at which value of the body, so that a mistake is found where it is made and not
 * where it arrives: by their names, as `dz[2]` is that at `z[2]`, and by their use, as `delta[2]` is that at `z[2]` where the rules made
 * of it are right with that gradient in its place. Knows nothing of what is wrong with them.
 */
import { elementCount, isFloat } from "../../tensor";
import type { Application, Node } from "../../graph";
import type { Expression, Outcome } from "../explain/expression";
import { coneOf } from "../measure/cone";
import { familyOf, gradientNames } from "./gradient-names";
import type { Aside } from "./asides";
import type { GradientTruths } from "./gradient-truths";
import {
  isRightEverywhere,
  isRightIn,
  isSame,
  withTruth,
  withTruths,
  type Replacement,
} from "./in-its-place";
import { Kinships, type Kinship } from "./kinship";
import type { Naming } from "./naming";
import { reduced, stretchedAxes, type Large, type Oversized } from "./oversized";
import type { ApplicationCheck } from "./rule-check";
import { Uses } from "./uses";

export interface MeaningsInput {
  readonly application: Application;
  readonly check: ApplicationCheck;
  readonly truths: GradientTruths;
  readonly named: Naming;
  /** All names of a value, in the order of their definition: `dz = da` gives one value two. */
  readonly namesOf: (node: Node) => readonly string[];
  /** What is written where a node was recorded. */
  readonly writtenAt?: ((node: Node) => string | undefined) | undefined;
  /** With the rules' results as its outcomes. */
  readonly expression: Expression;
  readonly wrong: readonly Outcome[];
  /** Gradients that no rule uses, in the expression's graph. */
  readonly asides: readonly Aside[];
}

export interface Meanings {
  /** With a value of its own for each name that stands for another gradient than the value is. */
  readonly expression: Expression;
  /** Outcomes in the order of their making, with the gradients as their truths. */
  readonly inner: readonly Outcome[];
  /** By label, the value of the body that it stands for the gradient at; undefined where it is but a part of one. */
  readonly innerOf: ReadonlyMap<string, Node | undefined>;
  /** Values that are larger than what they stand for; in the expression they are summed. */
  readonly oversized: readonly Oversized[];
}

export function meaningsIn(input: MeaningsInput): Meanings {
  const { application, expression } = input;
  if (elementCount(application.result.shape) !== 1)
    return { expression, inner: [], innerOf: new Map(), oversized: [] };
  const large = new Meaning(input).large(labelledIn(input));
  const summed = reduced(expression, large);
  const asides = summed.oversized.length > 0 ? [] : input.asides;
  const whole = { ...input, expression: summed.expression, asides };
  const isLarge = new Set(summed.oversized.map(({ node }) => node));
  const labelled = labelledIn(whole).filter(({ node }) => !isLarge.has(node));
  return { ...new Meaning(whole).of(labelled), oversized: summed.oversized };
}

function labelledIn({ check, namesOf, expression }: MeaningsInput): Labelled[] {
  const isRule = new Set(check.tests.map(({ rule }) => rule));
  const nodes = new Set([...expression.givens.map(({ node }) => node), ...expression.steps]);
  return [...nodes].flatMap((node): Labelled[] => {
    const original = isFloat(node.dtype) ? expression.originalOf(node) : undefined;
    const names = original === undefined ? [] : namesOf(original).filter((name) => !isRule.has(name));
    return names.length === 0 ? [] : [{ node, names }];
  });
}

interface Labelled {
  readonly node: Node;
  readonly names: readonly string[];
}

/** A value under the name by which it is of a family. */
interface Member extends Omit<Replacement, "truths"> {
  readonly label: string;
}

/** A name that a value has besides its own, and the gradient that it should be under that name. */
interface Alias {
  readonly node: Node;
  readonly label: string;
  readonly truths: readonly Float64Array[];
  /** What uses the value under that name, in the original graph; undefined where all do that are wrong. */
  readonly users: ReadonlySet<Node | undefined> | undefined;
}

class Meaning {
  readonly #input: MeaningsInput;
  readonly #bodyByName = new Map<string, Node>();
  readonly #truths: GradientTruths;
  readonly #kinships: Kinships;
  readonly #uses: Uses;
  /** Families that have been tried as a whole. */
  readonly #triedTogether = new Set<string>();
  #labelled: readonly Labelled[] = [];
  readonly #innerOf = new Map<string, Node | undefined>();
  readonly #inner: Outcome[] = [];
  readonly #aliases: Alias[] = [];
  /** In which values that are wrong and whose meaning is known are put right wherever they are used. */
  #expression: Expression;
  #left = mostTried;

  constructor(input: MeaningsInput) {
    this.#input = input;
    this.#expression = input.expression;
    const { truths, named } = input;
    this.#truths = truths;
    for (const value of this.#truths.values) {
      const name = named(value);
      if (name !== undefined) this.#bodyByName.set(name, value);
    }
    this.#kinships = new Kinships(this.#truths.values, this.#truths.summands, named);
    this.#uses = new Uses(input);
  }

  /** From those next to the rules backwards: the meaning of a value tells what those are for that it is made of. */
  of(labelled: readonly Labelled[]): Omit<Meanings, "oversized"> {
    this.#labelled = labelled;
    for (const { node, names } of [...labelled].reverse()) {
      const isGiven = node.kind === "source";
      const [own, others] = this.#ownName(node, names);
      const isOther = isGiven || this.#isRightAs(own, node) || this.#uses.isByRight(this.#expression, node);
      const meant = this.#byName(own, node) ?? (others.length === 0 ? undefined : this.#byFamily(own, node));
      if (!isGiven) this.#expression.call(node, own, this.#expression.originalOf(node));
      for (const label of [...others].reverse()) {
        const said = this.#byName(label, node) ?? this.#byFamily(label, node);
        const isSure = said !== undefined && said !== meant;
        if (isOther || isSure) this.#lookAtAlias(label, node, names, isSure);
      }
      if (!isGiven) this.#lookAt(own, node);
    }
    return this.#found();
  }

  /** Values that no right rule uses, and that are broadcast from the shape that they should have by their names. */
  large(labelled: readonly Labelled[]): Large[] {
    return labelled.flatMap(({ node, names }): Large[] => {
      if (node.kind === "source" || this.#uses.isByRight(this.#expression, node)) return [];
      for (const label of names) {
        const at = gradientNames(label).flatMap((name) => this.#bodyByName.get(name) ?? [])[0];
        if (at === undefined || stretchedAxes(node.shape, at.shape).length === 0) continue;
        const truths = this.#truths.at(at);
        if (truths !== undefined) return [{ label, node, at, truths }];
      }
      return [];
    });
  }

  /** The first name under which a value is right, else the first that tells something. */
  #ownName(node: Node, names: readonly string[]): readonly [string, readonly string[]] {
    const isTelling = (name: string): boolean => this.#byName(name, node) !== undefined;
    const several = names.length > 1 && node.kind !== "source" ? names : [];
    const own = several.find((name) => this.#isRightAs(name, node)) ?? several.find(isTelling) ?? names[0]!;
    return [own, names.filter((name) => name !== own)];
  }

  #isRightAs(name: string, node: Node): boolean {
    const at = this.#byName(name, node);
    return at !== undefined && this.#isGradient(node, at);
  }

  #lookAt(label: string, node: Node): void {
    const at = this.#meaning(label, node);
    const truths = at && this.#truths.at(at);
    if (at === undefined || truths === undefined) return;
    this.#innerOf.set(label, this.#truths.wholeAt(at));
    this.#inner.push({ label, node, truths });
    this.#putRight({ label, node, truths });
  }

  /** Where it is right under its own name, or no gradient at all, it may be wrong under another; it is where both names say so. */
  #lookAtAlias(label: string, node: Node, names: readonly string[], isSure: boolean): void {
    const byName = this.#byName(label, node);
    if (byName !== undefined && this.#isGradient(node, byName)) return;
    const all = this.#uses.byWrong(this.#expression, node);
    const uses = this.#uses.as(label, this.#expression, node, names);
    if (uses.size === 0) return;
    const at = isSure ? (byName ?? this.#byFamily(label, node)) : this.#byUse(label, node, uses, byName);
    const truths = at && this.#truths.at(at);
    if (at === undefined || truths === undefined) return;
    this.#innerOf.set(label, this.#truths.wholeAt(at));
    const meant = isSure ? uses : this.#usesMeant(node, truths, uses);
    const isEvery = isSure && uses.size === all.size;
    const users = isEvery ? undefined : new Set([...meant].map((step) => this.#expression.originalOf(step)));
    this.#aliases.push({ label, node, truths, users });
    this.#expression = withTruth(this.#expression, node, truths, meant) ?? this.#expression;
  }

  /** Without those steps that mean the value under its own name: more is right where they keep it. */
  #usesMeant(node: Node, truths: readonly Float64Array[], uses: ReadonlySet<Node>): ReadonlySet<Node> {
    const rightWith = (steps: ReadonlySet<Node>): number => {
      const changed = withTruth(this.#expression, node, truths, steps);
      return changed?.outcomes.filter((outcome) => isRightIn(changed, outcome, 0)).length ?? 0;
    };
    let meant = uses;
    for (const step of uses) {
      const fewer = new Set([...meant].filter((each) => each !== step));
      if (fewer.size > 0 && rightWith(fewer) > rightWith(meant)) meant = fewer;
    }
    return meant;
  }

  /** The expression as it is, with a step for each alias. */
  #found(): Omit<Meanings, "oversized"> {
    const { expression } = this.#input;
    const isRule = new Set(expression.outcomes.map(({ label }) => label));
    const asides = this.#input.asides.filter(({ label }) => !this.#innerOf.has(label) && !isRule.has(label));
    for (const { label, at } of asides) this.#innerOf.set(label, at);
    let found = expression.about([...expression.outcomes, ...this.#inner, ...asides]);
    for (const { label, node, truths, users } of this.#aliases) {
      const alias = expression.record("identity", { x: node });
      const uses = [...this.#uses.byWrong(found, node)].filter(
        (step) => users?.has(expression.originalOf(step)) !== false,
      );
      const place = { kind: "within", node, steps: new Set(uses) } as const;
      const changed = alias && found.with({ place, make: () => alias });
      if (alias === undefined || changed === undefined) continue;
      const original = expression.originalOf(node);
      changed.call(alias, label, original);
      found = changed.about([...changed.outcomes, { label, node: alias, truths }]);
    }
    const inner = found.outcomes
      .filter(({ label }) => !isRule.has(label))
      .sort((a, b) => a.node.id - b.node.id);
    const rules = found.outcomes.filter(({ label }) => isRule.has(label));
    return { expression: found.about([...rules, ...inner]), inner, innerOf: this.#innerOf };
  }

  #meaning(label: string, node: Node): Node | undefined {
    const byName = this.#byName(label, node);
    if (byName !== undefined && this.#isGradient(node, byName)) return byName;
    // What right rules use is right in its own way, whatever its name.
    const isUsedByRight = this.#uses.isByRight(this.#expression, node);
    if (byName !== undefined)
      return !isUsedByRight && this.#matters(node, this.#truths.at(byName)!) ? byName : undefined;
    const equal = this.#strangers(label, node).find((at) => this.#isGradient(node, at));
    if (isUsedByRight) return equal;
    const meant = this.#byUse(label, node, new Set(this.#expression.steps));
    return meant === undefined || (equal !== undefined && this.#harms(node, meant)) ? equal : meant;
  }

  #byName(label: string, step: Node): Node | undefined {
    const at = gradientNames(label).flatMap((name) => this.#bodyByName.get(name) ?? [])[0];
    return at !== undefined && isShape(at, step) && this.#truths.at(at) !== undefined ? at : undefined;
  }

  /** Whether it is the gradient there, and not only because that is zero. */
  #isGradient(step: Node, at: Node): boolean {
    const truths = this.#truths.at(at);
    if (truths === undefined || truths[0]!.every((x) => x === 0)) return false;
    const outcome = { label: "", node: step, truths };
    return truths.every((_, world) => isRightIn(this.#expression, outcome, world));
  }

  /** Whether something right that is made of it would be wrong with the gradient at that value in its place. */
  #harms(node: Node, at: Node): boolean {
    const changed = withTruth(this.#expression, node, this.#truths.at(at)!);
    return this.#expression.outcomes.some((outcome, i) => {
      const after = changed?.outcomes[i];
      if (changed === undefined || after === undefined || after.node === outcome.node) return false;
      return isRightIn(this.#expression, outcome, 0) && !isRightIn(changed, after, 0);
    });
  }

  /** Whether anything that is made of it would be another with the gradient in its place: where it would not, conventions differ. */
  #matters(step: Node, truths: readonly Float64Array[]): boolean {
    const changed = withTruth(this.#expression, step, truths);
    return (
      changed === undefined ||
      changed.outcomes.some(({ node }, i) => {
        const before = this.#expression.outcomes[i]!.node;
        return before !== node && !isSame(this.#expression, before, node);
      })
    );
  }

  /** The value whose gradient, in this one's place in some steps, makes a wrong outcome right that is made of it. */
  #byUse(label: string, node: Node, steps: ReadonlySet<Node>, byName?: Node): Node | undefined {
    const kin = byName === undefined ? this.#byFamily(label, node) : undefined;
    if (kin !== undefined) return kin;
    const users = this.#wrongUsers([node]);
    if (users.length === 0) return undefined;
    for (const at of byName === undefined ? this.#strangers(label, node) : [byName]) {
      const truths = this.#truths.at(at);
      if (truths === undefined || this.#truths.isZero(at)) continue;
      if (this.#left-- <= 0) return undefined;
      if (!users.some((user) => isRightEverywhere(withTruth(user, node, truths, steps)))) continue;
      if (byName === undefined) this.#kinships.remember(label, at);
      return at;
    }
    return undefined;
  }

  /** What stands in its turn where others of its family have turned out to stand in theirs. */
  #byFamily(label: string, node: Node): Node | undefined {
    this.#tryTogether(familyOf(label));
    const kin = this.#kinships.kinOf(label);
    return kin !== undefined && isShape(kin, node) ? kin : undefined;
  }

  /** What is wrong and made of some values, what is nearest to them first; each by itself. */
  #wrongUsers(nodes: readonly Node[], most = mostUsers): Expression[] {
    const inner = new Set(this.#inner.map(({ label }) => label));
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

  /**
   * All members of a family at once, each with what stands at one place in its turn: a sum over all turns is right only if every one of
   * them is.
   */
  #tryTogether(family: string): void {
    if (this.#triedTogether.has(family) || this.#kinships.isKnown(family)) return;
    this.#triedTogether.add(family);
    const members = this.#membersOf(family);
    if (members.length < 2) return;
    const users = this.#wrongUsers(
      members.map(({ node }) => node),
      mostOfFamily,
    );
    if (users.length === 0) return;
    let best: { readonly kinship: Kinship; readonly count: number } | undefined;
    for (const kinship of this.#kinships.of(members.map(({ label }) => label))) {
      const replacements = members.flatMap(({ node, steps, label }): Replacement[] => {
        const kin = this.#kinships.kinOf(label, kinship);
        const truths = kin && isShape(kin, node) ? this.#truths.at(kin) : undefined;
        return truths === undefined ? [] : [{ node, truths, steps }];
      });
      if (replacements.length < members.length) continue;
      if (this.#left-- <= 0) break;
      const { length: count } = users.filter((user) => isRightEverywhere(withTruths(user, replacements)));
      if (count > (best?.count ?? 0)) best = { kinship, count };
      if (count === users.length) break;
    }
    if (best !== undefined) this.#kinships.settle(family, best.kinship);
  }

  /** With the steps that use each under that name. */
  #membersOf(family: string): Member[] {
    // Where nothing has arrived yet, as at the last turn, there are zeros.
    const isZero = (node: Node): boolean =>
      this.#expression.valueIn(0, node)?.data.every((x) => x === 0) === true;
    return this.#labelled.flatMap(({ node, names }) =>
      (isZero(node) ? [] : names)
        .filter((label) => familyOf(label) === family && label !== family)
        .flatMap((label): Member[] => {
          if (this.#byName(label, node) !== undefined) return [];
          if (names.length === 1 && node.kind !== "source")
            return this.#uses.isByRight(this.#expression, node) ? [] : [{ label, node, steps: undefined }];
          const steps = this.#uses.as(label, this.#expression, node, names);
          return steps.size === 0 ? [] : [{ label, node, steps }];
        }),
    );
  }

  #strangers(label: string, node: Node): Node[] {
    return this.#kinships.strangers(label).filter((at) => isShape(at, node));
  }

  /** What it is made of comes before it, and is recorded as it was. */
  #putRight(outcome: Outcome): void {
    const known = this.#expression.about([...this.#expression.outcomes, outcome]);
    const isRight = isRightIn(known, outcome, 0);
    this.#expression = (isRight ? undefined : withTruth(known, outcome.node, outcome.truths)) ?? known;
  }
}

/** Gradients that are tried in the place of values, for all of them together; and outcomes that are looked at for one. */
const mostTried = 600;
const mostUsers = 4;
const mostOfFamily = 8;

function isShape(a: Node, b: Node): boolean {
  return a.shape.length === b.shape.length && a.shape.every((size, axis) => size === b.shape[axis]);
}
