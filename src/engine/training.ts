/** The training loop: batches, steps, the loss of each. Can be stopped and go on. Knows nothing of text. */
import type { Misstep, TrainingPlan, TrainingResult, TrainingVariant } from "../language/check";
import type { Node } from "../runtime/graph";
import { Evaluator, type EvaluationFault, type EvaluatorOptions } from "../runtime/interpret";
import { full, fromArray, type Generator, type Tensor } from "../runtime/tensor";
import {
  compiledTraining,
  takeExamples,
  type CompiledTraining,
  type Examples,
  type Helpers,
} from "./compiled-training";
import { birthOf, describeInputs, isBroken } from "./runtime-problems";
import type { TrainingCurve } from "./training-curve";
import type { TrainingTurns } from "./training-turns";

/** What training needs of the run in which it stands. */
export interface TrainingContext {
  readonly generator: Generator;
  readonly memoryLimit: number;
  /** What helps with long trainings. */
  readonly helpers?: Helpers | undefined;
  readonly poll: (done: number, total: number) => void;
  /** Asked before each step: whether what was trained so far is enough. */
  readonly stopped?: () => boolean;
  /** Takes the loss of each step. */
  readonly curve?: TrainingCurve;
}

/** Runs the epochs; the examples of an epoch are permuted by the run's generator where the batches are shuffled. */
export function trainOverBatches(plan: TrainingPlan, context: TrainingContext): TrainingResult | Misstep {
  return new TrainingLoop(plan, context).run(context);
}

/** Steps in all of a plan. */
export function stepsOf({ data, size, epochs }: TrainingPlan): {
  readonly perEpoch: number;
  readonly total: number;
} {
  const perEpoch = Math.ceil((data[0]?.shape[0] ?? 0) / size);
  return { perEpoch, total: perEpoch * epochs };
}

/** One training from its first step to its last, over as many runs as it is stopped and goes on. */
export class TrainingLoop {
  readonly plan: TrainingPlan;
  readonly generator: Generator;
  readonly #evaluators = new Map<TrainingVariant, Evaluator>();
  readonly #compiled: CompiledTraining | undefined;
  readonly #losses: Float64Array;
  #parameters: readonly Tensor[];
  #order: ArrayLike<number> | undefined;
  #step = 0;
  #epoch = 0;
  #start = 0;
  #broken: Misstep | undefined;

  constructor(
    plan: TrainingPlan,
    { generator, memoryLimit, helpers }: Pick<TrainingContext, "generator" | "memoryLimit" | "helpers">,
  ) {
    const { total } = stepsOf(plan);
    this.plan = plan;
    this.generator = generator;
    this.#losses = new Float64Array(total);
    this.#compiled = compiledTraining(plan, total, memoryLimit, helpers);
    this.#parameters = plan.initial;
  }

  /** Whether steps are left. */
  get isUnfinished(): boolean {
    return this.#step < this.#losses.length;
  }

  /** Until the last step, or until it is stopped. */
  run(context: TrainingContext): TrainingResult | Misstep {
    const turns = this.turns(context);
    for (;;) {
      const next = turns.next();
      if (next.done === true) return next.value;
    }
  }

  /** The same, a step at a time. Whoever leaves it before its end says so, by `return`. */
  *turns(context: TrainingContext): TrainingTurns {
    try {
      return yield* this.#steps(context);
    } finally {
      this.#compiled?.rest();
    }
  }

  *#steps(context: TrainingContext): TrainingTurns {
    const { plan } = this;
    const count = plan.data[0]?.shape[0] ?? 0;
    while (this.#epoch < plan.epochs && this.isUnfinished) {
      if (this.#start === 0) this.#order = plan.shuffle ? this.generator.randperm(count).data : undefined;
      while (this.#start < count) {
        context.poll(this.#step, this.#losses.length);
        if (context.stopped?.() === true) return this.#result();
        const examples = {
          order: this.#order,
          start: this.#start,
          count: Math.min(plan.size, count - this.#start),
        };
        const outcome = this.#oneStep(context, examples);
        if ("message" in outcome) return { step: this.#step, ...outcome };
        if (outcome.broken !== undefined) this.#broken ??= { step: this.#step, ...outcome.broken };
        this.#losses[this.#step++] = outcome.loss;
        context.curve?.add(outcome.loss, outcome.norm);
        this.#start += plan.size;
        yield;
      }
      this.#start = 0;
      this.#epoch += 1;
    }
    return this.#result();
  }

  #result(): TrainingResult {
    const parameters = this.#compiled?.parameters() ?? this.#parameters;
    const losses = fromArray("float64", [this.#step], this.#losses.slice(0, this.#step));
    return this.#broken === undefined ? { losses, parameters } : { losses, parameters, broken: this.#broken };
  }

  #oneStep(
    { poll, memoryLimit, curve }: TrainingContext,
    examples: Examples,
  ): Pick<Step, "loss" | "norm" | "broken"> | Fault {
    const { plan } = this;
    const options: EvaluatorOptions = {
      memoryLimit,
      poll: () => {
        poll(this.#step, this.#losses.length);
      },
    };
    const compiled = this.#compiled;
    if (compiled !== undefined) {
      const outcome = compiledStep(plan, compiled, examples, options);
      curve?.measure(() => compiledNorm(plan, compiled, examples, options));
      return outcome;
    }
    const batch = plan.data.map((value) => takeExamples(value, examples));
    const variant =
      plan.record === undefined
        ? plan.variants.get(batch[0]?.shape[0] ?? 0)
        : plan.record(batch, this.#parameters);
    if (variant === undefined) throw new Error("training: a batch of an unforeseen size");
    if (variant === "told") return { message: "", origin: undefined };
    // A step that is recorded anew each time leaves nothing behind.
    const kept = plan.record === undefined ? this.#evaluators : new Map<TrainingVariant, Evaluator>();
    const outcome = oneStep(plan, variant, evaluatorOf(kept, variant, options), batch, this.#parameters);
    if ("loss" in outcome) this.#parameters = outcome.parameters;
    return outcome;
  }
}

/**
 * The norm of the gradient for the batch of the step that was just done, at the parameters that it left: the compiled
 * module keeps no gradients, so that they are computed once more. Undefined where they cannot be.
 */
function compiledNorm(
  plan: TrainingPlan,
  compiled: CompiledTraining,
  { count }: Examples,
  options: EvaluatorOptions,
): number | undefined {
  const variant = plan.variants.get(count);
  if (variant === undefined) return undefined;
  const evaluator = new Evaluator({ ...options, values: compiled.valuesOf(variant) });
  const gradients: Tensor[] = [];
  for (const node of variant.gradients) {
    const value = node === undefined ? undefined : evaluator.evaluate(node);
    if (value !== undefined && "fault" in value) return undefined;
    if (value !== undefined) gradients.push(value);
  }
  return normOf(gradients);
}

/** The Euclidean norm of all of them together. */
function normOf(gradients: readonly Tensor[]): number {
  let largest = 0;
  for (const { data } of gradients)
    for (const element of data) largest = Math.max(largest, Math.abs(element));
  if (largest === 0 || !Number.isFinite(largest)) return largest;
  let sum = 0;
  for (const { data } of gradients) for (const element of data) sum += (element / largest) ** 2;
  return largest * Math.sqrt(sum);
}

type Fault = Omit<Misstep, "step">;

interface Step {
  readonly loss: number;
  /** Of the gradient with which the step was made. */
  readonly norm?: number;
  readonly parameters: readonly Tensor[];
  /** Where the NaN of the loss was born. */
  readonly broken: Fault | undefined;
}

function evaluatorOf(
  evaluators: Map<TrainingVariant, Evaluator>,
  variant: TrainingVariant,
  options: EvaluatorOptions,
): Evaluator {
  const evaluator = evaluators.get(variant) ?? new Evaluator(options);
  evaluators.set(variant, evaluator);
  return evaluator;
}

/** What goes wrong in a compiled step is looked for once more by the reference evaluator, which knows where it was born. */
function compiledStep(
  plan: TrainingPlan,
  compiled: CompiledTraining,
  examples: Examples,
  options: EvaluatorOptions,
): Pick<Step, "loss" | "broken"> | Fault {
  const variant = plan.variants.get(examples.count);
  if (variant === undefined) throw new Error("training: a batch of an unforeseen size");
  const outcome = compiled.step(variant, examples, options.poll);
  if (outcome.kind === "done") return { loss: outcome.loss, broken: undefined };
  const evaluator = new Evaluator({ ...options, values: compiled.valuesOf(variant) });
  if (outcome.kind === "fault") {
    for (const node of [variant.loss, ...variant.gradients]) {
      const value = node === undefined ? undefined : evaluator.evaluate(node);
      if (value !== undefined && "fault" in value) return faultOf(value);
    }
    throw new Error("training: a compiled step found a fault that is none");
  }
  const broken = birth(evaluator, variant.loss);
  return compiled.goOn(variant).kind === "fault" ? broken : { loss: NaN, broken };
}

function oneStep(
  plan: TrainingPlan,
  variant: TrainingVariant,
  evaluator: Evaluator,
  batch: readonly Tensor[],
  parameters: readonly Tensor[],
): Step | Fault {
  const values = new Map<Node, Tensor>();
  for (const { node, again } of variant.draws) values.set(node, again());
  variant.inputs.forEach((node, index) => {
    const value = batch[index];
    if (value !== undefined) values.set(node, value);
  });
  variant.parameters.forEach((node, index) => {
    const value = parameters[index];
    if (value !== undefined) values.set(node, value);
  });
  evaluator.replace(values);
  const loss = evaluator.evaluate(variant.loss);
  if ("fault" in loss) return faultOf(loss);
  const gradients: Tensor[] = [];
  for (const [index, node] of variant.gradients.entries()) {
    const parameter = parameters[index];
    const gradient =
      node === undefined ? parameter && full(parameter.dtype, parameter.shape, 0) : evaluator.evaluate(node);
    if (gradient === undefined) continue;
    if ("fault" in gradient) return faultOf(gradient);
    gradients.push(gradient);
  }
  return {
    loss: loss.data[0] ?? NaN,
    norm: normOf(gradients),
    parameters: plan.optimizer.step(parameters, gradients),
    broken: isBroken(loss) ? birth(evaluator, variant.loss) : undefined,
  };
}

function faultOf({ fault, node }: EvaluationFault): Fault {
  return { message: fault.message, origin: node.origin };
}

function birth(evaluator: Evaluator, loss: Node): Fault {
  const node = birthOf(evaluator, loss);
  const inputs = describeInputs(evaluator, node, new Map());
  const name = node.kind === "apply" ? node.op.name : "the data";
  return { message: `It is born at \`${name}\`${inputs === "" ? "" : `: ${inputs}`}.`, origin: node.origin };
}
