/**
 * The root's elements while single entries of a leaf move, computed by a compiled module in float64: what `Replay` computes, many
 * times faster. Where a leaf only enters one matrix product or linear layer, what a moving entry adds to that layer's result is known
 * (one column, or one row), and the product itself is not computed again. Knows nothing of derivatives.
 */
import { elementCount, isFloat, type Tensor } from "../../tensor";
import type { Node } from "../../graph";
import { compiledCone, type Cone } from "./cone-module";
import { coneOf, dependentsIn } from "./cone";
import { enteringOf, type Entering } from "./entering";

export class Moving {
  readonly #cone: Cone;
  readonly #entering: Entering;
  readonly #base: Float64Array;

  /** What moves in the cone is the leaf, or the result of the layer that it enters. */
  constructor(cone: Cone, entering: Entering) {
    this.#cone = cone;
    this.#base = cone.moved.slice();
    this.#entering = entering;
  }

  /** Sets `into` to the root's elements where the leaf's entry has moved by `change`; false where an operator refuses that. */
  rootAt(entry: number, change: number, into: Float64Array): boolean {
    const { moved } = this.#cone;
    const { first, count, step, factors, factorAt, factorStep } = this.#entering(entry);
    let [at, factor] = [first, factorAt];
    for (let i = 0; i < count; i++) {
      moved[at] = this.#base[at]! + change * (factors === undefined ? 1 : factors[factor]!);
      at += step;
      factor += factorStep;
    }
    const whole = this.#cone.run();
    into.set(this.#cone.results[0]!);
    at = first;
    for (let i = 0; i < count; i++, at += step) moved[at] = this.#base[at]!;
    return whole;
  }
}

/** Undefined where nothing can be compiled, or where the root does not depend on the leaf. */
export function movingOf(base: (node: Node) => Tensor, leaf: Node, root: Node): Moving | undefined {
  const moved = new Set([leaf]);
  const dependents = dependentsIn(coneOf([root], moved), moved);
  if (dependents.at(-1) !== root || !isFloat(root.dtype)) return undefined;
  const entered = enteringOf(leaf, dependents, base);
  const layer = entered?.node === root ? undefined : entered;
  const start = layer?.node ?? leaf;
  const skipped = new Set<Node>(layer?.skipped ?? []);
  const cone = compiledCone(
    base,
    start,
    dependents.filter((node) => !skipped.has(node)),
    [root],
  );
  if (cone === undefined) return undefined;
  const whole = (entry: number) => ({
    first: entry,
    count: 1,
    step: 1,
    factors: undefined,
    factorAt: 0,
    factorStep: 0,
  });
  return new Moving(cone, layer?.entering ?? whole);
}

/** For callers that keep results: as many numbers as the root has. */
export function rootBuffer(root: Node): Float64Array {
  return new Float64Array(elementCount(root.shape));
}
