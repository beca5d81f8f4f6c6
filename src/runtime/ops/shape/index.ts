/** The operators that move, repeat, join and pick elements. */
import type { OpDefinition } from "../define-op";
import { cat } from "./cat";
import { expand } from "./expand";
import { flip } from "./flip";
import { permute } from "./permute";
import { reshape } from "./reshape";
import { slice } from "./slice";
import { sliceScatter } from "./slice-scatter";
import { squeeze } from "./squeeze";
import { transpose } from "./transpose";
import { unsqueeze } from "./unsqueeze";

export const shapeOperators: readonly OpDefinition[] = [
  cat,
  expand,
  flip,
  permute,
  reshape,
  slice,
  sliceScatter,
  squeeze,
  transpose,
  unsqueeze,
];
