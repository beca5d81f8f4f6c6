/** The losses, as the registry lists them. */
import type { OpDefinition } from "../define-op";
import { binaryCrossEntropy } from "./binary-cross-entropy";
import { binaryCrossEntropyWithLogits } from "./binary-cross-entropy-with-logits";
import { classDistribution } from "./class-distribution";
import { crossEntropy } from "./cross-entropy";
import { huberLoss } from "./huber-loss";
import { klDiv } from "./kl-div";
import { l1Loss } from "./l1-loss";
import { mseLoss } from "./mse-loss";
import { nllLoss } from "./nll-loss";
import { smoothL1Loss } from "./smooth-l1-loss";

export const losses: readonly OpDefinition[] = [
  binaryCrossEntropy,
  binaryCrossEntropyWithLogits,
  classDistribution,
  crossEntropy,
  huberLoss,
  klDiv,
  l1Loss,
  mseLoss,
  nllLoss,
  smoothL1Loss,
];
