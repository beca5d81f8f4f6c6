/** The training loop: batches, steps, the loss of each. Knows nothing of text. */
import type { Misstep, TrainingPlan, TrainingResult, TrainingVariant } from "../language/check";
import type { Node } from "../runtime/graph";
import { Evaluator, type EvaluationFault, type EvaluatorOptions } from "../runtime/interpret";
import {
  allocate,
  elementCount,
  full,
  fromArray,
  tensor,
  type Generator,
  type Tensor,
} from "../runtime/tensor";
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
  let parameters = plan.initial;
  let step = 0;
  let broken: Misstep | undefined;
  for (let epoch = 0; epoch < plan.epochs; epoch++) {
    const order = plan.shuffle ? generator.randperm(count).data : undefined;
    for (let start = 0; start < count; start += plan.size) {
      poll(step, total);
      const batch = plan.data.map((value) =>
        takeExamples(value, order, start, Math.min(start + plan.size, count)),
      );
      const variant =
        plan.record === undefined
          ? plan.variants.get(batch[0]?.shape[0] ?? 0)
          : plan.record(batch, parameters);
      if (variant === undefined) throw new Error("training: a batch of an unforeseen size");
      if (variant === "told") return { step, message: "", origin: undefined };
      const poller = (): void => {
        poll(step, total);
      };
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

/** Examples start … end-1 of an order. */
function takeExamples(
  value: Tensor,
  order: ArrayLike<number> | undefined,
  start: number,
  end: number,
): Tensor {
  const shape = [end - start, ...value.shape.slice(1)];
  const width = elementCount(value.shape.slice(1));
  if (order === undefined) return tensor(value.dtype, shape, value.data.slice(start * width, end * width));
  const data = allocate(value.dtype, elementCount(shape));
  for (let i = start; i < end; i++) {
    const from = (order[i] ?? 0) * width;
    data.set(value.data.subarray(from, from + width), (i - start) * width);
  }
  return tensor(value.dtype, shape, data);
}
