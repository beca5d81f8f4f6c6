/** The layers' operators, as the registry lists them. */
import type { OpDefinition } from "../define-op";
import { avgPool1d } from "./avg-pool1d";
import { avgPool2d } from "./avg-pool2d";
import { avgPoolGradient } from "./avg-pool-gradient";
import { batchNorm } from "./batch-norm";
import { conv1d } from "./conv1d";
import { conv2d } from "./conv2d";
import { conv2dInput } from "./conv2d-input";
import { conv2dWeight } from "./conv2d-weight";
import { convTranspose2d } from "./conv-transpose2d";
import { cosineSimilarity } from "./cosine-similarity";
import { embedding } from "./embedding";
import { embeddingGradient } from "./embedding-gradient";
import { embeddingTangent } from "./embedding-tangent";
import { groupNorm } from "./group-norm";
import { layerNorm } from "./layer-norm";
import { maxPool1d } from "./max-pool1d";
import { maxPool2d } from "./max-pool2d";
import { maxPoolPositions } from "./max-pool-positions";
import { normalize } from "./normalize";
import { rmsNorm } from "./rms-norm";
import { scaledDotProductAttention } from "./scaled-dot-product-attention";

export const nnOperators: readonly OpDefinition[] = [
  avgPool1d,
  avgPool2d,
  avgPoolGradient,
  batchNorm,
  conv1d,
  conv2d,
  conv2dInput,
  conv2dWeight,
  convTranspose2d,
  cosineSimilarity,
  embedding,
  embeddingGradient,
  embeddingTangent,
  groupNorm,
  layerNorm,
  maxPool1d,
  maxPool2d,
  maxPoolPositions,
  normalize,
  rmsNorm,
  scaledDotProductAttention,
];
