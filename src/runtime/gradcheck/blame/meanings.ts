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
import type { Naming } from "./naming";
import { onesIn } from "./part-candidates";
import type { ApplicationCheck } from "./rule-check";
import type { World } from "./worlds";

export interface MeaningsInput {
  readonly application: Application;
  readonly check: ApplicationCheck;
  readonly worlds: readonly World[];
  readonly named: Naming;
  /** With the rules' results as its outcomes. */
  readonly expression: Expression;
  readonly wrong: readonly Outcome[];
}

export interface Meanings {
  /** Outcomes in the order of their making, with the gradients as their truths. */
  readonly inner: readonly Outcome[];
  /** By label, the value of the body that it stands for the gradient at. */
  readonly innerOf: ReadonlyMap<string, Node>;
}

/** Of values that no right rule uses: what right rules use is right in its own way, whatever its name. */
export function meaningsIn(input: MeaningsInput): Meanings {
  const { application, check, named, expression, wrong } = input;
  if (elementCount(application.result.shape) !== 1) return { inner: [], innerOf: new Map() };
  const right = expression.outcomes.filter((outcome) => !wrong.includes(outcome));
  const usedByRight = new Set(coneOf(right.map(({ node }) => node)));
  const labelled = expression.steps.flatMap((step): Labelled[] => {
    const original = expression.originalOf(step);
    const label = original && named(original);
    if (label === undefined || usedByRight.has(step) || check.tests.some(({ rule }) => rule === label))
      return [];
    return [{ step, label }];
  });
  return new Meaning(input).of(labelled);
}

interface Labelled {
  readonly step: Node;
  readonly label: string;
}

class Meaning {
  readonly #input: MeaningsInput;
  readonly #bodyByName = new Map<string, Node>();
  readonly #truths = new Map<Node, readonly Float64Array[]>();
  readonly #atOnes: readonly World["local"][];
  /** What members of families have turned out to be: of `delta[3]`, `z[3]`. */
  readonly #families = new Map<string, string>();
  /** In which values that are wrong and whose meaning is known are put right wherever they are used. */
  #expression: Expression;
  #left = mostTried;

  constructor(input: MeaningsInput) {
    this.#input = input;
    this.#expression = input.expression;
    const { check, worlds, named } = input;
    this.#atOnes = worlds.map((world) => onesIn(check, world));
    for (const [original] of check.body.copied) {
      const name = named(original);
      if (name !== undefined && isFloat(original.dtype)) this.#bodyByName.set(name, original);
    }
  }

  /** From those next to the rules backwards: the meaning of a value tells what those are for that it is made of. */
  of(labelled: readonly Labelled[]): Meanings {
    const inner: Outcome[] = [];
    const innerOf = new Map<string, Node>();
    for (const { step, label } of [...labelled].reverse()) {
      const at = this.#byName(label, step) ?? this.#byUse(label, step);
      const truths = at && this.#truthsAt(at);
      if (at === undefined || truths === undefined) continue;
      innerOf.set(label, at);
      inner.unshift({ label, node: step, truths });
      this.#putRight({ label, node: step, truths });
    }
    return { inner, innerOf };
  }

  #byName(label: string, step: Node): Node | undefined {
    const at = gradientNames(label).flatMap((name) => this.#bodyByName.get(name) ?? [])[0];
    return at !== undefined && isShape(at, step) && this.#truthsAt(at) !== undefined ? at : undefined;
  }

  /** The value whose gradient, in this one's place, makes a wrong outcome right that is made of it. */
  #byUse(label: string, step: Node): Node | undefined {
    const users = this.#expression.outcomes
      .filter((outcome) => outcome.node !== step && !isRightIn(this.#expression, outcome, 0))
      .filter(({ node }) => coneOf([node]).includes(step))
      .slice(0, mostUsers)
      .map((user) => this.#expression.about([user]));
    if (users.length === 0) return undefined;
    for (const [name, at] of this.#candidates(label, step)) {
      const truths = this.#truthsAt(at);
      if (truths === undefined || truths[0]!.every((x) => x === 0)) continue;
      if (this.#left-- <= 0) return undefined;
      if (!users.some((user) => isRightEverywhere(withTruth(user, step, truths)))) continue;
      this.#families.set(familyOf(label), familyOf(name));
      return at;
    }
    return undefined;
  }

  /** Those of the same family as before, then those of the same index, then all others of this shape. */
  #candidates(label: string, step: Node): (readonly [string, Node])[] {
    const family = this.#families.get(familyOf(label));
    const index = label.slice(familyOf(label).length);
    const rank = (name: string): number =>
      2 * Number(familyOf(name) === family) + Number(index !== "" && name === familyOf(name) + index);
    return [...this.#bodyByName]
      .filter(([, at]) => isShape(at, step))
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

/** The expression with numbers in the place of a value wherever it is used. */
function withTruth(
  expression: Expression,
  node: Node,
  truths: readonly Float64Array[],
): Expression | undefined {
  const values = truths.map((data) => ({ dtype: "float64" as const, shape: node.shape, data }));
  const source = expression.source("", values);
  return expression.with({
    place: { kind: "within", node, steps: new Set(expression.steps) },
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

/** `delta` of `m.delta[3]` with its owner: `m.delta`. */
function familyOf(name: string): string {
  const at = name.indexOf("[");
  return at < 0 ? name.replace(/\d+$/u, "") : name.slice(0, at);
}

/** What a name like dz[2], δ_z[2], grad_z[2], dJ_dz[2] or z_bar is the gradient at; m.dz[2] is that at m.z[2]. */
export function gradientNames(path: string): string[] {
  const at = path.lastIndexOf(".") + 1;
  const [owner, name] = [path.slice(0, at), path.slice(at)];
  const prefixed = prefix.exec(name)?.[1];
  const suffixed = /^(.*?)_?(?:bar|grad|delta|adj)((?:\d*|\[.*\]))$/u.exec(name);
  const names = [
    /^(?:d|∂)_?(?:J|L|E|C|loss|cost|Loss)_?(?:d|∂)_?(.+)$/u.exec(name)?.[1],
    prefixed,
    /^(?:d|∂)_?(.+)$/u.exec(name)?.[1],
    suffixed === null ? undefined : `${suffixed[1]!}${suffixed[2]!}`,
  ];
  return [...new Set(names)].flatMap((each) =>
    each === undefined || each === "" ? [] : [`${owner}${each}`],
  );
}

const prefix = /^(?:delta|Delta|grad|nabla|err|adj|δ|Δ|∇|g)_?(.+)$/u;

function isShape(a: Node, b: Node): boolean {
  return a.shape.length === b.shape.length && a.shape.every((size, axis) => size === b.shape[axis]);
}
