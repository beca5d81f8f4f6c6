/**
 * A part of a graph that is computed again and again while one node moves, as a compiled module in float64: what `Replay` computes, many
 * times faster. Knows nothing of derivatives.
 */
import { cast, isFloat } from "../../tensor";
import { ConstantPool, isPooledConstant, type ApplyNode, type Node, type SourceNode } from "../../graph";
import { compile, isCompiled, type Twin } from "../../compile";
import type { Tensor } from "../../tensor";

/** Bytes that a module for one leaf may take. */
const memoryLimit = 2 ** 28;

export interface Cone {
  /** The moving node's elements: what is written here moves. */
  readonly moved: Float64Array;
  /** The wanted nodes' elements after a run; the next run overwrites them. */
  readonly results: readonly Float64Array[];
  /** False where an operator refuses its operands. */
  run(): boolean;
  /** The same for other threads: the addresses of `moved`, then those of the results. */
  twin?(): Twin | undefined;
}

/** `dependents` are what is computed anew, in order; undefined where nothing can be compiled. */
export function compiledCone(
  base: (node: Node) => Tensor,
  start: Node,
  dependents: readonly ApplyNode[],
  wanted: readonly Node[],
): Cone | undefined {
  if (!wanted.every((node) => isFloat(node.dtype))) return undefined;
  const copy = new Copy(base);
  const source = copy.moving(start);
  for (const node of dependents) if (node !== start) copy.add(node);
  const results = wanted.map((node) => copy.of(node));
  const compiled = compile(results, { memoryLimit });
  if (!isCompiled(compiled) || !compiled.has(source)) return undefined;
  return {
    // Both are float64: the views of such sources and nodes are of this kind.
    moved: compiled.view(source) as Float64Array,
    results: results.map((node) => compiled.view(node) as Float64Array),
    run: () => compiled.run(),
    twin: () => compiled.twin([source, ...results]),
  };
}

/** Exponents that modules have in line: their powers are products and roots. */
const plainExponents: ReadonlySet<number> = new Set([2, 3, 1, -1, 0.5]);

/** Nodes alike in float64, with the values of what does not move as sources. */
class Copy {
  readonly #base: (node: Node) => Tensor;
  readonly #copies = new Map<Node, Node>();
  readonly #constants = new ConstantPool((value) => this.#source(value));

  constructor(base: (node: Node) => Tensor) {
    this.#base = base;
  }

  of(node: Node): Node {
    return this.#copies.get(node) ?? this.#still(node);
  }

  /** A source with the node's value. */
  moving(node: Node): SourceNode {
    const source = this.#source(this.#wide(node));
    this.#copies.set(node, source);
    return source;
  }

  add(node: ApplyNode): void {
    const operands: Record<string, Node | readonly Node[] | undefined> = {};
    const inputs: Node[] = [];
    for (const name in node.operands) {
      const operand = node.operands[name];
      if (operand === undefined) operands[name] = undefined;
      else if ("kind" in operand)
        inputs.push((operands[name] = node.op.name === "pow" ? this.#exponent(operand) : this.of(operand)));
      else {
        const items = operand.map((item) => this.of(item));
        operands[name] = items;
        inputs.push(...items);
      }
    }
    const dtype = isFloat(node.dtype) ? "float64" : node.dtype;
    this.#copies.set(node, { ...node, id: this.#copies.size, operands, inputs, dtype });
  }

  /** What stands still, and what is known to be a number in the graph itself stays one. */
  #still(node: Node): Node {
    const value = this.#wide(node);
    const isConstant = node.shape.length === 0 && isPooledConstant(node);
    const copy = isConstant ? this.#constants.scalar(value.data[0]!, value.dtype) : this.#source(value);
    this.#copies.set(node, copy);
    return copy;
  }

  #exponent(node: Node): Node {
    if (this.#copies.has(node) || node.shape.length > 0) return this.of(node);
    const value = this.#wide(node);
    const isPlain = isFloat(value.dtype) && plainExponents.has(value.data[0]!);
    return isPlain ? this.#constants.scalar(value.data[0]!, value.dtype) : this.of(node);
  }

  #wide(node: Node): Tensor {
    const value = this.#base(node);
    return isFloat(value.dtype) ? cast(value, "float64") : value;
  }

  #source(value: Tensor): SourceNode {
    const { shape, dtype } = value;
    return { kind: "source", id: this.#copies.size, inputs: [], shape, dtype, value, origin: undefined };
  }
}
