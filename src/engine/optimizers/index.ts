/** Optimizers with PyTorch's names, defaults and order of operations. */
import { adam } from "./adam";
import { adamw } from "./adamw";
import { type OptimizerDescription } from "./optimizer";
import { rmsprop } from "./rmsprop";
import { sgd } from "./sgd";

export {
  type ArgumentProblem,
  type Optimizer,
  type OptimizerArgument,
  type OptimizerArguments,
  type OptimizerDescription,
  type OptimizerResult,
  type OptimizerState,
  type RecordedStep,
} from "./optimizer";
export { adam, adamw, rmsprop, sgd };

/** All optimizers by name, for the language to list: completion, hover, argument checks. */
export const optimizers: ReadonlyMap<string, OptimizerDescription> = new Map(
  [sgd, adam, adamw, rmsprop].map((description) => [description.name, description]),
);
