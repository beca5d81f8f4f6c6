/** The operators of linear algebra, as the registry lists them. */
import type { OpDefinition } from "../define-op";
import { bmm } from "./bmm";
import { cofactors } from "./cofactors";
import { det } from "./det";
import { dot } from "./dot";
import { einsum } from "./einsum";
import { inverse } from "./inverse";
import { linear } from "./linear";
import { matmul } from "./matmul";
import { mm } from "./mm";
import { mv } from "./mv";
import { outer } from "./outer";
import { solve } from "./solve";

export const linearOperators: readonly OpDefinition[] = [
  bmm,
  cofactors,
  det,
  dot,
  einsum,
  inverse,
  linear,
  matmul,
  mm,
  mv,
  outer,
  solve,
];
