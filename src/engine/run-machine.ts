/** The side of a run that has numbers: its graph, its evaluator, its generator. Knows nothing of text. */
import { Graph, type Node } from "../runtime/graph";
import { Evaluator } from "../runtime/interpret";
import {
  cast,
  numpyGenerator,
  torchGenerator,
  type FloatDType,
  type Generator,
  type Tensor,
} from "../runtime/tensor";
import type { Machine, Misstep, TrainingPlan, TrainingResult } from "../language/check";
import type { LeafReport } from "../protocol";
import { digits } from "./digits";
import { centralDifferences } from "./finite-differences";
import { memoryLimit } from "./memory-limit";
import { trainOverBatches } from "./training";

export interface MachineOptions {
  readonly dtype: FloatDType;
  /** Whether an op or net is executed by itself, on sampled inputs. */
  readonly sampling?: boolean;
  /** Called often during long work; throws to abandon it. */
  readonly poll: (done: number, total: number, what: string) => void;
}

export class RunMachine implements Machine {
  readonly graph: Graph;
  readonly evaluator: Evaluator;
  /** By the leaves of a gradcheck's report, the error at each entry of each leaf: for whoever looks closer. */
  readonly errorMaps = new Map<readonly LeafReport[], readonly Tensor[]>();
  readonly #options: MachineOptions;
  /** A run without `seed` behaves as `seed torch 0`. */
  #generator: Generator = torchGenerator(0);
  #decisions = 0;
  #reserved = 0;

  constructor(options: MachineOptions) {
    this.#options = options;
    this.evaluator = new Evaluator({
      memoryLimit,
      taken: () => this.#reserved,
      poll: () => {
        options.poll(0, 0, "Evaluating");
      },
    });
    this.graph = new Graph({ float: options.dtype });
  }

  get sampling(): boolean {
    return this.#options.sampling === true;
  }

  generator(): Generator {
    return this.#generator;
  }

  seed(library: "torch" | "numpy", value: number | readonly number[]): void {
    this.#generator =
      library === "numpy"
        ? numpyGenerator(value)
        : torchGenerator(typeof value === "number" ? value : (value[0] ?? 0));
  }

  digits(count: number, size: number, seed: number): { readonly images: Tensor; readonly classes: Tensor } {
    return digits({ count, size, seed, dtype: this.#options.dtype });
  }

  evaluate(node: Node): Tensor | { readonly message: string } {
    const value = this.evaluator.evaluate(node);
    return "fault" in value ? { message: value.fault.message } : value;
  }

  decide(node: Node): boolean | { readonly message: string } {
    this.#decisions += 1;
    const value = this.evaluate(node);
    return "message" in value ? value : (value.data[0] ?? 0) !== 0;
  }

  reserve(bytes: number): boolean {
    if (this.#reserved + this.evaluator.bytes + bytes > memoryLimit) return false;
    this.#reserved += bytes;
    return true;
  }

  /** What evaluations may still take, in bytes. */
  get memoryLeft(): number {
    return memoryLimit - this.#reserved - this.evaluator.bytes;
  }

  get decisions(): number {
    return this.#decisions;
  }

  train(plan: TrainingPlan): TrainingResult | Misstep {
    return trainOverBatches(plan, {
      generator: this.#generator,
      memoryLimit: memoryLimit - this.#reserved - this.evaluator.bytes,
      poll: (done, total) => {
        this.#options.poll(done, total, "Training");
      },
    });
  }

  scratch(): Machine {
    const machine = new RunMachine(this.#options);
    machine.#generator = this.#generator;
    machine.#reserved = this.#reserved + this.evaluator.bytes;
    return machine;
  }

  finiteDifferences(
    root: Node,
    cotangent: Node,
    node: Node,
    step: number | undefined,
  ): Tensor | { readonly message: string } {
    const poll = (done: number, total: number): void => {
      this.#options.poll(done, total, "Finite differences");
    };
    const differences = centralDifferences({ root, cotangent, node, step, poll });
    return "message" in differences ? differences : cast(differences, this.#options.dtype);
  }
}
