/** The layers' operators, as the registry lists them. */
import type { OpDefinition } from "../define-op";

export const nnOperators: readonly OpDefinition[] = [];
