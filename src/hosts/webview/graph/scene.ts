/**
 * What is seen of a drawing at a moment: which lines, how wide, which boxes stand out and what is written in them. Both the
 * canvas and the SVG show this. No DOM, no colours.
 */
import { shortNumber } from "../look/number-format";
import { secondLine } from "./box-size";
import type { Drawing, PlacedBox, PlacedLine } from "./drawing";
import type { Box } from "./folded-graph";
import { batchByWidth, type LineBatch, widthsByNorm } from "./line-paths";

export const modes = ["forward", "backward"] as const;
export type Mode = (typeof modes)[number];

export interface Scene {
  readonly drawing: Drawing;
  readonly mode: Mode;
  readonly batches: readonly LineBatch[];
  /** Whether boxes say the sizes of gradients. */
  readonly sizes: boolean;
}

const plain = 1.5;

export function makeScene(drawing: Drawing, mode: Mode, sizes: boolean): Scene {
  const lines = mode === "forward" ? drawing.edges : drawing.flows;
  const norms = sizes ? widthsByNorm(mode === "forward" ? drawing.flows : lines) : () => plain;
  return { drawing, mode, sizes, batches: batchByWidth(lines, widthOf(drawing, mode, norms)) };
}

/** A forward edge is as wide as what flows back along it. */
function widthOf(
  { flows }: Drawing,
  mode: Mode,
  widths: (line: PlacedLine) => number,
): (line: PlacedLine) => number {
  if (mode === "backward") return widths;
  const back = new Map(flows.map((flow) => [`${flow.line.to} ${flow.line.from}`, flow]));
  return (line) => widths(back.get(`${line.line.from} ${line.line.to}`) ?? line);
}

/** Whether a cotangent arrives; in a backward drawing other boxes stand back. */
export function hasGradient({ node, members, fold }: Box, flowing: ReadonlySet<number>): boolean {
  if (fold === "open") return true;
  return node === null ? members.some((position) => flowing.has(position)) : node.gradient === "flows";
}

export function secondLineOf(scene: Scene, { box }: PlacedBox): string {
  const { node } = box;
  if (!scene.sizes || node === null) return secondLine(box);
  if (node.gradient === "pending") return "‖∂‖ ?";
  if (node.gradient === "zero") return "‖∂‖ 0";
  return node.norm === null ? secondLine(box) : `‖∂‖ ${shortNumber(node.norm)}`;
}
