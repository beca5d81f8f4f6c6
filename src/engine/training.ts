/** The training loop: batches, steps, the loss of each. Knows nothing of text. */
import type { Misstep, TrainingPlan, TrainingResult, TrainingVariant } from "../language/check";
import type { Node } from "../runtime/graph";
import { Evaluator, type EvaluationFault, type EvaluatorOptions } from "../runtime/interpret";
import { full, fromArray, type Generator, type Tensor } from "../runtime/tensor";
import { compiledTraining, takeExamples, type CompiledTraining, type Examples } from "./compiled-training";
import { birthOf, describeInputs, isBroken } from "./runtime-problems";

/** What training needs of the run in which it stands. */
export interface TrainingContext {
  readonly generator: Generator;
  readonly memoryLimit: number;
  readonly poll: (done: number, total: number) => void;
}

/** Runs the epochs; the examples of an epoch are permuted by the run's generator where the batches are shuffled. */
export function trainOverBatches(
  plan: TrainingPlan,
  { generator, memoryLimit, poll }: TrainingContext,
): TrainingResult | Misstep {
  const count = plan.data[0]?.shape[0] ?? 0;
  const perEpoch = Math.ceil(count / plan.size);
  const total = perEpoch * plan.epochs;
  const losses = new Float64Array(total);
  const evaluators = new Map<TrainingVariant, Evaluator>();
  const compiled = compiledTraining(plan, total, memoryLimit);
  let parameters = plan.initial;
  let step = 0;
  let broken: Misstep | undefined;
  for (let epoch = 0; epoch < plan.epochs; epoch++) {
    const order = plan.shuffle ? generator.randperm(count).data : undefined;
    for (let start = 0; start < count; start += plan.size) {
      poll(step, total);
      const examples = { order, start, count: Math.min(plan.size, count - start) };
      const poller = (): void => {
        poll(step, total);
      };
      if (compiled !== undefined) {
        const outcome = compiledStep(plan, compiled, examples, { memoryLimit, poll: poller });
        if ("message" in outcome) return { step, ...outcome };
        if (outcome.broken !== undefined) broken ??= { step, ...outcome.broken };
        losses[step++] = outcome.loss;
        continue;
      }
      const batch = plan.data.map((value) => takeExamples(value, examples));
      const variant =
        plan.record === undefined
          ? plan.variants.get(batch[0]?.shape[0] ?? 0)
          : plan.record(batch, parameters);
      if (variant === undefined) throw new Error("training: a batch of an unforeseen size");
      if (variant === "told") return { step, message: "", origin: undefined };
      // A step that is recorded anew each time leaves nothing behind.
      const kept = plan.record === undefined ? evaluators : new Map<TrainingVariant, Evaluator>();
      const evaluator = evaluatorOf(kept, variant, { memoryLimit, poll: poller });
      const outcome = oneStep(plan, variant, evaluator, batch, parameters);
      if ("message" in outcome) return { step, ...outcome };
      if (outcome.broken !== undefined) broken ??= { step, ...outcome.broken };
      losses[step++] = outcome.loss;
      parameters = outcome.parameters;
    }
  }
  if (compiled !== undefined) parameters = compiled.parameters();
  const result = { losses: fromArray("float64", [total], losses), parameters };
  return broken === undefined ? result : { ...result, broken };
}

type Fault = Omit<Misstep, "step">;

interface Step {
  readonly loss: number;
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
  const outcome = compiled.step(variant, examples);
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
