/** The operators that move, repeat, join and pick elements. */
import type { OpDefinition } from "../define-op";
import { cat } from "./cat";
import { diag } from "./diag";
import { diagonal } from "./diagonal";
import { diagonalScatter } from "./diagonal-scatter";
import { expand } from "./expand";
import { flatten } from "./flatten";
import { flip } from "./flip";
import { gather } from "./gather";
import { indexAdd } from "./index-add";
import { indexSelect } from "./index-select";
import { oneHot } from "./one-hot";
import { pad } from "./pad";
import { permute } from "./permute";
import { repeat } from "./repeat";
import { reshape } from "./reshape";
import { roll } from "./roll";
import { scatterAdd } from "./scatter-add";
import { select } from "./select";
import { slice } from "./slice";
import { sliceScatter } from "./slice-scatter";
import { squeeze } from "./squeeze";
import { stack } from "./stack";
import { take } from "./take";
import { takeAt } from "./take-at";
import { trace } from "./trace";
import { transpose } from "./transpose";
import { tril } from "./tril";
import { triu } from "./triu";
import { unsqueeze } from "./unsqueeze";

export const shapeOperators: readonly OpDefinition[] = [
  cat,
  diag,
  diagonal,
  diagonalScatter,
  expand,
  flatten,
  flip,
  gather,
  indexAdd,
  indexSelect,
  oneHot,
  pad,
  permute,
  repeat,
  reshape,
  roll,
  scatterAdd,
  select,
  slice,
  sliceScatter,
  squeeze,
  stack,
  take,
  takeAt,
  trace,
  transpose,
  tril,
  triu,
  unsqueeze,
];
