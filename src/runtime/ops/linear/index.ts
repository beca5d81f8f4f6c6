/** The operators of linear algebra, as the registry lists them. */
import type { OpDefinition } from "../define-op";
import { matmul } from "./matmul";

export const linearOperators: readonly OpDefinition[] = [matmul];
