/**
 * A machine that records graphs and computes nothing: every draw is zeros that nobody reads. Equations are derived from
 * such graphs. Knows nothing of equations.
 */
import type { Machine, TrainingPlan, TrainingResult } from "../../language/check";
import { Graph, type Node } from "../../runtime/graph";
import {
  full,
  type DType,
  type FloatDType,
  type Generator,
  type Shape,
  type Tensor,
} from "../../runtime/tensor";

/** What all draws together may take; nobody writes to them, so that most systems never really give it. */
const memoryLimit = 2 ** 27;

export class EquationMachine implements Machine {
  readonly graph: Graph;
  /** Whether a draw stands in a net or op that is applied to placeholders. */
  readonly sampling: boolean;
  #decisions = 0;
  #reserved = 0;

  constructor(options: { readonly dtype: FloatDType; readonly sampling: boolean }) {
    this.graph = new Graph({ float: options.dtype });
    this.sampling = options.sampling;
  }

  generator(): Generator {
    return hollow;
  }

  seed(): void {
    // Nothing is drawn.
  }

  evaluate(node: Node): Tensor {
    return node.kind === "source" ? node.value : placeholder(node.dtype, node.shape);
  }

  /** A data-dependent loop takes two turns: enough to see how one follows another. */
  decide(): boolean {
    this.#decisions += 1;
    return this.#decisions % 3 !== 0;
  }

  get decisions(): number {
    return this.#decisions;
  }

  reserve(bytes: number): boolean {
    this.#reserved += bytes;
    return this.#reserved <= memoryLimit;
  }

  scratch(): EquationMachine {
    return new EquationMachine({ dtype: this.graph.float, sampling: this.sampling });
  }

  digits(count: number, size: number): { readonly images: Tensor; readonly classes: Tensor } {
    return {
      images: placeholder(this.graph.float, [count, size, size]),
      classes: placeholder("int", [count]),
    };
  }

  train(plan: TrainingPlan): TrainingResult {
    const examples = plan.data[0]?.shape[0] ?? 0;
    const steps = plan.epochs * Math.ceil(examples / plan.size);
    return { losses: placeholder("float64", [steps]), parameters: plan.initial };
  }

  finiteDifferences(_root: Node, _cotangent: Node, node: Node): Tensor {
    return placeholder(node.dtype, node.shape);
  }
}

const placeholders = new WeakSet<Tensor>();

/** A tensor that stands for one with values. */
export function placeholder(dtype: DType, shape: Shape): Tensor {
  const made = full(dtype, shape, 0);
  placeholders.add(made);
  return made;
}

export function isPlaceholder(tensor: Tensor): boolean {
  return placeholders.has(tensor);
}

const hollow: Generator = {
  library: "torch",
  rand: (shape, dtype) => placeholder(dtype, shape),
  randn: (shape, dtype) => placeholder(dtype, shape),
  uniform: (_low, _high, shape, dtype) => placeholder(dtype, shape),
  normal: (_mean, _std, shape, dtype) => placeholder(dtype, shape),
  randint: (_low, _high, shape) => placeholder("int", shape),
  randperm: (n) => placeholder("int", [n]),
  bernoulli: (_p, shape, dtype) => placeholder(dtype, shape),
  clone: () => hollow,
};
