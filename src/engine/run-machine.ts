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
import type { Helpers } from "./compiled-training";
import { digits } from "./digits";
import { centralDifferences } from "./finite-differences";
import { memoryLimit } from "./memory-limit";
import { stepsOf, TrainingLoop, trainOverBatches, type TrainingContext } from "./training";
import { TrainingCurve, type CurveNews } from "./training-curve";
import { inTurns, type CarriedTrainings } from "./training-turns";

export interface MachineOptions {
  readonly dtype: FloatDType;
  /** Whether an op or net is executed by itself, on sampled inputs. */
  readonly sampling?: boolean;
  /** What is added to every seed: the same run with other numbers. */
  readonly seedShift?: number;
  /** Called often during long work; throws to abandon it. */
  readonly poll: (done: number, total: number, what: string) => void;
  /** Who follows its trainings; nobody where it is left out. */
  readonly followed?: FollowedTraining;
  /** What helps with long trainings. */
  readonly helpers?: Helpers | undefined;
}

/** Trainings as they are watched, stopped and taken up again. */
export interface FollowedTraining {
  /** Milliseconds of a steady clock. */
  readonly now: () => number;
  readonly tell: (training: MachineTraining, index: number, news: CurveNews) => void;
  /** Whether the training under way is to end with what it has. */
  readonly stopped: () => boolean;
  /** What was stopped in an earlier run of the same text, by index; each is taken up once. */
  readonly unfinished: ReadonlyMap<number, MachineTraining>;
  /** Where trainings give way to the host: those of earlier attempts at this run. */
  readonly carried?: CarriedTrainings<CarriedTraining>;
}

export interface CarriedTraining {
  readonly training: MachineTraining;
  /** What goes on drawing is a copy. */
  readonly generator: Generator;
  readonly result: TrainingResult | Misstep;
}

/** One training of a machine, and its curves. */
export interface MachineTraining {
  readonly name: string;
  readonly origin: unknown;
  readonly epochs: number;
  readonly stepsPerEpoch: number;
  readonly batch: number;
  readonly examples: number;
  readonly total: number;
  readonly curve: TrainingCurve;
  /** While there are steps left. */
  loop: TrainingLoop | undefined;
  /** Gives its machine back the generator with which the loop goes on: its nets' draws ask the machine. */
  readonly takeUp: () => void;
}

export class RunMachine implements Machine {
  readonly graph: Graph;
  readonly evaluator: Evaluator;
  /** How many failing checks of the run have been explained. */
  explained = 0;
  /** Milliseconds that explaining them has taken. */
  explaining = 0;
  /** By the leaves of a gradcheck's report, the error at each entry of each leaf: for whoever looks closer. */
  readonly errorMaps = new Map<readonly LeafReport[], readonly Tensor[]>();
  readonly trainings: MachineTraining[] = [];
  readonly #options: MachineOptions;
  /** A run without `seed` behaves as `seed torch 0`. */
  #generator: Generator;
  #decisions = 0;
  #reserved = 0;

  constructor(options: MachineOptions) {
    this.#options = options;
    this.#generator = torchGenerator(options.seedShift ?? 0);
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

  /** Called often during long work that says nothing of how far it is. */
  readonly stay = (): void => {
    this.#options.poll(0, 0, "Looking for an explanation");
  };

  generator(): Generator {
    return this.#generator;
  }

  seed(library: "torch" | "numpy", value: number | readonly number[]): void {
    const { seedShift = 0 } = this.#options;
    this.#generator =
      library === "numpy"
        ? numpyGenerator(typeof value === "number" ? value + seedShift : value)
        : torchGenerator((typeof value === "number" ? value : (value[0] ?? 0)) + seedShift);
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
    const { followed, poll } = this.#options;
    const context: TrainingContext = {
      generator: this.#generator,
      memoryLimit: memoryLimit - this.#reserved - this.evaluator.bytes,
      helpers: this.#options.helpers,
      poll: (done, total) => {
        poll(done, total, "Training");
      },
    };
    return followed === undefined ? trainOverBatches(plan, context) : this.#follow(followed, plan, context);
  }

  #follow(
    followed: FollowedTraining,
    plan: TrainingPlan,
    context: TrainingContext,
  ): TrainingResult | Misstep {
    const index = this.trainings.length;
    const carried = followed.carried?.get(index);
    if (carried !== undefined) {
      this.trainings.push(carried.training);
      this.#generator = carried.generator.clone();
      return carried.result;
    }
    const { perEpoch, total } = stepsOf(plan);
    const tell = (news: CurveNews): void => followed.tell(training, index, news);
    const earlier = followed.unfinished.get(index);
    // The same text trains the same: what was stopped goes on where it was.
    const goesOn = earlier?.loop !== undefined && earlier.total === total;
    const loop = (goesOn ? earlier.loop : undefined) ?? new TrainingLoop(plan, context);
    const curve = goesOn
      ? earlier.curve.resume({ tell })
      : new TrainingCurve({ total, now: followed.now, tell });
    if (goesOn) {
      earlier.takeUp();
      earlier.loop = undefined;
    }
    const training: MachineTraining = {
      name: plan.name ?? "",
      origin: plan.origin,
      epochs: plan.epochs,
      stepsPerEpoch: perEpoch,
      batch: plan.size,
      examples: plan.data[0]?.shape[0] ?? 0,
      total,
      curve,
      loop,
      takeUp: goesOn
        ? earlier.takeUp
        : () => {
            this.#generator = loop.generator;
          },
    };
    this.trainings.push(training);
    const ended = (result: TrainingResult | Misstep): void => {
      const failed = "message" in result;
      curve.end(failed ? "failed" : loop.isUnfinished ? "stopped" : "finished");
      if (failed || !loop.isUnfinished) training.loop = undefined;
    };
    const watched = { ...context, stopped: followed.stopped, curve };
    const result =
      followed.carried === undefined
        ? loop.run(watched)
        : inTurns(loop.turns(watched), followed.now, (late) => {
            ended(late);
            followed.carried?.set(index, { training, generator: loop.generator, result: late });
          });
    // The rest of the run draws from a copy, where the loop may go on from here.
    this.#generator = loop.isUnfinished ? loop.generator.clone() : loop.generator;
    ended(result);
    return result;
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
    const threads = this.#options.helpers?.threads;
    const differences = centralDifferences({ root, cotangent, node, step, threads, poll });
    return "message" in differences ? differences : cast(differences, this.#options.dtype);
  }
}
