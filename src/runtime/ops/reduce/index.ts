/** The operators that reduce dimensions or run along them. */
import type { OpDefinition } from "../define-op";
import { amax } from "./amax";
import { amin } from "./amin";
import { mean } from "./mean";
import { sum } from "./sum";

export const reductions: readonly OpDefinition[] = [amax, amin, mean, sum];
