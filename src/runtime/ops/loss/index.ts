/** The losses, as the registry lists them. */
import type { OpDefinition } from "../define-op";
import { classDistribution } from "./class-distribution";
import { crossEntropy } from "./cross-entropy";

export const losses: readonly OpDefinition[] = [classDistribution, crossEntropy];
