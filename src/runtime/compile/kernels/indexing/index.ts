/** The kernels of operators that read or write where indices say. */
import type { Kernel } from "../../kernel-contract";
import { embeddings } from "./embedding";
import { laneIndexing } from "./lane-index";

export const indexingKernels: readonly Kernel[] = [...embeddings, ...laneIndexing];
