/** The operators of linear algebra, as the registry lists them. */
import type { OpDefinition } from "../define-op";
import { dot } from "./dot";
import { einsum } from "./einsum";
import { linear } from "./linear";
import { matmul } from "./matmul";
import { outer } from "./outer";

export const linearOperators: readonly OpDefinition[] = [dot, einsum, linear, matmul, outer];
