/**
 * Computes the same nodes again and again while a few of them move: the part of the graph that depends on what moves is
 * laid out once, and only that is recomputed. Owns its values; knows nothing of derivatives.
 */
import { full, isFloat, type Tensor } from "../../tensor";
import { isFault } from "../../ops";
import type { ApplyNode, Node } from "../../graph";
import { coneOf, dependentsIn } from "./cone";

/** What is done to the value of a step before others use it. */
export type Adjust = (value: Tensor, step: ReplayStep) => Tensor;

export interface ReplayStep {
  readonly node: ApplyNode;
  readonly inputs: Readonly<Record<string, Tensor | readonly Tensor[] | undefined>>;
  readonly output: { readonly shape: readonly number[]; readonly dtype: Tensor["dtype"] };
}

interface Step extends ReplayStep {
  readonly inputs: Record<string, Tensor | readonly Tensor[] | undefined>;
  /** The operands that change, by input name. */
  readonly changing: readonly (readonly [string, Node | readonly Node[]])[];
}

export class Replay {
  readonly #values = new Map<Node, Tensor>();
  readonly #base: (node: Node) => Tensor;
  readonly #steps: Step[];

  /** `base` gives the value of every node that does not move. */
  constructor(base: (node: Node) => Tensor, moved: readonly Node[], roots: readonly Node[]) {
    this.#base = base;
    const moving = new Set(moved);
    const dependents = dependentsIn(coneOf(roots, moving), moving);
    const changing = new Set<Node>([...moved, ...dependents]);
    this.#steps = dependents.map((node) => stepOf(node, base, changing));
  }

  get steps(): readonly ReplayStep[] {
    return this.#steps;
  }

  /** Gives the moving nodes values and computes what depends on them. */
  run(moved: Iterable<readonly [Node, Tensor]>, adjust?: Adjust): void {
    for (const [node, value] of moved) this.#values.set(node, value);
    for (const step of this.#steps) {
      for (const [name, operand] of step.changing) {
        step.inputs[name] =
          "kind" in operand ? this.valueOf(operand) : operand.map((item) => this.valueOf(item));
      }
      const value = computed(step);
      this.#values.set(step.node, adjust === undefined ? value : adjust(value, step));
    }
  }

  /** The value of the last run; that of `base` where it does not move. */
  valueOf(node: Node): Tensor {
    return this.#values.get(node) ?? this.#base(node);
  }
}

/** The value of a step from its inputs as they stand; NaN where the operator refuses them. */
export function computed(step: ReplayStep): Tensor {
  const { node, inputs, output } = step;
  const value = node.op.forward({ inputs, attributes: node.attributes, output });
  if (!isFault(value)) return value;
  return full(output.dtype, output.shape, NaN);
}

function stepOf(node: ApplyNode, base: (node: Node) => Tensor, changing: ReadonlySet<Node>): Step {
  const inputs: Record<string, Tensor | readonly Tensor[] | undefined> = {};
  const moves: (readonly [string, Node | readonly Node[]])[] = [];
  for (const name in node.operands) {
    const operand = node.operands[name];
    if (operand === undefined) inputs[name] = undefined;
    else if ("kind" in operand) {
      if (changing.has(operand)) moves.push([name, operand]);
      else inputs[name] = base(operand);
    } else if (operand.some((item) => changing.has(item))) moves.push([name, operand]);
    else inputs[name] = operand.map(base);
  }
  const dtype = isFloat(node.dtype) ? "float64" : node.dtype;
  return { node, inputs, changing: moves, output: { shape: node.shape, dtype } };
}
