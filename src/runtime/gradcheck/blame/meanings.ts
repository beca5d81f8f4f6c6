/**
 * Which values of a derivation stand for the gradient at which value of the body, so that a mistake is found where it is made and not
 * where it arrives: by their names, as `dz[2]` is that at `z[2]`, and by their use, as `delta[2]` is that at `z[2]` where the rules made
 * of it are right with that gradient in its place. Knows nothing of what is wrong with them.
 */
import { elementCount, isFloat } from "../../tensor";
import type { Application, Node } from "../../graph";
import type { Expression, Outcome } from "../explain/expression";
import type { Sizes } from "../explain/sizes";
import type { Aside } from "./asides";
import { scaleOf } from "./conventions";
import { FamilyMeanings } from "./family-meanings";
import { isRightEverywhere, isRightIn, withTruth } from "./in-its-place";
import { reduced, stretchedAxes, type Large, type Oversized } from "./oversized";
import { Reading, type Labelled, type ReadingInput } from "./reading";
import type { ApplicationCheck } from "./rule-check";

export interface MeaningsInput extends ReadingInput {
  readonly application: Application;
  readonly check: ApplicationCheck;
  readonly sizes: Sizes;
  /** All names of a value, in the order of their definition: `dz = da` gives one value two. */
  readonly namesOf: (node: Node) => readonly string[];
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
  const { truths, check, sizes } = input;
  const inputs = new Set(check.tests.map((test) => test.input));
  const labels = labelledIn(input);
  const reading = new Reading(input, labels);
  truths.scaleBy(scaleOf({ expression, labelled: labels, reading, inputs, sizes }));
  const large = new Meaning(input, []).large(labels);
  const summed = reduced(expression, large);
  const asides =
    summed.oversized.length > 0 || truths.scale !== 1
      ? input.asides.filter(({ at }) => summed.oversized.length === 0 && inputs.has(at))
      : input.asides;
  const whole = { ...input, expression: summed.expression, asides };
  const isLarge = new Set(summed.oversized.map(({ node }) => node));
  const labelled = labelledIn(whole).filter(({ node }) => !isLarge.has(node));
  return { ...new Meaning(whole, labelled).of(labelled), oversized: summed.oversized };
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

/** A name that a value has besides its own, and the gradient that it should be under that name. */
interface Alias {
  readonly node: Node;
  readonly label: string;
  readonly truths: readonly Float64Array[];
  /** What uses the value under that name, in the original graph; undefined where all do that are wrong. */
  readonly users: ReadonlySet<Node | undefined> | undefined;
}

interface Agreed {
  readonly at: Node;
  /** The first, and those that say something else. */
  readonly names: readonly [string, readonly string[]];
}

class Meaning {
  readonly #input: MeaningsInput;
  readonly #reading: Reading;
  readonly #families: FamilyMeanings;
  readonly #innerOf = new Map<string, Node | undefined>();
  readonly #aliases: Alias[] = [];

  constructor(input: MeaningsInput, labelled: readonly Labelled[]) {
    this.#input = input;
    this.#reading = new Reading(input, labelled);
    this.#families = new FamilyMeanings(this.#reading, labelled, input.named);
  }

  /** From those next to the rules backwards: the meaning of a value tells what those are for that it is made of. */
  of(labelled: readonly Labelled[]): Omit<Meanings, "oversized"> {
    for (const { node, names } of [...labelled].reverse()) {
      if (node.kind === "source") this.#lookAtGiven(node, names);
      else this.#lookAtStep(node, names);
    }
    return this.#found();
  }

  #lookAtGiven(node: Node, names: readonly string[]): void {
    const [own, ...others] = names;
    const meant = own && this.#said(own, node);
    for (const label of others.reverse()) {
      const said = this.#said(label, node);
      this.#lookAtAlias(label, node, names, said !== undefined && said !== meant);
    }
  }

  #lookAtStep(node: Node, names: readonly string[]): void {
    const reading = this.#reading;
    const agreed = this.#agreed(node, names);
    const [own, others] = agreed?.names ?? this.#withoutAlias(node, names, this.#ownName(node, names));
    reading.expression.call(node, own, reading.expression.originalOf(node));
    const isOther =
      reading.isRightAs(own, node) ||
      reading.isByRight(node) ||
      this.#isByRightAs(own, node, names) ||
      (others.length > 0 && this.#isSomeGradient(own, node));
    const meant = agreed?.at ?? (others.length === 0 ? undefined : this.#said(own, node));
    for (const label of [...others].reverse()) {
      const said = this.#said(label, node);
      const isSure = said !== undefined && said !== meant;
      if (isOther || isSure) this.#lookAtAlias(label, node, names, isSure);
    }
    // What is put right under another name is made of it.
    const isMade = this.#aliases.some((alias) => alias.node === node) && !this.#isByRightAs(own, node, names);
    const at = agreed?.at ?? this.#meaning(own, node) ?? (isMade ? meant : undefined);
    if (at !== undefined) this.#note(own, node, at);
  }

  /** Whether a value whose name tells nothing is right: `eP = eQ` is wrong where `eQ` is the gradient at Q. */
  #isSomeGradient(label: string, node: Node): boolean {
    if (this.#reading.byName(label, node) !== undefined) return false;
    return this.#families.strangers(label, node).some((at) => this.#reading.isGradient(node, at));
  }

  /** What a name is the gradient at by what it says, or by what its family is. */
  #said(label: string, node: Node): Node | undefined {
    return this.#reading.byName(label, node) ?? this.#families.kinOf(label, node);
  }

  /** Values that no right rule uses, and that are broadcast from the shape that they should have by their names. */
  large(labelled: readonly Labelled[]): Large[] {
    return labelled.flatMap(({ node, names }): Large[] => {
      if (node.kind === "source" || this.#reading.isByRight(node)) return [];
      for (const label of names) {
        const at = this.#reading.saidBy(label);
        if (at === undefined || stretchedAxes(node.shape, at.shape).length === 0) continue;
        const truths = this.#reading.truths.at(at);
        if (truths !== undefined) return [{ label, node, at, truths }];
      }
      return [];
    });
  }

  /** The first name under which a value is right or rightly used, else the first that tells something. */
  #ownName(node: Node, names: readonly string[]): readonly [string, readonly string[]] {
    const isTelling = (name: string): boolean => this.#reading.byName(name, node) !== undefined;
    const several = names.length > 1 ? names : [];
    const own =
      several.find((name) => this.#reading.isRightAs(name, node)) ??
      several.find((name) => this.#isByRightAs(name, node, names)) ??
      several.find(isTelling) ??
      names[0]!;
    return [own, names.filter((name) => name !== own)];
  }

  /** The first name, where more is right if what uses the value under that is left as it is. */
  #withoutAlias(
    node: Node,
    names: readonly string[],
    [own, others]: readonly [string, readonly string[]],
  ): readonly [string, readonly string[]] {
    const [first] = names;
    const said = first === own ? undefined : this.#said(own, node);
    const truths = said && this.#reading.truths.at(said);
    if (first === undefined || truths === undefined) return [own, others];
    const { uses, expression } = this.#reading;
    const under = (name: string): ReadonlySet<Node> => uses.as(name, expression, node, names);
    const all = new Set(names.flatMap((name) => [...under(name)]));
    const isAlias = this.#rightWith(node, truths, under(own)) > this.#rightWith(node, truths, all);
    return isAlias ? [first, names.filter((name) => name !== first)] : [own, others];
  }

  /** How much is right with a gradient in the place of a value in some steps. */
  #rightWith(node: Node, truths: readonly Float64Array[], steps: ReadonlySet<Node>): number {
    const changed = withTruth(this.#reading.expression, node, truths, steps);
    return changed?.outcomes.filter((outcome) => isRightIn(changed, outcome, 0)).length ?? 0;
  }

  /** Whether something right uses a value under one of its names. */
  #isByRightAs(name: string, node: Node, names: readonly string[]): boolean {
    return this.#reading.uses.isByRightAs(name, this.#reading.expression, node, names);
  }

  /**
   * What a value is meant as that is wrong, and wrong in one way, under several of its names: then the first of them is what is wrong, and
   * the others are made of it. With that name, and those by which it is meant as something else.
   */
  #agreed(node: Node, names: readonly string[]): Agreed | undefined {
    const [first] = names;
    if (first === undefined || names.length < 2 || this.#reading.isByRight(node)) return undefined;
    const said = new Map(names.map((name) => [name, this.#said(name, node)]));
    const isSame = (a: Node | undefined, b: Node | undefined): boolean =>
      a !== undefined && b !== undefined && (a === b || this.#reading.isSameTruth(a, b));
    const at = [...said.values()].find(
      (each) => [...said.values()].filter((other) => isSame(each, other)).length > 1,
    );
    const own = said.get(first);
    if (at === undefined || (own !== undefined && !isSame(own, at))) return undefined;
    if ([...said.values()].some((each) => each !== undefined && this.#reading.isGradient(node, each)))
      return undefined;
    const others = names.filter((name) => name !== first && !isSame(said.get(name), at));
    return { at, names: [first, others] };
  }

  #note(label: string, node: Node, at: Node): void {
    const { truths: all } = this.#reading;
    const truths = all.at(at);
    if (truths === undefined) return;
    this.#innerOf.set(label, all.wholeAt(at));
    this.#reading.note({ label, node, truths });
  }

  /** Where it is right under its own name, or no gradient at all, it may be wrong under another; it is where both names say so. */
  #lookAtAlias(label: string, node: Node, names: readonly string[], isSure: boolean): void {
    const reading = this.#reading;
    const byName = reading.byName(label, node);
    if (byName !== undefined && reading.isGradient(node, byName)) return;
    if (this.#isByRightAs(label, node, names)) return;
    const all = reading.uses.byWrong(reading.expression, node);
    const uses = reading.uses.as(label, reading.expression, node, names);
    if (uses.size === 0) return;
    const at = isSure
      ? (byName ?? this.#families.kinOf(label, node))
      : this.#byUse(label, node, uses, byName);
    const truths = at && reading.truths.at(at);
    if (at === undefined || truths === undefined) return;
    this.#innerOf.set(label, reading.truths.wholeAt(at));
    const meant = isSure ? uses : this.#usesMeant(node, truths, uses);
    const isEvery = isSure && uses.size === all.size;
    const users = isEvery
      ? undefined
      : new Set([...meant].map((step) => reading.expression.originalOf(step)));
    this.#aliases.push({ label, node, truths, users });
    reading.putRight(node, truths, meant);
  }

  /** Without those steps that mean the value under its own name: more is right where they keep it. */
  #usesMeant(node: Node, truths: readonly Float64Array[], uses: ReadonlySet<Node>): ReadonlySet<Node> {
    const rightWith = (steps: ReadonlySet<Node>): number => this.#rightWith(node, truths, steps);
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
    let found = expression.about([...expression.outcomes, ...this.#reading.inner, ...asides]);
    for (const { label, node, truths, users } of this.#aliases) {
      const alias = expression.record("identity", { x: node });
      const uses = [...this.#reading.uses.byWrong(found, node)].filter(
        (step) => users?.has(expression.originalOf(step)) !== false,
      );
      const place = { kind: "within", node, steps: new Set(uses) } as const;
      const changed = alias && found.with({ place, make: () => alias });
      if (alias === undefined || changed === undefined) continue;
      const original = expression.originalOf(node);
      changed.call(alias, label, original);
      found = changed.about([...changed.outcomes, { label, node: alias, truths }]);
    }
    // As they are written: what does not use another, though it should, comes after it.
    const madeAt = ({ node }: Outcome): number => found.originalOf(node)?.id ?? node.id;
    const inner = found.outcomes
      .filter(({ label }) => !isRule.has(label))
      .sort((a, b) => madeAt(a) - madeAt(b) || a.node.id - b.node.id);
    const rules = found.outcomes.filter(({ label }) => isRule.has(label));
    return { expression: found.about([...rules, ...inner]), inner, innerOf: this.#innerOf };
  }

  #meaning(label: string, node: Node): Node | undefined {
    const reading = this.#reading;
    const byName = reading.byName(label, node);
    if (byName !== undefined && reading.isGradient(node, byName)) return byName;
    // What right rules use is right in its own way, whatever its name.
    const isUsedByRight = reading.isByRight(node);
    if (byName !== undefined) {
      if (isUsedByRight || !reading.matters(node, reading.truths.at(byName)!)) return undefined;
      return this.#families.inwardOf(label, byName) ?? byName;
    }
    const equal = this.#families.strangers(label, node).find((at) => reading.isGradient(node, at));
    if (isUsedByRight || reading.isRightElsewhere(label, node)) return equal;
    const meant = this.#byUse(label, node, new Set(reading.expression.steps));
    return meant === undefined || (equal !== undefined && reading.harms(node, meant)) ? equal : meant;
  }

  /** The value whose gradient, in this one's place in some steps, makes a wrong outcome right that is made of it. */
  #byUse(label: string, node: Node, steps: ReadonlySet<Node>, byName?: Node): Node | undefined {
    const kin = byName === undefined ? this.#families.kinOf(label, node) : undefined;
    if (kin !== undefined) return kin;
    const users = this.#reading.wrongUsers([node], mostUsers);
    if (users.length === 0) return undefined;
    for (const at of byName === undefined ? this.#families.strangers(label, node) : [byName]) {
      const truths = this.#reading.truths.at(at);
      if (truths === undefined || this.#reading.truths.isZero(at)) continue;
      if (!this.#reading.mayTry()) return undefined;
      if (!users.some((user) => isRightEverywhere(withTruth(user, node, truths, steps)))) continue;
      if (byName === undefined) this.#families.remember(label, at);
      return at;
    }
    return undefined;
  }
}

/** Outcomes that are looked at for one value. */
const mostUsers = 4;
