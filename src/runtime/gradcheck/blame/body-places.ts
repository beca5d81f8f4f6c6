/**
 * Where the values of a body stand, so that those of one place in every turn of a loop are known as siblings: by their names, `z[1]` and
 * `z[2]`; without one, by their way to what has a name, as the operand of `tanh` in `h[1]` and in `h[2]`. Knows nothing of gradients.
 */
import type { Node } from "../../graph";
import { familyOf } from "./gradient-names";

export interface BodyPlace {
  /** What siblings have in common. */
  readonly family: string;
  /** Which of them it is: "[2]"; empty where there is but one. */
  readonly index: string;
}

/** Of nodes in topological order. What leads to nothing that has a name has no place. */
export function bodyPlaces(
  nodes: readonly Node[],
  nameOf: (node: Node) => string | undefined,
): Map<Node, BodyPlace> {
  const places = new Map<Node, BodyPlace>();
  const ways = firstUses(nodes);
  for (const node of [...nodes].reverse()) {
    const name = nameOf(node);
    const way = ways.get(node);
    const end = way && places.get(way.user);
    if (name !== undefined) places.set(node, placeOf(name));
    else if (way !== undefined && end !== undefined) places.set(node, { ...stepFrom(end, way) });
  }
  return places;
}

/** `z[2]` as the member "[2]" of `z`. */
export function placeOf(name: string): BodyPlace {
  const family = familyOf(name);
  return { family, index: name.slice(family.length) };
}

/** The index that is `offset` further: "[3]" of "[2]". */
export function shifted(index: string, offset: number): string | undefined {
  if (offset === 0) return index;
  const number = /^(\[?)(\d+)(\]?)$/u.exec(index);
  return number === null ? undefined : `${number[1]!}${Number(number[2]) + offset}${number[3]!}`;
}

interface Way {
  readonly user: Node;
  readonly input: string;
  readonly item: number | undefined;
}

/** In a list of turns, each turn is an item of its own. */
function stepFrom({ family, index }: BodyPlace, { user, input, item }: Way): BodyPlace {
  const by = user.kind === "apply" ? user.op.name : "";
  if (item === undefined || index !== "")
    return { family: `${family} ${by}.${input}${item?.toString() ?? ""}`, index };
  return { family: `${family} ${by}.${input}`, index: `[${item}]` };
}

function firstUses(nodes: readonly Node[]): Map<Node, Way> {
  const ways = new Map<Node, Way>();
  const add = (operand: Node, way: Way): void => {
    if (!ways.has(operand)) ways.set(operand, way);
  };
  for (const user of nodes) {
    if (user.kind === "source") continue;
    for (const [input, operand] of Object.entries(user.operands)) {
      if (operand === undefined) continue;
      if ("kind" in operand) add(operand, { user, input, item: undefined });
      else operand.forEach((each, item) => add(each, { user, input, item }));
    }
  }
  return ways;
}
