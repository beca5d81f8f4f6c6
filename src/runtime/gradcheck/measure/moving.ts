/**
 * The root's elements while single entries of a leaf move, computed by a compiled module in float64: what `Replay` computes, many
 * times faster. Where a leaf only enters one matrix product or linear layer, what a moving entry adds to that layer's result is known
 * (one column, or one row), and the product itself is not computed again. Knows nothing of derivatives.
 */
import { cast, elementCount, isFloat, type Tensor } from "../../tensor";
import type { ApplyNode, Node, SourceNode } from "../../graph";
import { compile, isCompiled, type CompiledGraph } from "../../compile";
import { coneOf, dependentsIn } from "./cone";
import { enteringOf, type Entering } from "./entering";

/** Bytes that a module for one leaf may take. */
const memoryLimit = 2 ** 28;

export class Moving {
  readonly #graph: CompiledGraph;
  readonly #moved: Float64Array;
  readonly #root: Float64Array;
  readonly #entering: Entering;
  readonly #base: Float64Array;

  /** `moved` is the source that stands for the leaf, or for the result of the layer that it enters. */
  constructor(graph: CompiledGraph, moved: SourceNode, root: Node, entering: Entering) {
    this.#graph = graph;
    // Both are float64: the views of such sources and nodes are of this kind.
    this.#moved = graph.view(moved) as Float64Array;
    this.#root = graph.view(root) as Float64Array;
    this.#base = this.#moved.slice();
    this.#entering = entering;
  }

  /** Sets `into` to the root's elements where the leaf's entry has moved by `change`; false where an operator refuses that. */
  rootAt(entry: number, change: number, into: Float64Array): boolean {
    const { first, count, step, factors, factorAt, factorStep } = this.#entering(entry);
    let [at, factor] = [first, factorAt];
    for (let i = 0; i < count; i++) {
      this.#moved[at] = this.#base[at]! + change * (factors === undefined ? 1 : factors[factor]!);
      at += step;
      factor += factorStep;
    }
    const whole = this.#graph.run();
    into.set(this.#root);
    at = first;
    for (let i = 0; i < count; i++, at += step) this.#moved[at] = this.#base[at]!;
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
  const copy = new Copy(base);
  const start = layer?.node ?? leaf;
  const source = copy.moving(start);
  const skipped = new Set<Node>(layer?.skipped ?? []);
  for (const node of dependents) if (node !== start && !skipped.has(node)) copy.add(node);
  const compiled = compile([copy.of(root)], { memoryLimit });
  if (!isCompiled(compiled)) return undefined;
  const whole = (entry: number) => ({
    first: entry,
    count: 1,
    step: 1,
    factors: undefined,
    factorAt: 0,
    factorStep: 0,
  });
  return new Moving(compiled, source, copy.of(root), layer?.entering ?? whole);
}

/** Nodes alike in float64, with the values of what does not move as sources. */
class Copy {
  readonly #base: (node: Node) => Tensor;
  readonly #copies = new Map<Node, Node>();

  constructor(base: (node: Node) => Tensor) {
    this.#base = base;
  }

  of(node: Node): Node {
    return this.#copies.get(node) ?? this.moving(node);
  }

  /** A source with the node's value. */
  moving(node: Node): SourceNode {
    const value = this.#base(node);
    const wide = isFloat(value.dtype) ? cast(value, "float64") : value;
    const source: SourceNode = {
      kind: "source",
      id: this.#copies.size,
      inputs: [],
      shape: wide.shape,
      dtype: wide.dtype,
      value: wide,
      origin: undefined,
    };
    this.#copies.set(node, source);
    return source;
  }

  add(node: ApplyNode): void {
    const operands: Record<string, Node | readonly Node[] | undefined> = {};
    const inputs: Node[] = [];
    for (const name in node.operands) {
      const operand = node.operands[name];
      if (operand === undefined) operands[name] = undefined;
      else if ("kind" in operand) inputs.push((operands[name] = this.of(operand)));
      else {
        const items = operand.map((item) => this.of(item));
        operands[name] = items;
        inputs.push(...items);
      }
    }
    const dtype = isFloat(node.dtype) ? "float64" : node.dtype;
    this.#copies.set(node, { ...node, id: this.#copies.size, operands, inputs, dtype });
  }
}

/** For callers that keep results: as many numbers as the root has. */
export function rootBuffer(root: Node): Float64Array {
  return new Float64Array(elementCount(root.shape));
}
