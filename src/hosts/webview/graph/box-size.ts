/** How large a box is for what is written in it. Knows nothing of the graph. */
import { shapeText } from "../look/number-format";
import type { Box } from "./folded-graph";

export const titleSize = 13;
export const smallSize = 11;
export const boxHeight = 40;
export const boxPadding = 12;
/** Room above the content of an open container, for its title. */
export const headHeight = 28;
/** The mark that opens a container. */
export const foldWidth = 14;
const smallestWidth = 56;
const longestTitle = 28;

/** How wide a text is at a size, in the panel's font for code. */
export type Measure = (text: string, size: number) => number;

export function boxWidth(box: Box, measure: Measure): number {
  const fold = box.fold === null ? 0 : foldWidth;
  const title = measure(titleOf(box), titleSize) + fold;
  // Whatever stands in the second line later fits too: the size of a gradient, a count.
  const second = Math.max(measure(secondLine(box), smallSize), measure("‖∂‖ 0.0000", smallSize));
  return Math.ceil(Math.max(smallestWidth, title, second) + 2 * boxPadding);
}

/** What is written first, shortened where it is long. */
export function titleOf({ title }: Box): string {
  return shortened(title);
}

function shortened(text: string): string {
  return text.length > longestTitle ? `${text.slice(0, longestTitle - 1)}…` : text;
}

/** What a box is: its expression or operator, its declaration, how many it stands for; else its shape. */
export function secondLine({ kind, what, node, named }: Box): string {
  if (kind === "family") return `${what === "" ? "" : `${what} `}×${String(named)}`;
  if (node === null) return what;
  const role =
    node.role === "value" || node.role === "operator" ? what : node.role === "constant" ? "" : node.role;
  return role === "" ? shapeText(node.shape) : shortened(role);
}
