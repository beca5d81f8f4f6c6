/**
 * Which values of a derivation stand for the gradient at which value of the body, so that a mistake is found where it is made and not
 * where it arrives: by their names, as `dz[2]` is that at `z[2]`, and by their use, as `delta[2]` is that at `z[2]` where the rules made
 * of it are right with that gradient in its place. Knows nothing of what is wrong with them.
 */
import { elementCount, isFloat } from "../../tensor";
import type { Application, Node } from "../../graph";
import type { Expression, Outcome } from "../explain/expression";
import { distance } from "../explain/search";
import { coneOf } from "../measure/cone";
import { familyOf, gradientNames, wordOf } from "./gradient-names";
import type { Naming } from "./naming";
import { reduced, stretchedAxes, type Large, type Oversized } from "./oversized";
import { onesIn } from "./part-candidates";
import type { ApplicationCheck } from "./rule-check";
import type { World } from "./worlds";

export interface MeaningsInput {
  readonly application: Application;
  readonly check: ApplicationCheck;
  readonly worlds: readonly World[];
  readonly named: Naming;
  /** All names of a value, in the order of their definition: `dz = da` gives one value two. */
  readonly namesOf: (node: Node) => readonly string[];
  /** What is written where a node was recorded. */
  readonly writtenAt?: ((node: Node) => string | undefined) | undefined;
  /** With the rules' results as its outcomes. */
  readonly expression: Expression;
  readonly wrong: readonly Outcome[];
}

export interface Meanings {
  /** With a value of its own for each name that stands for another gradient than the value is. */
  readonly expression: Expression;
  /** Outcomes in the order of their making, with the gradients as their truths. */
  readonly inner: readonly Outcome[];
  /** By label, the value of the body that it stands for the gradient at. */
  readonly innerOf: ReadonlyMap<string, Node>;
  /** Values that are larger than what they stand for; in the expression they are summed. */
  readonly oversized: readonly Oversized[];
}

export function meaningsIn(input: MeaningsInput): Meanings {
  const { application, expression } = input;
  if (elementCount(application.result.shape) !== 1)
    return { expression, inner: [], innerOf: new Map(), oversized: [] };
  const large = new Meaning(input).large(labelledIn(input));
  const summed = reduced(expression, large);
  const whole = { ...input, expression: summed.expression };
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
  readonly #body: (readonly [string, Node])[] = [];
  readonly #truths = new Map<Node, readonly Float64Array[]>();
  readonly #atOnes: readonly World["local"][];
  /** What members of families have turned out to be: of `delta[3]`, `z[3]`. */
  readonly #families = new Map<string, string>();
  readonly #innerOf = new Map<string, Node>();
  readonly #inner: Outcome[] = [];
  readonly #aliases: Alias[] = [];
  /** In which values that are wrong and whose meaning is known are put right wherever they are used. */
  #expression: Expression;
  #left = mostTried;

  constructor(input: MeaningsInput) {
    this.#input = input;
    this.#expression = input.expression;
    const { check, worlds, named } = input;
    this.#atOnes = worlds.map((world) => onesIn(check, world));
    for (const [original] of check.body.copied) {
      if (!isFloat(original.dtype)) continue;
      const name = named(original);
      if (name !== undefined) this.#bodyByName.set(name, original);
      this.#body.push([name ?? "", original]);
    }
  }

  /** From those next to the rules backwards: the meaning of a value tells what those are for that it is made of. */
  of(labelled: readonly Labelled[]): Omit<Meanings, "oversized"> {
    for (const { node, names } of [...labelled].reverse()) {
      const isGiven = node.kind === "source";
      const [own, others] = this.#ownName(node, names);
      const isOther = isGiven || this.#isRightAs(own, node) || this.#isUsedByRight(node);
      const meant = this.#byName(own, node);
      if (!isGiven) this.#expression.call(node, own, this.#expression.originalOf(node));
      for (const label of [...others].reverse()) {
        const byName = this.#byName(label, node);
        const isSure = byName !== undefined && meant !== undefined && byName !== meant;
        if (isOther || isSure) this.#lookAtAlias(label, node, names, isSure);
      }
      if (!isGiven) this.#lookAt(own, node);
    }
    return this.#found();
  }

  /** Values that no right rule uses, and that are broadcast from the shape that they should have by their names. */
  large(labelled: readonly Labelled[]): Large[] {
    return labelled.flatMap(({ node, names }): Large[] => {
      if (node.kind === "source" || this.#isUsedByRight(node)) return [];
      for (const label of names) {
        const at = gradientNames(label).flatMap((name) => this.#bodyByName.get(name) ?? [])[0];
        if (at === undefined || stretchedAxes(node.shape, at.shape).length === 0) continue;
        const truths = this.#truthsAt(at);
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
    const truths = at && this.#truthsAt(at);
    if (at === undefined || truths === undefined) return;
    this.#innerOf.set(label, at);
    this.#inner.push({ label, node, truths });
    this.#putRight({ label, node, truths });
  }

  /** Where it is right under its own name, or no gradient at all, it may be wrong under another; it is where both names say so. */
  #lookAtAlias(label: string, node: Node, names: readonly string[], isSure: boolean): void {
    const byName = this.#byName(label, node);
    if (byName !== undefined && this.#isGradient(node, byName)) return;
    const all = this.#usesByWrong(this.#expression, node);
    const uses = new Set([...all].filter((step) => this.#isWrittenWith(label, step, names) !== false));
    if (uses.size === 0) return;
    const at = isSure ? byName : this.#byUse(label, node, uses, byName);
    const truths = at && this.#truthsAt(at);
    if (at === undefined || truths === undefined) return;
    this.#innerOf.set(label, at);
    const meant = isSure ? uses : this.#usesMeant(node, truths, uses);
    const isEvery = isSure && uses.size === all.size;
    const users = isEvery ? undefined : new Set([...meant].map((step) => this.#expression.originalOf(step)));
    this.#aliases.push({ label, node, truths, users });
    this.#expression = withTruth(this.#expression, node, truths, meant) ?? this.#expression;
  }

  /** Whether a step is written with this of a value's names; undefined where that cannot be told. */
  #isWrittenWith(label: string, step: Node, names: readonly string[]): boolean | undefined {
    const original = this.#expression.originalOf(step);
    const text = original && this.#input.writtenAt?.(original);
    if (text === undefined) return undefined;
    const words = new Set(text.match(/[\p{L}_][\p{L}\p{M}\p{N}_']*/gu));
    const written = new Set(names.map(wordOf).filter((word) => words.has(word)));
    return written.size === 1 ? written.has(wordOf(label)) : undefined;
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
    let found = expression.about([...expression.outcomes, ...this.#inner]);
    for (const { label, node, truths, users } of this.#aliases) {
      const alias = expression.record("identity", { x: node });
      const uses = [...this.#usesByWrong(found, node)].filter(
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
    const isUsedByRight = this.#isUsedByRight(node);
    if (byName !== undefined)
      return !isUsedByRight && this.#matters(node, this.#truthsAt(byName)!) ? byName : undefined;
    const equal = this.#candidates(label, node).find(([, at]) => this.#isGradient(node, at))?.[1];
    if (isUsedByRight) return equal;
    const meant = this.#byUse(label, node, new Set(this.#expression.steps));
    return meant === undefined || (equal !== undefined && this.#harms(node, meant)) ? equal : meant;
  }

  #byName(label: string, step: Node): Node | undefined {
    const at = gradientNames(label).flatMap((name) => this.#bodyByName.get(name) ?? [])[0];
    return at !== undefined && isShape(at, step) && this.#truthsAt(at) !== undefined ? at : undefined;
  }

  /** Whether it is the gradient there, and not only because that is zero. */
  #isGradient(step: Node, at: Node): boolean {
    const truths = this.#truthsAt(at);
    if (truths === undefined || truths[0]!.every((x) => x === 0)) return false;
    const outcome = { label: "", node: step, truths };
    return truths.every((_, world) => isRightIn(this.#expression, outcome, world));
  }

  /** By a right rule, and not by way of values that are gradients themselves. */
  #isUsedByRight(node: Node): boolean {
    const known = this.#nodesOf(this.#expression, "inner");
    return coneOf(this.#nodesOf(this.#expression, "right"), new Set(known)).includes(node);
  }

  /** The steps that use a value and that no right rule is made of. */
  #usesByWrong(expression: Expression, node: Node): Set<Node> {
    const byRight = new Set(coneOf(this.#nodesOf(expression, "right")));
    const inputsOf = (step: Node): readonly Node[] => step.inputs;
    return new Set(expression.steps.filter((step) => inputsOf(step).includes(node) && !byRight.has(step)));
  }

  #nodesOf(expression: Expression, which: "right" | "inner"): Node[] {
    const isRule = new Set(this.#input.expression.outcomes.map(({ label }) => label));
    const isWrong = new Set(this.#input.wrong.map(({ label }) => label));
    return expression.outcomes
      .filter(({ label }) =>
        which === "inner" ? !isRule.has(label) : isRule.has(label) && !isWrong.has(label),
      )
      .map(({ node }) => node);
  }

  /** Whether something right that is made of it would be wrong with the gradient at that value in its place. */
  #harms(node: Node, at: Node): boolean {
    const changed = withTruth(this.#expression, node, this.#truthsAt(at)!);
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
    const users = this.#expression.outcomes
      .filter((outcome) => outcome.node !== node && !isRightIn(this.#expression, outcome, 0))
      .filter((outcome) => coneOf([outcome.node]).includes(node))
      .slice(0, mostUsers)
      .map((user) => this.#expression.about([user]));
    if (users.length === 0) return undefined;
    const candidates = byName === undefined ? this.#candidates(label, node) : [["", byName] as const];
    for (const [name, at] of candidates) {
      const truths = this.#truthsAt(at);
      if (truths === undefined || truths[0]!.every((x) => x === 0)) continue;
      if (this.#left-- <= 0) return undefined;
      if (!users.some((user) => isRightEverywhere(withTruth(user, node, truths, steps)))) continue;
      if (name !== "") this.#families.set(familyOf(label), familyOf(name));
      return at;
    }
    return undefined;
  }

  /** Those of the same family as before, then those of the same index, then all others of this shape, those with names first. */
  #candidates(label: string, node: Node): (readonly [string, Node])[] {
    const family = this.#families.get(familyOf(label));
    const index = label.slice(familyOf(label).length);
    const rank = (name: string): number =>
      name === ""
        ? -1
        : 2 * Number(familyOf(name) === family) + Number(index !== "" && name === familyOf(name) + index);
    return this.#body
      .filter(([, at]) => isShape(at, node))
      .reverse()
      .sort(([a], [b]) => rank(b) - rank(a));
  }

  /** What it is made of comes before it, and is recorded as it was. */
  #putRight(outcome: Outcome): void {
    const known = this.#expression.about([...this.#expression.outcomes, outcome]);
    const isRight = isRightIn(known, outcome, 0);
    this.#expression = (isRight ? undefined : withTruth(known, outcome.node, outcome.truths)) ?? known;
  }

  /** The gradient at a value of the body by world, at a cotangent of ones; undefined where there is none. */
  #truthsAt(at: Node): readonly Float64Array[] | undefined {
    const known = this.#truths.get(at);
    const gradient = known === undefined ? this.#input.check.body.gradient(at) : undefined;
    if (gradient === undefined) return known;
    const truths = this.#atOnes.map((values) => Float64Array.from(values(gradient).data));
    this.#truths.set(at, truths);
    return truths;
  }
}

/** Gradients that are tried in the place of values, for all of them together; and outcomes that are looked at for one. */
const mostTried = 600;
const mostUsers = 4;

/** The expression with numbers in the place of a value wherever it is used, or where some steps use it. */
function withTruth(
  expression: Expression,
  node: Node,
  truths: readonly Float64Array[],
  steps: ReadonlySet<Node> = new Set(expression.steps),
): Expression | undefined {
  const values = truths.map((data) => ({ dtype: "float64" as const, shape: node.shape, data }));
  const source = expression.source("", values);
  return expression.with({
    place: { kind: "within", node, steps },
    make: () => source,
  });
}

/** Of an expression with one outcome, where it is live and near it. */
function isRightEverywhere(expression: Expression | undefined): boolean {
  const outcome = expression?.outcomes[0];
  if (expression === undefined || outcome === undefined) return false;
  return outcome.truths.every((_, world) => world > 1 || isRightIn(expression, outcome, world));
}

function isRightIn(expression: Expression, { node, truths }: Outcome, world: number): boolean {
  const value = expression.valueIn(world, node);
  return value !== undefined && distance(value.data, truths[world]!, 1) < 1e-6;
}

function isSame(expression: Expression, a: Node, b: Node): boolean {
  const [x, y] = [expression.valueIn(0, a)?.data, expression.valueIn(0, b)?.data];
  return x !== undefined && y !== undefined && distance(x, y, 1) < 1e-9;
}

function isShape(a: Node, b: Node): boolean {
  return a.shape.length === b.shape.length && a.shape.every((size, axis) => size === b.shape[axis]);
}
