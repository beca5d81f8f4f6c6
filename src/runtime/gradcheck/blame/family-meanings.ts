/**
 * What the members of a family stand for, which is one thing in every turn: at one place of the body, as `delta[2]` and `delta[3]` for what
 * is given to `tanh` in `h[2]` and `h[3]`; or, where a name says another, whether it says so for the function's argument. Knows nothing of
 * values that stand alone.
 */
import type { Node } from "../../graph";
import { coneOf } from "../measure/cone";
import { familyOf } from "./gradient-names";
import { isRightEverywhere, isSame, withTruths, type Replacement } from "./in-its-place";
import { Kinships, type Kinship } from "./kinship";
import type { Naming } from "./naming";
import { isShape, type Labelled, type Reading } from "./reading";

/** A value under the name by which it is of a family. */
interface Member extends Omit<Replacement, "truths"> {
  readonly label: string;
}

export class FamilyMeanings {
  readonly #reading: Reading;
  readonly #labelled: readonly Labelled[];
  readonly #kinships: Kinships;
  /** Families that have been tried as a whole. */
  readonly #triedTogether = new Set<string>();
  readonly #isInward = new Map<string, boolean>();

  constructor(reading: Reading, labelled: readonly Labelled[], named: Naming) {
    this.#reading = reading;
    this.#labelled = labelled;
    this.#kinships = new Kinships(reading.truths.values, reading.truths.summands, named);
  }

  /** What stands in its turn where others of its family have turned out to stand in theirs. */
  kinOf(label: string, node: Node): Node | undefined {
    this.#tryTogether(familyOf(label));
    const kin = this.#kinships.kinOf(label);
    return kin !== undefined && isShape(kin, node) ? kin : undefined;
  }

  /** Any value of the body that it may stand for. */
  strangers(label: string, node: Node): Node[] {
    return this.#kinships.strangers(label).filter((at) => isShape(at, node));
  }

  remember(label: string, at: Node): void {
    this.#kinships.remember(label, at);
  }

  /** The argument of the function whose value a name says, where that is what its family means: `dh[2]` for `tanh′` of what has no name. */
  inwardOf(label: string, at: Node): Node | undefined {
    const argument = this.#reading.argumentOf(at);
    if (argument === undefined) return undefined;
    const family = familyOf(label);
    let isInward = this.#isInward.get(family);
    if (isInward === undefined) this.#isInward.set(family, (isInward = this.#meansArguments(family)));
    return isInward ? argument : undefined;
  }

  /** Whether no member is right as it is called, and more is right so; else whether some member is. */
  #meansArguments(family: string): boolean {
    const reading = this.#reading;
    const members = this.#labelled.flatMap(({ node, names }) => {
      const label = names.find((name) => familyOf(name) === family);
      const at = label === undefined || node.kind === "source" ? undefined : reading.byName(label, node);
      const argument = at && reading.argumentOf(at);
      return at === undefined || argument === undefined || reading.isZero(node)
        ? []
        : [{ node, at, argument }];
    });
    if (members.some(({ node, at }) => reading.isGradient(node, at))) return false;
    const nodes = members.map(({ node }) => node);
    const users = reading.wrongUsers(nodes, mostOfFamily);
    const rightWith = (means: "at" | "argument"): number => {
      const replacements = members.flatMap(({ node, [means]: value }): Replacement[] => {
        const truths = reading.truths.at(value);
        return truths === undefined ? [] : [{ node, truths, steps: undefined }];
      });
      return users.filter((user) => isRightEverywhere(withTruths(user, replacements))).length;
    };
    const [asCalled, asArguments] = [rightWith("at"), rightWith("argument")];
    if (asCalled !== asArguments) return asArguments > asCalled;
    const alone = members.map((member) => ({ ...member, node: reading.alone(member.node, this.#labelled) }));
    return (
      alone.some(({ node, argument }) => reading.isGradient(node, argument)) &&
      !alone.some(({ node, at }) => reading.isGradient(node, at))
    );
  }

  /**
   * All members of a family at once, each with what stands at one place in its turn: a sum over all turns is right only if every one of
   * them is. Where nothing makes all right, what most of them are as they are.
   */
  #tryTogether(family: string): void {
    if (this.#triedTogether.has(family) || this.#kinships.isKnown(family)) return;
    this.#triedTogether.add(family);
    const equal = this.#kinshipOfEqual(family);
    const members = this.#membersOf(family);
    const users =
      members.length < 2
        ? []
        : this.#reading.wrongUsers(
            members.map(({ node }) => node),
            mostOfFamily,
          );
    let best: { readonly kinship: Kinship; readonly count: number } | undefined;
    for (const kinship of users.length === 0 ? [] : this.#kinships.of(members.map(({ label }) => label))) {
      const replacements = members.flatMap(({ node, steps, label }): Replacement[] => {
        const kin = this.#kinships.kinOf(label, kinship);
        const truths = kin && isShape(kin, node) ? this.#reading.truths.at(kin) : undefined;
        return truths === undefined ? [] : [{ node, truths, steps }];
      });
      if (replacements.length < members.length) continue;
      if (!this.#reading.mayTry()) break;
      const { length: count } = users.filter((user) => isRightEverywhere(withTruths(user, replacements)));
      if (count > (best?.count ?? 0)) best = { kinship, count };
      if (count === users.length) break;
    }
    const meant = best?.count === users.length ? best.kinship : (equal ?? best?.kinship);
    if (meant !== undefined) this.#kinships.settle(family, meant);
  }

  /** The one in which most members are the gradients at their kin as they are. */
  #kinshipOfEqual(family: string): Kinship | undefined {
    const votes = new Map<string, { readonly kinship: Kinship; count: number }>();
    for (const { node, names } of this.#labelled) {
      const [label] = names;
      if (label === undefined || familyOf(label) !== family || label === family) continue;
      if (this.#isAnother(node, family)) continue;
      const alone = this.#reading.alone(node, this.#labelled);
      const equal = this.strangers(label, node).filter(
        (at) => this.#reading.isGradient(node, at) || (alone !== node && this.#reading.isGradient(alone, at)),
      );
      for (const kinship of equal.flatMap((at) => this.#kinships.between(label, at))) {
        const key = `${kinship.family} ${kinship.offset} ${kinship.isReverse === true}`;
        const vote = votes.get(key);
        if (vote === undefined) votes.set(key, { kinship, count: 1 });
        else vote.count++;
      }
    }
    const byOrder = (a: Kinship, b: Kinship): number =>
      Number(a.isReverse === true) - Number(b.isReverse === true);
    return [...votes.values()].sort((a, b) => b.count - a.count || byOrder(a.kinship, b.kinship))[0]?.kinship;
  }

  /** Whether it is a value of another family and nothing besides, as the first of a running sum is, which is none of its others. */
  #isAnother(node: Node, family: string): boolean {
    if (node.kind === "source") return false;
    const below = new Set<Node>(coneOf(node.inputs));
    return this.#labelled.some(
      (other) =>
        below.has(other.node) &&
        isShape(other.node, node) &&
        other.names.every((name) => familyOf(name) !== family) &&
        isSame(this.#reading.expression, other.node, node),
    );
  }

  /** With the steps that use each under that name; where nothing has arrived yet, as at the last turn, there are zeros. */
  #membersOf(family: string): Member[] {
    const { uses, expression } = this.#reading;
    return this.#labelled.flatMap(({ node, names }) =>
      (this.#reading.isZero(node) ? [] : names)
        .filter((label) => familyOf(label) === family && label !== family)
        .flatMap((label): Member[] => {
          if (this.#reading.byName(label, node) !== undefined) return [];
          if (names.length === 1 && node.kind !== "source")
            return this.#reading.isByRight(node) ? [] : [{ label, node, steps: undefined }];
          const steps = uses.as(label, expression, node, names);
          return steps.size === 0 ? [] : [{ label, node, steps }];
        }),
    );
  }
}

const mostOfFamily = 8;
