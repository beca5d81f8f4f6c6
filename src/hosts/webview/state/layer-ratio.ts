/**
 * How gradients grow or fade from layer to layer of a family such as `W[1]`, `W[2]`, …: the factor from one member to the
 * one before it, which is the way that gradients flow. Knows no DOM.
 */
import type { NodeSummary } from "../../../protocol";
import { shortNumber } from "../look/number-format";
import { gradientSummary, type HealthMark, rootMeanSquare } from "./node-health";
import { familyOf } from "./node-rows";

export interface LayerRatio {
  /** Of one layer to the next on the way back; below 1 they fade. */
  readonly factor: number;
  /** From the last layer to the first. */
  readonly whole: number;
  readonly layers: number;
}

/** A family whose gradient fades or grows this much in all is marked. */
const farInAll = 1e3;

/** The geometric mean over a family's members in their order; null with fewer than two gradients that are not 0. */
export function layerRatio(members: readonly NodeSummary[]): LayerRatio | null {
  const sizes = members.flatMap((node) => {
    const gradient = gradientSummary(node);
    if (gradient === null || gradient.nan + gradient.infinite > 0) return [];
    const size = rootMeanSquare(gradient);
    return size > 0 && Number.isFinite(size) ? [size] : [];
  });
  const [first] = sizes;
  const last = sizes.at(-1);
  if (first === undefined || last === undefined || sizes.length < 2) return null;
  const whole = first / last;
  return { factor: whole ** (1 / (sizes.length - 1)), whole, layers: sizes.length };
}

/** The factor of a layer in few words: `∂ × 0.13 a layer`. */
export function ratioText({ factor }: LayerRatio): string {
  return `∂ × ${shortNumber(factor, 2)} a layer`;
}

/** A mark for the first layer of each family through which gradients fade or grow too far. */
export function layerMarks(nodes: readonly NodeSummary[]): ReadonlyMap<number, HealthMark> {
  const families = new Map<string, NodeSummary[]>();
  for (const node of nodes) {
    const family = familyOf(node.name);
    if (family === node.name) continue;
    const known = families.get(family);
    if (known === undefined) families.set(family, [node]);
    else known.push(node);
  }
  const marks = new Map<number, HealthMark>();
  for (const members of families.values()) {
    const ratio = layerRatio(members);
    const [first] = members;
    if (ratio === null || first === undefined || ratio.layers < 3) continue;
    const far = ratio.whole < 1 ? 1 / ratio.whole : ratio.whole;
    if (far < farInAll) continue;
    const fades = ratio.whole < 1;
    marks.set(first.id, {
      kind: fades ? "vanishing" : "exploding",
      severity: "warning",
      of: "gradient",
      label: `${fades ? "fades" : "grows"} × ${shortNumber(ratio.factor, 2)} a layer`,
      text: `From the last to the first of ${String(ratio.layers)} layers the gradient ${fades ? "fades" : "grows"} ${shortNumber(far, 2)} times.`,
    });
  }
  return marks;
}

/** The marks of a node; one of its family says more than another of the same kind. */
export function withLayers(
  marks: ReadonlyMap<number, readonly HealthMark[]>,
  layers: ReadonlyMap<number, HealthMark>,
): ReadonlyMap<number, readonly HealthMark[]> {
  const all = new Map(marks);
  for (const [id, mark] of layers)
    all.set(id, [...(all.get(id) ?? []).filter(({ kind }) => kind !== mark.kind), mark]);
  return all;
}
