/** The layers' operators, as the registry lists them. */
import type { OpDefinition } from "../define-op";
import { batchNorm } from "./batch-norm";
import { groupNorm } from "./group-norm";
import { layerNorm } from "./layer-norm";
import { rmsNorm } from "./rms-norm";

export const nnOperators: readonly OpDefinition[] = [batchNorm, groupNorm, layerNorm, rmsNorm];
