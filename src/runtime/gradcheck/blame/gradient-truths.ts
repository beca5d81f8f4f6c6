/** The gradients at the values of a body and what they are sums of, as numbers, at a cotangent of ones. Knows nothing of rules. */
import { isFloat } from "../../tensor";
import type { Node } from "../../graph";
import { summandsIn, type GradientSummand } from "./dropped-contributions";
import { onesIn } from "./part-candidates";
import type { ApplicationCheck } from "./rule-check";
import type { World } from "./worlds";

/** What the result is made of by way of an input with a rule: a gradient elsewhere is no part of any rule. */
function valuesOnTheWay({ body, tests }: ApplicationCheck): Node[] {
  const reached = new Set<Node>(tests.map(({ input }) => input));
  for (const [node] of body.copied) if (node.inputs.some((input) => reached.has(input))) reached.add(node);
  return [...body.copied]
    .map(([original]) => original)
    .filter((node) => isFloat(node.dtype) && reached.has(node));
}

export class GradientTruths {
  /** In topological order. */
  readonly values: readonly Node[];
  /** What the result is made of besides. */
  readonly others: readonly Node[];
  readonly summands: readonly GradientSummand[];
  readonly #check: ApplicationCheck;
  readonly #atOnes: readonly World["local"][];
  readonly #isPart: ReadonlySet<Node>;
  readonly #known = new Map<Node, readonly Float64Array[]>();
  #scale = 1;

  constructor(check: ApplicationCheck, worlds: readonly World[]) {
    this.#check = check;
    this.#atOnes = worlds.map((world) => onesIn(check, world));
    this.values = valuesOnTheWay(check);
    const onTheWay = new Set(this.values);
    this.others = [...check.body.copied].flatMap(([node]) =>
      isFloat(node.dtype) && !onTheWay.has(node) ? [node] : [],
    );
    this.summands = summandsIn(check.body, this.values);
    this.#isPart = new Set(this.summands.map(({ part }) => part));
  }

  /** By world: the gradient at a value of the body, or a summand itself; undefined where there is none. */
  at(node: Node): readonly Float64Array[] | undefined {
    const known = this.#known.get(node);
    if (known !== undefined) return known;
    const gradient = this.#isPart.has(node) ? node : this.#check.body.gradient(node);
    if (gradient === undefined) return undefined;
    const scale = this.#isInput(node) ? 1 : this.#scale;
    const truths = this.#atOnes.map((values) => Float64Array.from(values(gradient).data, (x) => scale * x));
    this.#known.set(node, truths);
    return truths;
  }

  /** What the gradients at inner values are multiplied by in a derivation. */
  get scale(): number {
    return this.#scale;
  }

  /** From now on. */
  scaleBy(scale: number): void {
    this.#scale = scale;
    this.#known.clear();
  }

  #isInput(node: Node): boolean {
    return this.#check.tests.some(({ input }) => input === node);
  }

  isZero(node: Node): boolean {
    return this.at(node)?.[0]!.every((x) => x === 0) ?? true;
  }

  /** The value at which this is the whole gradient. */
  wholeAt(node: Node): Node | undefined {
    return this.#isPart.has(node) ? undefined : node;
  }
}
