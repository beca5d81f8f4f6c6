/** The layers' operators, as the registry lists them. */
import type { OpDefinition } from "../define-op";
import { batchNorm } from "./batch-norm";
import { conv1d } from "./conv1d";
import { conv2d } from "./conv2d";
import { conv2dInput } from "./conv2d-input";
import { conv2dWeight } from "./conv2d-weight";
import { convTranspose2d } from "./conv-transpose2d";
import { groupNorm } from "./group-norm";
import { layerNorm } from "./layer-norm";
import { rmsNorm } from "./rms-norm";

export const nnOperators: readonly OpDefinition[] = [
  batchNorm,
  conv1d,
  conv2d,
  conv2dInput,
  conv2dWeight,
  convTranspose2d,
  groupNorm,
  layerNorm,
  rmsNorm,
];
